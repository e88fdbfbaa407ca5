import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import type { Response, Test } from 'supertest'
import type { Database } from '../../db/database.js'
import { openPostgres } from '../../db/postgres.js'
import { composed } from '../../db/statement.js'
import { OPERATOR_TOKEN, type TestAccount, TestApp } from '../harness/app.js'
import { forEachDatabase, type TestDatabase } from '../harness/database.js'
import { assertInvariants } from '../harness/invariants.js'
import { CHECKOUT } from '../house/rooms.js'

/** One server process of a fleet. */
interface Ship {
  readonly process: ChildProcess
  readonly url: string
}

/** Several server processes on one database, asked in turn, so that no lock in one process can pass for a lock. */
export class Fleet extends TestApp {
  readonly #database: TestDatabase
  readonly #entry: string
  readonly #pauseMs: number
  #ships: readonly Ship[] = []
  #asked = 0
  #db: Database | undefined
  #close: () => Promise<void> = async () => undefined

  /** `pauseMs`: the longest pause before a COMMIT; 0 runs the server as it is delivered. */
  constructor(database: TestDatabase, pauseMs: number) {
    super(database)
    this.#database = database
    this.#entry = pauseMs === 0 ? 'server/main.ts' : 'test/races/server-with-pauses.ts'
    this.#pauseMs = pauseMs
  }

  override async start(): Promise<void> {
    const { location, drop } = await this.#database.create()
    assert.ok(location.kind === 'postgres')
    this.#db = openPostgres(location.url)
    const folder = mkdtempSync(join(tmpdir(), 'usher-fleet-'))
    this.#ships = await Promise.all([this.#launch(location.url, folder), this.#launch(location.url, folder)])
    this.#close = async () => {
      await Promise.all(this.#ships.map((ship) => stopped(ship.process)))
      await this.db.close()
      await drop()
      rmSync(folder, { recursive: true, force: true })
    }
  }

  override stop(): Promise<void> {
    return this.#close()
  }

  /** The next process has its turn. */
  override get url(): string {
    const ship = this.#ships[this.#asked++ % this.#ships.length]
    assert.ok(ship, 'the fleet is started before the first test')
    return ship.url
  }

  get db(): Database {
    assert.ok(this.#db)
    return this.#db
  }

  /** The processes work for themselves: wait until nothing of an account is left to settle. */
  override async settle(): Promise<void> {
    while ((await this.db.get(OPEN_JOBS, [])) !== undefined) await pause(10)
  }

  async #launch(databaseUrl: string, folder: string): Promise<Ship> {
    const child = spawn(process.execPath, ['--import', 'tsx', this.#entry], {
      cwd: CHECKOUT,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        PATH: process.env.PATH,
        PORT: '0',
        DATABASE_URL: databaseUrl,
        DATA_DIR: folder,
        USHER_SECRET: Buffer.alloc(32, 7).toString('base64'),
        USHER_OPERATOR_TOKEN: OPERATOR_TOKEN,
        LOG_LEVEL: 'info',
        PAUSE_MS: String(this.#pauseMs),
      },
    })
    process.once('exit', () => child.kill('SIGKILL'))
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, port } = JSON.parse(line) as { msg: string; port?: number }
      if (msg !== 'listening' || port === undefined) continue
      child.stdout.on('data', (text: Buffer) => void process.stderr.write(text))
      return { process: child, url: `http://127.0.0.1:${port}` }
    }
    throw new Error('a server process ended before it listened')
  }
}

const OPEN_JOBS = composed(`SELECT 1 FROM jobs WHERE state = 'open' AND kind IN ('settle', 'end-connection') LIMIT 1`)

function stopped(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })
}

/** What a suite of races runs on. */
export interface Races {
  readonly app: TestApp
  /** The database, looked at without a server between. */
  readonly db: () => Database
}

/** Define races once: on SQLite in one process, on PostgreSQL with two, and with two that pause before each COMMIT. */
export function forEachFleet(define: (races: Races) => void): void {
  forEachDatabase((database) => {
    if (database.kind === 'sqlite') {
      const app = new TestApp(database)
      describe('in one process', () => races(app, { app, db: () => app.server.deps.db }, define))
      return
    }
    const [plain, pausing] = [new Fleet(database, 0), new Fleet(database, 12)]
    describe('in two processes', () => races(plain, { app: plain, db: () => plain.db }, define))
    describe('in two processes that pause before each COMMIT', () =>
      races(pausing, { app: pausing, db: () => pausing.db }, define))
  })
}

function races(app: TestApp, context: Races, define: (races: Races) => void): void {
  before(async function () {
    this.timeout(60_000)
    await app.start()
  })
  after(async function () {
    this.timeout(30_000)
    await app.stop()
  })
  define(context)
}

/** A race in an account of its own; when it is run and settled, everything that must hold is looked at. */
export function scenario({ app, db }: Races, title: string, run: (account: TestAccount) => Promise<void>): void {
  it(title, async () => {
    const account = await app.anAccount()
    await run(account)
    await app.settle()
    await assertInvariants(db(), new Date(), account.id)
  })
}

/** Send all at once; whatever the order was, nobody sees a fault of the server. Resolves to the answers. */
export async function together(requests: readonly Test[]): Promise<Response[]> {
  const answers = await Promise.all(requests)
  const faults = answers.filter(({ status }) => status >= 500).map(({ status, text }) => `${status} ${text}`)
  assert.deepEqual(faults, [])
  return answers
}

/** How often each status was answered. */
export function statuses(answers: readonly Response[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
