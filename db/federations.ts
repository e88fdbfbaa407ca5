import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** The outside issuer whose assertions stand for the secret of a connection's OAuth client, and its keys as last fetched. */
export interface FederationRow {
  readonly account_id: string
  readonly connection_id: string
  /** Another one whenever issuer, address of the keys, subject or audience change. */
  readonly id: string
  readonly issuer: string
  readonly jwks_url: string
  readonly subject: string
  readonly audience: string
  /** JSON text: the public keys, in the form of a JWK Set (RFC 7517 §5). */
  readonly jwks: string | null
  readonly jwks_fetched_at: number | null
  readonly jwks_tried_at: number | null
  /** Why they could not be fetched, when that was tried last. */
  readonly jwks_failure: string | null
  readonly last_used_at: number | null
  readonly last_used_ip: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const SCOPE = 'account_id = ? AND connection_id = ?'
const FIND = statement(`SELECT * FROM client_federations WHERE ${SCOPE}`)
const DELETE = statement(`DELETE FROM client_federations WHERE ${SCOPE}`)
const SAVE = statement(
  `INSERT INTO client_federations
     (account_id, connection_id, id, issuer, jwks_url, subject, audience, version, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id) DO UPDATE SET
     id = excluded.id, issuer = excluded.issuer, jwks_url = excluded.jwks_url, subject = excluded.subject,
     audience = excluded.audience, version = excluded.version, updated_at = excluded.updated_at,
     jwks = NULL, jwks_fetched_at = NULL, jwks_tried_at = NULL, jwks_failure = NULL,
     last_used_at = NULL, last_used_ip = NULL`,
)
// Of several processes that see a key for the first time, one fetches.
const CLAIM_FETCH = statement(
  `UPDATE client_federations SET jwks_tried_at = ? WHERE ${SCOPE} AND id = ?
     AND (jwks_tried_at IS NULL OR jwks_tried_at <= ?)`,
)
const KEEP_KEYS = statement(
  `UPDATE client_federations SET jwks = ?, jwks_fetched_at = ?, jwks_failure = NULL WHERE ${SCOPE} AND id = ?`,
)
const KEEP_FAILURE = statement(`UPDATE client_federations SET jwks_failure = ? WHERE ${SCOPE} AND id = ?`)
const USED = statement(`UPDATE client_federations SET last_used_at = ?, last_used_ip = ? WHERE ${SCOPE} AND id = ?`)

export function findFederation(
  q: Queries,
  accountId: string,
  connectionId: string,
): Promise<FederationRow | undefined> {
  return q.get(FIND, [accountId, connectionId])
}

/** Store the settings; keys of before are forgotten. */
export async function saveFederation(tx: Tx, r: FederationRow): Promise<void> {
  const words = [r.account_id, r.connection_id, r.id, r.issuer, r.jwks_url, r.subject, r.audience]
  await tx.run(SAVE, [...words, r.version, r.created_at, r.updated_at])
}

export async function deleteFederation(tx: Tx, accountId: string, connectionId: string): Promise<void> {
  await tx.run(DELETE, [accountId, connectionId])
}

type Named = Pick<FederationRow, 'account_id' | 'connection_id' | 'id'>
const keysOf = ({ account_id, connection_id, id }: Named) => [account_id, connection_id, id]

/** May the caller fetch the keys now? No, where somebody did so after `notAfter`. */
export async function claimKeyFetch(tx: Tx, federation: Named, now: number, notAfter: number): Promise<boolean> {
  return (await tx.run(CLAIM_FETCH, [now, ...keysOf(federation), notAfter])) === 1
}

export async function keepKeys(tx: Tx, federation: Named, jwks: string, now: number): Promise<void> {
  await tx.run(KEEP_KEYS, [jwks, now, ...keysOf(federation)])
}

export async function keepKeyFailure(tx: Tx, federation: Named, failure: string): Promise<void> {
  await tx.run(KEEP_FAILURE, [failure, ...keysOf(federation)])
}

export async function noteFederationUse(tx: Tx, federation: Named, now: number, address: string): Promise<void> {
  await tx.run(USED, [now, address, ...keysOf(federation)])
}

const USE_ASSERTION = statement(
  `INSERT INTO used_client_assertions (account_id, connection_id, assertion_hash, expires_at) VALUES (?, ?, ?, ?)
   ON CONFLICT DO NOTHING`,
)

/** Note an assertion as used. Resolves to false where it was used before, in whichever process. */
export async function useClientAssertion(
  tx: Tx,
  { account_id, connection_id }: Named,
  assertionHash: string,
  expiresAt: number,
): Promise<boolean> {
  return (await tx.run(USE_ASSERTION, [account_id, connection_id, assertionHash, expiresAt])) === 1
}
