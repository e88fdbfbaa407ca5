import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'
import { openPostgres } from '../../db/postgres.js'
import { startServer } from '../../server/start.js'

/** What a fleet says to its processes: the longest pause before a COMMIT from now on, in milliseconds. */
export interface PauseOrder {
  readonly pauseMs: number
}

let most = 0
process.on('message', (order: PauseOrder) => {
  most = order.pauseMs
})

/** The server as it is, but each COMMIT waits a while where it is told to: whatever can come between two statements does. */
const config = loadConfig(process.env)
if (config.database.kind !== 'postgres') throw new Error('pauses are for PostgreSQL')
const beforeCommit = async (): Promise<void> => (most === 0 ? undefined : pause(Math.random() * most))
const db = openPostgres(config.database.url, { beforeCommit })
const log = pino({ level: config.logLevel })
const server = await startServer({ config, secrets: loadSecrets(config), log, overrides: { db } })
process.send?.({ port: server.port })
// Whoever started this process has stopped it, or is gone.
process.once('disconnect', () => void server.close().then(() => process.exit(0)))
