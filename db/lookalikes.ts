import type { Queries } from './database.js'
import { statement } from './statement.js'

/** Everyone a new or changed person could collide with or be (PRODUCT 2.10), in one statement. */
export interface Lookalike {
  /** `directory`: by userName or externalId in this connection. `user`: by address in the account. */
  readonly kind: 'directory' | 'user' | 'deleted'
  readonly id: string
  readonly user_id: string
  readonly user_name_key: string | null
  readonly external_id: string | null
  readonly deleted_at: number | null
}

const LOOKALIKES = statement(
  `SELECT 'directory' AS kind, id, user_id, user_name_key, external_id, CAST(NULL AS BIGINT) AS deleted_at FROM directory_users
     WHERE account_id = ? AND connection_id = ? AND user_name_key = ?
   UNION ALL
   SELECT 'directory' AS kind, id, user_id, user_name_key, external_id, CAST(NULL AS BIGINT) AS deleted_at FROM directory_users
     WHERE account_id = ? AND connection_id = ? AND external_id = ?
   UNION ALL
   SELECT 'user' AS kind, id, id AS user_id, NULL AS user_name_key, NULL AS external_id, CAST(NULL AS BIGINT) AS deleted_at FROM users
     WHERE account_id = ? AND email_key = ? AND deleted_at IS NULL
   UNION ALL
   SELECT 'deleted' AS kind, id, user_id, user_name_key, external_id, deleted_at FROM deleted_directory_users
     WHERE account_id = ? AND connection_id = ? AND external_id = ? AND deleted_at > ?
   UNION ALL
   SELECT 'deleted' AS kind, id, user_id, user_name_key, external_id, deleted_at FROM deleted_directory_users
     WHERE account_id = ? AND connection_id = ? AND user_name_key = ? AND external_id IS NULL AND deleted_at > ?`,
)

export interface LookalikeKeys {
  readonly userNameKey: string
  readonly externalId: string | null
  readonly emailKey: string | null
  /** Who was deleted before this instant is not restored. */
  readonly deletedSince: number
}

export function findLookalikes(
  q: Queries,
  accountId: string,
  connectionId: string,
  { userNameKey, externalId, emailKey, deletedSince }: LookalikeKeys,
): Promise<Lookalike[]> {
  const scope = [accountId, connectionId]
  return q.all(LOOKALIKES, [
    ...[...scope, userNameKey],
    ...[...scope, externalId],
    ...[accountId, emailKey],
    ...[...scope, externalId, deletedSince],
    ...[...scope, userNameKey, deletedSince],
  ])
}
