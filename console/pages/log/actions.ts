import type { View } from './views.js'

type Texts = Readonly<Record<string, Readonly<Record<string, { readonly label?: string }>>>>

/** The actions that a view offers to filter by, with their labels, in groups by their object; from their own texts. */
export function actionsByObject(
  texts: Texts,
  view: View,
): [object: string, actions: { readonly value: string; readonly label: string }[]][] {
  return Object.entries(texts)
    .filter(([object]) => view.objects?.includes(object) ?? true)
    .map(([object, actions]) => [
      object,
      Object.entries(actions).map(([action, { label = action }]) => ({ value: `${object}.${action}`, label })),
    ])
}
