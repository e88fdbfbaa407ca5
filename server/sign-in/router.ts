import express, { type ErrorRequestHandler, type RequestHandler, type Response } from 'express'
import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import { getEvent } from '../../accounts/events-read.js'
import { getConnectionById } from '../../accounts/find-connection.js'
import { samlCertificates } from '../../accounts/saml-settings.js'
import { turn } from '../../db/turns.js'
import { SamlError } from '../../saml/errors.js'
import { createKeyPair } from '../../saml/key-pair.js'
import { serviceProviderOf, spMetadata } from '../../saml/sp-metadata.js'
import { isUnreadable, readForm } from '../form-text.js'
import { RequestError } from '../problem.js'
import type { RateLimit } from '../rate-limit.js'
import { finishSignIn, type Place, RefusedByMode, receiveAnswer } from './acs.js'
import { attemptOf } from './attempt.js'
import type { Cookies } from './cookies.js'
import { languageOf } from './language.js'
import type { SignInLimits } from './limits.js'
import { login } from './login.js'
import { sendPage } from './page.js'
import { testPage } from './pages.js'
import { isLimited, refuse, sendLimited } from './refusal.js'
import { logoutByPost, logoutByRedirect } from './slo.js'

export interface SignInOptions {
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly cookies: Cookies
  readonly limits: SignInLimits
}

const MAX_FORM_BYTES = 262_144

/** The service provider of every connection, to be mounted at /saml (SAML.md e). */
export function signInRouter(deps: Deps, options: SignInOptions): express.Router {
  const router = express.Router({ mergeParams: true })
  const { starts, posts } = options.limits
  const posted = (handler: StepHandler): [RequestHandler, RequestHandler, RequestHandler, ErrorRequestHandler] => [
    limited(deps, posts),
    readForm(MAX_FORM_BYTES),
    inPublic(deps, options, handler),
    unreadable(deps, options),
  ]
  router.use(takeTurns)
  router.get('/:connectionId/metadata', metadata(deps, options))
  router.get('/:connectionId/login', limited(deps, starts), inPublic(deps, options, begin))
  router.post('/:connectionId/acs', ...posted(acs))
  router.get('/:connectionId/finish', inPublic(deps, options, finish))
  router.get('/:connectionId/slo', limited(deps, posts), inPublic(deps, options, sloByRedirect))
  router.post('/:connectionId/slo', ...posted(sloByPost))
  return router
}

/** Whoever comes too often reads so, before anything is looked at. What is counted is done where it ends. */
function limited(deps: Deps, limit: RateLimit): RequestHandler {
  return async (request, response, next) => {
    try {
      await limit.check({ address: request.ip ?? '' })
    } catch (error) {
      if (!isLimited(error)) throw error
      return sendLimited(request, response, error, deps.newId())
    }
    next()
  }
}

/** Before a body is read: of many who come at once each is looked at in a turn of its own. */
const takeTurns: RequestHandler = (_request, _response, next) => void turn().then(() => next(), next)

/** A form that could not be read is refused like one that says the wrong thing. */
function unreadable(deps: Deps, options: SignInOptions): ErrorRequestHandler {
  return async (error, request, response, next) => {
    if (!isUnreadable(error, response)) return next(error)
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

type StepHandler = (
  place: Place,
  options: SignInOptions,
  request: Parameters<RequestHandler>[0],
  response: Response,
) => Promise<void>

/** A step that a person sees: whatever refuses becomes a page with a code and an id, and an event with the reason. */
function inPublic(deps: Deps, options: SignInOptions, handler: StepHandler): RequestHandler {
  return async (request, response) => {
    const { publicUrl, cookies, limits } = options
    const connection = await connectionOf(deps, request.params.connectionId)
    const attempt = attemptOf(request, deps.newId(), cookies.read(request, 'browser'))
    response.set('X-Request-Id', attempt.id).set('Cache-Control', 'no-store')
    try {
      if (connection.mode === 'disabled') throw new RefusedByMode(connection.mode)
      await handler({ deps, connection, publicUrl, attempt, limits }, options, request, response)
    } catch (error) {
      await refuse({ deps, connection, attempt, limits, request, response }, error)
    }
  }
}

/** Throws SamlError: bad_request. */
function formOf(request: Parameters<RequestHandler>[0]): URLSearchParams {
  if (request.is('application/x-www-form-urlencoded') === false || typeof request.body !== 'string')
    throw new SamlError('bad_request', 'The message has to be posted as a form.')
  return new URLSearchParams(request.body)
}

const begin: StepHandler = (place, { cookies }, request, response) => login(place, cookies, request, response)

const sloByRedirect: StepHandler = (place, _, request, response) =>
  logoutByRedirect(place, request.originalUrl, response)

const sloByPost: StepHandler = async (place, _, request, response) => logoutByPost(place, formOf(request), response)

const acs: StepHandler = async (place, _, request, response) => {
  const values = formOf(request).getAll('SAMLResponse')
  if (values.length !== 1) throw new SamlError('bad_request', 'The form has to hold one SAMLResponse.')
  place.attempt.passed('form')
  const secret = await receiveAnswer(place, values[0]!)
  response.redirect(303, `${request.baseUrl}/${place.connection.id}/finish?answer=${secret}`)
}

const finish: StepHandler = async (place, { cookies }, request, response) => {
  const { deps, connection, attempt } = place
  const secret = typeof request.query.answer === 'string' ? request.query.answer : ''
  const session = await finishSignIn(place, secret)
  if (session === undefined) {
    const event = await getEvent(deps, connection.accountId, attempt.id, false)
    return sendPage(response, 200, testPage(languageOf(request), event))
  }
  const seconds = Math.floor((session.expiresAt.getTime() - deps.now().getTime()) / 1_000)
  cookies.set(response, 'session', session.secret, Math.max(seconds, 0))
  response.redirect(303, session.target)
}
