import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface MatchRequestRow {
  readonly account_id: string
  readonly id: string
  readonly connection_id: string
  readonly user_id: string
  readonly identity_key: string
  /** JSON text: userName, externalId and address that the directory sent. */
  readonly incoming: string
  readonly cause: string
  readonly state: string
  /** JSON text of who decided, or null. */
  readonly decided_by: string | null
  readonly decided_at: number | null
  readonly created_at: number
  readonly updated_at: number
}

const LOCK = statement((d) => `SELECT * FROM match_requests WHERE account_id = ? AND id = ?${d.forUpdate}`)
const DECIDE = statement(
  `UPDATE match_requests SET state = ?, decided_by = ?, decided_at = ?, updated_at = ? WHERE account_id = ? AND id = ?`,
)
const PAGE = statement(`SELECT * FROM match_requests WHERE account_id = ? AND id > ? ORDER BY id LIMIT ?`)
const PAGE_OF_STATE = statement(
  `SELECT * FROM match_requests WHERE account_id = ? AND state = ? AND id > ? ORDER BY id LIMIT ?`,
)

export function lockMatchRequest(tx: Tx, accountId: string, id: string): Promise<MatchRequestRow | undefined> {
  return tx.get(LOCK, [accountId, id])
}

export async function decideMatchRequest(
  tx: Tx,
  accountId: string,
  id: string,
  decision: { state: 'approved' | 'refused'; decidedBy: string; now: number },
): Promise<void> {
  await tx.run(DECIDE, [decision.state, decision.decidedBy, decision.now, decision.now, accountId, id])
}

/** Oldest first, behind the id `after`; of one state, or of all. */
export function pageOfMatchRequests(
  q: Queries,
  accountId: string,
  state: string | undefined,
  after: string,
  limit: number,
): Promise<MatchRequestRow[]> {
  if (state === undefined) return q.all(PAGE, [accountId, after, limit])
  return q.all(PAGE_OF_STATE, [accountId, state, after, limit])
}
