import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** An AuthnRequest that waits for its answer. */
export interface SamlRequestRow {
  readonly account_id: string
  readonly connection_id: string
  readonly id: string
  /** SHA-256 of the secret that the browser holds, base64url. */
  readonly browser_hash: string
  /** Where to go after sign-in: a path of ours. */
  readonly target: string
  /** The test that it is a part of; null for a sign-in in earnest. */
  readonly test_id: string | null
  readonly created_at: number
  readonly expires_at: number
}

const INSERT_REQUEST = statement(
  `INSERT INTO saml_requests (account_id, connection_id, id, browser_hash, target, test_id, created_at, expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
)
const FIND_REQUEST = statement(`SELECT * FROM saml_requests WHERE account_id = ? AND connection_id = ? AND id = ?`)
const TAKE_REQUEST = statement(`DELETE FROM saml_requests WHERE account_id = ? AND connection_id = ? AND id = ?`)
const INSERT_ARRIVAL = statement(
  `INSERT INTO saml_arrivals (account_id, connection_id, id_hash, response, expires_at) VALUES (?, ?, ?, ?, ?)`,
)
const FIND_ARRIVAL = statement(
  `SELECT response, expires_at FROM saml_arrivals WHERE account_id = ? AND connection_id = ? AND id_hash = ?`,
)
const TAKE_ARRIVAL = statement(`DELETE FROM saml_arrivals WHERE account_id = ? AND connection_id = ? AND id_hash = ?`)
const USE_ASSERTION = statement(
  `INSERT INTO saml_used_assertions (account_id, connection_id, assertion_id, expires_at) VALUES (?, ?, ?, ?)
   ON CONFLICT DO NOTHING`,
)

export async function insertSamlRequest(tx: Tx, r: SamlRequestRow): Promise<void> {
  const { account_id, connection_id, id, browser_hash, target, test_id, created_at, expires_at } = r
  await tx.run(INSERT_REQUEST, [account_id, connection_id, id, browser_hash, target, test_id, created_at, expires_at])
}

export function findSamlRequest(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<SamlRequestRow | undefined> {
  return q.get(FIND_REQUEST, [accountId, connectionId, id])
}

/** Take a request, once: of two who ask, one is told true. */
export async function takeSamlRequest(tx: Tx, accountId: string, connectionId: string, id: string): Promise<boolean> {
  return (await tx.run(TAKE_REQUEST, [accountId, connectionId, id])) === 1
}

export interface Arrival {
  readonly accountId: string
  readonly connectionId: string
  readonly idHash: string
  readonly response: string
  readonly expiresAt: number
}

/** Keep a posted answer until the browser comes back for it. */
export async function insertArrival(tx: Tx, r: Arrival): Promise<void> {
  await tx.run(INSERT_ARRIVAL, [r.accountId, r.connectionId, r.idHash, r.response, r.expiresAt])
}

export function findArrival(
  q: Queries,
  accountId: string,
  connectionId: string,
  idHash: string,
): Promise<{ readonly response: string; readonly expires_at: number } | undefined> {
  return q.get(FIND_ARRIVAL, [accountId, connectionId, idHash])
}

/** Take an answer, once: of two who ask, one is told true. */
export async function takeArrival(tx: Tx, accountId: string, connectionId: string, idHash: string): Promise<boolean> {
  return (await tx.run(TAKE_ARRIVAL, [accountId, connectionId, idHash])) === 1
}

/** Note an assertion as used. Resolves to false where it was used before. */
export async function useAssertion(
  tx: Tx,
  accountId: string,
  connectionId: string,
  assertionId: string,
  expiresAt: number,
): Promise<boolean> {
  return (await tx.run(USE_ASSERTION, [accountId, connectionId, assertionId, expiresAt])) === 1
}

const EXPIRED = [
  ['saml_requests', 'id'],
  ['saml_arrivals', 'id_hash'],
  ['saml_used_assertions', 'assertion_id'],
].map(([table, id]) => {
  const key = `account_id, connection_id, ${id}`
  return statement(
    (d) => `DELETE FROM ${table} WHERE (${key}) IN (
      SELECT ${key} FROM ${table}${d.indexed(`${table}_expiry`)} WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
  )
})

/** Forget up to `limit` of each kind that expired before an instant. Resolves to how many of the most went. */
export async function deleteOldSaml(tx: Tx, before: number, limit: number): Promise<number> {
  let most = 0
  for (const old of EXPIRED) most = Math.max(most, await tx.run(old, [before, limit]))
  return most
}
