import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { memberOf } from './json-object.js'
import { objectOfSchema } from './resource-body.js'

export const SEARCH_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

const TEXTS = ['filter', 'sortBy', 'sortOrder', 'cursor']
const NUMBERS = ['startIndex', 'count']
const LISTS = ['attributes', 'excludedAttributes']

/**
 * A SearchRequest (RFC 7644 §3.4.3) as the query that says the same, so that a list is found in one way however it was
 * asked for. Null counts as not sent. Throws ScimError: bad_json, bad_schema, attr_type, attr_too_long.
 */
export function queryOfSearchRequest(body: unknown): URLSearchParams {
  const request = objectOfSchema(body, SEARCH_REQUEST_URN)
  const query = new URLSearchParams()
  const take = (names: readonly string[], read: (value: unknown) => string | undefined, meant: string) => {
    for (const name of names) {
      const value = memberOf(request, name) ?? undefined
      if (value === undefined) continue
      const text = read(value)
      if (text === undefined) throw new ScimError('attr_type', `${name} must be ${meant}, got ${shown(value)}.`)
      query.set(name, text)
    }
  }
  take(TEXTS, (value) => (typeof value === 'string' ? value : undefined), 'text')
  take(NUMBERS, (value) => (Number.isInteger(value) ? String(value) : undefined), 'a whole number')
  take(LISTS, namesOf, 'a list of attribute names')
  return query
}

/** More than any schema has; an address has no room for more either. */
const MAX_NAMES = 1_000

/** Some clients send the names as the query has them: one text with commas. */
function namesOf(value: unknown): string | undefined {
  const count = typeof value === 'string' ? value.split(',').length : Array.isArray(value) ? value.length : 0
  if (count > MAX_NAMES)
    throw new ScimError('attr_too_long', `A list of attributes has ${count} names, limit ${MAX_NAMES}.`)
  if (typeof value === 'string') return value
  return Array.isArray(value) && value.every((one) => typeof one === 'string') ? value.join(',') : undefined
}
