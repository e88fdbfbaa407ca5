import { claimJobs, hasDueJobs, type JobRow, retryJob } from '../db/jobs.js'
import type { Deps } from './deps.js'
import { END_JOB, runEndChunk } from './end-connection.js'
import { EXPIRY_JOB, runExpiry } from './grant-expiry.js'
import { publishOutbox } from './outbox.js'
import { SETTLE_JOB } from './reevaluate.js'
import { RETENTION_JOB, runRetention } from './retention.js'
import { runSettleChunk } from './settle-job.js'

/** What each kind of job does with one claimed row: at least once, so a handler may see a row again. */
const HANDLERS: Readonly<Record<string, (deps: Deps, job: JobRow) => Promise<void>>> = {
  [SETTLE_JOB]: runSettleChunk,
  [END_JOB]: runEndChunk,
  [EXPIRY_JOB]: runExpiry,
  [RETENTION_JOB]: runRetention,
}

const LOCK_MS = 60_000
const IDLE_MS = 1_000
const MAX_RETRY_MS = 300_000

export interface Worker {
  /** Look for work now. */
  wake(): void
  /** Finish the chunk in hand and stop. */
  stop(): Promise<void>
}

/**
 * Work through the queue in the background. Every process may run one: a claim hands each job to one of them, and a
 * job whose worker died is claimable again when its lock has run out. `report` is told what failed.
 */
export function startWorker(deps: Deps, report: (error: unknown, job: JobRow | undefined) => void): Worker {
  let stopping = false
  let wakeUp: () => void = () => undefined
  const loop = async (): Promise<void> => {
    while (!stopping) {
      const busy = await runDueJobs(deps, report).catch((error: unknown) => {
        report(error, undefined)
        return false
      })
      if (!busy && !stopping) await pause()
    }
  }
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const running = loop()
  return {
    wake: () => wakeUp(),
    stop: async () => {
      stopping = true
      wakeUp()
      await running
    },
  }
}

/** Run what is due once; resolves to whether there was anything, so that the caller looks again at once. */
export async function runDueJobs(deps: Deps, report: (error: unknown, job: JobRow) => void): Promise<boolean> {
  let busy = (await publishOutbox(deps)) > 0
  for (const [kind, handle] of Object.entries(HANDLERS)) {
    const now = deps.now().getTime()
    if (!(await hasDueJobs(deps.db, kind, now))) continue
    for (const job of await claimJobs(deps.db, kind, now, now + LOCK_MS, 1)) {
      busy = true
      await handle(deps, job).catch((error: unknown) => postpone(deps, job, error, report))
    }
  }
  return busy
}

/** Try again later, with growing pauses. */
async function postpone(
  deps: Deps,
  job: JobRow,
  error: unknown,
  report: (error: unknown, job: JobRow) => void,
): Promise<void> {
  report(error, job)
  const delay = Math.min(MAX_RETRY_MS, 1_000 * 2 ** Math.min(job.attempts, 10))
  const at = deps.now().getTime() + delay
  await deps.db.transaction((tx) => retryJob(tx, job, at, error instanceof Error ? error.message : String(error)))
}
