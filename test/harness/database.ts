import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseLocation } from '../../db/open.js'
import { type PostgresServer, postgresAdmin, postgresUrl, startPostgres } from './postgres-server.js'

/** One kind of database for a suite: `create` makes an empty, migrated one and says how to be rid of it. */
export interface TestDatabase {
  readonly kind: 'sqlite' | 'postgres'
  create(): Promise<{ location: DatabaseLocation; drop(): Promise<void> }>
}

const SQLITE: TestDatabase = {
  kind: 'sqlite',
  async create() {
    const folder = mkdtempSync(join(tmpdir(), 'usher-test-'))
    return {
      location: { kind: 'sqlite', file: join(folder, 'usher.db') },
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

let databases = 0

const POSTGRES: TestDatabase = {
  kind: 'postgres',
  async create() {
    const port = await postgres()
    const name = `t${process.pid}_${++databases}`
    await postgresAdmin(port, `CREATE DATABASE ${name} TEMPLATE usher_template`)
    return {
      location: { kind: 'postgres', url: postgresUrl(port, name) },
      drop: () => postgresAdmin(port, `DROP DATABASE ${name} WITH (FORCE)`),
    }
  },
}

/** Define a suite once and run it on SQLite and on PostgreSQL. TEST_DB=sqlite or TEST_DB=postgres narrows a run by hand. */
export function forEachDatabase(define: (database: TestDatabase) => void): void {
  const only = process.env.TEST_DB
  for (const database of [SQLITE, POSTGRES]) {
    if (only !== undefined && only !== database.kind) continue
    describe(`on ${database.kind}`, () => define(database))
  }
}

/** The server of the whole run (test/harness/global.ts); a file that is run by itself starts one of its own. */
let port: Promise<number> | undefined
let own: PostgresServer | undefined

function postgres(): Promise<number> {
  port ??= findOrStart()
  return port
}

async function findOrStart(): Promise<number> {
  const { TEST_POSTGRES_PORT: started } = process.env
  if (started !== undefined) return Number(started)
  own = await startPostgres()
  return own.port
}

after(async function () {
  this.timeout(20_000)
  await own?.stop()
})
