import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { isObject, type JsonObject, memberOf } from './json-object.js'
import { objectOfSchema } from './resource-body.js'

export const BULK_REQUEST_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

/** Told by the ServiceProviderConfig. */
export const BULK_MAX_OPERATIONS = 1_000
export const BULK_MAX_BYTES = 4_194_304

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'] as const
export type BulkMethod = (typeof METHODS)[number]

/** One operation as it was sent, as far as it could be understood. */
export interface BulkOperation {
  /** As it was sent, for the answer. */
  readonly method: string
  readonly bulkId: string | undefined
  /** Behind the base URI: `/Users`, `/Users/{id}`, `/Users/bulkId:x`. */
  readonly path: string
  /** The version that the client holds, as If-Match. */
  readonly version: string | undefined
  readonly data: unknown
  /** Why it cannot be run at all. */
  readonly refused: ScimError | undefined
}

export interface BulkRequest {
  /** After so many operations that failed the rest is not run; Infinity where the client did not say. */
  readonly failOnErrors: number
  readonly operations: readonly BulkOperation[]
}

/**
 * Read a BulkRequest (RFC 7644 §3.7). An operation that cannot be understood is refused alone, in its place in the answer.
 * Throws ScimError: bad_json, bad_schema, attr_type, attr_missing, too_large (more than BULK_MAX_OPERATIONS).
 */
export function parseBulkRequest(body: unknown): BulkRequest {
  const request = objectOfSchema(body, BULK_REQUEST_URN)
  const failOnErrors = memberOf(request, 'failOnErrors') ?? Number.POSITIVE_INFINITY
  if (failOnErrors !== Number.POSITIVE_INFINITY && !(Number.isInteger(failOnErrors) && Number(failOnErrors) > 0))
    throw new ScimError('attr_type', `failOnErrors must be a whole number above 0, got ${shown(failOnErrors)}.`)
  const list = memberOf(request, 'Operations')
  if (list === undefined) throw new ScimError('attr_missing', 'Operations is required.')
  if (!Array.isArray(list)) throw new ScimError('attr_type', `Operations must be a list, got ${shown(list)}.`)
  if (list.length > BULK_MAX_OPERATIONS) {
    const text = `A bulk request holds at most ${BULK_MAX_OPERATIONS} operations, this one has ${list.length}.`
    throw new ScimError('too_large', text)
  }
  const bulkIds = new Set<string>()
  return { failOnErrors: Number(failOnErrors), operations: list.map((one) => operationFrom(one, bulkIds)) }
}

function operationFrom(value: unknown, bulkIds: Set<string>): BulkOperation {
  const sent = isObject(value) ? value : {}
  const bulkId = textOf(sent, 'bulkId')
  const operation = {
    method: textOf(sent, 'method') ?? '',
    bulkId,
    path: textOf(sent, 'path') ?? '',
    version: textOf(sent, 'version'),
    data: memberOf(sent, 'data'),
  }
  const refused = faultOf(value, operation, bulkIds)
  if (bulkId !== undefined) bulkIds.add(bulkId)
  return { ...operation, refused }
}

function textOf(sent: JsonObject, name: string): string | undefined {
  const value = memberOf(sent, name)
  return typeof value === 'string' ? value : undefined
}

function faultOf(
  value: unknown,
  { method, bulkId, path, data }: Omit<BulkOperation, 'refused'>,
  bulkIds: ReadonlySet<string>,
): ScimError | undefined {
  if (!isObject(value)) return new ScimError('bad_json', `An operation must be an object, got ${shown(value)}.`)
  if (!METHODS.some((known) => known === method.toUpperCase()))
    return new ScimError('bad_json', `method must be ${METHODS.join(', ')}, got ${shown(memberOf(value, 'method'))}.`)
  if (!path.startsWith('/'))
    return new ScimError('attr_missing', `path must name an endpoint, such as /Users, got ${shown(path)}.`)
  if (method.toUpperCase() === 'POST' && !bulkId)
    return new ScimError('attr_missing', 'bulkId is required where the method is POST.')
  if (bulkId !== undefined && bulkIds.has(bulkId))
    return new ScimError('attr_type', `The bulkId ${shown(bulkId)} is used by an operation before this one.`)
  if (method.toUpperCase() !== 'DELETE' && !isObject(data))
    return new ScimError('attr_missing', `data must hold the body of the ${method.toUpperCase()}.`)
  return undefined
}
