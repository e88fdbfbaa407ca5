import type { Queries, Tx } from './database.js'
import { CHUNK, inChunks, sorted } from './in-chunks.js'
import { statement } from './statement.js'

/** The desired state of one person: what the IdP last said. */
export interface DirectoryUserRow {
  readonly account_id: string
  readonly connection_id: string
  /** The SCIM id. */
  readonly id: string
  readonly user_id: string
  readonly user_name_key: string
  readonly external_id: string | null
  readonly display_key: string | null
  readonly desired_active: number
  readonly manager_id: string | null
  /** JSON text without the manager, who stands in manager_id alone. */
  readonly document: string
  readonly folded: string
  readonly rules_version: number
  readonly version: number
  readonly created_at: number
  readonly last_modified: number
}

/** As it is read: what filters see stays in the database. */
export type StoredDirectoryUser = Omit<DirectoryUserRow, 'folded'>

/** The columns of a stored person over the alias `r`. */
export const COLUMNS = `r.account_id, r.connection_id, r.id, r.user_id, r.user_name_key, r.external_id, r.display_key,
  r.desired_active, r.manager_id, r.document, r.rules_version, r.version, r.created_at, r.last_modified`

const INSERT = statement(
  `INSERT INTO directory_users (account_id, connection_id, id, user_id, user_name_key, external_id, display_key,
    desired_active, manager_id, document, folded, rules_version, version, created_at, last_modified)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UPDATE = statement(
  `UPDATE directory_users SET user_name_key = ?, external_id = ?, display_key = ?, desired_active = ?, manager_id = ?,
    document = ?, folded = ?, rules_version = ?, version = ?, last_modified = ?
   WHERE account_id = ? AND connection_id = ? AND id = ?`,
)
const DELETE = statement(`DELETE FROM directory_users WHERE account_id = ? AND connection_id = ? AND id = ?`)
const LOCK = statement(
  (d) =>
    `SELECT ${COLUMNS} FROM directory_users r WHERE r.account_id = ? AND r.connection_id = ? AND r.id = ?${d.forUpdate}`,
)
const LOCK_MANY = statement(
  (d) => `SELECT ${COLUMNS} FROM ${d.list} ${d.join} directory_users r
    ON r.account_id = ? AND r.connection_id = ? AND r.id = value
    ORDER BY r.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF r`}`,
)
const FIND_LINK = statement(`SELECT ${COLUMNS} FROM directory_users r WHERE r.account_id = ? AND r.user_id = ?`)
const FIND_LINKS = statement(
  (d) => `SELECT ${COLUMNS} FROM ${d.list} ${d.join} directory_users r ON r.account_id = ? AND r.user_id = value`,
)

const FIND_HOLDERS = statement(
  (d) => `SELECT r.user_id, r.connection_id FROM ${d.list} ${d.join} directory_users r
    ON r.account_id = ? AND r.user_id = value`,
)

export async function insertDirectoryUser(tx: Tx, r: DirectoryUserRow): Promise<void> {
  await tx.run(INSERT, [
    r.account_id,
    r.connection_id,
    r.id,
    r.user_id,
    r.user_name_key,
    r.external_id,
    r.display_key,
    r.desired_active,
    r.manager_id,
    r.document,
    r.folded,
    r.rules_version,
    r.version,
    r.created_at,
    r.last_modified,
  ])
}

// SQLite rewrites the entry of every index whose column is named in SET, changed or not: keys are named when they change.
const UPDATE_CONTENT = statement(
  `UPDATE directory_users SET desired_active = ?, document = ?, folded = ?, rules_version = ?, version = ?, last_modified = ?
   WHERE account_id = ? AND connection_id = ? AND id = ?`,
)

/** Write a changed person; `before` tells which keys stayed. */
export async function updateDirectoryUser(tx: Tx, r: DirectoryUserRow, before: StoredDirectoryUser): Promise<void> {
  const scope = [r.account_id, r.connection_id, r.id]
  const content = [r.document, r.folded, r.rules_version, r.version, r.last_modified]
  const keys = ['user_name_key', 'external_id', 'display_key', 'manager_id'] as const
  if (keys.every((key) => r[key] === before[key])) {
    await tx.run(UPDATE_CONTENT, [r.desired_active, ...content, ...scope])
    return
  }
  const changed = [r.user_name_key, r.external_id, r.display_key, r.desired_active, r.manager_id]
  await tx.run(UPDATE, [...changed, ...content, ...scope])
}

export async function deleteDirectoryUser(tx: Tx, accountId: string, connectionId: string, id: string): Promise<void> {
  await tx.run(DELETE, [accountId, connectionId, id])
}

