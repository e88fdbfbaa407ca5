import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'
import { openDatabase } from '../../db/open.js'
import { openPostgres } from '../../db/postgres.js'
import { startServer } from '../../server/start.js'

/** What a fleet says to its processes, in milliseconds; each answers with the same. */
export interface FleetOrder {
  /** The longest pause before a COMMIT from now on, on PostgreSQL. */
  readonly pauseMs?: number
  /** How far the clock is ahead from now on. */
  readonly aheadMs?: number
}

let most = 0
let ahead = Number(process.env.AHEAD_MS ?? 0)
process.on('message', (order: FleetOrder) => {
  most = order.pauseMs ?? most
  ahead = order.aheadMs ?? ahead
  process.send?.(order)
})

/** The server as it is, but each COMMIT waits a while where it is told to: whatever can come between two statements does. */
const config = loadConfig(process.env)
const beforeCommit = async (): Promise<void> => (most === 0 ? undefined : pause(Math.random() * most))
const db =
  config.database.kind === 'postgres'
    ? openPostgres(config.database.url, { beforeCommit })
    : await openDatabase(config.database)
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
