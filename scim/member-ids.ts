import type { Work } from '../db/pace.js'
import { checkText, shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { isObject, memberOf } from './json-object.js'

const ID_LIMIT = 256
/** Members between two pieces of the work. */
const PIECE = 500

/**
 * The ids in a value of `members`: a list of `{value}`, one such object, or bare ids. Doubles are removed, the order
 * stays; `type`, `$ref` and `display` say nothing that we store. Throws attr_missing, attr_type, attr_too_long, and
 * nested_group for a member of type Group (RFC 7643 §4.2 leaves nesting to the server).
 */
export function* parseMemberIds(value: unknown): Work<string[]> {
  if (value === null || value === undefined) return []
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value]
  const ids = new Set<string>()
  for (let start = 0; start < elements.length; start += PIECE) {
    for (const element of elements.slice(start, start + PIECE)) if (element !== null) ids.add(memberId(element))
    yield
  }
  return [...ids]
}

function memberId(element: unknown): string {
  if (isObject(element)) {
    const type = memberOf(element, 'type')
    if (typeof type === 'string' && type.toLowerCase() === 'group')
      throw new ScimError('nested_group', 'members must be users: groups inside groups are not supported.')
  }
  return parseMemberId(isObject(element) ? memberOf(element, 'value') : element)
}

/** One id, as `members.value` has it. */
export function parseMemberId(id: unknown): string {
  if (id === undefined || id === null || id === '')
    throw new ScimError('attr_missing', 'Attribute members.value is required.')
  if (typeof id !== 'string') throw new ScimError('attr_type', `members.value must be text, got ${shown(id)}.`)
  return checkText('members.value', id, ID_LIMIT)
}
