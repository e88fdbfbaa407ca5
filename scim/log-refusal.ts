import type { Deps } from '../accounts/deps.js'
import type { DirectoryRequest } from '../accounts/directory-request.js'
import { AccountError } from '../accounts/errors.js'
import { recordRefusal } from '../accounts/record-refusal.js'
import { StorageError } from '../db/database.js'
import { scimErrorBody } from './errors.js'
import type { ScimReply } from './exchange.js'
import { isObject } from './json-object.js'
import type { WireRefusal } from './refusals.js'

/** The Error message of a refusal (RFC 7644 §3.12). */
export function errorReply(refusal: WireRefusal, requestId: string): ScimReply {
  // The id leads an administrator from what the IdP shows to the event in the log (PRODUCT 2.9).
  const body = scimErrorBody({ ...refusal, message: `${refusal.message} Request ${requestId}.` })
  return { status: refusal.status, text: JSON.stringify(body) }
}

/** What went wrong on our side, and that it may be tried again where the database is away. */
export function faultReply(error: unknown, requestId: string): ScimReply {
  const isAway = error instanceof StorageError
  const status = isAway ? 503 : 500
  const words = isAway ? 'The database is not available. Send the request again.' : 'Something went wrong here.'
  return { status, text: JSON.stringify(scimErrorBody({ status, message: `${words} Request ${requestId}.` })) }
}

/** What was refused: where it was sent, and the parsed body. */
export interface Refused {
  readonly endpoint: string
  /** SCIM id in the path; empty where there is none. */
  readonly id: string
  readonly body: unknown
}

/** Log a refusal before it is sent. */
export function logRefusal(
  deps: Deps,
  logged: DirectoryRequest,
  { endpoint, id, body }: Refused,
  refusal: WireRefusal,
  reply: ScimReply,
  error: unknown,
): Promise<void> {
  return recordRefusal(deps, logged, {
    code: refusal.code,
    message: refusal.message,
    scimType: refusal.scimType,
    reply,
    details: error instanceof AccountError ? error.details : {},
    target: { type: endpoint.toLowerCase() === 'groups' ? 'group' : 'user', scimId: id === '' ? undefined : id },
    named: namedIn(body),
  })
}

/** By what a refused body calls its resource; the log is searched by it. */
function namedIn(body: unknown): { userName?: string; externalId?: string; displayName?: string } {
  if (!isObject(body)) return {}
  const named: Record<string, string> = {}
  for (const key of ['userName', 'externalId', 'displayName']) {
    const value = Object.hasOwn(body, key) ? body[key] : undefined
    if (typeof value === 'string') named[key] = value.slice(0, 256)
  }
  return named
}
