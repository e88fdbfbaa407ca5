import { type FeedRow, feedAfter } from '../db/feed.js'
import type { JobRow } from '../db/jobs.js'
import { type DeliveryRow, dueDeliveries, hasOpen, openDeliveries } from '../db/webhook-deliveries.js'
import { findWebhook, lockWebhook, updateWebhook, type WebhookRow } from '../db/webhooks.js'
import type { Deps, WebhookLine } from './deps.js'
import { securityEvents } from './feed.js'
import { type FeedEvent, isAbout, type SecurityEvent } from './security-event.js'
import { endWebhookJob, settleDeliveries, type Tried } from './settle-deliveries.js'
import { isPaused, MAX_OPEN } from './webhook-schedule.js'
import { signedHeaders } from './webhook-signature.js'
import { secretsOf } from './webhooks.js'

/** Deliveries of one round, each of another subject, and how many are on their way at a time. */
const ROUND = 100
const AT_ONCE = 4
/** A target that fails so often in a row is left alone for this round. */
const FAILURES_TO_STOP = 3
/** No new delivery is begun after so long, well within the lock of the job. */
const ROUND_MS = 10_000
/** Changes taken over at a time: as many as the same round may send. */
const TAKEN = ROUND

/**
 * One round of a webhook. Its job is claimed by one process, so nobody else sends to this target meanwhile. What was sent
 * and not noted, because the process died, is sent again under the same webhook-id. `goOn` says whether to begin more.
 */
export async function runWebhook(deps: Deps, job: JobRow, goOn: () => boolean = () => true): Promise<void> {
  const webhook = await findWebhook(deps.db, job.account_id, job.subject)
  if (webhook === undefined || webhook.enabled === 0) return endWebhookJob(deps, job)
  const taken = await takeOver(deps, webhook)
  const limit = isPaused(webhook) ? 1 : ROUND
  // Of a target that is left alone the oldest is tried, whenever its own turn would be.
  const until = isPaused(webhook) ? Number.MAX_SAFE_INTEGER : deps.now().getTime()
  const due = await dueDeliveries(deps.db, webhook, until, limit)
  await settleDeliveries(deps, job, webhook, await sendAll(deps, webhook, due, taken, goOn))
}

/** Notices by their place in the feed. */
type Notices = ReadonlyMap<number, SecurityEvent | undefined>
const NOTHING: Notices = new Map()

/** Make deliveries of what is new in the feed, as far as the webhook asks for it. Resolves to the notices of all of it. */
async function takeOver({ db, now, publicUrl }: Deps, webhook: WebhookRow): Promise<Notices> {
  const { account_id: accountId, id, position } = webhook
  const rows = await feedAfter(db, accountId, position, TAKEN)
  const last = rows.at(-1)
  if (last === undefined || (await hasOpen(db, webhook, MAX_OPEN))) return NOTHING
  const kinds = JSON.parse(webhook.events) as FeedEvent[]
  const tokens = await securityEvents(db, publicUrl, accountId, rows, 'notice')
  const wanted = tokens.flatMap(({ row, token }) => (token !== undefined && isAbout(token, kinds) ? [row] : []))
  await db.transaction(async (tx) => {
    const current = await lockWebhook(tx, accountId, id)
    // Somebody asked for a replay meanwhile, or changed what it is sent: the next round begins anew.
    if (current?.version !== webhook.version || current.position !== position) return
    if (wanted.length > 0) await openDeliveries(tx, webhook, wanted, now().getTime())
    await updateWebhook(tx, { ...current, position: last.seq })
  })
  return bySeq(tokens)
}

function bySeq(tokens: readonly { readonly row: FeedRow; readonly token: SecurityEvent | undefined }[]): Notices {
  return new Map(tokens.map(({ row, token }) => [row.seq, token]))
}

/** Send all, a few at a time, until the target has failed too often in a row or the round is over. */
async function sendAll(
  deps: Deps,
  webhook: WebhookRow,
  due: readonly DeliveryRow[],
  taken: Notices,
  goOn: () => boolean,
): Promise<Tried[]> {
  if (due.length === 0) return []
  const begun = performance.now()
  const tokens = await tokensOf(deps, webhook, due, taken)
  const line = deps.webhookTargets.open(webhook.url)
  const target = { url: webhook.url, line, secrets: secretsOf(deps, webhook, deps.now().getTime()) }
  const waiting = [...due]
  const tried: Tried[] = []
  let failed = 0
  const mayGoOn = () => goOn() && failed < FAILURES_TO_STOP && performance.now() - begun < ROUND_MS
  const lane = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = mayGoOn() ? waiting.shift() : undefined) {
      const one = await send(deps, target, next, tokens.get(next.seq))
      tried.push(one)
      failed = one.error === null ? 0 : failed + 1
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane)).finally(() => line.close())
  return tried
}

/** What is sent, by its place in the feed. Most of a round was taken over by it, and need not be read again. */
async function tokensOf(
  { db, publicUrl }: Deps,
  { account_id, mode }: WebhookRow,
  due: readonly DeliveryRow[],
  taken: Notices,
): Promise<Notices> {
  const known = mode === 'notice' ? taken : NOTHING
  const unread = due.filter(({ seq }) => !known.has(seq))
  if (unread.length === 0) return known
  return new Map([...known, ...bySeq(await securityEvents(db, publicUrl, account_id, unread, mode))])
}

/** Where a round is sent to. */
interface Target {
  readonly url: string
  readonly line: WebhookLine
  /** That are valid at its beginning. */
  readonly secrets: readonly string[]
}

async function send(
  { now }: Pick<Deps, 'now'>,
  { url, line, secrets }: Target,
  delivery: DeliveryRow,
  token: SecurityEvent | undefined,
): Promise<Tried> {
  const sentAt = now()
  const base = { delivery, at: sentAt.getTime() }
  // Its event is no longer in the log.
  if (token === undefined) return { ...base, status: null, error: null, skipped: true }
  const body = JSON.stringify({ ...token, aud: url })
  const headers = signedHeaders(secrets, token.jti, sentAt, body)
  try {
    const status = await line.post(headers, body)
    return { ...base, status, error: status >= 200 && status < 300 ? null : `it answered ${status}` }
  } catch (error) {
    return { ...base, status: null, error: (error instanceof Error ? error.message : String(error)).slice(0, 300) }
  }
}
