import type { Param, Queries } from './database.js'
import { behindPrefix } from './event-search.js'
import { composed, statement } from './statement.js'
import type { UserRow } from './users.js'

export interface UserSearch {
  /** Folded beginning of e-mail, userName, externalId or a word of the name. */
  readonly prefix?: string | undefined
  /** Undefined: everyone who is not deleted. */
  readonly status?: string | undefined
  /** Ids behind this one. */
  readonly after: string
  readonly limit: number
}

/** A page of the users of an account in the order of their ids, hence of their creation. */
export function searchUsers(q: Queries, accountId: string, search: UserSearch): Promise<UserRow[]> {
  return search.prefix === undefined ? pageOfUsers(q, accountId, search) : usersByPrefix(q, accountId, search)
}

function pageOfUsers(q: Queries, accountId: string, { status, after, limit }: UserSearch): Promise<UserRow[]> {
  if (status !== undefined) return q.all(OF_STATUS, [accountId, status, after, limit])
  return q.all(LIVE, [accountId, after, limit])
}

const OF_STATUS = statement(
  (d) =>
    `SELECT * FROM users${d.indexed('users_status')} WHERE account_id = ? AND status = ? AND id > ? ORDER BY id LIMIT ?`,
)
const LIVE = statement(`SELECT * FROM users WHERE account_id = ? AND id > ? AND deleted_at IS NULL ORDER BY id LIMIT ?`)

/** People with one of whose terms the prefix agrees: a range of terms, each person once. */
function usersByPrefix(
  q: Queries,
  accountId: string,
  { prefix = '', status, after, limit }: UserSearch,
): Promise<UserRow[]> {
  const params: Param[] = [accountId, prefix, behindPrefix(prefix), after, accountId]
  if (status !== undefined) params.push(status)
  const text = `SELECT u.* FROM (SELECT DISTINCT user_id FROM user_terms
      WHERE account_id = ? AND term >= ? AND term < ? AND user_id > ?) AS found
    ${q.dialect.join} users u ON u.account_id = ? AND u.id = found.user_id
    WHERE ${status === undefined ? 'u.deleted_at IS NULL' : 'u.status = ?'} ORDER BY u.id LIMIT ?`
  return q.all(composed(text), [...params, limit])
}
