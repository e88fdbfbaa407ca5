import assert from 'node:assert/strict'
import { Agent } from 'node:http'
import pino from 'pino'
import request, { type Test } from 'supertest'
import { runDueJobs } from '../../accounts/worker.js'
import { loadConfig } from '../../config/config.js'
import type { Database } from '../../db/database.js'
import { openDatabase } from '../../db/open.js'
import { statement } from '../../db/statement.js'
import { type RunningServer, startServer } from '../../server/start.js'
import type { TestDatabase } from './database.js'

export const OPERATOR_TOKEN = 'operator-token-of-the-tests-0123456789'

/** Hundreds of passwords are made up and typed here; test/accounts/password-hash.test.ts knows what one really costs. */
const QUICK_HASH = { memorySize: 64, iterations: 1 }

/** Connections are kept, as an IdP keeps them: that halves what a request costs. */
const CONNECTIONS = new Agent({ keepAlive: true })

const OPEN_JOBS = statement(`SELECT 1 AS open FROM jobs WHERE state = 'open' AND run_at <= ? LIMIT 1`)
const FAILED_JOBS = statement(`SELECT kind, failure FROM jobs WHERE state = 'open' AND failure IS NOT NULL`)

/** What came into the process through the database: statements by text, and the rows that they returned. */
export interface StatementCount {
  statements: number
  rows: number
  readonly texts: string[]
}

/** A body as JSON: tests look into it without ceremony. */
// biome-ignore lint/suspicious/noExplicitAny: answers are read by path, and a wrong one fails the assertion
export type Body = any

/** The real app on a real, migrated database: listening before the suite that asks for it, gone after it. */
export class TestApp {
  #server: RunningServer | undefined
  #drop: (() => Promise<void>) | undefined
  #clock: Date | undefined
  #counted: StatementCount | undefined
  #seen: Set<string> | undefined
  readonly #database: TestDatabase
  /** What name servers say: the TXT records of a name. */
  readonly txtRecords = new Map<string, string[]>()
  readonly #settings: Readonly<Record<string, string>>

  /** `settings` are environment variables, beside those of every test. */
  constructor(database: TestDatabase, settings: Readonly<Record<string, string>> = {}) {
    this.#database = database
    this.#settings = settings
  }

