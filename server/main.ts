import pino from 'pino'
import { loadConfig } from '../config/config.js'
import { ConfigError } from '../config/config-error.js'
import { loadSecrets } from '../config/secrets.js'
import { type RunningServer, startServer } from './start.js'

/** The process: settings in, a listening server out, a graceful stop at SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const config = loadConfig(process.env)
  const secrets = loadSecrets(config)
  const log = pino({ level: config.logLevel, base: { name: 'usher' } })
  if (!config.rateLimits)
    log.warn('USHER_RATE_LIMITS is off: nothing limits wrong tokens. Use this for load tests only.')
  if (config.allowPrivateFetch)
    log.warn('USHER_ALLOW_PRIVATE_FETCH is on: outgoing requests may reach private addresses.')
  const server = await startServer({ config, secrets, log })
  log.info(
    { url: server.publicUrl, port: server.port, database: config.database.kind, dataDir: config.dataDir },
    'listening',
  )
  if (server.setUpLink !== undefined) inviteFirst(server.setUpLink)
  stopOnSignal(
    server,
    (signal) => log.info({ signal }, 'stopping'),
    (error) => log.error({ err: error }, 'stopped badly'),
  )
}

/** For whoever sits in front of the terminal; the log, which machines read and keep, is not the place for a secret. */
function inviteFirst({ url, expiresAt }: NonNullable<RunningServer['setUpLink']>): void {
  process.stdout.write(
    `\nNobody has an account here yet. Open this address in a browser to make one; it works once, until ${new Date(expiresAt).toISOString()}:\n\n  ${url}\n\n`,
  )
}

/** A second signal, or ten seconds, end what does not want to. */
const STOP_MS = 10_000
/** Ctrl-C below npm arrives twice, from the terminal and from npm: the echo is no second wish. */
const ECHO_MS = 1_000

function stopOnSignal(server: RunningServer, told: (signal: string) => void, failed: (error: unknown) => void): void {
  let stoppingSince: number | undefined
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      if (stoppingSince !== undefined) {
        if (performance.now() - stoppingSince > ECHO_MS) process.exit(1)
        return
      }
      stoppingSince = performance.now()
      told(signal)
      setTimeout(() => process.exit(1), STOP_MS).unref()
      server.close().then(
        () => process.exit(0),
        (error: unknown) => {
          failed(error)
          process.exit(1)
        },
      )
    })
  }
}

/** What somebody who started the server can mend is told in a sentence; everything else as it was thrown. */
function wordsFor(error: unknown): unknown {
  if (error instanceof ConfigError) return error.message
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number }
  if (code !== 'EADDRINUSE') return error
  return `Something else listens on port ${port} of ${address} already. Choose another: PORT=${Number(port) + 1} npm start`
}

main().catch((error: unknown) => {
  console.error(wordsFor(error))
  process.exit(1)
})
