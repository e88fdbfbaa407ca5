import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import type { DatabaseLocation } from '../../db/open.js'
import { OPERATOR_TOKEN } from '../harness/app.js'
import { CHECKOUT } from '../house/rooms.js'
import type { FleetOrder } from './server-with-pauses.js'

/** Of all processes of one database: they are one server to the outside. */
export const PUBLIC_URL = 'http://usher.example'

/** A server in a process of its own. */
export interface ServerProcess {
  readonly url: string
  /** Tell it something; resolves once it was heard. */
  order(order: FleetOrder): Promise<void>
  /** As the kernel ends a process. */
  kill(): Promise<void>
  /** Let it finish what it has in hand. */
  stop(): Promise<void>
}

/** Start a server on a database; resolves once it listens. SQLite keeps its secrets beside the file, `folder` is PostgreSQL's. */
export async function startServerProcess(
  location: DatabaseLocation,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const store =
    location.kind === 'sqlite'
      ? { DATA_DIR: dirname(location.file) }
      : { DATA_DIR: folder, DATABASE_URL: location.kind === 'postgres' ? location.url : 'sqlite::memory:' }
  const child = fork('test/races/server-with-pauses.ts', {
    cwd: CHECKOUT,
    execArgv: ['--import', 'tsx'],
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      PUBLIC_URL,
      USHER_SECRET: Buffer.alloc(32, 7).toString('base64'),
      USHER_OPERATOR_TOKEN: OPERATOR_TOKEN,
      LOG_LEVEL: 'error',
      ...store,
      ...env,
    },
  })
  const [{ port }] = (await once(child, 'message')) as [{ port: number }]
  return {
    url: `http://127.0.0.1:${port}`,
    order: async (order) => {
      const heard = once(child, 'message')
      child.send(order)
      await heard
    },
    kill: () => ended(child, () => child.kill('SIGKILL')),
    stop: () => ended(child, () => child.disconnect()),
  }
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  const exit = once(child, 'exit')
  end()
  await exit
}
