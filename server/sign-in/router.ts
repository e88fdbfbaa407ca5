import { randomBytes } from 'node:crypto'
import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express'
import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import { getConnectionById } from '../../accounts/find-connection.js'
import { samlCertificates } from '../../accounts/saml-settings.js'
import { newSecret } from '../../accounts/sessions.js'
import { recordRefusedSignIn } from '../../accounts/sign-in.js'
import { SignInError } from '../../accounts/sign-in-errors.js'
import { beginSignIn } from '../../accounts/sign-in-request.js'
import { authnRequest } from '../../saml/authn-request.js'
import { SamlError } from '../../saml/errors.js'
import { createKeyPair } from '../../saml/key-pair.js'
import { serviceProviderOf, spMetadata } from '../../saml/sp-metadata.js'
import { RequestError } from '../problem.js'
import { finishSignIn, receiveAnswer, samlOf } from './acs.js'
import { attemptOf, type SignInAttempt } from './attempt.js'
import type { Cookies } from './cookies.js'
import { postPage, refusalPage } from './pages.js'
import { logoutByPost, logoutByRedirect } from './slo.js'

export interface SignInOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly cookies: Cookies
}

const MAX_FORM_BYTES = 262_144
const BROWSER_SECONDS = 3_600
const PATH = /^\/(?![/\\])[^\s\\]*$/

/** The service provider of every connection, to be mounted at /saml (SAML.md e). */
export function signInRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router({ mergeParams: true })
  router.get('/:connectionId/metadata', metadata(deps, options))
  router.get('/:connectionId/login', inPublic(deps, options, login))
  router.post('/:connectionId/acs', readForm, inPublic(deps, options, acs), unreadable(deps, options))
  router.get('/:connectionId/finish', inPublic(deps, options, finish))
  router.get('/:connectionId/slo', inPublic(deps, options, sloByRedirect))
  router.post('/:connectionId/slo', readForm, inPublic(deps, options, sloByPost), unreadable(deps, options))
  return router
}

/** The body as it came: never unpacked, and 256 KB at most. */
const readForm = express.text({ type: () => true, limit: MAX_FORM_BYTES, inflate: false })

/** A form that could not be read is refused like one that says the wrong thing. */
function unreadable(deps: Deps, options: SignInOptions): ErrorRequestHandler {
  return async (error, request, response, next) => {
    const status: unknown = error?.status
    if (response.headersSent || typeof status !== 'number' || status < 400 || status > 499) return next(error)
    const refusal = new SamlError(
      'bad_request',
      'The answer is larger than 256 KB, or packed in a way that is not read.',
    )
    const fail: StepHandler = () => Promise.reject(refusal)
    await inPublic(deps, options, fail)(request, response, next)
  }
}

function metadata(deps: Deps, { publicUrl }: SignInOptions): RequestHandler {
  return async (request, response) => {
    const connection = await connectionOf(deps, request.params.connectionId)
    const certificates = await samlCertificates(deps, connection, () => createKeyPair('usher', deps.now()))
    const xml = spMetadata(serviceProviderOf(publicUrl, connection.id), certificates)
    response.type('application/samlmetadata+xml').set('Cache-Control', 'no-cache').send(xml)
  }
}

async function connectionOf(deps: Deps, id: unknown): Promise<Connection> {
  const connection = typeof id === 'string' ? await getConnectionById(deps, id) : undefined
  if (connection === undefined) throw new RequestError('not_found', 'There is no such connection.')
  return connection
}

interface Step {
  readonly deps: Deps
  readonly options: SignInOptions
  readonly connection: Connection
  readonly attempt: SignInAttempt
}

type StepHandler = (step: Step, request: Parameters<RequestHandler>[0], response: Response) => Promise<void>

/** A step that a person sees: whatever refuses becomes a page with a code and an id, and an event with the reason. */
function inPublic(deps: Deps, options: SignInOptions, handler: StepHandler): RequestHandler {
  return async (request, response) => {
    const connection = await connectionOf(deps, request.params.connectionId)
    const attempt = attemptOf(request, deps.newId(), options.cookies.read(request, 'browser'))
    response.set('X-Request-Id', attempt.id).set('Cache-Control', 'no-store')
    try {
      if (connection.mode !== 'live') throw new RefusedByMode(connection.mode)
      await handler({ deps, options, connection, attempt }, request, response)
    } catch (error) {
      await refuse(deps, connection, attempt, error, response)
    }
  }
}