export function lockDirectoryUser(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<StoredDirectoryUser | undefined> {
  return tx.get(LOCK, [accountId, connectionId, id])
}

/** Lock many, in the order of their ids; ids that are not of this connection are left out. */
export function lockDirectoryUsers(
  tx: Tx,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<StoredDirectoryUser[]> {
  return tx.all(LOCK_MANY, [JSON.stringify(ids), accountId, connectionId])
}

const LOCK_IDS = statement(
  (d) => `SELECT r.id FROM ${d.list} ${d.join} directory_users r
    ON r.account_id = ? AND r.connection_id = ? AND r.id = value
    ORDER BY r.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF r`}`,
)

/** Lock many, however many, in the order of their ids, and read no more than which of them are there. */
export async function lockDirectoryUserIds(
  tx: Tx,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<string[]> {
  const isOrdered = ids.length <= CHUNK || tx.dialect.forUpdate === ''
  const rows = await inChunks(tx, isOrdered ? ids : await sorted(tx, ids), (some) =>
    tx.all<{ id: string }>(LOCK_IDS, [JSON.stringify(some), accountId, connectionId]),
  )
  return rows.map((row) => row.id)
}

// Who reports to her is looked up by itself: neither planner reads `id = ? OR manager_id = ?` from two indexes.
const LOCK_WITH_REPORTS = statement(
  (d) => `SELECT id FROM directory_users WHERE account_id = ? AND connection_id = ? AND id IN (
      SELECT CAST(? AS TEXT) UNION ALL
      SELECT id FROM directory_users WHERE account_id = ? AND connection_id = ? AND manager_id = ?)
    ORDER BY id${d.forUpdate}`,
)

/** Lock a person together with everyone who reports to her, in the order of their ids. */
export async function lockWithReports(tx: Tx, accountId: string, connectionId: string, id: string): Promise<void> {
  const scope = [accountId, connectionId, id]
  await tx.all(LOCK_WITH_REPORTS, [...scope, ...scope])
}

/** The live link of an account user, whichever connection holds it. */
export function findLink(q: Queries, accountId: string, userId: string): Promise<StoredDirectoryUser | undefined> {
  return q.get(FIND_LINK, [accountId, userId])
}

export function findLinks(q: Queries, accountId: string, userIds: readonly string[]): Promise<StoredDirectoryUser[]> {
  return q.all(FIND_LINKS, [JSON.stringify(userIds), accountId])
}

/** Which connections hold these account users, by user; nothing of their documents is read. */
export async function holdersOf(
  q: Queries,
  accountId: string,
  userIds: readonly string[],
): Promise<Map<string, string>> {
  const params = [JSON.stringify(userIds), accountId]
  const rows = await q.all<Pick<DirectoryUserRow, 'user_id' | 'connection_id'>>(FIND_HOLDERS, params)
  return new Map(rows.map((row) => [row.user_id, row.connection_id]))
}

const FIND = statement(
  `SELECT ${COLUMNS} FROM directory_users r WHERE r.account_id = ? AND r.connection_id = ? AND r.id = ?`,
)

export function findDirectoryUser(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<StoredDirectoryUser | undefined> {
  return q.get(FIND, [accountId, connectionId, id])
}

const CLEAR_MANAGER = statement(
  `UPDATE directory_users SET manager_id = NULL, version = version + 1, last_modified = ?
   WHERE account_id = ? AND connection_id = ? AND manager_id = ? RETURNING id`,
)

/** Take a deleted person out of the manager attribute of everyone who reported to her (RFC 7644 §3.6): of these ids. */
export async function clearManager(
  tx: Tx,
  accountId: string,
  connectionId: string,
  managerId: string,
  now: number,
): Promise<string[]> {
  const rows = await tx.all<{ id: string }>(CLEAR_MANAGER, [now, accountId, connectionId, managerId])
  return rows.map((row) => row.id)
}

const MARK_EVALUATED = statement(
  (d) => `UPDATE directory_users SET rules_version = ?
    WHERE account_id = ? AND connection_id = ? AND id IN (SELECT value FROM ${d.list})`,
)

/** Note under which version of the rules these people were evaluated. */
export async function markEvaluated(
  tx: Tx,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
  rulesVersion: number,
): Promise<void> {
  await tx.run(MARK_EVALUATED, [rulesVersion, accountId, connectionId, JSON.stringify(ids)])
}

const PAGE_BELOW = statement(
  `SELECT id FROM directory_users WHERE account_id = ? AND connection_id = ? AND id > ? ORDER BY id LIMIT ?`,
)

/** The next ids of a connection behind `after`, for work in chunks. */
export async function pageOfIds(
  q: Queries,
  accountId: string,
  connectionId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  return (await q.all<{ id: string }>(PAGE_BELOW, [accountId, connectionId, after, limit])).map((row) => row.id)
}

const MANAGER_NAME = statement(
  (d) => `SELECT ${d.json('document')} ->> 'displayName' AS name FROM directory_users
    WHERE account_id = ? AND connection_id = ? AND id = ?`,
)
const MANAGER_NAMES = statement(
  (d) => `SELECT r.id, ${d.json('r.document')} ->> 'displayName' AS name
    FROM ${d.list} ${d.join} directory_users r ON r.account_id = ? AND r.connection_id = ? AND r.id = value`,
)

/** The display name of a manager; null where she is no user of the connection or has none. */
export async function findManagerName(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<string | null> {
  return (await q.get<{ name: string | null }>(MANAGER_NAME, [accountId, connectionId, id]))?.name ?? null
}

/** The display names of many managers, by id, with one statement. */
export async function findManagerNames(
  q: Queries,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await q.all<{ id: string; name: string | null }>(MANAGER_NAMES, [
    JSON.stringify(ids),
    accountId,
    connectionId,
  ])
  return new Map(rows.map(({ id, name }) => [id, name]))
}
