import type { Tx } from './database.js'
import { statement } from './statement.js'

// What a super admin said of an admin holds for a lesser reason as well, but not the other way round.
const USE_APPROVAL = statement(
  `UPDATE match_requests SET state = 'used', updated_at = ?
   WHERE account_id = ? AND connection_id = ? AND user_id = ? AND identity_key = ? AND state = 'approved'
     AND (cause = ? OR cause = 'admin_role')`,
)
const RECORD = statement(
  `INSERT INTO match_requests (account_id, id, connection_id, user_id, identity_key, incoming, cause, state, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)
   ON CONFLICT (account_id, connection_id, user_id, identity_key) DO UPDATE SET
     incoming = excluded.incoming, cause = excluded.cause, updated_at = excluded.updated_at,
     state = CASE WHEN match_requests.state = 'used' OR match_requests.cause <> excluded.cause THEN 'open'
       ELSE match_requests.state END,
     decided_by = CASE WHEN match_requests.state = 'used' OR match_requests.cause <> excluded.cause THEN NULL
       ELSE match_requests.decided_by END,
     decided_at = CASE WHEN match_requests.state = 'used' OR match_requests.cause <> excluded.cause THEN NULL
       ELSE match_requests.decided_at END`,
)

/**
 * Has an administrator allowed this identity to be this user, although for `cause` it had to be asked? An approval is good
 * for one link, and used up by this.
 */
export async function useApproval(
  tx: Tx,
  accountId: string,
  { connectionId, userId, identityKey, cause, now }: Omit<NewMatchRequest, 'id' | 'incoming'>,
): Promise<boolean> {
  return (await tx.run(USE_APPROVAL, [now, accountId, connectionId, userId, identityKey, cause])) > 0
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

/**
 * Put a possible match before the administrators. A retry finds the request that is there, decided or not; for another
 * cause, or after it was used, it is asked anew.
 */
export async function recordMatchRequest(tx: Tx, accountId: string, r: NewMatchRequest): Promise<void> {
  const keys = [accountId, r.id, r.connectionId, r.userId, r.identityKey]
  await tx.run(RECORD, [...keys, r.incoming, r.cause, r.now, r.now])
}
