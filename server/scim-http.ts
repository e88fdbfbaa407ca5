import type { IncomingMessage, ServerResponse } from 'node:http'
import { authenticateToken, type TokenRefusal } from '../accounts/authenticate-token.js'
import type { Connection } from '../accounts/connection.js'
import type { Deps } from '../accounts/deps.js'
import { type DirectoryRequest, durationOf } from '../accounts/directory-request.js'
import { getConnectionById } from '../accounts/find-connection.js'
import type { ReadLog } from '../accounts/read-log.js'
import { recordRefusedAttempt } from '../accounts/refused-attempts.js'
import { ScimError, scimErrorBody } from '../scim/errors.js'
import type { ScimReply } from '../scim/exchange.js'
import { redactedBody } from '../scim/redact.js'
import { refusalFromError } from '../scim/refusals.js'
import { findRoute, type ScimRoute } from '../scim/routes.js'
import { bearerOf } from './bearer.js'
import { sendScim } from './reply.js'
import { type ParsedBody, readJsonBody } from './request-body.js'
import { type Arrival, arrivalOf, httpOf, PREFIX, shortened } from './scim-arrival.js'
import {
  failure,
  type HttpReply,
  isUnknownConnection,
  logRefusedRequest,
  refusalReply,
  unknownConnection,
} from './scim-refusals.js'
import { strayKeeper } from './scim-strays.js'
import { userAgentOf } from './user-agent.js'

export interface ScimOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly reads: ReadLog
  /** The client's address, as far as proxies are believed. */
  readonly addressOf: (request: IncomingMessage) => string
  /** Refused tokens of one address and connection in a minute beyond which the answer is 429; undefined for no limit. */
  readonly maxRefusedTokens: number | undefined
  /** Told of every answered request: for metrics and the server's own log. */
  readonly observe: (fact: AnsweredRequest) => void
}

/** Where requests are counted, or not. */
type Counts = Pick<ReadLog, 'read' | 'used' | 'count'>
const UNKEPT: Counts = { read: () => undefined, used: () => undefined, count: () => undefined }

/** A token may be revoked while a body is on its way: where that took longer, it is asked for again. */
const SOON_MS = 1_000

export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  readonly endpoint: string
  readonly status: number
  readonly durationMs: number
  /** The cause of a 5xx. */
  readonly error?: unknown
}

/**
 * SCIM on `node:http`, in front of Express: endpoint, token, body, handler, reply (DESIGN 2). Handlers return values;
 * whatever they throw becomes the Error message of RFC 7644 §3.12 here, and is logged before it is sent.
 */
export function scimListener(
  deps: Deps,
  options: ScimOptions,
): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
  const keepStray = strayKeeper(deps, options.maxRefusedTokens !== undefined)
  return async (request, response) => {
    const arrival = arrivalOf(deps, request, options.addressOf(request))
    const head = { requestId: arrival.id, accept: request.headers.accept }
    let reply: HttpReply
    let error: unknown
    try {
      reply = await answer(deps, options, request, arrival)
      error = reply.fault
    } catch (cause) {
      error = cause
      reply = failure(cause, arrival)
      // Only a hint: where it cannot be kept, the answer is the same.
      if (isUnknownConnection(cause)) await keepStray(request, arrival).catch(() => undefined)
    }
    const durationMs = performance.now() - arrival.startedAt
    options.observe({
      requestId: arrival.id,
      method: arrival.method,
      endpoint: arrival.endpoint,
      status: reply.status,
      durationMs,
      ...(error === undefined ? {} : { error }),
    })
    sendScim(response, reply, { ...head, headers: reply.headers ?? {} })
  }
}

async function answer(
  deps: Deps,
  options: ScimOptions,
  request: IncomingMessage,
  arrival: Arrival,
): Promise<HttpReply> {
  const found = arrival.tooLong ? undefined : findRoute(arrival.method, arrival.endpoint, arrival.resourceId !== '')
  const route = found !== undefined && !Array.isArray(found) ? (found as ScimRoute) : undefined
  const header = request.headers.authorization
  if (route?.kind === 'discovery' && header === undefined) return discover(deps, options, arrival, route)

  const verdict = await authenticateToken(deps, arrival.connectionId, bearerOf(header))
  if (!verdict.accepted) return refuseToken(deps, options, request, arrival, verdict)
  const { connection, token } = verdict
  const use = { accountId: connection.accountId, connectionId: connection.id, tokenId: token.id }
  const occurredAt = deps.now().getTime()
  const isSelfTest = token.kind === 'self_test'
  // A self-test leaves no trace.
  const reads = isSelfTest ? UNKEPT : options.reads
  const logged = loggedRequest(request, arrival, connection, token)
  let body: ParsedBody | undefined
  try {
    if (route === undefined) return noRoute(arrival, found as readonly string[] | undefined)
    if (hasBody(route)) body = await readJsonBody(request, route.maxBodyBytes)
    if (deps.now().getTime() - occurredAt > SOON_MS) {
      const still = await authenticateToken(deps, arrival.connectionId, bearerOf(header))
      if (!still.accepted) return refuseToken(deps, options, request, arrival, still)
    }
    const entry = body === undefined ? logged : { ...logged, body: redactedBody(body.text, body.value) }
    const reply = await route.handler({
      deps,
      connection,
      logged: entry,
      baseUrl: `${options.publicUrl}${PREFIX}${arrival.connectionId}`,
      id: arrival.resourceId,
      query: arrival.query,
      body: body?.value,
      ifMatch: request.headers['if-match'],
      ifNoneMatch: request.headers['if-none-match'],
      minimal: prefersMinimal(request.headers.prefer),
    })
    if (route.kind === 'write') {
      reads.used({ ...use, occurredAt, address: arrival.address })
      reads.count({ ...use, occurredAt }, 'requests')
    } else noteRead(reads, request, arrival, use, occurredAt, reply.status)
    return reply
  } catch (error) {
    const refusal = refusalFromError(error)
    const quiet = route?.kind !== 'write' && refusal?.status === 404
    if (!quiet) reads.count({ ...use, occurredAt }, 'failures')
    if (refusal === undefined) throw error
    const reply = refusalReply(refusal, error, arrival.id)
    if (quiet) noteRead(reads, request, arrival, use, occurredAt, refusal.status)
    else if (!isSelfTest) await logRefusedRequest(deps, logged, arrival, body, refusal, reply, error)
    return reply
  }
}