  async start(): Promise<void> {
    const { location, drop } = await this.#database.create()
    this.#drop = drop
    const db: Database = await openDatabase(location, (text, rows) => this.#count(text, rows))
    const config = loadConfig({
      PORT: '0',
      LOG_LEVEL: 'silent',
      DATA_DIR: '/nonexistent',
      DATABASE_URL: 'sqlite::memory:',
      ...this.#settings,
    })
    this.#server = await startServer({
      config,
      secrets: { operatorToken: OPERATOR_TOKEN, secret: Buffer.alloc(32, 7) },
      log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
      overrides: {
        db,
        now: () => this.#clock ?? new Date(),
        resolveTxt: async (name) => this.txtRecords.get(name) ?? [],
        hashCost: QUICK_HASH,
      },
    })
  }

  async stop(): Promise<void> {
    await this.#server?.close()
    await this.#drop?.()
  }

  get server(): RunningServer {
    assert.ok(this.#server, 'the app is started by useApp before the first test')
    return this.#server
  }

  get url(): string {
    return `http://127.0.0.1:${this.server.port}`
  }

  /** Where it is reached from outside: what browsers and identity providers are told. */
  get publicUrl(): string {
    return this.server.publicUrl
  }

  /** Stop the clock at an instant, or let it run again. */
  at(instant: Date | undefined): void {
    this.#clock = instant
  }

  /** Count the statements that `work` causes. Nothing else may be going on meanwhile. */
  async counting(work: () => Promise<unknown>): Promise<StatementCount> {
    const count: StatementCount = { statements: 0, rows: 0, texts: [] }
    this.#counted = count
    try {
      await work()
    } finally {
      this.#counted = undefined
    }
    return count
  }

  /** The text of every statement that `work` causes, of background work too. */
  async statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    const seen = new Set<string>()
    this.#seen = seen
    try {
      await work()
    } finally {
      this.#seen = undefined
    }
    return [...seen]
  }

  #count(text: string, rows: number): void {
    this.#seen?.add(text)
    // The outbox and the log of reads work in the background, at moments of their own.
    if (
      this.#counted === undefined ||
      /feed|jobs|webhook|user\.access_changed'|read_log|read_counts|request_counts|scim_tokens SET/.test(text)
    )
      return
    this.#counted.statements += 1
    this.#counted.rows += rows
    this.#counted.texts.push(text)
  }

  /** A request of the operator to the admin API: `app.admin('post', '/accounts', body)`. */
  admin(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: object): Test {
    const call = request(this.url)
      [method](`/api/v1${path}`)
      .agent(CONNECTIONS)
      .set('Authorization', `Bearer ${OPERATOR_TOKEN}`)
    return body === undefined ? call : call.send(body)
  }

  async anAccount(name = 'Acme'): Promise<TestAccount> {
    const { body } = await this.admin('post', '/accounts', { name }).expect(201)
    return new TestAccount(this, body.id)
  }

  /** A live connection in an account of its own. */
  async aConnection(settings: object = {}): Promise<TestConnection> {
    return (await this.anAccount()).aConnection(settings)
  }

  /** Work off every job that is due, and wait for those that the server's own worker has in hand. */
  async settle(): Promise<void> {
    const { deps } = this.server
    const fail = (error: unknown): never => {
      throw error
    }
    for (;;) {
      while (await runDueJobs(deps, fail));
      if ((await deps.db.get(OPEN_JOBS, [deps.now().getTime()])) === undefined) break
      await new Promise((resolve) => setTimeout(resolve, 2))
    }
    assert.deepEqual(await deps.db.all(FAILED_JOBS, []), [], 'no job failed and waits for another try')
  }
}

/** One customer, seen through the admin API. */
export class TestAccount {
  readonly app: TestApp
  readonly id: string

  constructor(app: TestApp, id: string) {
    this.app = app
    this.id = id
  }

  admin(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, body?: object): Test {
    return this.app.admin(method, `/accounts/${this.id}${path}`, body)
  }

  async aConnection(settings: object = {}): Promise<TestConnection> {
    const draft = { name: 'Okta production', idpKind: 'okta', mode: 'live', ...settings }
    const { body } = await this.admin('post', '/connections', draft).expect(201)
    const token = await this.admin('post', `/connections/${body.id}/tokens`, {}).expect(201)
    return new TestConnection(this, body.id, token.body.token)
  }

  async anAttribute(attribute: { name: string; type: string; [name: string]: unknown }): Promise<Body> {
    return (await this.admin('post', '/attributes', attribute).expect(201)).body
  }

  async aProduct(product: { key: string; seats?: number; [name: string]: unknown }): Promise<Body> {
    return (await this.admin('post', '/products', { name: product.key, seats: 10, ...product }).expect(201)).body
  }

  /** A manual user; `status: 'invited'` unless told otherwise. */
  async aLocalUser(user: object): Promise<Body> {
    const draft = { givenName: 'Ada', familyName: 'Lovelace', ...user }
    return (await this.admin('post', '/users', draft).expect(201)).body
  }

  /** The account user with everything the admin API tells of her. */
  async user(id: string): Promise<Body> {
    return (await this.admin('get', `/users/${id}`).expect(200)).body
  }

  async userByEmail(email: string): Promise<Body> {
    const { body } = await this.admin('get', `/users?q=${encodeURIComponent(email)}`).expect(200)
    return body.items.find((user: Body) => user.email?.toLowerCase() === email.toLowerCase())
  }

  async products(): Promise<Map<string, Body>> {
    const { body } = await this.admin('get', '/products').expect(200)
    return new Map(body.items.map((product: Body) => [product.key, product]))
  }

  /** Events, the newest first: `events('userId=…&outcome=failure')`. */
  async events(query = ''): Promise<Body[]> {
    return (await this.admin('get', `/events?${query}`).expect(200)).body.items
  }
}

const SCIM_TYPE = 'application/scim+json'

