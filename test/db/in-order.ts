import type { Attribute, Document, Json } from '../../filter/attribute.js'
import { compareText } from '../../filter/compare-text.js'
import { foldText } from '../../filter/fold-value.js'
import type { Target } from '../../filter/resolved.js'

/** A resource, and what it is sorted by; without a target it has no value. */
export interface Sortable {
  readonly of: Document
  readonly target: Target | undefined
}

/** Ids of resources in ascending order, the missing last, equal ones by id: sorted in memory (RFC 7644 §3.4.2.3). */
export function inOrder(resources: readonly Sortable[]): string[] {
  const keyed = resources.map(({ of, target }) => ({ id: String(of.id), key: target && keyOf(of, target) }))
  return keyed
    .sort((one, other) => compareKeys(one.key, other.key) || compareText(one.id, other.id))
    .map(({ id }) => id)
}

function keyOf(resource: Document, { extension, attribute, sub }: Target): Json | undefined {
  const container = (extension === undefined ? resource : resource[extension]) as Document | undefined
  const found = container?.[attribute.name]
  const list = Array.isArray(found) ? found : found === undefined ? [] : [found]
  const element = list.find((one) => (one as Document).primary === true) ?? list[0]
  const value = sub === undefined ? element : (element as Document | undefined)?.[sub.name]
  return typeof value === 'string' ? foldText(sub ?? (attribute as Attribute), value) : value
}

function compareKeys(one: Json | undefined, other: Json | undefined): number {
  if (one === undefined || other === undefined) return Number(one === undefined) - Number(other === undefined)
  return typeof one === 'string' ? compareText(one, String(other)) : Number(one) - Number(other)
}
