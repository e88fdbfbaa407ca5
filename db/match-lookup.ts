import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const APPROVED = statement(
  `SELECT id FROM match_requests
   WHERE account_id = ? AND connection_id = ? AND user_id = ? AND identity_key = ? AND state = 'approved'`,
)
const RECORD = statement(
  `INSERT INTO match_requests (account_id, id, connection_id, user_id, identity_key, incoming, cause, state, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
   ON CONFLICT (account_id, connection_id, user_id, identity_key) DO UPDATE SET
     incoming = excluded.incoming, cause = excluded.cause, updated_at = excluded.updated_at`,
)

/** Has an administrator allowed this identity to be this user? */
export async function isApproved(
  q: Queries,
  accountId: string,
  connectionId: string,
  userId: string,
  identityKey: string,
): Promise<boolean> {
  return (await q.get(APPROVED, [accountId, connectionId, userId, identityKey])) !== undefined
}

export interface NewMatchRequest {
  readonly id: string
  readonly connectionId: string
  readonly userId: string
  readonly identityKey: string
  /** JSON text. */
  readonly incoming: string
  readonly cause: string
  readonly now: number
}

/** Put a possible match before the administrators; a retry finds the request that is there, decided or not. */
export async function recordMatchRequest(tx: Tx, accountId: string, r: NewMatchRequest): Promise<void> {
  const keys = [accountId, r.id, r.connectionId, r.userId, r.identityKey]
  await tx.run(RECORD, [...keys, r.incoming, r.cause, r.now, r.now])
}
