import { nameKey } from '../filter/name-key.js'
import type { Queries, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import type { EndReason } from './sessions.js'
import { type Statement, statement } from './statement.js'

/** The account user: facts, and what was derived from them for indexes and lists. Booleans are 0 or 1. */
export interface UserRow {
  readonly account_id: string
  readonly id: string
  readonly given_name: string | null
  readonly family_name: string | null
  readonly display_name: string
  readonly email: string | null
  /** fold(email) */
  readonly email_key: string | null
  readonly origin: 'local' | 'directory'
  readonly accepted_at: number | null
  readonly suspended_by_admin: number
  readonly suspended_by_end: number
  readonly transfer_declined: number
  readonly transferred_out: number
  readonly desired_active: number | null
  readonly status: string
  readonly status_reason: string | null
  readonly role_id: string
  readonly role_source: string
  readonly role_source_id: string
  readonly overridden: number
  readonly candidate_scim_id: string | null
  readonly last_sign_in_at: number | null
  /** 1 allowed, 0 switched off, null as long as there is an address. */
  readonly web_login: number | null
  /** What she chose to read; null until she did. */
  readonly language: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
  readonly deleted_at: number | null
}

const COLUMNS = [
  ['id', 'text'],
  ['given_name', 'text'],
  ['family_name', 'text'],
  ['display_name', 'text'],
  ['email', 'text'],
  ['email_key', 'text'],
  ['origin', 'text'],
  ['accepted_at', 'integer'],
  ['suspended_by_admin', 'integer'],
  ['suspended_by_end', 'integer'],
  ['transfer_declined', 'integer'],
  ['transferred_out', 'integer'],
  ['desired_active', 'integer'],
  ['status', 'text'],
  ['status_reason', 'text'],
  ['role_id', 'text'],
  ['role_source', 'text'],
  ['role_source_id', 'text'],
  ['overridden', 'integer'],
  ['candidate_scim_id', 'text'],
  ['last_sign_in_at', 'integer'],
  ['web_login', 'integer'],
  ['language', 'text'],
  ['version', 'integer'],
  ['created_at', 'integer'],
  ['updated_at', 'integer'],
  ['deleted_at', 'integer'],
] as const satisfies JsonColumn[]

const NAMES = COLUMNS.map(([name]) => name)
const CHANGEABLE = NAMES.filter((name) => name !== 'id' && name !== 'created_at')

const INSERT = statement(
  `INSERT INTO users (account_id, name_key, ${NAMES.join(', ')}) VALUES (?, ?, ${NAMES.map(() => '?').join(', ')})`,
)
const LOCK = statement((d) => `SELECT * FROM users WHERE account_id = ? AND id = ?${d.forUpdate}`)
const LOCK_MANY = statement(
  (d) => `SELECT u.* FROM ${d.list} ${d.join} users u ON u.account_id = ? AND u.id = value
    ORDER BY u.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF u`}`,
)

export async function insertUser(tx: Tx, user: UserRow): Promise<void> {
  await tx.run(INSERT, [user.account_id, nameKey(user.display_name), ...NAMES.map((name) => user[name])])
}

/** Writing a column that an index holds rewrites its entry, even when the value stays; so these are named when they change. */
const INDEXED = [
  ...(['email_key', 'status', 'candidate_scim_id', 'deleted_at'] as const),
  ...(['display_name', 'role_id', 'overridden', 'last_sign_in_at'] as const),
]
const FREE = CHANGEABLE.filter((name) => !INDEXED.some((indexed) => indexed === name))
const updates = new Map<string, Statement>()

function updateOf(names: readonly (keyof UserRow)[]): Statement {
  const key = names.join()
  const known = updates.get(key)
  if (known !== undefined) return known
  const columns = names.flatMap((name) => (name === 'display_name' ? [name, 'name_key'] : [name]))
  const text = `UPDATE users SET ${columns.map((name) => `${name} = ?`).join(', ')} WHERE account_id = ? AND id = ?`
  updates.set(key, statement(text))
  return updateOf(names)
}

/** Write a user; `before`, where known, spares the indexes whose columns did not change. */
export async function updateUser(tx: Tx, user: UserRow, before?: UserRow): Promise<void> {
  const names = [...FREE, ...INDEXED.filter((name) => before === undefined || before[name] !== user[name])]
  const values = names.flatMap((name) => (name === 'display_name' ? [user[name], nameKey(user[name])] : [user[name]]))
  await tx.run(updateOf(names), [...values, user.account_id, user.id])
  if (before !== undefined && before.email_key !== user.email_key && user.email_key !== null)
    await tx.run(RENAME_LOGIN, [user.email_key, user.account_id, user.id])
}

/** By which address her password is found. */
const RENAME_LOGIN = statement(`UPDATE passwords SET email_key = ? WHERE account_id = ? AND user_id = ?`)

export function lockUser(tx: Tx, accountId: string, id: string): Promise<UserRow | undefined> {
  return tx.get(LOCK, [accountId, id])
}

/** Lock many, in the order of their ids (DESIGN 4, Transactions). */
export function lockUsers(tx: Tx, accountId: string, ids: readonly string[]): Promise<UserRow[]> {
  return tx.all(LOCK_MANY, [JSON.stringify(ids), accountId])
}

const DERIVED: JsonColumn[] = [
  ['id', 'text'],
  ['status', 'text'],
  ['status_reason', 'text'],
  ['role_id', 'text'],
  ['role_source', 'text'],
  ['role_source_id', 'text'],
  ['overridden', 'integer'],
  ['updated_at', 'integer'],
]
const KEPT = NAMES.filter((name) => !DERIVED.some(([derived]) => derived === name))
// An upsert is driven by its rows; SQLite plans an UPDATE … FROM from the table and walks the account.
const UPDATE_DERIVED = statement(
  (d) => `INSERT INTO users (account_id, ${DERIVED.map(([name]) => name).join(', ')}, ${KEPT.join(', ')})
    SELECT u.account_id, ${DERIVED.map(([name]) => `v.${name}`).join(', ')}, ${KEPT.map((name) => `u.${name}`).join(', ')}
    FROM ${d.rows(DERIVED)} AS v ${d.join} users u ON u.account_id = ? AND u.id = v.id
    WHERE true ON CONFLICT (account_id, id) DO UPDATE SET
      ${DERIVED.filter(([name]) => name !== 'id')
        .map(([name]) => `${name} = excluded.${name}`)
        .join(', ')}, version = users.version + 1`,
)

export type DerivedRow = Pick<
  UserRow,
  'id' | 'status' | 'status_reason' | 'role_id' | 'role_source' | 'role_source_id' | 'overridden' | 'updated_at'
>

/** Store what was derived anew for many people, with one statement. */
export async function updateDerived(tx: Tx, accountId: string, rows: readonly DerivedRow[]): Promise<void> {
  const values = rows.map((r) => [
    r.id,
    r.status,
    r.status_reason,
    r.role_id,
    r.role_source,
    r.role_source_id,
    r.overridden,
    r.updated_at,
  ])
  await tx.run(UPDATE_DERIVED, [JSON.stringify(values), accountId])
}

const FIND = statement(`SELECT * FROM users WHERE account_id = ? AND id = ?`)
const FIND_BY_EMAIL = statement(`SELECT * FROM users WHERE account_id = ? AND email_key = ? AND deleted_at IS NULL`)
const FIND_BY_CANDIDATE = statement(`SELECT * FROM users WHERE account_id = ? AND candidate_scim_id = ?`)

export function findUser(q: Queries, accountId: string, id: string): Promise<UserRow | undefined> {
  return q.get(FIND, [accountId, id])
}

/** The live user who has this address; `emailKey` is folded. */
export function findUserByEmail(q: Queries, accountId: string, emailKey: string): Promise<UserRow | undefined> {
  return q.get(FIND_BY_EMAIL, [accountId, emailKey])
}

export function findUserByCandidate(q: Queries, accountId: string, scimId: string): Promise<UserRow | undefined> {
  return q.get(FIND_BY_CANDIDATE, [accountId, scimId])
}

const INSERT_TERMS = statement(
  (d) => `INSERT INTO user_terms (account_id, term, user_id)
    SELECT ?, value, ? FROM ${d.list} WHERE true ON CONFLICT DO NOTHING`,
)
const DELETE_TERMS = statement(
  (d) => `DELETE FROM user_terms WHERE account_id = ? AND user_id = ? AND term IN (SELECT value FROM ${d.list})`,
)

/** Make a user findable by these folded texts. */
export async function insertTerms(tx: Tx, accountId: string, userId: string, terms: readonly string[]): Promise<void> {
  if (terms.length > 0) await tx.run(INSERT_TERMS, [accountId, userId, JSON.stringify(terms)])
}

export async function deleteTerms(tx: Tx, accountId: string, userId: string, terms: readonly string[]): Promise<void> {
  if (terms.length > 0) await tx.run(DELETE_TERMS, [accountId, userId, JSON.stringify(terms)])
}

const END_SESSIONS = statement(
  (d) => `UPDATE sessions${d.indexed('sessions_user')} SET ended_at = ?, end_reason = ?
    WHERE account_id = ? AND ended_at IS NULL AND user_id IN (SELECT value FROM ${d.list}) RETURNING user_id, expires_at`,
)
const REVOKE_INVITATIONS = statement(
  (d) => `UPDATE invitations${d.indexed('invitations_user')} SET state = 'revoked', updated_at = ?
    WHERE account_id = ? AND state = 'pending' AND user_id IN (SELECT value FROM ${d.list}) RETURNING user_id`,
)

/** End every session of these users. Resolves to one entry per session that was still live: whose it was. */
export async function endSessions(
  tx: Tx,
  accountId: string,
  userIds: readonly string[],
  now: number,
  reason: EndReason,
): Promise<string[]> {
  const params = [now, reason, accountId, JSON.stringify(userIds)]
  const rows = await tx.all<{ user_id: string; expires_at: number }>(END_SESSIONS, params)
  return rows.filter((row) => row.expires_at > now).map((row) => row.user_id)
}

/** Revoke every pending invitation of these users. Resolves to one entry per invitation: whose it was. */
export async function revokeInvitations(
  tx: Tx,
  accountId: string,
  userIds: readonly string[],
  now: number,
): Promise<string[]> {
  const rows = await tx.all<{ user_id: string }>(REVOKE_INVITATIONS, [now, accountId, JSON.stringify(userIds)])
  return rows.map((row) => row.user_id)
}

const STANDINGS = statement(
  (d) => `SELECT u.id, u.status, u.email, u.display_name FROM ${d.list} ${d.join} users u
    ON u.account_id = ? AND u.id = value`,
)

export type Standing = Pick<UserRow, 'id' | 'status' | 'email' | 'display_name'>

/** How people stand and what they are called, by id. */
export async function standingsOf(
  q: Queries,
  accountId: string,
  ids: readonly string[],
): Promise<Map<string, Standing>> {
  const rows = await q.all<Standing>(STANDINGS, [JSON.stringify(ids), accountId])
  return new Map(rows.map((row) => [row.id, row]))
}
