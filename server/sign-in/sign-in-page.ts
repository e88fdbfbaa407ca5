import express, { type Request, type RequestHandler } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { discoverSignIn } from '../../accounts/discover.js'
import { getConnectionById } from '../../accounts/find-connection.js'
import { createSignInTest } from '../../accounts/sign-in-test.js'
import { admit } from '../admin/gate.js'
import { RequestError } from '../problem.js'
import { fieldOf } from './entering.js'
import { keepLanguage, languageOf } from './language.js'
import { targetFrom } from './login.js'
import { sendPage } from './page.js'
import { type SignInNotice, signInPage } from './pages.js'
import { passwordPage } from './password-pages.js'
import { isLimited } from './refusal.js'
import type { SignInOptions } from './router.js'
import { sessionPrincipal, signedInOf } from './session-routes.js'

const MAX_BYTES = 10_240
/** Near enough to be asked for a password. */
const ADDRESS = /^[^\s@]+@[^\s@]+$/

/** How people find the way: by a page, by a call of an application, and administrators to a test. */
export function wayRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router()
  router.post('/sso/discover', express.json({ limit: MAX_BYTES }), answerDiscovery(deps, options))
  router.get('/sso/test/:connectionId', test(deps, options))
  router.get('/sign-in', showPage(deps, options))
  router.post('/sign-in', express.urlencoded({ extended: false, limit: MAX_BYTES }), followPage(deps, options))
  return router
}

interface Way {
  /** Null where there is none. */
  readonly loginUrl: string | null
  /** Nobody of this domain signs in another way. */
  readonly ssoRequired: boolean
}

/** From an address to where its people sign in. */
async function wayOf(deps: Deps, { publicUrl }: SignInOptions, email: string): Promise<Way> {
  const { connectionId, ssoRequired } = await discoverSignIn(deps, email.slice(0, 1_024))
  return { loginUrl: connectionId === undefined ? null : `${publicUrl}/saml/${connectionId}/login`, ssoRequired }
}

/** The answer has one shape, whoever asks. Domains that nobody has proved are counted. */
function answerDiscovery(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    const email: unknown = (request.body as { email?: unknown } | undefined)?.email
    if (typeof email !== 'string') throw new RequestError('invalid_request', 'Send {"email": "…"} as JSON.')
    const counted = { address: request.ip ?? '' }
    await options.limits.discovery.check(counted)
    const way = await wayOf(deps, options, email)
    if (way.loginUrl === null) await options.limits.discovery.add(counted)
    response.set('Cache-Control', 'no-store').json(way)
  }
}

function showPage(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    const target = targetFrom(request.query.target)
    if ((await signedInOf(deps, options, request)) !== undefined) return response.redirect(303, target)
    keepLanguage(request, response)
    const notice = request.query['signed-out'] === undefined ? undefined : 'sign_in_signed_out'
    sendPage(response, 200, signInPage(languageOf(request), '', target, notice), formsOf(options))
  }
}

function followPage(deps: Deps, options: SignInOptions): RequestHandler {
  return async (request, response) => {
    const { email, target, way } = fieldsOf(request)
    const counted = { address: request.ip ?? '' }
    const again = (status: number, notice: SignInNotice) =>
      sendPage(response, status, signInPage(languageOf(request), email, target, notice), formsOf(options))
    try {
      await options.limits.discovery.check(counted)
    } catch (error) {
      if (!isLimited(error)) throw error
      response.set('Retry-After', String((error as RequestError).details.retryAfterSeconds ?? 60))
      return again(429, 'sign_in_limited')
    }
    if (!ADDRESS.test(email.trim())) return again(200, 'sign_in_unknown')
    const { loginUrl } = await wayOf(deps, options, email)
    if (loginUrl === null) await options.limits.discovery.add(counted)
    else if (way !== 'password')
      return response.redirect(303, target === '/' ? loginUrl : `${loginUrl}?${new URLSearchParams({ target })}`)
    sendPage(response, 200, passwordPage(languageOf(request), email, target), { formAction: "'self'" })
  }
}

function fieldsOf(request: Request): { email: string; target: string; way: string } {
  const target = targetFrom(fieldOf(request, 'target', 2_049))
  return { email: fieldOf(request, 'email'), target, way: fieldOf(request, 'way') }
}

/** The form leads to the identity provider by a redirect, and a redirect counts as part of it. */
function formsOf({ publicUrl }: SignInOptions): { readonly formAction: string } {
  return { formAction: publicUrl.startsWith('https:') ? "'self' https:" : "'self' https: http:" }
}

/** An administrator tries out her own sign-in, in this browser. */
function test(deps: Deps, options: SignInOptions): RequestHandler {
  const principalOf = sessionPrincipal(deps, options)
  return async (request, response) => {
    const principal = await principalOf(request)
    if (principal === undefined) throw new RequestError('no_session', 'Nobody is signed in.')
    const id = String(request.params.connectionId)
    const connection = await getConnectionById(deps, id)
    if (connection === undefined || connection.accountId !== principal.accountId)
      throw new RequestError('not_found', 'There is no such connection.')
    admit(principal, 'connections.manage', connection.accountId)
    const { id: testId } = await createSignInTest(deps, principal, connection.accountId, id)
    response.set('Cache-Control', 'no-store').redirect(303, `${options.publicUrl}/saml/${id}/login?test=${testId}`)
  }
}
