import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { THOROUGH } from './effort.js'
import { type PostgresServer, postgresAdmin, postgresUrl, startPostgres } from './postgres-server.js'
import { SQLITE, type TestDatabase } from './sqlite.js'

export type { TestDatabase } from './sqlite.js'

/** Databases of this process that nobody uses: empty, with the tables of the template. */
const idle: string[] = []

const POSTGRES: TestDatabase = {
  kind: 'postgres',
  async create() {
    const port = await postgres()
    const name = idle.pop() ?? (await copyOfTemplate(port))
    return { location: { kind: 'postgres', url: postgresUrl(port, name) }, drop: () => giveBack(port, name) }
  },
}

async function copyOfTemplate(port: number): Promise<string> {
  // By chance: numbers of processes come round within a long run.
  const name = `t${randomUUID().replaceAll('-', '')}`
  await postgresAdmin(port, `CREATE DATABASE ${name} TEMPLATE usher_template`)
  return name
}

/** To copy hundreds of files costs half a second, to delete a few rows nothing: a small database serves again. */
async function giveBack(port: number, name: string): Promise<void> {
  if (await emptied(postgresUrl(port, name))) idle.push(name)
  else await postgresAdmin(port, `DROP DATABASE ${name} WITH (FORCE)`)
}

const MAX_REUSED_BYTES = 20_000_000
const OTHERS_GONE = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`
const CONTENTS = `SELECT pg_database_size(current_database())::int AS bytes,
    string_agg(format('DELETE FROM %I', tablename), '; ') FILTER (WHERE tablename NOT LIKE 'knex%') AS emptying
  FROM pg_tables WHERE schemaname = 'public'`

/** Take every row away. False where there were so many that what is left of them would show. */
async function emptied(url: string): Promise<boolean> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    await client.query(OTHERS_GONE)
    const { rows } = await client.query(CONTENTS)
    const [{ bytes, emptying }] = rows
    if (bytes > MAX_REUSED_BYTES) return false
    await client.query(emptying)
    await client.query(`SELECT pg_stat_reset()`)
    return true
  } finally {
    await client.end()
  }
}

/** Define a suite once and run it on SQLite and on PostgreSQL. TEST_DB=sqlite or TEST_DB=postgres narrows a run by hand. */
export function forEachDatabase(define: (database: TestDatabase) => void): void {
  const only = process.env.TEST_DB
  for (const database of [SQLITE, POSTGRES]) {
    if (only !== undefined && only !== database.kind) continue
    describe(`on ${database.kind}`, () => define(database))
  }
}

/**
 * As `forEachDatabase`, for what hardly asks the database, such as refusals, or asks it nothing that other suites do not:
 * on PostgreSQL in the long tests alone, so that `npm test` can follow every save.
 */
export function forEachDatabaseInTime(define: (database: TestDatabase) => void): void {
  const kind = process.env.TEST_DB ?? (THOROUGH ? 'postgres' : 'sqlite')
  forEachDatabase((database) => {
    if (database.kind === kind) define(database)
  })
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
