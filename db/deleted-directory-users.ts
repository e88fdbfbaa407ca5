import type { Tx } from './database.js'
import type { StoredDirectoryUser } from './directory-users.js'
import { statement } from './statement.js'

const BURY = statement(
  `INSERT INTO deleted_directory_users (account_id, connection_id, id, user_id, user_name_key, external_id, document, deleted_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UNBURY = statement(
  `DELETE FROM deleted_directory_users WHERE account_id = ? AND connection_id = ? AND id = ? RETURNING document, external_id`,
)

/** Keep a deleted person for 30 days. */
export async function insertDeleted(tx: Tx, r: StoredDirectoryUser, deletedAt: number): Promise<void> {
  const keys = [r.account_id, r.connection_id, r.id, r.user_id, r.user_name_key, r.external_id]
  await tx.run(BURY, [...keys, r.document, deletedAt])
}

/** Take a person out of those who were deleted; resolves to what she was, or undefined where somebody else did. */
export function removeDeleted(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<{ readonly document: string; readonly external_id: string | null } | undefined> {
  return tx.get(UNBURY, [accountId, connectionId, id])
}
