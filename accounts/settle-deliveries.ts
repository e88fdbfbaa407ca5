import type { Tx } from '../db/database.js'
import { lockFeed } from '../db/feed.js'
import { continueJob, finishJob, type JobRow } from '../db/jobs.js'
import {
  type DeliveryRow,
  dueDeliveries,
  hasOpen,
  hurryDeliveries,
  markDelivery,
  nextDelivery,
} from '../db/webhook-deliveries.js'
import { lockWebhook, updateWebhook, type WebhookRow } from '../db/webhooks.js'
import { SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { GIVE_UP_AFTER_MS, isPaused, MAX_OPEN, pauseAfter } from './webhook-schedule.js'
import { webhookSubject } from './webhooks.js'

/** What came of one delivery; `error` is null where it was taken. */
export interface Tried {
  readonly delivery: DeliveryRow
  readonly at: number
  readonly status: number | null
  readonly error: string | null
  readonly skipped?: true
}

/** How often a webhook is looked at where nothing wakes it. */
const IDLE_MS = 3_600_000
const GONE = 410

/** The webhook is switched off or gone: nothing is to be sent. */
export function endWebhookJob(deps: Deps, job: JobRow): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const webhook = await lockWebhook(tx, job.account_id, job.subject)
    const now = deps.now().getTime()
    if (webhook?.enabled === 1) return continueJob(tx, job, '{}', '{}', now)
    await finishJob(tx, job, 'done', null, null, now)
  })
}

/** Note what came of a round, how the target does, and when to come back, in one transaction. */
export function settleDeliveries(deps: Deps, job: JobRow, sent: WebhookRow, tried: readonly Tried[]): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const now = deps.now().getTime()
    const before = await lockWebhook(tx, job.account_id, job.subject)
    if (before === undefined) return finishJob(tx, job, 'done', null, null, now)
    // Given another address meanwhile, it is not judged by what the old one did.
    const after = before.url === sent.url ? judged(before, tried, now) : before
    // What a target that ends here did not take is kept for the day on which it is enabled again.
    const mayGiveUp = after.enabled === 1
    for (const one of tried) await markDelivery(tx, before, afterTry(one, now, mayGiveUp))
    if (after !== before) await updateWebhook(tx, after)
    if (after.enabled === 0) {
      if (before.enabled === 1) await announce(deps, tx, after)
      return finishJob(tx, job, 'done', null, null, now)
    }
    if (isPaused(before) && after.failures === 0) await hurryDeliveries(tx, after, now)
    await continueJob(tx, job, '{}', '{}', await nextRound(tx, after, now))
  })
}

function afterTry({ delivery, at, status, error, skipped }: Tried, now: number, mayGiveUp: boolean) {
  const tried = { seq: delivery.seq, last_at: at, status, error }
  if (skipped) return { ...tried, state: 'skipped', next_at: now } as const
  if (error === null) return { ...tried, state: 'delivered', next_at: now } as const
  const givesUp = mayGiveUp && now - delivery.created_at >= GIVE_UP_AFTER_MS
  return { ...tried, state: givesUp ? 'failed' : 'open', next_at: now + pauseAfter(delivery.attempts + 1) } as const
}

/** How the target does after a round: one delivery that was taken makes it well again. */
function judged(webhook: WebhookRow, tried: readonly Tried[], now: number): WebhookRow {
  const taken = tried.filter(({ error, skipped }) => error === null && skipped !== true)
  const failed = tried.filter(({ error }) => error !== null)
  const lastError = failed.at(-1)?.error ?? null
  const delivered = { last_delivered_at: Math.max(webhook.last_delivered_at ?? 0, ...taken.map(({ at }) => at)) }
  if (failed.some(({ status }) => status === GONE))
    return { ...webhook, ...(taken.length > 0 && delivered), ...disabled('gone'), last_error: lastError }
  if (taken.length > 0) return { ...webhook, ...delivered, failures: 0, failing_since: null, last_error: lastError }
  if (failed.length === 0) return webhook
  const since = webhook.failing_since ?? now
  const failing = { failures: webhook.failures + 1, failing_since: since, last_error: lastError }
  const isOver = now - since >= GIVE_UP_AFTER_MS
  return { ...webhook, ...failing, ...(isOver && disabled('failing')) }
}

function disabled(reason: 'gone' | 'failing') {
  return { enabled: 0, disabled_reason: reason } as const
}

const MESSAGES = {
  gone: 'The target answered 410: it wants nothing more.',
  failing: 'Nothing was delivered for three days.',
} as const

async function announce(deps: Deps, tx: Tx, webhook: WebhookRow): Promise<void> {
  const code = webhook.disabled_reason === 'gone' ? 'gone' : 'failing'
  await writeEvents(deps, tx, webhook.account_id, [
    {
      ...{ id: deps.newId(), source: 'system', action: 'webhook.disabled', outcome: 'failure', actor: SYSTEM },
      ...{ code: `webhook_${code}`, message: MESSAGES[code], subject: webhookSubject(webhook) },
    },
  ])
}

/** Under the lock of the feed, so that whatever is put there later wakes the job that is put back here. */
async function nextRound(tx: Tx, webhook: WebhookRow, now: number): Promise<number> {
  const last = (await lockFeed(tx, webhook.account_id)) ?? 0
  if (isPaused(webhook)) return now + pauseAfter(webhook.failures)
  if (webhook.position < last && !(await hasOpen(tx, webhook, MAX_OPEN))) return now
  // The usual case where much waits, and quicker to see than when the first of all is due.
  if ((await dueDeliveries(tx, webhook, now, 1)).length > 0) return now
  return Math.min(now + IDLE_MS, (await nextDelivery(tx, webhook)) ?? Number.MAX_SAFE_INTEGER)
}
