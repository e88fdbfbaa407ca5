import express, { type Request, type RequestHandler } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { signOut } from '../../accounts/end-sessions.js'
import { findSignedIn, type SignedIn } from '../../accounts/sessions.js'
import { getUser } from '../../accounts/users-read.js'
import type { Principal } from '../admin/gate.js'
import { RequestError } from '../problem.js'
import { attemptOf } from './attempt.js'
import { languageOf } from './language.js'
import { sendPage } from './page.js'
import { landingPage, leavingPage } from './pages.js'
import type { SignInOptions } from './router.js'
import { endBrowserSession } from './sign-out.js'
import { SIGNED_OUT } from './slo.js'

/** Who the browser is that sent this; undefined for nobody. */
export async function signedInOf(
  deps: Deps,
  { cookies }: SignInOptions,
  request: Request,
): Promise<SignedIn | undefined> {
  const secret = cookies.read(request, 'session')
  return secret === undefined ? undefined : findSignedIn(deps, secret)
}

/** An administrator by her session, for the admin API. Throws RequestError: foreign_origin. */
export function sessionPrincipal(
  deps: Deps,
  options: SignInOptions,
): (request: Request) => Promise<Principal | undefined> {
  return async (request) => {
    const signedIn = await signedInOf(deps, options, request)
    if (signedIn === undefined) return undefined
    checkOrigin(request, options.publicUrl)
    const { user, role, account, sessionId } = signedIn
    return { actor: { type: 'user', id: user.id, label: user.displayName }, role, accountId: account.id, sessionId }
  }
}

/** A cookie comes along whoever makes the browser send: what changes something has to come from our own pages. */
export function checkOrigin({ method, headers }: Request, publicUrl: string): void {
  if (method === 'GET' || method === 'HEAD') return
  const site = headers['sec-fetch-site']
  const own = headers.origin === undefined ? site === 'same-origin' : headers.origin === new URL(publicUrl).origin
  if (!own || (site !== undefined && site !== 'same-origin'))
    throw new RequestError('foreign_origin', 'This request did not come from a page of this server.')
}

/** Whether a role opens the console: a plain member's does not. */
export function mayEnterConsole({ role }: Pick<SignedIn, 'role'>): boolean {
  return role.permissions.length > 0
}

/** `/api/v1/session`, signing out, and the page at the root for people who have no business in the console. */
export function sessionRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  router.get('/api/v1/session', readSession(deps, options))
  router.delete('/api/v1/session', endHere(deps, options))
  router.post('/sign-out', endEverywhere(deps, options))
  router.get('/', landing(deps, options))
  return router
}

function readSession(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    const signedIn = await signedInOf(deps, options, request)
    if (signedIn === undefined) throw new RequestError('no_session', 'Nobody is signed in.')
    const { user, role, account, expiresAt, signedInWith, secondFactor } = signedIn
    const { permissions } = role
    const body = { user: { ...user, role: role.key }, account, permissions, signedInWith, secondFactor, expiresAt }
    response.set('Cache-Control', 'no-store').json(body)
  }
}

/** For applications: the session here ends, and nothing else. */
function endHere(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    const secret = options.cookies.read(request, 'session')
    const attempt = attemptOf(request, deps.newId(), undefined)
    if (secret !== undefined) await signOut(deps, secret, attempt.request(204))
    options.cookies.clear(response, 'session')
    response.set('X-Request-Id', attempt.id).status(204).end()
  }
}

/** For people: the identity provider is asked to sign them out as well. */
function endEverywhere(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    checkOrigin(request, options.publicUrl)
    const next = await endBrowserSession(deps, options, request, response)
    if (next === undefined) response.redirect(303, SIGNED_OUT)
    // A page in between: a form may lead to our own site alone, and a redirect counts as part of it.
    else sendPage(response, 200, leavingPage(languageOf(request), next))
  }
}

function landing(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response, next) => {
    const signedIn = await signedInOf(deps, options, request)
    if (signedIn === undefined) return response.set('Cache-Control', 'no-store').redirect(303, '/sign-in')
    if (mayEnterConsole(signedIn)) return next()
    const { licenses } = await getUser(deps.db, signedIn.account.id, signedIn.user.id, deps.now())
    sendPage(response, 200, landingPage(languageOf(request), signedIn, licenses), { formAction: "'self'" })
  }
}
