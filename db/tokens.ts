import type { ConnectionRow } from './connections.js'
import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A token together with its connection: what authentication reads, in one indexed statement. */
export interface TokenHolderRow extends ConnectionRow {
  readonly token_id: string
  readonly last4: string
  readonly expires_at: number
  readonly revoked_at: number | null
}

const FIND_HOLDER = statement(
  (d) => `SELECT t.id AS token_id, t.last4, t.expires_at, t.revoked_at, c.*
    FROM scim_tokens t ${d.join} connections c ON c.account_id = t.account_id AND c.id = t.connection_id
    WHERE t.hash = ?`,
)

/** By the hash of the token alone: the door from a bearer token to its account. */
export function findTokenHolder(q: Queries, hash: string): Promise<TokenHolderRow | undefined> {
  return q.get(FIND_HOLDER, [hash])
}

export interface TokenRow {
  readonly account_id: string
  readonly connection_id: string
  readonly id: string
  /** SHA-256 of the token, base64url. */
  readonly hash: string
  readonly last4: string
  readonly created_at: number
  readonly expires_at: number
  readonly revoked_at: number | null
  readonly last_used_at: number | null
  readonly last_used_ip: string | null
}

const INSERT = statement(
  `INSERT INTO scim_tokens (account_id, connection_id, id, hash, last4, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const LIST = statement(`SELECT * FROM scim_tokens WHERE account_id = ? AND connection_id = ? ORDER BY id`)
const FIND = statement(`SELECT * FROM scim_tokens WHERE account_id = ? AND connection_id = ? AND id = ?`)
const REVOKE = statement(
  `UPDATE scim_tokens SET revoked_at = ? WHERE account_id = ? AND connection_id = ? AND id = ? AND revoked_at IS NULL`,
)

export async function insertToken(tx: Tx, r: TokenRow): Promise<void> {
  await tx.run(INSERT, [r.account_id, r.connection_id, r.id, r.hash, r.last4, r.created_at, r.expires_at])
}

export function tokensOf(q: Queries, accountId: string, connectionId: string): Promise<TokenRow[]> {
  return q.all(LIST, [accountId, connectionId])
}

export function findToken(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<TokenRow | undefined> {
  return q.get(FIND, [accountId, connectionId, id])
}

/** Resolves to whether it was live until now. */
export async function revokeToken(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
  now: number,
): Promise<boolean> {
  return (await tx.run(REVOKE, [now, accountId, connectionId, id])) > 0
}
