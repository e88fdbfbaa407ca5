import type { ConnectionRow } from './connections.js'
import type { Queries, Tx } from './database.js'
import { shared, statement } from './statement.js'

/** A token together with its connection: what authentication reads, in one indexed statement. */
export interface TokenHolderRow extends ConnectionRow {
  readonly token_id: string
  readonly last4: string
  readonly expires_at: number
  readonly revoked_at: number | null
}

const FIND_HOLDER = shared(
  (d) => `SELECT t.id AS token_id, t.last4, t.expires_at, t.revoked_at, c.*
    FROM scim_tokens t ${d.join} connections c ON c.account_id = t.account_id AND c.id = t.connection_id
    WHERE t.hash = ?`,
)

/** By the hash of the token alone: the door from a bearer token to its account. */
export function findTokenHolder(q: Queries, hash: string): Promise<TokenHolderRow | undefined> {
  return q.get(FIND_HOLDER, [hash])
}

/** A credential that an administrator makes: a SCIM token, or a secret of the connection's OAuth client. */
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
  /** When its end is announced next; null where nothing is left to say. */
  readonly notice_at: number | null
}

export type TokenTable = 'scim_tokens' | 'client_secrets'

/** A credential whose end is to be announced, with the name of its connection. */
export interface ExpiringRow extends TokenRow {
  readonly connection_name: string
}

/** The statements of a table of credentials: both have the same columns. */
function statementsOf(table: TokenTable) {
  const one = 'account_id = ? AND connection_id = ? AND id = ?'
  return {
    insert: statement(
      `INSERT INTO ${table} (account_id, connection_id, id, hash, last4, created_at, expires_at, notice_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    list: statement(`SELECT * FROM ${table} WHERE account_id = ? AND connection_id = ? ORDER BY id`),
    find: statement(`SELECT * FROM ${table} WHERE ${one}`),
    revoke: statement(`UPDATE ${table} SET revoked_at = ?, notice_at = NULL WHERE ${one} AND revoked_at IS NULL`),
    used: statement(`UPDATE ${table} SET last_used_at = ?, last_used_ip = ? WHERE ${one}`),
    expiring: statement(
      (d) => `SELECT t.*, c.name AS connection_name
        FROM (SELECT * FROM ${table}${d.indexed(`${table}_notice`)} WHERE notice_at <= ? ORDER BY notice_at LIMIT ?) AS t
        ${d.join} connections c ON c.account_id = t.account_id AND c.id = t.connection_id`,
    ),
    // Only where nobody else has announced it, or revoked it, in between.
    noticed: statement(`UPDATE ${table} SET notice_at = ? WHERE ${one} AND notice_at = ?`),
  }
}

const STATEMENTS = { scim_tokens: statementsOf('scim_tokens'), client_secrets: statementsOf('client_secrets') }

export async function insertToken(tx: Tx, table: TokenTable, r: TokenRow): Promise<void> {
  const words = [r.account_id, r.connection_id, r.id, r.hash, r.last4, r.created_at, r.expires_at, r.notice_at]
  await tx.run(STATEMENTS[table].insert, words)
}

export function tokensOf(q: Queries, table: TokenTable, accountId: string, connectionId: string): Promise<TokenRow[]> {
  return q.all(STATEMENTS[table].list, [accountId, connectionId])
}

export function findToken(
  q: Queries,
  table: TokenTable,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<TokenRow | undefined> {
  return q.get(STATEMENTS[table].find, [accountId, connectionId, id])
}

/** Resolves to whether it was live until now. */
export async function revokeToken(
  tx: Tx,
  table: TokenTable,
  accountId: string,
  connectionId: string,
  id: string,
  now: number,
): Promise<boolean> {
  return (await tx.run(STATEMENTS[table].revoke, [now, accountId, connectionId, id])) > 0
}

/** Note when, and from which address, a secret was used. */
export async function noteSecretUse(tx: Tx, r: TokenRow, now: number, address: string): Promise<void> {
  await tx.run(STATEMENTS.client_secrets.used, [now, address, r.account_id, r.connection_id, r.id])
}

/** Of all accounts, the longest due first. */
export function expiringTokens(tx: Tx, table: TokenTable, now: number, limit: number): Promise<ExpiringRow[]> {
  return tx.all(STATEMENTS[table].expiring, [now, limit])
}

/** Resolves to false where it was announced, or revoked, in between. */
export async function moveNotice(tx: Tx, table: TokenTable, r: TokenRow, next: number | null): Promise<boolean> {
  const keys = [r.account_id, r.connection_id, r.id, r.notice_at]
  return (await tx.run(STATEMENTS[table].noticed, [next, ...keys])) === 1
}
