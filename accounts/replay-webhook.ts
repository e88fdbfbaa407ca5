import { type DeliveryRow, deliveriesBefore, findDelivery, openDeliveries } from '../db/webhook-deliveries.js'
import { findWebhook, updateWebhook } from '../db/webhooks.js'
import type { Administrator } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { placeOf } from './feed.js'
import { feedCursor, parseFeedCursor } from './feed-cursor.js'
import { type Page, pageFrom } from './page.js'
import { wakeWebhook } from './webhook-schedule.js'
import { lockedWebhook, note } from './webhooks.js'

/** What became of one change at one webhook. */
export interface Delivery {
  /** The place in the feed: a cursor that points behind it. */
  readonly id: string
  readonly eventId: string
  readonly subjectId: string
  readonly state: DeliveryRow['state']
  readonly attempts: number
  /** Of the last answer; null where there was none. */
  readonly status: number | null
  readonly error: string | null
  readonly lastAttemptAt: Date | null
  /** Not before; null where nothing more is tried. */
  readonly nextAttemptAt: Date | null
}

const BEHIND_ALL = Number.MAX_SAFE_INTEGER

/** Deliveries of a webhook, newest first. Refuses: webhook_not_found, cursor_invalid. */
export async function listDeliveries(
  { db }: Deps,
  accountId: string,
  webhookId: string,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<Page<Delivery>> {
  if ((await findWebhook(db, accountId, webhookId)) === undefined)
    throw new AccountError('webhook_not_found', 'This account has no such webhook.')
  const before = cursor === undefined ? BEHIND_ALL : parseFeedCursor(accountId, cursor)
  const rows = await deliveriesBefore(db, { account_id: accountId, id: webhookId }, before, limit + 1)
  const cursorOf = ({ seq }: DeliveryRow): string => feedCursor(accountId, seq)
  return pageFrom(rows, limit, cursorOf, (row) => deliveryFromRow(accountId, row))
}

function deliveryFromRow(accountId: string, row: DeliveryRow): Delivery {
  return {
    id: feedCursor(accountId, row.seq),
    eventId: row.event_id,
    subjectId: row.subject,
    state: row.state,
    attempts: row.attempts,
    status: row.status,
    error: row.error,
    lastAttemptAt: row.last_at === null ? null : new Date(row.last_at),
    nextAttemptAt: row.state === 'open' ? new Date(row.next_at) : null,
  }
}

/**
 * Send again: everything behind a cursor of the feed, or one delivery. What was delivered before comes a second time, under
 * the same webhook-id. Refuses: webhook_not_found, delivery_not_found, cursor_invalid, cursor_expired.
 */
export function replayWebhook(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  { from, deliveryId = '' }: { readonly from?: string | undefined; readonly deliveryId?: string | undefined },
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const webhook = await lockedWebhook(tx, accountId, id)
    const now = deps.now().getTime()
    if (from !== undefined) {
      const position = Math.min(await placeOf(tx, accountId, from), webhook.position)
      await updateWebhook(tx, { ...webhook, position })
    } else {
      const row = await findDelivery(tx, webhook, parseFeedCursor(accountId, deliveryId))
      if (row === undefined) throw new AccountError('delivery_not_found', 'This webhook has no such delivery.')
      await openDeliveries(tx, webhook, [row], now)
    }
    await note(deps, tx, actor, webhook, 'webhook.replayed', [])
    if (webhook.enabled === 1) await wakeWebhook(tx, accountId, id, now)
  })
}
