import type { Deps } from '../accounts/deps.js'
import type { DirectoryRequest } from '../accounts/directory-request.js'
import { ScimError } from '../scim/errors.js'
import type { ScimReply } from '../scim/exchange.js'
import { errorReply, faultReply, logRefusal } from '../scim/log-refusal.js'
import { redactedBody } from '../scim/redact.js'
import { refusalFromError, type WireRefusal } from '../scim/refusals.js'
import type { ParsedBody } from './request-body.js'
import { type Arrival, shortened } from './scim-arrival.js'

export type HttpReply = ScimReply & { readonly headers?: Readonly<Record<string, string>> }

export function unknownConnection({ connectionId }: Arrival): ScimError {
  const text = `There is no connection ${shortened(connectionId)} here. The address must be …/scim/v2/{connection}/Users.`
  const error = new ScimError('endpoint_unknown', text)
  unknown.add(error)
  return error
}

const unknown = new WeakSet<object>()

/** Did a request fail because its address names no connection? */
export function isUnknownConnection(error: unknown): boolean {
  return typeof error === 'object' && error !== null && unknown.has(error)
}

/** The Error message of a refusal, with the methods that are possible where this one was not. */
export function refusalReply(refusal: WireRefusal, error: unknown, requestId: string): HttpReply {
  return { ...errorReply(refusal, requestId), headers: allowOf(error) }
}

/** Log a refusal before it is sent; a quiet `GET` of what is not there is no refusal. */
export function logRefusedRequest(
  deps: Deps,
  logged: DirectoryRequest,
  { endpoint, resourceId }: Arrival,
  body: ParsedBody | undefined,
  refusal: WireRefusal,
  reply: ScimReply,
  error: unknown,
): Promise<void> {
  const entry = body === undefined ? logged : { ...logged, body: redactedBody(body.text, body.value) }
  return logRefusal(deps, entry, { endpoint, id: resourceId, body: body?.value }, refusal, reply, error)
}

/** What was thrown and not logged: an unknown address, a database that is away, a fault of ours. */
export function failure(error: unknown, { id }: Arrival): HttpReply {
  const refusal = refusalFromError(error)
  if (refusal !== undefined) return refusalReply(refusal, error, id)
  const reply = faultReply(error, id)
  return { ...reply, headers: reply.status === 503 ? { 'Retry-After': '5' } : {} }
}

function allowOf(error: unknown): Record<string, string> {
  const allowed = (error as { allowed?: readonly string[] }).allowed
  return allowed === undefined ? {} : { Allow: allowed.join(', ') }
}