/** What a connection can do may be read without a token (RFC 7643 §5). */
async function discover(deps: Deps, options: ScimOptions, arrival: Arrival, route: ScimRoute): Promise<ScimReply> {
  const connection = await getConnectionById(deps, arrival.connectionId)
  if (connection === undefined) throw unknownConnection(arrival)
  const unused = { kind: 'token', id: '', last4: '' } as const
  return route.handler({
    deps,
    connection,
    logged: {
      id: arrival.id,
      connection,
      token: unused,
      http: httpOf(arrival),
      startedAt: arrival.startedAt,
      body: undefined,
    },
    baseUrl: `${options.publicUrl}${PREFIX}${connection.id}`,
    id: arrival.resourceId,
    query: arrival.query,
    body: undefined,
    ifMatch: undefined,
    ifNoneMatch: undefined,
  })
}

function hasBody({ kind, method }: ScimRoute): boolean {
  return kind === 'search' || (kind === 'write' && method !== 'DELETE')
}

function loggedRequest(
  request: IncomingMessage,
  arrival: Arrival,
  connection: Connection,
  token: DirectoryRequest['token'],
): DirectoryRequest {
  const userAgent = userAgentOf(request)
  const http = userAgent === undefined ? httpOf(arrival) : { ...httpOf(arrival), userAgent }
  return { id: arrival.id, connection, token, http, startedAt: arrival.startedAt, body: undefined }
}

/** Preferences are a list, and their names ignore case (RFC 7240 §2). Several headers come joined by commas. */
function prefersMinimal(prefer: string | string[] | undefined): boolean {
  return prefer !== undefined && /(^|[,;\s])return\s*=\s*"?minimal"?\s*($|[,;])/i.test(String(prefer))
}

function noRoute({ path, method }: Arrival, allowed: readonly string[] | undefined): never {
  if (allowed === undefined || !Array.isArray(allowed))
    throw new ScimError('endpoint_unknown', `There is no endpoint ${shortened(path)}.`)
  throw Object.assign(
    new ScimError('method_not_allowed', `${method} is not possible here, only ${allowed.join(', ')}.`),
    { allowed },
  )
}

function noteRead(
  reads: Counts,
  request: IncomingMessage,
  arrival: Arrival,
  use: { accountId: string; connectionId: string; tokenId: string },
  occurredAt: number,
  status: number,
): void {
  // One literal: thousands of these are made a second, and spreading costs more than the rest of the entry.
  reads.read({
    accountId: use.accountId,
    connectionId: use.connectionId,
    tokenId: use.tokenId,
    id: arrival.id,
    occurredAt,
    method: arrival.method,
    path: arrival.path,
    address: arrival.address,
    status,
    durationMs: durationOf(arrival),
    userAgent: userAgentOf(request),
  })
}

async function refuseToken(
  deps: Deps,
  { maxRefusedTokens, reads }: ScimOptions,
  request: IncomingMessage,
  arrival: Arrival,
  {
    code,
    message,
  }: {
    readonly code: TokenRefusal
    readonly message: string
  },
): Promise<HttpReply> {
  const { id, method, path, address } = arrival
  const userAgent = userAgentOf(request)
  const http = { method, path, address, status: 401, ...(userAgent === undefined ? {} : { userAgent }) }
  const attempt = { id, action: 'token.refused', code, message, http } as const
  const { connectionId } = arrival
  const counted = await recordRefusedAttempt(deps, connectionId, attempt)
  if (counted === undefined) throw unknownConnection(arrival)
  const { accountId, attempts } = counted
  reads.count({ accountId, connectionId, occurredAt: deps.now().getTime() }, 'refused')
  if (maxRefusedTokens !== undefined && attempts > maxRefusedTokens) {
    const body = scimErrorBody({ status: 429, message: 'Too many requests with a wrong token. Try again in a minute.' })
    return { status: 429, text: JSON.stringify(body), headers: { 'Retry-After': '60' } }
  }
  const body = scimErrorBody({ status: 401, message: `${message} Request ${id}.` })
  return { status: 401, text: JSON.stringify(body), headers: { 'WWW-Authenticate': CHALLENGE[code] } }
}

const BEARER = 'Bearer realm="scim"'
/** RFC 6750 §3.1: `invalid_token` has a client ask for a new access token; of a token that was not sent nothing is said. */
const CHALLENGE: Readonly<Record<TokenRefusal, string>> = {
  token_missing: BEARER,
  token_unknown: `${BEARER}, error="invalid_token"`,
  token_expired: `${BEARER}, error="invalid_token"`,
  connection_disabled: BEARER,
}
