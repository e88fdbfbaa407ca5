import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Deps } from '../accounts/deps.js'
import { discoverConnection } from '../accounts/discover.js'
import { authenticateOperator, hashOperatorToken } from './admin/gate.js'
import { adminRouter } from './admin/router.js'
import { fromExpress } from './express-errors.js'
import type { FetchText } from './fetch-outside.js'
import type { Metrics } from './metrics.js'
import { oauthRouter } from './oauth/router.js'
import { PROBLEM_TYPE, problemFromError, RequestError } from './problem.js'
import { cookiesFor } from './sign-in/cookies.js'
import { ownSessionRouter } from './sign-in/own-sessions.js'
import { signInRouter } from './sign-in/router.js'
import { sessionPrincipal, sessionRouter } from './sign-in/session-routes.js'

export interface AppOptions {
  readonly operatorToken: string
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly metrics: Metrics
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[]
  readonly fetchText: FetchText
  /** `false` switches every limit by rate off. */
  readonly rateLimits: boolean
  /** Equal refusals of an address and a client in a minute beyond which the answer is 429; undefined for no limit. */
  readonly maxRefused: number | undefined
  /** Told of what is answered with 5xx. */
  readonly report: (error: unknown, requestId: string) => void
}

const CSP = { directives: { defaultSrc: ["'self'"], styleSrc: ["'self'", "'unsafe-inline'"] } }

/** Everything but SCIM: health, metrics, the admin API, and the page at the root. */
export function createApp(deps: Deps, options: AppOptions): express.Express {
  const { operatorToken, publicUrl, report, fetchText, rateLimits, maxRefused } = options
  const signIn = { publicUrl, cookies: cookiesFor(publicUrl) }
  const app = express()
  app.set('trust proxy', options.trustProxy.length === 0 ? false : [...options.trustProxy])
  app.use(helmet({ contentSecurityPolicy: CSP }))
  app.get('/healthz', (_, response) => void response.json({ status: 'up' }))
  app.get('/readyz', ready(deps))
  app.get('/metrics', metrics(options))
  app.use(oauthRouter(deps, { publicUrl, fetchText, maxRefused, report }))
  app.use('/saml', signInRouter(deps, signIn))
  app.post('/sso/discover', express.json({ limit: 10_240 }), discover(deps, publicUrl))
  app.use(sessionRouter(deps, signIn))
  app.use(ownSessionRouter(deps, signIn))
  const sessions = sessionPrincipal(deps, signIn)
  app.use('/api/v1', adminRouter(deps, { operatorToken, publicUrl, report, fetchText, rateLimits, sessions }))
  app.use(() => {
    throw new RequestError('not_found', 'There is nothing at this address.')
  })
  app.use(asProblem(deps, report))
  return app
}

/** From an address to where its people sign in. The answer has one shape, whoever asks. */
function discover(deps: Deps, publicUrl: string): RequestHandler {
  return async (request, response) => {
    const email: unknown = (request.body as { email?: unknown } | undefined)?.email
    if (typeof email !== 'string') throw new RequestError('invalid_request', 'Send {"email": "…"} as JSON.')
    const id = await discoverConnection(deps, email.slice(0, 1_024))
    const loginUrl = id === undefined ? null : `${publicUrl}/saml/${id}/login`
    response.set('Cache-Control', 'no-store').json({ loginUrl })
  }
}

/** Ready once the database answers and is migrated. */
function ready({ db }: Deps): RequestHandler {
  return async (_, response) => {
    const isReady = await db.ready().then(
      () => true,
      () => false,
    )
    if (isReady) response.json({ status: 'ready' })
    else response.status(503).json({ status: 'not ready', reason: 'the database does not answer' })
  }
}

function metrics({ operatorToken, metrics: { registry } }: AppOptions): RequestHandler {
  const hash = hashOperatorToken(operatorToken)
  return async (request, response) => {
    authenticateOperator(request.headers.authorization, hash)
    response.type(registry.contentType).send(await registry.metrics())
  }
}

function asProblem(deps: Deps, report: AppOptions['report']): ErrorRequestHandler {
  return (error, _, response, next) => {
    if (response.headersSent) return next(error)
    const requestId = response.get('X-Request-Id') ?? deps.newId()
    const problem = problemFromError(fromExpress(error), requestId)
    if (problem.status >= 500) report(error, requestId)
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer')
    response.status(problem.status).set('X-Request-Id', requestId).type(PROBLEM_TYPE).send(JSON.stringify(problem))
  }
}
