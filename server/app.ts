import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import helmet from 'helmet'
import type { Deps } from '../accounts/deps.js'
import { authenticateOperator, hashOperatorToken } from './admin/gate.js'
import { adminRouter } from './admin/router.js'
import { consoleRouter } from './console.js'
import { fromExpress } from './express-errors.js'
import type { FetchText } from './fetch-outside.js'
import type { Metrics } from './metrics.js'
import { oauthRouter } from './oauth/router.js'
import { PROBLEM_TYPE, problemFromError, RequestError, retryAfterOf } from './problem.js'
import type { ResolveTxt } from './resolve-txt.js'
import { cookiesFor } from './sign-in/cookies.js'
import { signInLimits } from './sign-in/limits.js'
import { linkRouter } from './sign-in/links.js'
import { ownSessionRouter } from './sign-in/own-sessions.js'
import { passwordRouter } from './sign-in/password.js'
import { signInRouter } from './sign-in/router.js'
import { sessionPrincipal, sessionRouter } from './sign-in/session-routes.js'
import { setUpRouter } from './sign-in/set-up.js'
import { wayRouter } from './sign-in/sign-in-page.js'

export interface AppOptions {
  readonly operatorToken: string
  /** Without a trailing slash. */
  readonly publicUrl: string
  readonly metrics: Metrics
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[]
  readonly fetchText: FetchText
  readonly resolveTxt: ResolveTxt
  /** `false` switches every limit by rate off. */
  readonly rateLimits: boolean
  /** Equal refusals of an address and a client in a minute beyond which the answer is 429; undefined for no limit. */
  readonly maxRefused: number | undefined
  /** Told of what is answered with 5xx. */
  readonly report: (error: unknown, requestId: string) => void
}

/** On plain http nothing is upgraded: a form would be sent to a port that speaks no TLS. */
const cspFor = (publicUrl: string) => ({
  useDefaults: false,
  directives: {
    defaultSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    imgSrc: ["'self'", 'data:'],
    objectSrc: ["'none'"],
    scriptSrcAttr: ["'none'"],
    styleSrc: ["'self'", "'unsafe-inline'"],
    upgradeInsecureRequests: publicUrl.startsWith('https:') ? [] : null,
  },
})

/** Everything but SCIM: health, metrics, the admin API, signing in, and the console. */
export function createApp(deps: Deps, options: AppOptions): express.Express {
  const { operatorToken, publicUrl, report, fetchText, resolveTxt, rateLimits, maxRefused } = options
  const signIn = { publicUrl, cookies: cookiesFor(publicUrl), limits: signInLimits(deps, rateLimits) }
  const app = express()
  app.set('trust proxy', options.trustProxy.length === 0 ? false : [...options.trustProxy])
  // Without a referrer a browser says of its own form that it comes from nowhere: `Origin: null` (Fetch §3.1).
  app.use(helmet({ contentSecurityPolicy: cspFor(publicUrl), referrerPolicy: { policy: 'same-origin' } }))
  app.get('/healthz', (_, response) => void response.json({ status: 'up' }))
  app.get('/readyz', ready(deps))
  app.get('/metrics', metrics(options))
  app.use(oauthRouter(deps, { publicUrl, fetchText, maxRefused, report }))
  app.use('/saml', signInRouter(deps, signIn))
  app.use(setUpRouter(deps, signIn))
  app.use(linkRouter(deps, signIn))
  app.use(wayRouter(deps, signIn))
  app.use(passwordRouter(deps, signIn))
  app.use(sessionRouter(deps, signIn))
  app.use(ownSessionRouter(deps, signIn))
  const sessions = sessionPrincipal(deps, signIn)
  const admin = { operatorToken, publicUrl, report, fetchText, resolveTxt, rateLimits, sessions }
  app.use('/api/v1', adminRouter(deps, admin))
  app.use(consoleRouter(deps, signIn))
  app.use(() => {
    throw new RequestError('not_found', 'There is nothing at this address.')
  })
  app.use(asProblem(deps, report))
  return app
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
    const retryAfter = retryAfterOf(problem)
    if (retryAfter !== undefined) response.set('Retry-After', retryAfter)
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer')
    response.status(problem.status).set('X-Request-Id', requestId).type(PROBLEM_TYPE).send(JSON.stringify(problem))
  }
}