/** The connection lets nobody in. */
class RefusedByMode extends Error {
  readonly code = 'connection_disabled'
  constructor(mode: string) {
    super(`The connection is in mode '${mode}', in which nobody signs in.`)
  }
}

/** What stays between us and the administrators reads as a broken signature to everybody else (SAML.md e, step 10). */
const PUBLIC_CODES: Readonly<Record<string, string>> = { decrypt_failed: 'bad_signature' }

async function refuse(
  deps: Deps,
  connection: Connection,
  attempt: SignInAttempt,
  error: unknown,
  response: Response,
): Promise<void> {
  if (!(error instanceof SamlError || error instanceof SignInError || error instanceof RefusedByMode)) throw error
  const { code, message } = error
  const userId = error instanceof SignInError ? error.userId : undefined
  if (error instanceof SamlError) attempt.learn(error.comparison)
  await recordRefusedSignIn(deps, connection, { code, message, userId }, attempt.request(403))
  const shown = PUBLIC_CODES[code] ?? code
  const id = attempt.id.replaceAll('-', '')
  response.status(403).set('X-Usher-Code', shown).type('html').send(refusalPage(shown, id))
}

const login: StepHandler = async ({ deps, options, connection, attempt }, request, response) => {
  const { settings, keys } = await samlOf(deps, connection)
  const browser = attempt.browser ?? newSecret()
  const { id, sending } = await authnRequest(
    serviceProviderOf(options.publicUrl, connection.id),
    settings.idp,
    keys[0]!.privateKey,
    { forceAuthn: request.query.force === 'true', relayState: randomBytes(16).toString('hex') },
  )
  const target = String(request.query.target ?? '/')
  await beginSignIn(deps, connection, { id, target: PATH.test(target) ? target : '/', browser })
  options.cookies.set(response, 'browser', browser, BROWSER_SECONDS)
  if (sending.binding === 'redirect') return response.redirect(302, sending.url)
  const nonce = randomBytes(16).toString('base64')
  const origin = new URL(sending.url).origin
  response.set(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-${nonce}'; form-action ${origin}`,
  )
  response.type('html').send(postPage(sending.url, sending.fields, nonce))
}

/** Throws SamlError: bad_request. */
function formOf(request: Parameters<RequestHandler>[0]): URLSearchParams {
  if (request.is('application/x-www-form-urlencoded') === false || typeof request.body !== 'string')
    throw new SamlError('bad_request', 'The message has to be posted as a form.')
  return new URLSearchParams(request.body)
}

const sloByRedirect: StepHandler = ({ options, ...step }, request, response) =>
  logoutByRedirect({ ...step, publicUrl: options.publicUrl }, request.originalUrl, response)

const sloByPost: StepHandler = async ({ options, ...step }, request, response) =>
  logoutByPost({ ...step, publicUrl: options.publicUrl }, formOf(request), response)

const acs: StepHandler = async ({ deps, connection }, request, response) => {
  const values = formOf(request).getAll('SAMLResponse')
  if (values.length !== 1) throw new SamlError('bad_request', 'The form has to hold one SAMLResponse.')
  const secret = await receiveAnswer(deps, connection, values[0]!)
  response.redirect(303, `${request.baseUrl}/${connection.id}/finish?answer=${secret}`)
}

const finish: StepHandler = async ({ deps, options, connection, attempt }, request, response) => {
  const secret = typeof request.query.answer === 'string' ? request.query.answer : ''
  const { target, ...session } = await finishSignIn(deps, connection, options.publicUrl, secret, attempt)
  const seconds = Math.floor((session.expiresAt.getTime() - deps.now().getTime()) / 1_000)
  options.cookies.set(response, 'session', session.secret, Math.max(seconds, 0))
  response.redirect(303, target)
}
