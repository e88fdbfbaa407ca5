import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const PEOPLE = statement(
  `SELECT user_id FROM directory_users WHERE account_id = ? AND connection_id = ? ORDER BY id LIMIT ?`,
)
const SUSPEND = statement(
  `UPDATE users SET suspended_by_end = ? WHERE account_id = ? AND id IN
    (SELECT user_id FROM directory_users WHERE account_id = ? AND connection_id = ?)`,
)

/** Ids of account users that this connection manages, at most `limit`. */
export async function peopleOfConnection(
  q: Queries,
  accountId: string,
  connectionId: string,
  limit: number,
): Promise<string[]> {
  const rows = await q.all<{ user_id: string }>(PEOPLE, [accountId, connectionId, limit])
  return rows.map((row) => row.user_id)
}

/** Set the fact that the end of their connection suspends its people; their status follows elsewhere. */
export async function setSuspendedByEnd(
  tx: Tx,
  accountId: string,
  connectionId: string,
  suspended: boolean,
): Promise<void> {
  await tx.run(SUSPEND, [suspended ? 1 : 0, accountId, accountId, connectionId])
}
