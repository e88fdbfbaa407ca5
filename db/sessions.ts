import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface SessionRow {
  readonly account_id: string
  /** SHA-256 of the cookie's value, base64url. */
  readonly id_hash: string
  /** What it is called where it is shown: says nothing about the cookie. */
  readonly id: string
  readonly user_id: string
  readonly connection_id: string | null
  readonly method: 'saml' | 'password'
  readonly name_id: string | null
  readonly session_index: string | null
  /** Where it began. */
  readonly address: string | null
  readonly user_agent: string | null
  readonly created_at: number
  readonly expires_at: number
  readonly ended_at: number | null
  readonly end_reason: EndReason | null
}

/** Why a session ended before its time. */
export type EndReason =
  | 'signed_out'
  | 'ended_by_user'
  | 'administrator'
  | 'identity_provider'
  | 'deactivated'
  | 'web_login_disabled'
  | 'password_changed'

/** A live session with what is read of its user on every request. */
export interface SessionHolder {
  readonly account_id: string
  readonly account_name: string
  readonly session_id: string
  readonly user_id: string
  readonly email: string | null
  readonly display_name: string
  readonly status: string
  readonly suspended_by_end: number
  readonly role_id: string
  readonly role_key: string
  readonly permissions: string
  readonly rank: number
  readonly method: SessionRow['method']
  readonly language: string | null
  readonly owner_user_id: string | null
  /** 1 where she has a second factor. */
  readonly second_factor: number
  readonly expires_at: number
}

const INSERT = statement(
  `INSERT INTO sessions (account_id, id_hash, id, user_id, connection_id, method, name_id, session_index, address, user_agent,
     created_at, expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const FIND_HOLDER = statement(
  (d) => `SELECT s.account_id, a.name AS account_name, s.id AS session_id, s.user_id, u.email, u.display_name, u.status,
      u.suspended_by_end, u.role_id, r.key AS role_key, r.permissions, r.rank, s.expires_at, s.method, u.language,
      a.owner_user_id, (SELECT COUNT(*) FROM second_factors f WHERE f.account_id = s.account_id AND f.user_id = s.user_id)
        AS second_factor
    FROM sessions s ${d.join} users u ON u.account_id = s.account_id AND u.id = s.user_id
    ${d.join} accounts a ON a.account_id = s.account_id
    ${d.join} roles r ON r.account_id = s.account_id AND r.id = u.role_id
    WHERE s.id_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?`,
)
const LIVE = statement(
  (d) => `SELECT * FROM sessions${d.indexed('sessions_user')}
    WHERE account_id = ? AND user_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY created_at, id`,
)
const ENDED = 'account_id, user_id, connection_id, method, name_id, session_index'
const END = statement(
  `UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id_hash = ? AND ended_at IS NULL RETURNING ${ENDED}`,
)
const endOf = (which: string) =>
  statement(
    (d) => `UPDATE sessions${d.indexed('sessions_user')} SET ended_at = ?, end_reason = ?
      WHERE account_id = ? AND user_id = ? AND ended_at IS NULL AND expires_at > ? AND id ${which} ?`,
  )
const END_ONE = endOf('=')
const END_OTHERS = endOf('IS DISTINCT FROM')
const END_BY_NAME = statement(
  (d) => `UPDATE sessions${d.indexed('sessions_name')} SET ended_at = ?, end_reason = 'identity_provider'
    WHERE account_id = ? AND connection_id = ? AND name_id = ? AND ended_at IS NULL
      AND (CAST(? AS INTEGER) = 0 OR session_index IN (SELECT value FROM ${d.list}))
    RETURNING ${ENDED}`,
)

/** What a session was. */
export type EndedSession = Pick<
  SessionRow,
  'account_id' | 'user_id' | 'connection_id' | 'method' | 'name_id' | 'session_index'
>

export async function insertSession(tx: Tx, r: SessionRow): Promise<void> {
  const who = [r.account_id, r.id_hash, r.id, r.user_id, r.connection_id, r.method, r.name_id, r.session_index]
  await tx.run(INSERT, [...who, r.address, r.user_agent, r.created_at, r.expires_at])
}

/** Door: by the hash of the cookie alone. Role and status are those of this moment. */
export function findSessionHolder(q: Queries, idHash: string, now: number): Promise<SessionHolder | undefined> {
  return q.get(FIND_HOLDER, [idHash, now])
}

/** The live sessions of one person, oldest first. */
export function sessionsOf(q: Queries, accountId: string, userId: string, now: number): Promise<SessionRow[]> {
  return q.all(LIVE, [accountId, userId, now])
}

/** End a session. Resolves to what it was; undefined where it had ended. */
export function endSession(tx: Tx, idHash: string, now: number, reason: EndReason): Promise<EndedSession | undefined> {
  return tx.get(END, [now, reason, idHash])
}

/** Whose sessions, when and why. */
export interface EndOrder {
  readonly accountId: string
  readonly userId: string
  readonly now: number
  readonly reason: EndReason
}

/** End the live session of this name. Resolves to whether there was one. */
export async function endSessionOf(tx: Tx, order: EndOrder, id: string): Promise<boolean> {
  return (await tx.run(END_ONE, [...wordsOf(order), id])) > 0
}

/** End all live sessions of a person, but for one where one is named. Resolves to how many. */
export function endSessionsOf(tx: Tx, order: EndOrder, except: string | null): Promise<number> {
  return tx.run(END_OTHERS, [...wordsOf(order), except])
}

function wordsOf({ accountId, userId, now, reason }: EndOrder) {
  return [now, reason, accountId, userId, now]
}

/** End the live sessions of whom a connection's identity provider calls so; of all its sessions, or of those named. */
export function endSessionsByName(
  tx: Tx,
  accountId: string,
  connectionId: string,
  nameId: string,
  sessionIndexes: readonly string[],
  now: number,
): Promise<EndedSession[]> {
  const indexes = JSON.stringify(sessionIndexes)
  return tx.all(END_BY_NAME, [now, accountId, connectionId, nameId, sessionIndexes.length, indexes])
}
