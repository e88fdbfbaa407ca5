import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A link that works once. */
export interface LinkRow {
  /** '' for a link that sets up a server without any account. */
  readonly account_id: string
  /** SHA-256 of the secret in its address, base64url. */
  readonly id_hash: string
  /** `setup` makes an owner, `reset` sets a new password. */
  readonly kind: 'setup' | 'reset'
  /** Whose password is set; '' where it makes an owner. */
  readonly user_id: string
  readonly created_at: number
  readonly expires_at: number
  readonly used_at: number | null
}

const INSERT = statement(
  `INSERT INTO one_time_links (account_id, id_hash, kind, user_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM one_time_links WHERE id_hash = ? AND kind = ?`)
const USE = statement(
  `UPDATE one_time_links SET used_at = ?
   WHERE account_id = ? AND id_hash = ? AND used_at IS NULL AND expires_at > ?`,
)
const VOID = statement(
  (d) => `DELETE FROM one_time_links${d.indexed('one_time_links_user')}
    WHERE account_id = ? AND kind = ? AND user_id = ? AND used_at IS NULL`,
)
const SWEEP = statement(
  (d) => `DELETE FROM one_time_links WHERE (account_id, id_hash) IN (
    SELECT account_id, id_hash FROM one_time_links${d.indexed('one_time_links_expiry')}
    WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
)

export async function insertLink(tx: Tx, row: Omit<LinkRow, 'used_at'>): Promise<void> {
  const { account_id, id_hash, kind, user_id, created_at, expires_at } = row
  await tx.run(INSERT, [account_id, id_hash, kind, user_id, created_at, expires_at])
}

/** Door: by the hash of its secret alone, used or not. */
export function findLink(q: Queries, idHash: string, kind: LinkRow['kind']): Promise<LinkRow | undefined> {
  return q.get(FIND, [idHash, kind])
}

/** Use it up. Of two at once one is told true. */
export async function spendLink(tx: Tx, row: Pick<LinkRow, 'account_id' | 'id_hash'>, now: number): Promise<boolean> {
  return (await tx.run(USE, [now, row.account_id, row.id_hash, now])) > 0
}

const NEWEST = statement(
  (d) => `SELECT MAX(created_at) AS newest FROM one_time_links${d.indexed('one_time_links_user')}
    WHERE account_id = ? AND user_id = ? AND used_at IS NULL`,
)

/** When a person was sent her newest link that nobody used. */
export async function newestLink(q: Queries, accountId: string, userId: string): Promise<number | undefined> {
  return (await q.get<{ newest: number | null }>(NEWEST, [accountId, userId]))?.newest ?? undefined
}

/** Take back the links of this kind that nobody has used. */
export async function voidLinks(tx: Tx, row: Pick<LinkRow, 'account_id' | 'kind' | 'user_id'>): Promise<void> {
  await tx.run(VOID, [row.account_id, row.kind, row.user_id])
}

/** Delete up to `limit` links that had expired before an instant. */
export function deleteOldLinks(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(SWEEP, [before, limit])
}
