import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const SLOT_MS = 300_000

/** The requests of one connection in five minutes. */
export interface RequestCount {
  readonly accountId: string
  readonly connectionId: string
  /** When the five minutes began, in milliseconds. */
  readonly slot: number
  /** With a valid token, however they ended. */
  requests: number
  /** Those of them that were refused or failed. */
  failures: number
  /** Without a valid token. */
  refused: number
}

/** When the five minutes began in which an instant lies. */
export function slotOf(instant: number): number {
  return Math.floor(instant / SLOT_MS) * SLOT_MS
}

const ADD = statement(
  `INSERT INTO request_counts (account_id, connection_id, slot, requests, failures, refused) VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id, slot) DO UPDATE SET requests = request_counts.requests + excluded.requests,
     failures = request_counts.failures + excluded.failures, refused = request_counts.refused + excluded.refused`,
)
const SINCE = statement(
  `SELECT slot, requests, failures, refused FROM request_counts
   WHERE account_id = ? AND connection_id = ? AND slot >= ? ORDER BY slot`,
)
const LAST = statement(
  `SELECT slot, requests, failures, refused FROM request_counts
   WHERE account_id = ? AND connection_id = ? ORDER BY slot DESC LIMIT 1`,
)

export type CountOfSlot = Pick<RequestCount, 'slot' | 'requests' | 'failures' | 'refused'>

/** Add to what is counted already; sorted by whoever calls, since rows stay locked until the end. */
export async function addRequests(tx: Tx, counts: readonly RequestCount[]): Promise<void> {
  for (const { accountId, connectionId, slot, requests, failures, refused } of counts)
    await tx.run(ADD, [accountId, connectionId, slot, requests, failures, refused])
}

/** Oldest first: at most twelve an hour. */
export function requestsSince(
  q: Queries,
  accountId: string,
  connectionId: string,
  slot: number,
): Promise<CountOfSlot[]> {
  return q.all(SINCE, [accountId, connectionId, slot])
}

export function lastCount(q: Queries, accountId: string, connectionId: string): Promise<CountOfSlot | undefined> {
  return q.get(LAST, [accountId, connectionId])
}
