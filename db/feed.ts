import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A change that is committed and has its place among the changes of its account. */
export interface FeedRow {
  readonly seq: number
  /** The user or group that changed. */
  readonly subject: string
  /** The event of the log that tells what changed. */
  readonly event_id: string
}

const LAST = statement(`SELECT last FROM feed_counters WHERE account_id = ?`)
const FIRST = statement(`SELECT seq FROM feed WHERE account_id = ? ORDER BY seq LIMIT 1`)
const AFTER = statement(`SELECT seq, subject, event_id FROM feed WHERE account_id = ? AND seq > ? ORDER BY seq LIMIT ?`)

/** The highest number that was given out; 0 where nothing has changed yet. */
export async function lastOfFeed(q: Queries, accountId: string): Promise<number> {
  return (await q.get<{ last: number }>(LAST, [accountId]))?.last ?? 0
}

/** The number of the oldest change that is kept; undefined where none is. */
export async function firstOfFeed(q: Queries, accountId: string): Promise<number | undefined> {
  return (await q.get<{ seq: number }>(FIRST, [accountId]))?.seq
}

/** Changes behind a number, in their order. */
export function feedAfter(q: Queries, accountId: string, seq: number, limit: number): Promise<FeedRow[]> {
  return q.all(AFTER, [accountId, seq, limit])
}

const LOCK = statement((d) => `SELECT last FROM feed_counters WHERE account_id = ?${d.forUpdate}`)

/** The highest number, which stays that until the end of the transaction; undefined where there is no counter to lock. */
export async function lockFeed(tx: Tx, accountId: string): Promise<number | undefined> {
  return (await tx.get<{ last: number }>(LOCK, [accountId]))?.last
}

const ENSURE = statement(
  `INSERT INTO feed_counters (account_id, last) VALUES (?, 0) ON CONFLICT (account_id) DO NOTHING`,
)

/** Make sure that there is a counter to lock, also before anything has changed. */
export async function ensureFeed(tx: Tx, accountId: string): Promise<void> {
  await tx.run(ENSURE, [accountId])
}
