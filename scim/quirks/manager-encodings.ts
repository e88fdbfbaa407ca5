import { isObject, type JsonObject, memberOf } from '../json-object.js'
import type { ValueQuirk } from './quirk.js'

/**
 * The manager comes as bare id, as `{value}`, as a list of one, and as `""` for nobody (Entra; traps 10 and 11). All end
 * as `{ value }` or null: `$ref` and `displayName` are made at read. Where `value` is missing, `$ref` says who it is; an
 * object with neither says nothing.
 */
export const managerEncodings: ValueQuirk = {
  name: 'manager-encodings',
  concerns: (attribute) => attribute.name === 'manager' && attribute.type === 'complex',
  rewrite(sent) {
    const manager = Array.isArray(sent) && sent.length <= 1 ? sent[0] : sent
    const id = isObject(manager) ? idOf(manager) : manager
    if (id === null || id === '' || manager === undefined) return null
    if (isObject(manager)) return id === undefined ? {} : { value: id }
    return typeof manager === 'string' ? { value: id } : sent
  },
}

/** `value`, or the id in the URI of a user, whole or relative (RFC 7643 §4.3). */
function idOf(manager: JsonObject): unknown {
  const value = memberOf(manager, 'value')
  const reference = memberOf(manager, '$ref')
  if (value !== undefined || typeof reference !== 'string') return value
  return /(?:^|\/)Users\/([^/?#]+)$/.exec(reference)?.[1]
}
