import type { Tx } from './database.js'
import { statement } from './statement.js'

const KEEP_GRANTS = statement(
  (
    d,
  ) => `INSERT INTO grants (account_id, user_id, kind, value, source, source_id, effect, features, reason, actor, expires_at, created_at)
    SELECT g.account_id, g.user_id, g.kind, g.value, 'manual', '', g.effect, g.features, ?, NULL, NULL, g.created_at
    FROM (SELECT value AS wanted FROM ${d.list}) AS w ${d.join} grants g ON g.account_id = ? AND g.user_id = w.wanted
    WHERE g.source IN ('rule', 'attribute', 'default') AND NOT (g.kind = 'role' AND EXISTS (
      SELECT 1 FROM grants o WHERE o.account_id = g.account_id AND o.user_id = g.user_id
        AND o.kind = 'role' AND o.source = 'manual'))
    ON CONFLICT DO NOTHING`,
)
const DROP_SYNC_GRANTS = statement(
  (d) => `DELETE FROM grants WHERE account_id = ? AND user_id IN (SELECT value FROM ${d.list})
    AND source IN ('rule', 'attribute', 'default')`,
)
const MAKE_LOCAL = statement(
  (d) => `UPDATE users SET origin = 'local', desired_active = NULL, updated_at = ?, version = version + 1,
      suspended_by_end = CASE WHEN desired_active = 0 THEN 1 ELSE suspended_by_end END
    WHERE account_id = ? AND id IN (SELECT value FROM ${d.list})`,
)

/** What sync gave stays, by hand from now on, with the reason why. A manual role that exists stands. */
export async function keepSyncGrants(
  tx: Tx,
  accountId: string,
  userIds: readonly string[],
  reason: string,
): Promise<void> {
  const ids = JSON.stringify(userIds)
  await tx.run(KEEP_GRANTS, [reason, ids, accountId])
  await tx.run(DROP_SYNC_GRANTS, [accountId, ids])
}

/** Nobody manages these users any more. Whom the directory had switched off stays off, until an administrator decides. */
export async function makeLocal(tx: Tx, accountId: string, userIds: readonly string[], now: number): Promise<void> {
  await tx.run(MAKE_LOCAL, [now, accountId, JSON.stringify(userIds)])
}

const OF_PEOPLE = ['directory_emails', 'directory_members'].map((table) =>
  statement(
    (d) => `DELETE FROM ${table} WHERE account_id = ? AND connection_id = ?
      AND directory_user_id IN (SELECT value FROM ${d.list})`,
  ),
)
const DELETE_PEOPLE = statement(
  (d) =>
    `DELETE FROM directory_users WHERE account_id = ? AND connection_id = ? AND id IN (SELECT value FROM ${d.list})`,
)

/** Remove the documents of these people with everything that hangs on them. */
export async function deletePeople(
  tx: Tx,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<void> {
  const list = JSON.stringify(ids)
  for (const table of [...OF_PEOPLE, DELETE_PEOPLE]) await tx.run(table, [accountId, connectionId, list])
}

const OF_CONNECTION = [
  'access_tokens',
  'client_federations',
  'client_secrets',
  'deleted_directory_users',
  'directory_members',
  'directory_groups',
  'mapping_rules',
  'match_requests',
  'saml_keys',
  'saml_notices',
  'saml_refresh',
  'saml_settings',
  'scim_tokens',
  'used_client_assertions',
].map((table) => statement(`DELETE FROM ${table} WHERE account_id = ? AND connection_id = ?`))
const DELETE_CONNECTION = statement(`DELETE FROM connections WHERE account_id = ? AND id = ?`)

/** Remove what is left of a connection once nobody belongs to it. */
export async function deleteConnection(tx: Tx, accountId: string, id: string): Promise<void> {
  for (const table of [...OF_CONNECTION, DELETE_CONNECTION]) await tx.run(table, [accountId, id])
}
