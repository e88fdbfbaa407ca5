import type { Tx } from '../db/database.js'
import { rescheduleJob } from '../db/jobs.js'
import { WEBHOOK_FAILURES_TO_PAUSE } from '../db/outbox.js'

export const WEBHOOK_JOB = 'webhook'

const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Pauses after the first, second … try that failed; the last one repeats. docs/webhooks.md has the same. */
export const RETRY_PAUSES_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
] as const

/** A delivery is given up, and a webhook to which nothing got through is disabled, after so long. */
export const GIVE_UP_AFTER_MS = 72 * HOUR_MS
/** Open deliveries of a webhook beyond which no more changes are taken over: the feed keeps them as well. */
export const MAX_OPEN = 5_000
/** A tenth more or less, so that what failed together is not tried together. */
const JITTER = 0.1

/** How long to wait after so many tries that failed. */
export function pauseAfter(failures: number): number {
  const pause = RETRY_PAUSES_MS[Math.min(failures, RETRY_PAUSES_MS.length) - 1] ?? 0
  return Math.round(pause * (1 - JITTER + 2 * JITTER * Math.random()))
}

/** Is the target tried with one delivery only, now and then? */
export function isPaused({ failures }: { readonly failures: number }): boolean {
  return failures >= WEBHOOK_FAILURES_TO_PAUSE
}

/** Each webhook has one job, under its own id: whoever claims it is the only one who sends to this target. */
export async function wakeWebhook(tx: Tx, accountId: string, id: string, runAt: number): Promise<void> {
  await rescheduleJob(tx, accountId, { id, kind: WEBHOOK_JOB, subject: id, version: 1, payload: '{}', runAt })
}
