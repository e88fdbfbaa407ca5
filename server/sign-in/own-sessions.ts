import express, { type Request, type RequestHandler, type Response } from 'express'
import { z } from 'zod'
import type { Deps } from '../../accounts/deps.js'
import { endOtherSessions, endOwnSession } from '../../accounts/end-sessions.js'
import type { OwnRequest } from '../../accounts/own-events.js'
import { issueSessionToken } from '../../accounts/session-token.js'
import { listSessions, type SignedIn } from '../../accounts/sessions.js'
import { publicKeys, SigningKeys } from '../../accounts/signing-keys.js'
import { jsonBody, parseInput } from '../json-input.js'
import { RequestError } from '../problem.js'
import { attemptOf } from './attempt.js'
import type { SignInOptions } from './router.js'
import { checkOrigin, signedInOf } from './session-routes.js'

/** How long anybody may keep our public keys. */
const KEYS_MAX_AGE_SECONDS = 300

/** What who is signed in does with her sessions, tokens for applications, and the keys that verify them. */
export function ownSessionRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  const enter = entered(deps, options)
  router.post('/api/v1/session/token', enter, ...jsonBody(), issueToken(deps, options))
  router.get('/api/v1/sessions', enter, listOwn(deps))
  router.delete('/api/v1/sessions', enter, endOthers(deps))
  router.delete('/api/v1/sessions/:sessionId', enter, endOne(deps, options))
  router.get('/.well-known/jwks.json', jwks(deps))
  return router
}

interface Locals {
  me: SignedIn
  request: (status: number) => OwnRequest
}

/** Express keeps what belongs to one request here. */
function localsOf(response: Response): Locals {
  return response.locals as Locals
}

/** Who asks, before anything of a body is read. Throws RequestError: no_session, foreign_origin. */
function entered(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response, next) => {
    const attempt = attemptOf(request, deps.newId(), undefined)
    response.set('X-Request-Id', attempt.id).set('Cache-Control', 'no-store')
    const me = await signedInOf(deps, options, request)
    if (me === undefined) throw noSession()
    checkOrigin(request, options.publicUrl)
    Object.assign(localsOf(response), { me, request: attempt.request } satisfies Locals)
    next()
  }
}

function noSession(): RequestError {
  return new RequestError('no_session', 'Nobody is signed in.')
}

const TokenRequest = z.strictObject({
  audience: z
    .string()
    .regex(/^[\x21-\x7e]{1,255}$/, 'an address or a name of up to 255 characters, without blanks')
    .optional(),
})

/** `aud` is what the application calls itself; our own address where it does not say. */
function issueToken(deps: Deps, { cookies, publicUrl }: SignInOptions): RequestHandler {
  const keys = new SigningKeys(deps)
  return async (request, response) => {
    const { audience = publicUrl } = parseInput(TokenRequest, request.body ?? {}, 'body')
    const secret = cookies.read(request, 'session') ?? ''
    const token = await issueSessionToken(deps, keys, secret, { issuer: publicUrl, audience })
    if (token === undefined) throw noSession()
    response.json(token)
  }
}

function listOwn(deps: Deps): RequestHandler {
  return async (_, response) => {
    const { account, user, sessionId } = localsOf(response).me
    const sessions = await listSessions(deps.db, account.id, user.id, deps.now())
    response.json({ items: sessions.map((session) => ({ ...session, current: session.id === sessionId })) })
  }
}

function endOthers(deps: Deps): RequestHandler {
  return async (_, response) => {
    const { me, request } = localsOf(response)
    await endOtherSessions(deps, me, request(204))
    response.status(204).end()
  }
}

/** Whatever else stands in a path names nothing. */
const ID = /^[\w-]{1,128}$/

function endOne(deps: Deps, { cookies }: SignInOptions): RequestHandler {
  return async ({ params }: Request, response) => {
    const { me, request } = localsOf(response)
    const id = String(params.sessionId)
    if (!ID.test(id)) throw new RequestError('not_found', 'There is nothing at this address.')
    await endOwnSession(deps, me, id, request(204))
    if (id === me.sessionId) cookies.clear(response, 'session')
    response.status(204).end()
  }
}

/** The public keys, for whoever verifies tokens (RFC 7517 §5). */
function jwks(deps: Deps): RequestHandler {
  return async (_, response) => {
    const keys = await publicKeys(deps)
    response.set('Cache-Control', `public, max-age=${KEYS_MAX_AGE_SECONDS}`).set('Access-Control-Allow-Origin', '*')
    response.type('application/jwk-set+json').send(JSON.stringify(keys))
  }
}
