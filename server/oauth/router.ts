import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { ASSERTION_ALGORITHMS } from '../../accounts/client-assertion.js'
import type { Deps } from '../../accounts/deps.js'
import { durationOf } from '../../accounts/directory-request.js'
import { FederationKeys } from '../../accounts/federation-keys.js'
import { issueAccessToken } from '../../accounts/issue-access-token.js'
import { recordRefusedAttempt } from '../../accounts/refused-attempts.js'
import type { FetchText } from '../fetch-outside.js'
import { isUnreadable, readForm } from '../form-text.js'
import { RateLimit } from '../rate-limit.js'
import { userAgentOf } from '../user-agent.js'
import { type TokenRefusal, tokenRefusalFromError } from './refusals.js'
import { claimedClientId, parseTokenRequest, SCOPE, TokenRequestError } from './token-request.js'

export interface OAuthOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly fetchText: FetchText
  /** Equal refusals of one address and client in a minute beyond which the answer is 429; undefined for no limit. */
  readonly maxRefused: number | undefined
  /** Told of what is answered with 500. */
  readonly report: (error: unknown, requestId: string) => void
}

export const TOKEN_PATH = '/oauth/token'
const METADATA_PATH = '/.well-known/oauth-authorization-server'
/** An assertion has a few kilobytes. */
const MAX_FORM_BYTES = 65_536

/** Where SCIM clients sign in: the token endpoint (RFC 6749 §3.2) and what is to be known of it (RFC 8414). */
export function oauthRouter(deps: Deps, options: OAuthOptions): express.Router {
  const router = express.Router()
  const desk: Desk = {
    ...{ deps, options },
    keys: new FederationKeys(deps, (url) => options.fetchText(url, 'application/jwk-set+json, application/json')),
    strangers: new RateLimit(deps, 'oauth-stranger', options.maxRefused),
  }
  router.get(METADATA_PATH, (_, response) => void response.json(metadataOf(options.publicUrl)))
  router.post(TOKEN_PATH, begin(deps), readForm(MAX_FORM_BYTES), giveToken(desk), unreadable(desk))
  router.all(TOKEN_PATH, begin(deps), (_, response) => {
    const description = `A token is asked for with POST. ${requestText(response)}`
    response.status(405).set('Allow', 'POST').json({ error: 'invalid_request', error_description: description })
  })
  return router
}

/** What the endpoint works with. */
interface Desk {
  readonly deps: Deps
  readonly options: OAuthOptions
  readonly keys: FederationKeys
  /** Refusals that belong in no log, because they name no connection: by network. The others are counted there. */
  readonly strangers: RateLimit
}

function metadataOf(publicUrl: string) {
  return {
    issuer: publicUrl,
    token_endpoint: `${publicUrl}${TOKEN_PATH}`,
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ASSERTION_ALGORITHMS,
    grant_types_supported: ['client_credentials'],
    response_types_supported: [],
    scopes_supported: [SCOPE],
  }
}

interface Locals {
  requestId: string
  startedAt: number
}

/** Whatever is answered is for this client alone, at this moment (RFC 6749 §5.1). */
function begin(deps: Deps): RequestHandler {
  return (_, response, next) => {
    const locals = response.locals as Locals
    locals.requestId = deps.newId()
    locals.startedAt = performance.now()
    response.set({ 'X-Request-Id': locals.requestId, 'Cache-Control': 'no-store', Pragma: 'no-cache' })
    next()
  }
}

function requestText(response: Response): string {
  return `Request ${(response.locals as Locals).requestId}.`
}

function httpOf(request: Request, response: Response, status: number) {
  const userAgent = userAgentOf(request)
  const durationMs = durationOf(response.locals as Locals)
  const agent = userAgent === undefined ? {} : { userAgent }
  return { method: request.method, path: TOKEN_PATH, status, durationMs, address: request.ip ?? '', ...agent }
}

function giveToken(desk: Desk): RequestHandler {
  const { deps, keys } = desk
  return async (request, response) => {
    const body = typeof request.body === 'string' ? request.body : ''
    try {
      const { authorization, 'content-type': contentType } = request.headers
      const { clientId, credential } = parseTokenRequest({ authorization, contentType }, body)
      const call = { id: (response.locals as Locals).requestId, http: httpOf(request, response, 200) }
      const { token, expiresIn } = await issueAccessToken(deps, keys, clientId, credential, call)
      response.json({ access_token: token, token_type: 'Bearer', expires_in: expiresIn, scope: SCOPE })
    } catch (error) {
      await refuse(desk, request, response, error, body)
    }
  }
}

/** A form that could not be read is refused like one that says the wrong thing. */
function unreadable(desk: Desk): ErrorRequestHandler {
  return async (error, request, response, next) => {
    if (!isUnreadable(error, response)) return next(error)
    const text = 'The form is larger than 64 KB, or packed in a way that is not read.'
    await refuse(desk, request, response, new TokenRequestError('token_request_invalid', text), '')
  }
}

async function refuse(desk: Desk, request: Request, response: Response, error: unknown, body: string): Promise<void> {
  const refusal = tokenRefusalFromError(error)
  const { requestId } = response.locals as Locals
  if (refusal.status === 500) desk.options.report(error, requestId)
  if (await isTooMuch(desk, request, response, refusal, body)) {
    const description = `Too many refused requests. Try again in a minute. ${requestText(response)}`
    response.status(429).set('Retry-After', '60')
    return void response.json({ error: 'invalid_request', error_description: description })
  }
  if (refusal.status === 401) response.set('WWW-Authenticate', 'Basic realm="token endpoint"')
  if (refusal.status === 503) response.set('Retry-After', '60')
  const description = `${refusal.message} ${requestText(response)}`
  response.status(refusal.status).json({ error: refusal.error, error_description: described(description) })
}

/**
 * Log a refusal with the connection that it names, and say whether there were too many of its kind in this minute, from
 * this address. Whoever has the right secret is never refused because of others.
 */
async function isTooMuch(
  { deps, options: { maxRefused }, strangers }: Desk,
  request: Request,
  response: Response,
  { code, status, logged: message }: TokenRefusal,
  body: string,
): Promise<boolean> {
  if (code === undefined) return false
  const clientId = claimedClientId(request.headers.authorization, body)
  const { durationMs: _, ...http } = httpOf(request, response, status)
  const attempt = { id: (response.locals as Locals).requestId, action: 'client.refused', code, message, http } as const
  const counted = clientId === undefined ? undefined : await recordRefusedAttempt(deps, clientId, attempt)
  if (counted !== undefined) return maxRefused !== undefined && counted.attempts > maxRefused
  const stranger = { address: request.ip ?? '' }
  if (await strangers.isReached(stranger)) return true
  await strangers.add(stranger)
  return false
}

/** RFC 6749 §5.2 has no other characters in a description. */
function described(text: string): string {
  return text.replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, "'")
}
