import { once } from 'node:events'
import { Agent, type Server } from 'node:http'
import express from 'express'
import supertest from 'supertest'
import { v7 } from 'uuid'
import type { Deps } from '../../accounts/deps.js'
import { passwordHasher } from '../../accounts/password-hash.js'
import { createSealer } from '../../accounts/sealer.js'
import { openDatabase } from '../../db/open.js'
import type { Principal } from '../../server/admin/gate.js'
import { adminRouter } from '../../server/admin/router.js'
import { outsideFetcher } from '../../server/fetch-outside.js'
import { outsidePoster } from '../../server/post-outside.js'
import { idpReader } from '../../server/read-idp.js'
import type { TestDatabase } from './database.js'

export const OPERATOR_TOKEN = 'operator-token-of-32-characters-or-more'
export const PUBLIC_URL = 'https://usher.example'

const CONNECTIONS = new Agent({ keepAlive: true })

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
// biome-ignore lint/suspicious/noExplicitAny: answers are JSON, of whatever shape a test expects
type Json = any

/** The admin API alone, over a migrated database of its own. */
export interface AdminApp {
  readonly deps: Deps
  /** Send as the operator, or as `token`; `as` signs an administrator in, as sessions will. */
  call(method: Method, path: string, options?: CallOptions): supertest.Test
  get(path: string): supertest.Test
  post(path: string, body?: object): supertest.Test
  patch(path: string, body: object): supertest.Test
  remove(path: string): supertest.Test
  /** A new account; its path `/accounts/{id}`. */
  anAccount(): Promise<string>
  /** A live connection of the account; its path. */
  aConnection(account: string, body?: object): Promise<string>
  aProduct(account: string, body?: object): Promise<Json>
  aUser(account: string, body?: object): Promise<Json>
  /** Errors that were answered with 5xx. */
  readonly reported: unknown[]
}

export interface CallOptions {
  readonly body?: unknown
  readonly token?: string | null
  readonly as?: Principal
}

/** Starts before the suite, stops after it. */
export function useAdmin(database: TestDatabase): AdminApp {
  const reported: unknown[] = []
  const signedIn = new Map<string, Principal>()
  let deps: Deps
  let server: Server
  let close: () => Promise<void>

  before(async function () {
    this.timeout(60_000)
    const { location, drop } = await database.create()
    const db = await openDatabase(location)
    deps = {
      db,
      now: () => new Date(),
      publicUrl: PUBLIC_URL,
      newId: v7,
      knownFacets: new Set(),
      sealer: createSealer(Buffer.alloc(32, 7)),
      passwords: passwordHasher(),
      readIdp: idpReader(outsideFetcher(false)),
      webhookTargets: outsidePoster(false),
      mailer: undefined,
      wakeWorker: () => undefined,
    }
    const router = express().use(
      '/api/v1',
      adminRouter(deps, {
        operatorToken: OPERATOR_TOKEN,
        publicUrl: PUBLIC_URL,
        report: (error) => reported.push(error),
        fetchText: outsideFetcher(false),
        resolveTxt: async () => [],
        sessions: async (request) => signedIn.get(String(request.headers['x-test-session'])),
      }),
    )
    server = router.listen(0, '127.0.0.1')
    await once(server, 'listening')
    close = async () => {
      server.close()
      server.closeIdleConnections()
      await db.close()
      await drop()
    }
  })
  after(() => close())

  function call(method: Method, path: string, { body, token = OPERATOR_TOKEN, as }: CallOptions = {}): supertest.Test {
    const headers: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` }
    const session = v7()
    if (as !== undefined) signedIn.set(session, as)
    const test = supertest(server)
      [method](`/api/v1${path}`)
      .agent(CONNECTIONS)
      .set(as === undefined ? headers : { 'X-Test-Session': session })
    return body === undefined ? test : test.send(body as object)
  }

  const app: AdminApp = {
    get deps() {
      return deps
    },
    reported,
    call,
    get: (path) => call('get', path),
    post: (path, body) => call('post', path, { body }),
    patch: (path, body) => call('patch', path, { body }),
    remove: (path) => call('delete', path),
    async anAccount() {
      return `/accounts/${(await app.post('/accounts', { name: 'Acme' }).expect(201)).body.id}`
    },
    async aConnection(account, body = {}) {
      const input = { name: 'Okta production', idpKind: 'okta', mode: 'live', ...body }
      return `${account}/connections/${(await app.post(`${account}/connections`, input).expect(201)).body.id}`
    },
    async aProduct(account, body = {}) {
      const input = { key: `p${v7().slice(-8)}`, name: 'Meet', seats: 10, ...body }
      return (await app.post(`${account}/products`, input).expect(201)).body
    },
    async aUser(account, body = {}) {
      const input = { email: `u${v7().slice(-12)}@example.com`, givenName: 'Ada', familyName: 'Lovelace', ...body }
      return (await app.post(`${account}/users`, input).expect(201)).body
    },
  }
  return app
}
