import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import proxyAddr from 'proxy-addr'
import type { Deps } from '../accounts/deps.js'
import type { OneTimeLink } from '../accounts/one-time-links.js'
import { type HashCost, passwordHasher } from '../accounts/password-hash.js'
import { ReadLog } from '../accounts/read-log.js'
import { createSealer } from '../accounts/sealer.js'
import { firstSetUpLink } from '../accounts/set-up.js'
import { scheduleSystemJobs } from '../accounts/system-jobs.js'
import { startWorker, type Worker } from '../accounts/worker.js'
import { type Config, publicUrlFor } from '../config/config.js'
import type { Secrets } from '../config/secrets.js'
import type { Database } from '../db/database.js'
import { openDatabase } from '../db/open.js'
import { createApp } from './app.js'
import { answerClientError, type ClientError } from './client-error.js'
import { outsideFetcher } from './fetch-outside.js'
import { mailerFor } from './mailer.js'
import { createMetrics } from './metrics.js'
import { idMaker } from './new-id.js'
import { outsidePoster } from './post-outside.js'
import { idpReader } from './read-idp.js'
import { type ResolveTxt, resolveTxt } from './resolve-txt.js'
import { isScimPath } from './scim-arrival.js'
import { type AnsweredRequest, scimListener } from './scim-http.js'

/** A server that listens. */
export interface RunningServer {
  /** Where it can be reached from outside, without a trailing slash. */
  readonly publicUrl: string
  readonly port: number
  readonly deps: Deps
  /** What is read and counted on its way to the database. */
  readonly reads: ReadLog
  /** Where the first account and its owner are made; undefined once there is one. */
  readonly setUpLink: OneTimeLink | undefined
  /** Answer what is in hand, finish the chunk of background work, close the database. */
  close(): Promise<void>
}

export interface StartOptions {
  readonly config: Config
  readonly secrets: Secrets
  readonly log: Logger
  /** What a test passes in place of the real ones. */
  readonly overrides?: {
    readonly now?: () => Date
    readonly db?: Database
    readonly resolveTxt?: ResolveTxt
    readonly hashCost?: HashCost
  }
}

/** Equal refusals of a token or client, of one address and connection, in a minute beyond which the answer is 429. */
const MAX_REFUSED = 60
const KEEP_ALIVE_MS = 65_000
/** Requests that are still open after this long are cut off. */
const DRAIN_MS = 8_000

/** Open the database, migrate it, listen, and start the background work. */
export async function startServer({ config, secrets, log, overrides = {} }: StartOptions): Promise<RunningServer> {
  const db = overrides.db ?? (await openDatabase(config.database))
  const fetchText = outsideFetcher(config.allowPrivateFetch)
  let worker: Worker | undefined
  const newId = idMaker()
  const metrics = createMetrics()
  let listener: RequestListener = (_, response) => void response.writeHead(503, { 'Retry-After': '1' }).end()
  const latest = new WeakMap<Duplex, ServerResponse>()
  let requestsBegun = 0
  const take: RequestListener = (request, response) => {
    requestsBegun += 1
    latest.set(request.socket, response)
    listener(request, response)
  }
  const server = createServer(take)
  // Longer than the idle time of common proxies and clients, who would otherwise write into a connection just closed.
  server.keepAliveTimeout = KEEP_ALIVE_MS
  // Node.js would answer 417 with no word of why. What is expected beside 100-continue may be passed over (RFC 9110 §10.1.1).
  server.on('checkExpectation', take)
  server.on('clientError', (error: ClientError, socket) =>
    answerClientError(error, socket, newId(), latest.get(socket)),
  )
  const port = await listen(server, config)
  const publicUrl = publicUrlFor(config, port)
  const deps: Deps = {
    db,
    now: overrides.now ?? (() => new Date()),
    publicUrl,
    newId,
    knownFacets: new Set(),
    sealer: createSealer(secrets.secret),
    passwords: passwordHasher(overrides.hashCost),
    readIdp: idpReader(fetchText),
    mailer: mailerFor(config, publicUrl),
    webhookTargets: outsidePoster(config.allowPrivateFetch),
    wakeWorker: () => worker?.wake(),
  }
  const reads = new ReadLog(deps, (error) => log.error({ err: error }, 'a batch of reads was not logged'))

  const report = (error: unknown, requestId: string): void => log.error({ err: error, requestId }, 'request failed')
  const maxRefused = config.rateLimits ? MAX_REFUSED : undefined
  const app = createApp(deps, {
    operatorToken: secrets.operatorToken,
    publicUrl,
    metrics,
    trustProxy: config.trustProxy,
    resolveTxt: overrides.resolveTxt ?? resolveTxt,
    fetchText,
    rateLimits: config.rateLimits,
    maxRefused,
    report,
  })
  const scim = scimListener(deps, {
    publicUrl,
    reads,
    addressOf: addressReader(config.trustProxy),
    maxRefusedTokens: maxRefused,
    observe: (fact) => {
      metrics.observe(fact)
      logAnswer(log, fact)
    },
  })
  listener = (request, response) => {
    if (!isScimPath(request.url ?? '')) return void app(request, response)
    scim(request, response).catch((error: unknown) => {
      log.error({ err: error }, 'an answer could not be sent')
      response.destroy()
    })
  }
  await scheduleSystemJobs(deps)
  const setUpLink = await firstSetUpLink(deps)
  worker = startWorker(
    deps,
    (error, job) => log.error({ err: error, job: job?.id, kind: job?.kind }, 'background work failed'),
    () => requestsBegun,
  )
  return { publicUrl, port, deps, reads, setUpLink, close: () => close(server, worker, reads, db) }
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** The client's address: the socket's, or what a proxy that is believed says of it. */
function addressReader(trusted: readonly string[]): (request: IncomingMessage) => string {
  if (trusted.length === 0) return (request) => request.socket.remoteAddress ?? ''
  const trust = proxyAddr.compile([...trusted])
  return (request) => proxyAddr(request, trust)
}

/** A fault of ours or of the database is an error; 501 is a refusal by design. */
function logAnswer(log: Logger, answered: AnsweredRequest): void {
  const { status, error } = answered
  const isFault = status < 400 ? error !== undefined : status >= 500 && status !== 501
  if (!isFault && !log.isLevelEnabled('debug')) return
  const { error: _, ...fact } = answered
  if (isFault) log.error({ ...fact, err: error }, 'SCIM request failed')
  else log.debug(fact, 'SCIM request')
}

async function close(server: Server, worker: Worker | undefined, reads: ReadLog, db: Database): Promise<void> {
  const cut = setTimeout(() => server.closeAllConnections(), DRAIN_MS)
  await new Promise<void>((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
  })
  clearTimeout(cut)
  await worker?.stop()
  await reads.close()
  await db.close()
}
