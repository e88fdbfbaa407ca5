import type { Queries } from './database.js'
import type { DirectoryUserRow } from './directory-users.js'
import { statement } from './statement.js'
import type { UserRow } from './users.js'

const LINKS = statement(
  (d) => `SELECT r.* FROM ${d.list} ${d.join} directory_users r
    ON r.account_id = ? AND r.connection_id = ? AND r.id = value ORDER BY r.id`,
)
const USERS = statement((d) => `SELECT u.* FROM ${d.list} ${d.join} users u ON u.account_id = ? AND u.id = value`)

/** Directory users by SCIM id, without a lock. */
export function readLinks(
  q: Queries,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<DirectoryUserRow[]> {
  return q.all(LINKS, [JSON.stringify(ids), accountId, connectionId])
}

/** Users by id, without a lock. */
export function readUsers(q: Queries, accountId: string, ids: readonly string[]): Promise<UserRow[]> {
  return q.all(USERS, [JSON.stringify(ids), accountId])
}
