import { setTimeout as pause } from 'node:timers/promises'
import pino from 'pino'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'
import { openPostgres } from '../../db/postgres.js'
import { startServer } from '../../server/start.js'

/** The server as it is, but each COMMIT waits up to PAUSE_MS first: whatever can come between two statements does. */
const config = loadConfig(process.env)
if (config.database.kind !== 'postgres') throw new Error('pauses are for PostgreSQL')
const most = Number(process.env.PAUSE_MS)
const db = openPostgres(config.database.url, { beforeCommit: () => pause(Math.random() * most) })
const log = pino({ level: config.logLevel })
const server = await startServer({ config, secrets: loadSecrets(config), log, overrides: { db } })
log.info({ port: server.port }, 'listening')
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)))
