import type { ConnectionRow } from './connections.js'
import type { Queries } from './database.js'
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
