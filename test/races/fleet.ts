import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Response, Test } from 'supertest'
import type { Database } from '../../db/database.js'
import { openPostgres } from '../../db/postgres.js'
import { composed } from '../../db/statement.js'
import { type TestAccount, TestApp, useApp } from '../harness/app.js'
import { forEachDatabase, type TestDatabase } from '../harness/database.js'
import { THOROUGH } from '../harness/effort.js'
import { assertInvariants } from '../harness/invariants.js'
import { PUBLIC_URL, type ServerProcess, startServerProcess } from './server-process.js'
import type { FleetOrder } from './server-with-pauses.js'

/** Two server processes on one database, asked in turn, so that no lock in one process can pass for a lock. */
export class Fleet extends TestApp {
  readonly #database: TestDatabase
  #ships: readonly ServerProcess[] = []
  #asked = 0
  #db: Database | undefined
  #close: () => Promise<void> = async () => undefined

  constructor(database: TestDatabase) {
    super(database)
    this.#database = database
  }

  override async start(): Promise<void> {
    const { location, drop } = await this.#database.create()
    assert.ok(location.kind === 'postgres')
    this.#db = openPostgres(location.url)
    const folder = mkdtempSync(join(tmpdir(), 'usher-fleet-'))
    this.#ships = await Promise.all([startServerProcess(location, folder), startServerProcess(location, folder)])
    this.#close = async () => {
      await Promise.all(this.#ships.map((ship) => ship.stop()))
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

  /** From now on each COMMIT of every process waits up to this long first. */
  pauseBeforeCommit(pauseMs: number): Promise<void> {
    return this.#order({ pauseMs })
  }

  /** From now on the clock of every process is so much ahead. */
  setAhead(aheadMs: number): Promise<void> {
    return this.#order({ aheadMs })
  }

  async #order(order: FleetOrder): Promise<void> {
    await Promise.all(this.#ships.map((ship) => ship.order(order)))
  }

  override get publicUrl(): string {
    return PUBLIC_URL
  }

  /** The processes work for themselves: wait until nothing is left to settle. */
  override async settle(): Promise<void> {
    while ((await this.db.get(OPEN_JOBS, [])) !== undefined) await pause(10)
  }
}

const OPEN_JOBS = composed(`SELECT 1 FROM jobs WHERE state = 'open' AND kind IN ('settle', 'end-connection') LIMIT 1`)

/** What a suite of races runs on. */
export interface Races {
  readonly app: TestApp
  /** The database, looked at without a server between. */
  readonly db: () => Database
  /** From now on clocks are so much ahead. */
  readonly setAhead: (ms: number) => Promise<void>
}

const PAUSE_MS = 8

/**
 * Define races once: on SQLite in one process, on PostgreSQL in two while each COMMIT waits a while first, and in the long
 * tests without the wait too.
 */
export function forEachFleet(define: (races: Races) => void): void {
  forEachDatabase((database) => {
    if (database.kind === 'sqlite') {
      const app = useApp(database)
      const setAhead = async (ms: number) => app.at(ms === 0 ? undefined : new Date(Date.now() + ms))
      describe('in one process', () => define({ app, db: () => app.server.deps.db, setAhead }))
      return
    }
    const fleet = new Fleet(database)
    before(async function () {
      this.timeout(60_000)
      await fleet.start()
    })
    after(async function () {
      this.timeout(30_000)
      await fleet.stop()
    })
    const races: Races = { app: fleet, db: () => fleet.db, setAhead: (ms) => fleet.setAhead(ms) }
    if (THOROUGH) describe('in two processes', () => define(races))
    describe('in two processes with a pause before each COMMIT', () => {
      before(() => fleet.pauseBeforeCommit(PAUSE_MS))
      define(races)
    })
  })
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
