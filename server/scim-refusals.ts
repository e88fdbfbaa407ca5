import type { Deps } from '../accounts/deps.js'
import type { DirectoryRequest } from '../accounts/directory-request.js'
import { AccountError } from '../accounts/errors.js'
import { recordRefusal } from '../accounts/record-refusal.js'
import { StorageError } from '../db/database.js'
import { ScimError, scimErrorBody } from '../scim/errors.js'
import type { ScimReply } from '../scim/exchange.js'
import { redactedBody } from '../scim/redact.js'
import { refusalFromError, type WireRefusal } from '../scim/refusals.js'
import type { ParsedBody } from './request-body.js'
import { type Arrival, shortened } from './scim-arrival.js'

export type HttpReply = ScimReply & { readonly headers?: Readonly<Record<string, string>> }

export function unknownConnection({ connectionId }: Arrival): ScimError {
  const text = `There is no connection ${shortened(connectionId)} here. The address must be …/scim/v2/{connection}/Users.`
  return new ScimError('endpoint_unknown', text)
}

/** The Error message of a refusal, with the methods that are possible where this one was not. */
export function refusalReply(refusal: WireRefusal, error: unknown, requestId: string): HttpReply {
  // The id leads an administrator from what the IdP shows to the event in the log (PRODUCT 2.9).
  const body = scimErrorBody({ ...refusal, message: `${refusal.message} Request ${requestId}.` })
  return { status: refusal.status, text: JSON.stringify(body), headers: allowOf(error) }
}

/** Log a refusal before it is sent; a quiet `GET` of what is not there is no refusal. */
export async function logRefusal(
  deps: Deps,
  logged: DirectoryRequest,
  arrival: Arrival,
  body: ParsedBody | undefined,
  refusal: WireRefusal,
  reply: ScimReply,
  error: unknown,
): Promise<void> {
  const entry = body === undefined ? logged : { ...logged, body: redactedBody(body.text, body.value) }
  await recordRefusal(deps, entry, {
    code: refusal.code,
    message: refusal.message,
    scimType: refusal.scimType,
    reply,
    details: error instanceof AccountError ? error.details : {},
    target: {
      type: arrival.endpoint.toLowerCase() === 'groups' ? 'group' : 'user',
      scimId: arrival.resourceId === '' ? undefined : arrival.resourceId,
    },
    named: namedIn(body?.value),
  })
}

/** By what a refused body calls its resource; the log is searched by it. */
function namedIn(body: unknown): { userName?: string; externalId?: string; displayName?: string } {
  if (typeof body !== 'object' || body === null) return {}
  const named: Record<string, string> = {}
  for (const key of ['userName', 'externalId', 'displayName']) {
    const value = Object.hasOwn(body, key) ? (body as Record<string, unknown>)[key] : undefined
    if (typeof value === 'string') named[key] = value.slice(0, 256)
  }
  return named
}

/** What was thrown and not logged: an unknown address, a database that is away, a fault of ours. */
export function failure(error: unknown, { id }: Arrival): HttpReply {
  const refusal = refusalFromError(error)
  if (refusal !== undefined) return refusalReply(refusal, error, id)
  const away = error instanceof StorageError
  const status = away ? 503 : 500
  const message = away
    ? `The database is not available. Send the request again. Request ${id}.`
    : `Something went wrong here. Request ${id}.`
  return {
    status,
    text: JSON.stringify(scimErrorBody({ status, message })),
    headers: away ? { 'Retry-After': '5' } : {},
  }
}

function allowOf(error: unknown): Record<string, string> {
  const allowed = (error as { allowed?: readonly string[] }).allowed
  return allowed === undefined ? {} : { Allow: allowed.join(', ') }
}
