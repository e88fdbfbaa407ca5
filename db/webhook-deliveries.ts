import type { Queries, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { statement } from './statement.js'

export interface DeliveryRow {
  readonly seq: number
  readonly event_id: string
  /** The user or group: of one subject, nothing goes before what is older. */
  readonly subject: string
  readonly state: 'open' | 'delivered' | 'failed' | 'skipped'
  readonly attempts: number
  readonly next_at: number
  readonly created_at: number
  readonly last_at: number | null
  readonly status: number | null
  readonly error: string | null
}

/** A webhook, as its deliveries name it. */
export interface WebhookKey {
  readonly account_id: string
  readonly id: string
}

const NEW_COLUMNS: JsonColumn[] = [
  ['seq', 'integer'],
  ['event_id', 'text'],
  ['subject', 'text'],
]
// Without WHERE, SQLite takes ON CONFLICT for a part of the join.
const OPEN = statement(
  (
    d,
  ) => `INSERT INTO webhook_deliveries (account_id, webhook_id, seq, event_id, subject, state, attempts, next_at, created_at)
    SELECT ?, ?, seq, event_id, subject, 'open', 0, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM ${d.rows(NEW_COLUMNS)} AS v
    WHERE true
    ON CONFLICT (account_id, webhook_id, seq) DO UPDATE SET state = 'open', attempts = 0, next_at = excluded.next_at,
      created_at = excluded.created_at, status = NULL, error = NULL`,
)

/** Have these places of the feed delivered, also where they were before. */
export async function openDeliveries(
  tx: Tx,
  { account_id, id }: WebhookKey,
  rows: readonly Pick<DeliveryRow, 'seq' | 'event_id' | 'subject'>[],
  now: number,
): Promise<void> {
  const values = rows.map(({ seq, event_id, subject }) => [seq, event_id, subject])
  await tx.run(OPEN, [account_id, id, now, now, JSON.stringify(values)])
}

// Not as NOT EXISTS: of that PostgreSQL makes a join, and until it has counted the rows it chooses one that compares each
// with each. What waits for a target that was down for long comes faster than it counts.
const IS_FIRST_OF_SUBJECT = `d.seq = (SELECT o.seq FROM webhook_deliveries o WHERE o.account_id = d.account_id
  AND o.webhook_id = d.webhook_id AND o.subject = d.subject AND o.state = 'open' ORDER BY o.seq LIMIT 1)`
const DUE = statement(
  `SELECT d.* FROM webhook_deliveries d WHERE d.account_id = ? AND d.webhook_id = ? AND d.state = 'open'
     AND d.next_at <= ? AND ${IS_FIRST_OF_SUBJECT} ORDER BY d.seq LIMIT ?`,
)
const NEXT = statement(
  `SELECT min(d.next_at) AS at FROM webhook_deliveries d WHERE d.account_id = ? AND d.webhook_id = ?
     AND d.state = 'open' AND ${IS_FIRST_OF_SUBJECT}`,
)
const IS_FULL = statement(
  `SELECT seq FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND state = 'open'
   ORDER BY seq LIMIT 1 OFFSET ?`,
)

/** The oldest open delivery of each subject that may go by `now`, oldest first. */
export function dueDeliveries(
  q: Queries,
  { account_id, id }: WebhookKey,
  now: number,
  limit: number,
): Promise<DeliveryRow[]> {
  return q.all(DUE, [account_id, id, now, limit])
}

/** When the next delivery may go; undefined where none is open. */
export async function nextDelivery(q: Queries, { account_id, id }: WebhookKey): Promise<number | undefined> {
  return (await q.get<{ at: number | null }>(NEXT, [account_id, id]))?.at ?? undefined
}

/** Are at least so many deliveries open? */
export async function hasOpen(q: Queries, { account_id, id }: WebhookKey, count: number): Promise<boolean> {
  return (await q.get(IS_FULL, [account_id, id, count - 1])) !== undefined
}

const TRIED = statement(
  `UPDATE webhook_deliveries SET state = ?, attempts = attempts + 1, next_at = ?, last_at = ?, status = ?, error = ?
   WHERE account_id = ? AND webhook_id = ? AND seq = ?`,
)
const HURRY = statement(
  `UPDATE webhook_deliveries SET next_at = ? WHERE account_id = ? AND webhook_id = ? AND state = 'open' AND next_at > ?`,
)

/** What came of a try. */
export async function markDelivery(
  tx: Tx,
  { account_id, id }: WebhookKey,
  row: Pick<DeliveryRow, 'seq' | 'state' | 'next_at' | 'last_at' | 'status' | 'error'>,
): Promise<void> {
  await tx.run(TRIED, [row.state, row.next_at, row.last_at, row.status, row.error, account_id, id, row.seq])
}

/** The target answers again: whatever waits for its next try need not. */
export async function hurryDeliveries(tx: Tx, { account_id, id }: WebhookKey, now: number): Promise<void> {
  await tx.run(HURRY, [now, account_id, id, now])
}

const FIND = statement(`SELECT * FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND seq = ?`)
const NEWEST = statement(
  `SELECT * FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
)

export function findDelivery(q: Queries, key: WebhookKey, seq: number): Promise<DeliveryRow | undefined> {
  return q.get(FIND, [key.account_id, key.id, seq])
}

/** Deliveries before a place in the feed, newest first. */
export function deliveriesBefore(q: Queries, key: WebhookKey, seq: number, limit: number): Promise<DeliveryRow[]> {
  return q.all(NEWEST, [key.account_id, key.id, seq, limit])
}

const DELETE_OLD = statement(
  `DELETE FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND seq IN (
     SELECT seq FROM webhook_deliveries WHERE account_id = ? AND webhook_id = ? AND seq < ? ORDER BY seq LIMIT ?)`,
)

/** Delete up to `limit` deliveries of places before `seq`. */
export function deleteDeliveries(tx: Tx, { account_id, id }: WebhookKey, seq: number, limit: number): Promise<number> {
  return tx.run(DELETE_OLD, [account_id, id, account_id, id, seq, limit])
}
