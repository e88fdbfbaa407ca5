import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'
import { openPostgres } from '../../db/postgres.js'
import { startServer } from '../../server/start.js'

/** What a fleet says to its processes, in milliseconds; each answers with the same. */
export interface FleetOrder {
  /** The longest pause before a COMMIT from now on. */
  readonly pauseMs?: number
  /** How far the clock is ahead from now on. */
  readonly aheadMs?: number
}

let most = 0
let ahead = 0
process.on('message', (order: FleetOrder) => {
  most = order.pauseMs ?? most
  ahead = order.aheadMs ?? ahead
  process.send?.(order)
})

/** The server as it is, but each COMMIT waits a while where it is told to: whatever can come between two statements does. */
const config = loadConfig(process.env)
if (config.database.kind !== 'postgres') throw new Error('pauses are for PostgreSQL')
const beforeCommit = async (): Promise<void> => (most === 0 ? undefined : pause(Math.random() * most))
const db = openPostgres(config.database.url, { beforeCommit })
const log = pino({ level: config.logLevel })
const server = await startServer({
  config,
  secrets: loadSecrets(config),
  log,
  overrides: { db, now: () => new Date(Date.now() + ahead) },
})
process.send?.({ port: server.port })
// Whoever started this process has stopped it, or is gone.
process.once('disconnect', () => void server.close().then(() => process.exit(0)))
