import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface SessionRow {
  readonly account_id: string
  /** SHA-256 of the cookie's value, base64url. */
  readonly id_hash: string
  readonly user_id: string
  readonly connection_id: string | null
  readonly method: 'saml' | 'password'
  readonly name_id: string | null
  readonly session_index: string | null
  readonly created_at: number
  readonly expires_at: number
  readonly ended_at: number | null
  readonly end_reason: string | null
}

/** A live session with what is read of its user on every request. */
export interface SessionHolder {
  readonly account_id: string
  readonly account_name: string
  readonly user_id: string
  readonly email: string | null
  readonly display_name: string
  readonly status: string
  readonly role_id: string
  readonly role_key: string
  readonly permissions: string
  readonly rank: number
  readonly expires_at: number
}

const INSERT = statement(
  `INSERT INTO sessions (account_id, id_hash, user_id, connection_id, method, name_id, session_index, created_at, expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const FIND_HOLDER = statement(
  (d) => `SELECT s.account_id, a.name AS account_name, s.user_id, u.email, u.display_name, u.status, u.role_id,
      r.key AS role_key, r.permissions, r.rank, s.expires_at
    FROM sessions s ${d.join} users u ON u.account_id = s.account_id AND u.id = s.user_id
    ${d.join} accounts a ON a.account_id = s.account_id
    ${d.join} roles r ON r.account_id = s.account_id AND r.id = u.role_id
    WHERE s.id_hash = ? AND s.ended_at IS NULL AND s.expires_at > ?`,
)
const ENDED = 'account_id, user_id, connection_id, method, name_id, session_index'
const END = statement(
  `UPDATE sessions SET ended_at = ?, end_reason = ? WHERE id_hash = ? AND ended_at IS NULL RETURNING ${ENDED}`,
)
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
  const { account_id, id_hash, user_id, connection_id, method, name_id, session_index, created_at, expires_at } = r
  const values = [account_id, id_hash, user_id, connection_id, method, name_id, session_index, created_at, expires_at]
  await tx.run(INSERT, values)
}

/** Door: by the hash of the cookie alone. Role and status are those of this moment. */
export function findSessionHolder(q: Queries, idHash: string, now: number): Promise<SessionHolder | undefined> {
  return q.get(FIND_HOLDER, [idHash, now])
}

/** End a session. Resolves to what it was; undefined where it had ended. */
export function endSession(tx: Tx, idHash: string, now: number, reason: string): Promise<EndedSession | undefined> {
  return tx.get(END, [now, reason, idHash])
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
