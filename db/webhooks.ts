import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface WebhookRow {
  readonly account_id: string
  readonly id: string
  readonly url: string
  readonly description: string
  /** JSON list of kinds of events; an empty one stands for all. */
  readonly events: string
  readonly mode: 'notice' | 'full'
  readonly enabled: 0 | 1
  readonly disabled_reason: 'administrator' | 'gone' | 'failing' | null
  readonly sealed_secret: string
  /** The secret before, which signs too until `previous_until`. */
  readonly sealed_previous: string | null
  readonly previous_until: number | null
  /** The number in the feed up to which changes were taken over as deliveries. */
  readonly position: number
  /** Rounds in a row in which nothing was delivered. */
  readonly failures: number
  readonly failing_since: number | null
  readonly last_delivered_at: number | null
  readonly last_error: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
  /** Nobody sees it any more; retention takes it away with its deliveries. */
  readonly deleted_at: number | null
}

const COLUMNS = [
  ...['account_id', 'id', 'url', 'description', 'events', 'mode', 'enabled', 'disabled_reason', 'sealed_secret'],
  ...['sealed_previous', 'previous_until', 'position', 'failures', 'failing_since', 'last_delivered_at', 'last_error'],
  ...['version', 'created_at', 'updated_at', 'deleted_at'],
] as readonly (keyof WebhookRow)[]

const OF_ACCOUNT = statement(`SELECT * FROM webhooks WHERE account_id = ? AND deleted_at IS NULL ORDER BY id`)
const WITH_DELETED = statement(`SELECT id, deleted_at FROM webhooks WHERE account_id = ?`)
const FIND = statement(`SELECT * FROM webhooks WHERE account_id = ? AND id = ? AND deleted_at IS NULL`)
const LOCK = statement(
  (d) => `SELECT * FROM webhooks WHERE account_id = ? AND id = ? AND deleted_at IS NULL${d.forUpdate}`,
)
const INSERT = statement(`INSERT INTO webhooks (${COLUMNS.join(', ')}) VALUES (${COLUMNS.map(() => '?').join(', ')})`)
const UPDATE = statement(
  `UPDATE webhooks SET ${COLUMNS.slice(2)
    .map((column) => `${column} = ?`)
    .join(', ')} WHERE account_id = ? AND id = ?`,
)
const REMOVE = statement(`DELETE FROM webhooks WHERE account_id = ? AND id = ?`)

/** Oldest first. */
export function webhooksOf(q: Queries, accountId: string): Promise<WebhookRow[]> {
  return q.all(OF_ACCOUNT, [accountId])
}

/** Those too that were deleted and wait for retention. */
export function allWebhooks(q: Queries, accountId: string): Promise<Pick<WebhookRow, 'id' | 'deleted_at'>[]> {
  return q.all(WITH_DELETED, [accountId])
}

export function findWebhook(q: Queries, accountId: string, id: string): Promise<WebhookRow | undefined> {
  return q.get(FIND, [accountId, id])
}

export function lockWebhook(tx: Tx, accountId: string, id: string): Promise<WebhookRow | undefined> {
  return tx.get(LOCK, [accountId, id])
}

export async function insertWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  await tx.run(
    INSERT,
    COLUMNS.map((column) => row[column]),
  )
}

export async function updateWebhook(tx: Tx, row: WebhookRow): Promise<void> {
  const values = COLUMNS.slice(2).map((column) => row[column])
  await tx.run(UPDATE, [...values, row.account_id, row.id])
}

export async function removeWebhookRow(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx.run(REMOVE, [accountId, id])
}
