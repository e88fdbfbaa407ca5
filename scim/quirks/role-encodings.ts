import { isObject, type JsonObject, memberOf } from '../json-object.js'
import type { ValueQuirk } from './quirk.js'

const MAX_TEXT = 4_096

/**
 * Roles and entitlements come as `{value, display}`, with `displayName` in place of `display`, as JSON text inside
 * `value`, and as bare text (Entra's three role functions; trap 12). All end as objects of the RFC's sub-attributes.
 */
export const roleEncodings: ValueQuirk = {
  name: 'role-encodings',
  concerns: (attribute) => attribute.name === 'roles' || attribute.name === 'entitlements',
  rewrite(sent) {
    if (typeof sent === 'string') return sent === '' ? sent : [roleFrom(sent)]
    if (isObject(sent)) return [roleFrom(sent)]
    return Array.isArray(sent) ? sent.map(roleFrom) : sent
  },
}

function roleFrom(element: unknown): unknown {
  if (typeof element === 'string') return roleFrom(objectInText(element) ?? { value: element })
  if (!isObject(element)) return element
  const { value, ...beside } = roleParts(element)
  const inner = roleParts(objectInText(value) ?? {})
  if (Object.keys(inner).length > 0) return roleFrom({ ...beside, ...inner })
  return { ...beside, value }
}

/** The four sub-attributes, and no other key; what was not sent is left out. Without a value, the id that Entra sends beside it serves. */
function roleParts(role: JsonObject): JsonObject {
  const parts: [string, unknown][] = [
    ['value', memberOf(role, 'value') ?? memberOf(role, 'id')],
    ['display', memberOf(role, 'display') ?? memberOf(role, 'displayName')],
    ['type', memberOf(role, 'type')],
    ['primary', memberOf(role, 'primary')],
  ]
  return Object.fromEntries(parts.filter(([, value]) => value !== undefined && value !== null))
}

function objectInText(text: unknown): JsonObject | undefined {
  if (typeof text !== 'string' || text.length > MAX_TEXT || !text.trimStart().startsWith('{')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : undefined
  } catch {
    return undefined // text that only looks like JSON is a value like any other
  }
}