/** One IdP's connection, spoken to over SCIM with its token. */
export class TestConnection {
  readonly account: TestAccount
  readonly id: string
  readonly token: string

  constructor(account: TestAccount, id: string, token: string) {
    this.account = account
    this.id = id
    this.token = token
  }

  #call(method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string): Test {
    return request(this.account.app.url)
      [method](`/scim/v2/${this.id}${path}`)
      .agent(CONNECTIONS)
      .set('Authorization', `Bearer ${this.token}`)
  }

  get(path: string): Test {
    return this.#call('get', path)
  }

  post(path: string, body: object): Test {
    return this.#call('post', path).set('Content-Type', SCIM_TYPE).send(JSON.stringify(body))
  }

  put(path: string, body: object): Test {
    return this.#call('put', path).set('Content-Type', SCIM_TYPE).send(JSON.stringify(body))
  }

  patch(path: string, body: object): Test {
    return this.#call('patch', path).set('Content-Type', SCIM_TYPE).send(JSON.stringify(body))
  }

  delete(path: string): Test {
    return this.#call('delete', path)
  }

  /** Create a user and return the resource. */
  async provision(user: object): Promise<Body> {
    return JSON.parse((await this.post('/Users', user).expect(201)).text)
  }

  async aGroup(displayName: string, members: readonly { id: string }[] = []): Promise<Body> {
    const body = { schemas: [GROUP_URN], displayName, members: members.map(({ id }) => ({ value: id })) }
    return JSON.parse((await this.post('/Groups', body).expect(201)).text)
  }

  async read(id: string): Promise<Body> {
    return JSON.parse((await this.get(`/Users/${id}`).expect(200)).text)
  }

  async readGroup(id: string): Promise<Body> {
    return JSON.parse((await this.get(`/Groups/${id}`).expect(200)).text)
  }

  /** The resources that a filter finds. */
  async find(resource: 'Users' | 'Groups', filter: string): Promise<Body[]> {
    const answer = await this.get(`/${resource}?filter=${encodeURIComponent(filter)}`).expect(200)
    return JSON.parse(answer.text).Resources
  }

  /** The account user behind a SCIM user. */
  async userOf(resource: { userName: string; emails?: readonly { value: string }[] }): Promise<Body> {
    const { body } = await this.account.admin('get', `/users?q=${encodeURIComponent(resource.userName)}`).expect(200)
    assert.equal(body.items.length, 1, `one user is found by ${resource.userName}`)
    return this.account.user(body.items[0].id)
  }

  async aRule(rule: object): Promise<Body> {
    const { body } = await this.account.admin('post', `/connections/${this.id}/rules`, rule).expect(201)
    await this.account.app.settle()
    return body
  }
}

/** Start the app before this suite, with these settings of its environment, and stop it after. */
export function useApp(database: TestDatabase, settings: Readonly<Record<string, string>> = {}): TestApp {
  const app = new TestApp(database, settings)
  before(async function () {
    this.timeout(60_000)
    await app.start()
  })
  after(async function () {
    this.timeout(30_000)
    await app.stop()
  })
  return app
}

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
export const ACCOUNT_URN = 'urn:ietf:params:scim:schemas:extension:usher:2.0:User'
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

let people = 0

/** A valid user of her own name; say what matters: `aUser({ active: false })`. */
export function aUser(overrides: object = {}): Body {
  const userName = `person${++people}@example.com`
  const named = 'userName' in overrides ? String(overrides.userName) : userName
  return {
    schemas: [USER_URN],
    userName: named,
    name: { givenName: 'Grace', familyName: 'Hopper' },
    displayName: 'Grace Hopper',
    emails: [{ value: named.includes('@') ? named : userName, type: 'work', primary: true }],
    active: true,
    ...overrides,
  }
}

/** A PATCH of these operations. */
export function patchOf(...operations: object[]): object {
  return { schemas: [PATCH_URN], Operations: operations }
}

/** A PATCH that replaces one attribute. */
export function replace(path: string, value: unknown): object {
  return patchOf({ op: 'replace', path, value })
}
