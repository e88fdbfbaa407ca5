import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface PasswordRow {
  readonly account_id: string
  readonly user_id: string
  /** fold(email) of the user. */
  readonly email_key: string
  /** Argon2id, as its encoded text. */
  readonly hash: string
  readonly changed_at: number
}

/** One of the people who may be meant by an address. */
export interface Login {
  readonly account_id: string
  readonly user_id: string
  readonly hash: string
}

interface LoginRow extends Login {
  readonly last_sign_in_at: number | null
}

const FIND = statement(`SELECT * FROM passwords WHERE account_id = ? AND user_id = ?`)
const SAVE = statement(
  `INSERT INTO passwords (account_id, user_id, email_key, hash, changed_at) VALUES (?, ?, ?, ?, ?)
   ON CONFLICT (account_id, user_id) DO UPDATE SET email_key = excluded.email_key, hash = excluded.hash,
     changed_at = excluded.changed_at`,
)
const LOGINS = statement(
  (d) => `SELECT p.account_id, p.user_id, p.hash, u.last_sign_in_at FROM passwords p
    ${d.join} users u ON u.account_id = p.account_id AND u.id = p.user_id AND u.deleted_at IS NULL
    WHERE p.email_key = ? ORDER BY p.account_id, p.user_id LIMIT ?`,
)

export function findPassword(q: Queries, accountId: string, userId: string): Promise<PasswordRow | undefined> {
  return q.get(FIND, [accountId, userId])
}

export async function savePassword(tx: Tx, row: PasswordRow): Promise<void> {
  await tx.run(SAVE, [row.account_id, row.user_id, row.email_key, row.hash, row.changed_at])
}

/** Door: who has a password and this folded address, in whichever account; who signed in last comes first. */
export async function findLogins(q: Queries, emailKey: string, limit: number): Promise<Login[]> {
  const rows = await q.all<LoginRow>(LOGINS, [emailKey, limit])
  return rows.sort((a, b) => Number(b.last_sign_in_at ?? 0) - Number(a.last_sign_in_at ?? 0))
}
