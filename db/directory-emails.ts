import type { Tx } from './database.js'
import { statement } from './statement.js'

const INSERT_EMAIL = statement(
  `INSERT INTO directory_emails (account_id, connection_id, value_key, directory_user_id, ordinal) VALUES (?, ?, ?, ?, ?)`,
)
const DELETE_EMAIL = statement(
  `DELETE FROM directory_emails
   WHERE account_id = ? AND connection_id = ? AND value_key = ? AND directory_user_id = ?`,
)

/** Keep the search index of `emails.value` in step: `before` and `after` are folded addresses in document order. */
export async function replaceEmails(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  if (before.length === after.length && before.every((key, index) => key === after[index])) return
  for (const key of new Set(before)) await tx.run(DELETE_EMAIL, [accountId, connectionId, key, id])
  for (const [ordinal, key] of after.entries()) await tx.run(INSERT_EMAIL, [accountId, connectionId, key, id, ordinal])
}
