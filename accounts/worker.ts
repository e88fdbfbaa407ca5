import { claimJobs, hasDueJobs, type JobRow, retryJob } from '../db/jobs.js'
import { runWebhook } from './deliver-webhook.js'
import type { Deps } from './deps.js'
import { END_JOB, runEndChunk } from './end-connection.js'
import { NOTICE_JOB, runExpiryNotices } from './expiry-notices.js'
import { EXPORT_JOB, runExportChunk } from './export-job.js'
import { GiveWay } from './give-way.js'
import { EXPIRY_JOB, runExpiry } from './grant-expiry.js'
import { MAIL_JOB, runMail } from './mails.js'
import { publishOutbox } from './outbox.js'
import { RESET_JOB, runReset } from './password-reset.js'
import { SETTLE_JOB } from './reevaluate.js'
import { REFRESH_JOB } from './refresh-schedule.js'
import { RETENTION_JOB, runRetention } from './retention.js'
import { KEYS_JOB, runKeyRotation } from './rotate-signing-keys.js'
import { EXPIRY_WATCH_JOB, runExpiryWatch } from './saml-expiry.js'
import { runRefresh } from './saml-refresh.js'
import { runSettleChunk } from './settle-job.js'
import { WEBHOOK_JOB } from './webhook-schedule.js'

type Handlers = Readonly<Record<string, (deps: Deps, job: JobRow) => Promise<void>>>

/** What each kind of job does with one claimed row: at least once, so a handler may see a row again. */
const INSIDE: Handlers = {
  [SETTLE_JOB]: runSettleChunk,
  [END_JOB]: runEndChunk,
  [EXPIRY_JOB]: runExpiry,
  [NOTICE_JOB]: runExpiryNotices,
  [EXPORT_JOB]: runExportChunk,
  [RETENTION_JOB]: runRetention,
  [EXPIRY_WATCH_JOB]: runExpiryWatch,
  [KEYS_JOB]: runKeyRotation,
  [RESET_JOB]: runReset,
}

/** Jobs that wait for servers of others, in a line of their own: what hangs there holds up nobody's access. */
const OUTSIDE: Handlers = { [REFRESH_JOB]: runRefresh }

/** Mails too: a mail server that hangs delays other mails alone. */
const MAILS: Handlers = { [MAIL_JOB]: runMail }

/** Targets that are sent to at a time: a slow one takes one place for seconds and none of the others' time. */
const WEBHOOKS_AT_ONCE = 32
const WEBHOOKS: Handlers = { [WEBHOOK_JOB]: runWebhook }

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
 * job whose worker died is claimable again when its lock has run out. `report` is told what failed; `requestsBegun`
 * counts the requests that this process has taken.
 */
export function startWorker(deps: Deps, report: Report, requestsBegun: () => number): Worker {
  const inside = startLine((fail) => runInside(deps, fail), report)
  const outside = startLine((fail) => runKinds(deps, OUTSIDE, fail), report)
  const mails = startLine((fail) => runKinds(deps, MAILS, fail), report)
  const webhooks = startWebhooks(deps, report, new GiveWay(requestsBegun))
  return {
    wake: () => {
      inside.wake()
      mails.wake()
      webhooks.wake()
    },
    stop: async () => void (await Promise.all([inside.stop(), outside.stop(), mails.stop(), webhooks.stop()])),
  }
}

/** Many webhooks side by side: each claimed one runs by itself, and whoever is done makes room for the next. */
function startWebhooks(deps: Deps, report: Report, giveWay: GiveWay): Worker {
  const running = new Set<Promise<void>>()
  let stopping = false
  const look = async (): Promise<boolean> => {
    const now = deps.now().getTime()
    const free = WEBHOOKS_AT_ONCE - running.size
    if (free === 0) return false
    const isDue = await hasDueJobs(deps.db, WEBHOOK_JOB, now)
    const jobs = isDue ? await claimJobs(deps.db, WEBHOOK_JOB, now, now + LOCK_MS, free) : []
    for (const job of jobs) begin(job)
    if (jobs.length > 0) await giveWay.rest()
    else if (running.size === 0) giveWay.caughtUp()
    return jobs.length > 0
  }
  const begin = (job: JobRow): void => {
    const round = runWebhook(deps, job, () => !stopping)
      .catch((error: unknown) => postpone(deps, job, error, report))
      .catch((error: unknown) => report(error, job))
      .finally(() => {
        running.delete(round)
        line.wake()
      })
    running.add(round)
  }
  const line = startLine(look, report)
  return {
    wake: () => line.wake(),
    stop: async () => {
      stopping = true
      giveWay.stop()
      await line.stop()
      await Promise.all(running)
    },
  }
}

type Report = (error: unknown, job: JobRow | undefined) => void

/** Look for work again and again, at once where there was some. */
function startLine(look: (report: Report) => Promise<boolean>, report: Report): Worker {
  let stopping = false
  let woken = false
  let wakeUp: () => void = () => undefined
  const loop = async (): Promise<void> => {
    while (!stopping) {
      woken = false
      const busy = await look(report).catch((error: unknown) => {
        report(error, undefined)
        return false
      })
      if (!busy && !stopping && !woken) await pause()
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
    wake: () => {
      woken = true
      wakeUp()
    },
    stop: async () => {
      stopping = true
      wakeUp()
      await running
    },
  }
}

/** Run what is due once; resolves to whether there was anything, so that the caller looks again at once. */
export async function runDueJobs(deps: Deps, report: (error: unknown, job: JobRow) => void): Promise<boolean> {
  const inside = await runInside(deps, report)
  const outside = await runKinds(deps, { ...OUTSIDE, ...MAILS }, report)
  return (await runKinds(deps, WEBHOOKS, report)) || outside || inside
}

async function runInside(deps: Deps, report: (error: unknown, job: JobRow) => void): Promise<boolean> {
  const published = await publishOutbox(deps)
  if (published > 0) deps.wakeWorker()
  return (await runKinds(deps, INSIDE, report)) || published > 0
}

async function runKinds(
  deps: Deps,
  handlers: Handlers,
  report: (error: unknown, job: JobRow) => void,
): Promise<boolean> {
  let busy = false
  for (const [kind, handle] of Object.entries(handlers)) {
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
