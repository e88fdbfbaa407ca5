import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** Requests below /scim that led nowhere: those of one address and path in a minute. */
export interface StrayRow {
  /** Of the connection that the path names; both empty where it names none. */
  readonly account_id: string
  readonly connection_id: string
  readonly address: string
  /** When the minute began, in milliseconds. */
  readonly minute: number
  readonly path: string
  readonly method: string
  readonly user_agent: string | null
  readonly attempts: number
}

const ADD = statement(
  `INSERT INTO stray_requests (account_id, connection_id, address, minute, path, method, user_agent, attempts)
   VALUES (?, ?, ?, ?, ?, ?, ?, 1)
   ON CONFLICT (account_id, connection_id, address, minute, path) DO UPDATE SET attempts = stray_requests.attempts + 1`,
)
const OF_CONNECTION = statement(
  `SELECT * FROM stray_requests WHERE account_id = ? AND connection_id = ? AND address > '' ORDER BY address, minute LIMIT ?`,
)
const FROM_ADDRESSES = statement(
  (d) => `SELECT s.* FROM ${d.list} ${d.join} stray_requests s
    ON s.account_id = '' AND s.connection_id = '' AND s.address = value AND s.minute >= ? LIMIT ?`,
)
const FORGET = statement(`DELETE FROM stray_requests WHERE minute < ?`)

export async function addStray(tx: Tx, r: Omit<StrayRow, 'attempts'>): Promise<void> {
  await tx.run(ADD, [r.account_id, r.connection_id, r.address, r.minute, r.path, r.method, r.user_agent])
}

/** Those whose path names a connection. */
export function straysOfConnection(
  q: Queries,
  accountId: string,
  connectionId: string,
  limit: number,
): Promise<StrayRow[]> {
  return q.all(OF_CONNECTION, [accountId, connectionId, limit])
}

/** Those of these addresses whose path names nothing, since an instant. */
export function straysFrom(
  q: Queries,
  addresses: readonly string[],
  since: number,
  limit: number,
): Promise<StrayRow[]> {
  return q.all(FROM_ADDRESSES, [JSON.stringify(addresses), since, limit])
}

/** Forget what came before an instant. */
export async function deleteOldStrays(tx: Tx, before: number): Promise<void> {
  await tx.run(FORGET, [before])
}
