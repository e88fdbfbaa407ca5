import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expectStatus } from './client.js'

const CHECKOUT = fileURLToPath(new URL('../', import.meta.url))
export const OPERATOR_TOKEN = 'operator-token-of-the-bench-0123456789'
const SECRET = Buffer.alloc(32, 7).toString('base64')

/** The built server as a process of its own, as `npm start` runs it. */
export interface Usher {
  readonly pid: number
  readonly process: ChildProcess
  readonly origin: string
  /** The admin API as the operator; resolves to the parsed answer. */
  admin<T>(method: string, path: string, body?: object): Promise<T>
  stop(): Promise<void>
}

export interface UsherOptions {
  readonly dataDir: string
  /** Without it SQLite in `dataDir`. */
  readonly databaseUrl?: string | undefined
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Arguments of Node.js before the script. */
  readonly nodeArgs?: readonly string[]
  /** Told of every line of its log. */
  readonly onLine?: (line: string) => void
}

/** Start dist/server/main.js with logging on and limits by rate off; resolves once it listens. */
export async function startUsher({
  dataDir,
  databaseUrl,
  env = {},
  nodeArgs = [],
  onLine,
}: UsherOptions): Promise<Usher> {
  const child = spawn(process.execPath, [...nodeArgs, join(CHECKOUT, 'dist/server/main.js')], {
    cwd: CHECKOUT,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      NODE_ENV: 'production',
      PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      USHER_RATE_LIMITS: 'off',
      USHER_OPERATOR_TOKEN: OPERATOR_TOKEN,
      USHER_SECRET: SECRET,
      DATA_DIR: dataDir,
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
      ...env,
    },
  })
  const origin = await originOf(child, onLine)
  return {
    pid: child.pid ?? 0,
    process: child,
    origin,
    admin: async (method, path, body) => {
      const expected = method === 'POST' ? 201 : 200
      return JSON.parse(await expectStatus(expected, method, `${origin}/api/v1${path}`, OPERATOR_TOKEN, body))
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** The server says where it listens in its log; the rest of it is only passed on. */
function originOf(child: ChildProcess, onLine: (line: string) => void = () => undefined): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Usher ended with exit code ${code} before it listened`)))
    createInterface({ input: child.stdout! }).on('line', (line) => {
      onLine(line)
      const port = /"port":(\d+).*"msg":"listening"/.exec(line)?.[1]
      if (port !== undefined) resolve(`http://127.0.0.1:${port}`)
    })
  })
}

/** Where one identity provider pushes to. */
export interface Connection {
  readonly accountId: string
  readonly id: string
  /** SCIM base URL, without a slash at its end. */
  readonly baseUrl: string
  readonly token: string
}

/** A live connection in an account of its own, as an operator makes one. */
export async function createConnection(usher: Usher): Promise<Connection> {
  const account = await usher.admin<{ id: string }>('POST', '/accounts', { name: 'Contoso' })
  const path = `/accounts/${account.id}/connections`
  const draft = { name: 'Entra', idpKind: 'entra', mode: 'live' }
  const { id } = await usher.admin<{ id: string }>('POST', path, draft)
  const { token } = await usher.admin<{ token: string }>('POST', `${path}/${id}/tokens`, {})
  return { accountId: account.id, id, baseUrl: `${usher.origin}/scim/v2/${id}`, token }
}
