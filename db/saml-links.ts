import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'
import type { UserRow } from './users.js'

/** One step by which an identity may be found (PRODUCT 2.10), and who it finds. */
export interface Step {
  readonly step: 'link' | 'externalId' | 'userName' | 'email'
  readonly user_id: string
  /** The connection of the directory user behind her; null for a local one. */
  readonly linked_to: string | null
}

const FIND = statement(
  (d) => `SELECT 'link' AS step, k.user_id, l.connection_id AS linked_to
      FROM saml_links k LEFT JOIN directory_users l ON l.account_id = k.account_id AND l.user_id = k.user_id
      WHERE k.account_id = ? AND k.connection_id = ? AND k.identifier = ?
    UNION ALL
    SELECT 'externalId' AS step, user_id, connection_id AS linked_to FROM directory_users
      WHERE account_id = ? AND connection_id = ? AND external_id = ?
    UNION ALL
    SELECT 'userName' AS step, user_id, connection_id AS linked_to FROM directory_users
      WHERE account_id = ? AND connection_id = ? AND user_name_key = ?
    UNION ALL
    SELECT 'email' AS step, u.id AS user_id, l.connection_id AS linked_to
      FROM users u LEFT JOIN directory_users l${d.indexed('directory_users_link')} ON l.account_id = u.account_id AND l.user_id = u.id
      WHERE u.account_id = ? AND u.email_key = ? AND u.deleted_at IS NULL`,
)
const REMEMBER = statement(
  `INSERT INTO saml_links (account_id, connection_id, identifier, user_id, created_at) VALUES (?, ?, ?, ?, ?)
   ON CONFLICT DO NOTHING`,
)

/** What an identity provider says of a person; null matches nobody. Keys are folded. */
export interface ClaimedIdentity {
  readonly identifier: string | null
  readonly externalId: string | null
  readonly userNameKey: string | null
  readonly emailKey: string | null
}

export function findByIdentity(
  q: Queries,
  accountId: string,
  connectionId: string,
  { identifier, externalId, userNameKey, emailKey }: ClaimedIdentity,
): Promise<Step[]> {
  const scope = [accountId, connectionId]
  return q.all(FIND, [...scope, identifier, ...scope, externalId, ...scope, userNameKey, accountId, emailKey])
}

/** From now on this identifier of this connection is this user. */
export async function rememberIdentity(
  tx: Tx,
  { account_id, id }: Pick<UserRow, 'account_id' | 'id'>,
  connectionId: string,
  identifier: string,
  now: number,
): Promise<void> {
  await tx.run(REMEMBER, [account_id, connectionId, identifier, id, now])
}
