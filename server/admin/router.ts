import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import express, { type ErrorRequestHandler, type Request, type RequestHandler, type Response } from 'express'
import { getAccount } from '../../accounts/accounts.js'
import type { Administrator } from '../../accounts/administrator.js'
import type { Deps } from '../../accounts/deps.js'
import { fromExpress } from '../express-errors.js'
import type { FetchText } from '../fetch-outside.js'
import { jsonBody, parseInput } from '../json-input.js'
import { tokenEndpoint } from '../oauth/openapi.js'
import { PROBLEM_TYPE, problemFromError, RequestError, retryAfterOf } from '../problem.js'
import { RateLimit } from '../rate-limit.js'
import type { ResolveTxt } from '../resolve-txt.js'
import { userAgentOf } from '../user-agent.js'
import { admit, authenticateOperator, hashOperatorToken, type Principal } from './gate.js'
import { openApiDocument } from './openapi.js'
import type { AdminRoute, FileAnswer } from './route.js'
import { ADMIN_ROUTES } from './routes.js'

export interface AdminOptions {
  readonly operatorToken: string
  /** Without a trailing slash. */
  readonly publicUrl: string
  /** Told of every error that is answered with 5xx, once; the answer itself says only the id. */
  readonly report: (error: unknown, requestId: string) => void
  /** Reads what lies outside, such as the metadata of an identity provider. */
  readonly fetchText: FetchText
  /** Asks for the TXT records that prove a domain. */
  readonly resolveTxt: ResolveTxt
  /** `false` switches every limit by rate off. */
  readonly rateLimits?: boolean
  /** Who else may call: an administrator by her session. Undefined for who has none. */
  readonly sessions?: (request: Request) => Promise<Principal | undefined>
}

