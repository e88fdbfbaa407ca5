import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { loadConfig } from '../../config/config.js'
import { loadSecrets } from '../../config/secrets.js'
import { startServer } from '../../server/start.js'

/** The server of the demo: the real one, on a database of its own that is gone when it stops. */
export interface DemoServer {
  readonly url: string
  readonly operatorToken: string
  /** Stop serving and remove the database. */
  close(): Promise<void>
}

/** PORT and LOG_LEVEL are taken from the environment; without PORT a free one is used. */
export async function startDemoServer({ PORT = '0', LOG_LEVEL = 'error' }: NodeJS.ProcessEnv): Promise<DemoServer> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-demo-'))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  // The identity provider of the demo is on this machine, and speaks plain http.
  const config = loadConfig({ PORT, LOG_LEVEL, DATA_DIR: folder, USHER_ALLOW_PRIVATE_FETCH: 'on' })
  const secrets = loadSecrets(config)
  const server = await startServer({ config, secrets, log: pino({ level: config.logLevel }) })
  const close = async () => {
    await server.close()
    remove()
  }
  return { url: server.publicUrl, operatorToken: secrets.operatorToken, close }
}
