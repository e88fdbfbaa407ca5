import type { Tx } from './database.js'
import { inChunks } from './in-chunks.js'
import { statement } from './statement.js'
import type { UserRow } from './users.js'

const LOCK_CANDIDATES = statement(
  (d) => `SELECT u.* FROM ${d.list} ${d.join} users u ON u.account_id = ? AND u.candidate_scim_id = value
    WHERE u.deleted_at IS NULL ORDER BY u.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF u`}`,
)

/** Local users who stand under these candidate SCIM ids, locked. */
export function lockCandidates(tx: Tx, accountId: string, scimIds: readonly string[]): Promise<UserRow[]> {
  return inChunks(tx, scimIds, (some) => tx.all(LOCK_CANDIDATES, [JSON.stringify(some), accountId]))
}
