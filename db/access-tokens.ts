import type { Queries, Tx } from './database.js'
import { shared, statement } from './statement.js'
import type { TokenHolderRow } from './tokens.js'

/** An access token that a connection's OAuth client was given. */
export interface AccessTokenRow {
  readonly account_id: string
  readonly connection_id: string
  /** The secret, or the federation, for which it was given. */
  readonly credential_id: string
  /** SHA-256 of the token, base64url. */
  readonly hash: string
  /** Of the secret; empty for a federation. */
  readonly last4: string
  readonly created_at: number
  readonly expires_at: number
}

const FIND_HOLDER = shared(
  (d) => `SELECT t.credential_id AS token_id, t.last4, t.expires_at, NULL AS revoked_at, c.*
    FROM access_tokens t ${d.join} connections c ON c.account_id = t.account_id AND c.id = t.connection_id
    WHERE t.hash = ?`,
)
const INSERT = statement(
  `INSERT INTO access_tokens (account_id, connection_id, credential_id, hash, last4, created_at, expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const END = statement(`DELETE FROM access_tokens WHERE account_id = ? AND connection_id = ? AND credential_id = ?`)

/** By the hash alone, as static tokens are found; `token_id` and `last4` are those of the credential. */
export function findAccessTokenHolder(q: Queries, hash: string): Promise<TokenHolderRow | undefined> {
  return q.get(FIND_HOLDER, [hash])
}

export async function insertAccessToken(tx: Tx, r: AccessTokenRow): Promise<void> {
  const words = [r.account_id, r.connection_id, r.credential_id, r.hash, r.last4, r.created_at, r.expires_at]
  await tx.run(INSERT, words)
}

/** End what was given for a credential, at once. */
export async function endAccessTokens(
  tx: Tx,
  accountId: string,
  connectionId: string,
  credentialId: string,
): Promise<void> {
  await tx.run(END, [accountId, connectionId, credentialId])
}

const EXPIRED = ['access_tokens', 'used_client_assertions'].map((table) =>
  statement((d) => `DELETE FROM ${table}${d.indexed(`${table}_expiry`)} WHERE expires_at < ?`),
)

/** Forget tokens, and assertions that were used, of all accounts, that ended before an instant. */
export async function sweepClients(tx: Tx, before: number): Promise<void> {
  for (const sweep of EXPIRED) await tx.run(sweep, [before])
}
