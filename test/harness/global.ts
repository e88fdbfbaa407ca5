import { type PostgresServer, startPostgres } from './postgres-server.js'

let server: PostgresServer | undefined

/** Once before all files, in the process that hands them out: one PostgreSQL for every worker. */
export async function mochaGlobalSetup(): Promise<void> {
  if (process.env.TEST_DB === 'sqlite') return
  server = await startPostgres()
  process.env.TEST_POSTGRES_PORT = String(server.port)
}

export async function mochaGlobalTeardown(): Promise<void> {
  await server?.stop()
}
