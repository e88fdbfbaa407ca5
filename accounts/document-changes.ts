import type { Document, Json } from '../filter/attribute.js'
import type { Change } from './events.js'

/**
 * What differs between two documents, by the paths an administrator knows: `active`, `name.givenName`, `emails`. Single
 * complex values and extensions are compared part by part, lists as a whole.
 */
export function documentChanges(before: Document, after: Document): Change[] {
  const changes: Change[] = []
  collect(changes, (name) => name, before, after)
  return changes
}

type Naming = (name: string) => string

function collect(changes: Change[], pathOf: Naming, before: Document, after: Document): void {
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]]
    const path = pathOf(name)
    if (isObject(old ?? {}) && isObject(now ?? {})) {
      // Parts of an extension are named as SCIM names them: after the URN and a colon (RFC 7644 §3.10).
      const separator = name.startsWith('urn:') ? ':' : '.'
      collect(changes, (part) => path + separator + part, (old ?? {}) as Document, (now ?? {}) as Document)
    } else if (JSON.stringify(old) !== JSON.stringify(now)) {
      changes.push({ attribute: path, before: old ?? null, after: now ?? null })
    }
  }
}

function isObject(value: Json): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