/** The admin API, to be mounted at /api/v1. */
export function adminRouter(deps: Deps, options: AdminOptions): express.Router {
  const router = express.Router()
  const operatorTokenHash = hashOperatorToken(options.operatorToken)
  // To describe every route costs as much as the rest of a start: that is for the first who asks.
  let document: ReturnType<typeof openApiDocument> | undefined
  const readBody = jsonBody()

  router.use(giveRequestId(deps))
  router.get('/openapi.json', (_, response) => {
    document ??= openApiDocument(ADMIN_ROUTES, options.publicUrl, tokenEndpoint(options.publicUrl))
    response.json(document)
  })
  router.get('/session', () => {
    throw new RequestError('no_session', 'Nobody is signed in.')
  })
  for (const route of ADMIN_ROUTES) {
    router[route.method](
      expressPath(route.path),
      authenticate(options, operatorTokenHash),
      enter(deps, route),
      ...(route.body === undefined ? [] : [...readBody, stillMay(options, route)]),
      answer(deps, route, options),
    )
  }
  router.use(() => {
    throw new RequestError('not_found', 'There is nothing at this address.')
  })
  router.use(problemHandler(options))
  return router
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

interface Locals {
  requestId: string
  startedAt: Date
  principal: Principal
}

/** Express keeps what belongs to one request here. */
function localsOf(response: Response): Locals {
  return response.locals as Locals
}

/** The id under which the log has the request; every answer carries it. */
function giveRequestId(deps: Deps): RequestHandler {
  return (_, response, next) => {
    const locals = localsOf(response)
    locals.requestId = deps.newId()
    locals.startedAt = deps.now()
    response.set('X-Request-Id', locals.requestId)
    response.set('Cache-Control', 'no-store')
    next()
  }
}

function authenticate({ sessions }: AdminOptions, operatorTokenHash: Buffer): RequestHandler {
  return async (request, response, next) => {
    const session = request.headers.authorization === undefined ? await sessions?.(request) : undefined
    localsOf(response).principal = session ?? authenticateOperator(request.headers.authorization, operatorTokenHash)
    next()
  }
}

/** Ids of ours and keys; whatever else stands in a path names nothing. */
const NAME = /^[A-Za-z0-9._~-]{1,253}$/

/** May the caller enter, and is the account there? Before the body is read. */
function enter(deps: Deps, route: AdminRoute): RequestHandler {
  return async (request, response, next) => {
    const params = paramsOf(request)
    admit(localsOf(response).principal, route.requires, params.accountId)
    if (Object.values(params).some((value) => !NAME.test(value)))
      throw new RequestError('not_found', 'There is nothing at this address.')
    if (params.accountId !== undefined) await getAccount(deps.db, params.accountId)
    next()
  }
}

/** A body may be long in coming: who was signed out or lost a right meanwhile is out. The operator's token stays. */
function stillMay({ sessions }: AdminOptions, route: AdminRoute): RequestHandler {
  return async (request, response, next) => {
    const locals = localsOf(response)
    if (locals.principal.role !== 'operator') {
      const principal = await sessions?.(request)
      if (principal === undefined) throw new RequestError('no_session', 'Nobody is signed in any more.')
      admit(principal, route.requires, paramsOf(request).accountId)
      locals.principal = principal
    }
    next()
  }
}

function paramsOf(request: Request): Record<string, string> {
  return request.params as Record<string, string>
}

function answer(deps: Deps, route: AdminRoute, options: AdminOptions): RequestHandler {
  const { publicUrl, fetchText, resolveTxt } = options
  const limit = limitOf(deps, route, options)
  return async (request, response) => {
    const body =
      route.body === undefined
        ? undefined
        : parseInput(route.body, request.body === undefined ? {} : request.body, 'body')
    const query = route.query === undefined ? undefined : parseInput(route.query, { ...request.query }, 'query')
    const administrator = administratorOf(request, response, route)
    for (const permission of route.alsoRequires(body)) admit(administrator, permission, undefined)
    await limit(request)
    const result = await route.run({
      deps,
      administrator,
      params: paramsOf(request),
      body,
      query,
      publicUrl,
      fetchText,
      resolveTxt,
    })
    response.status(route.status)
    if (route.file) await sendFile(response, result as FileAnswer)
    else if (route.status === 204) response.end()
    else response.json(result)
  }
}

/** Piece by piece, as fast as it is taken; nobody's browser shows it as a page. */
async function sendFile(response: Response, { name, type, parts }: FileAnswer): Promise<void> {
  response.set({ 'Content-Type': type, 'Content-Disposition': `attachment; filename="${name}"` })
  response.set('X-Content-Type-Options', 'nosniff')
  await pipeline(Readable.from(parts), response)
}

/** Throws RequestError rate_limited. What is not understood, or not allowed, has cost nothing and does not count. */
function limitOf(
  deps: Deps,
  { method, path, perMinute }: AdminRoute,
  { rateLimits = true }: AdminOptions,
): (request: Request) => Promise<void> {
  if (perMinute === undefined || !rateLimits) return async () => undefined
  const limit = new RateLimit(deps, `${method} ${path}`, perMinute)
  return (request) => limit.take({ address: request.ip ?? '' })
}

function administratorOf(request: Request, response: Response, route: AdminRoute): Administrator {
  const { principal, requestId, startedAt } = localsOf(response)
  const userAgent = userAgentOf(request)
  return {
    ...principal,
    request: {
      id: requestId,
      method: request.method,
      path: `${request.baseUrl}${request.path}`,
      status: route.status,
      startedAt,
      address: request.ip ?? '',
      ...(userAgent === undefined ? {} : { userAgent }),
    },
  }
}

function problemHandler({ report }: AdminOptions): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error)
    const { requestId } = localsOf(response)
    const problem = problemFromError(fromExpress(error), requestId)
    if (problem.status >= 500) report(error, requestId)
    if (problem.status === 401) response.set('WWW-Authenticate', 'Bearer')
    const retryAfter = retryAfterOf(problem)
    if (retryAfter !== undefined) response.set('Retry-After', retryAfter)
    response.status(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem))
  }
}
