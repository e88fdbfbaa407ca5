import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { isObject, type JsonObject, memberOf } from './json-object.js'

/**
 * A body as an object that names its schema (RFC 7643 §3), in any letter case; other URNs beside it are tolerated.
 * Throws bad_json when it is no object, bad_schema when `schemas` lacks the URN.
 */
export function objectOfSchema(body: unknown, urn: string): JsonObject {
  if (!isObject(body)) throw new ScimError('bad_json', `The body must be a JSON object, got ${shown(body)}.`)
  const schemas = memberOf(body, 'schemas')
  const folded = urn.toLowerCase()
  if (!Array.isArray(schemas) || !schemas.some((one) => typeof one === 'string' && one.toLowerCase() === folded))
    throw new ScimError('bad_schema', `Attribute schemas must be a list that contains ${urn}.`)
  return body
}
