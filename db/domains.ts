import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface DomainRow {
  readonly account_id: string
  /** Lower case, A-labels. */
  readonly name: string
  readonly state: 'pending' | 'verified'
  readonly txt_token: string
  /** 1: its people sign in through their identity provider, and in no other way. */
  readonly sso_required: number
  readonly created_at: number
  readonly verified_at: number | null
}

const UPSERT = statement(
  `INSERT INTO domains (account_id, name, state, txt_token, sso_required, created_at, verified_at)
   VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account_id, name) DO UPDATE SET
     state = excluded.state, sso_required = excluded.sso_required, verified_at = excluded.verified_at`,
)
const DELETE = statement(`DELETE FROM domains WHERE account_id = ? AND name = ?`)
const FIND = statement(`SELECT * FROM domains WHERE account_id = ? AND name = ?`)
const LIST = statement(`SELECT * FROM domains WHERE account_id = ? ORDER BY name`)
const VERIFIED = statement(
  (d) => `SELECT * FROM domains${d.indexed('domains_verified')} WHERE name = ? AND state = 'verified'`,
)

/** Add a domain, or change the state of one that the account has. UniqueViolation: another account verified it. */
export async function upsertDomain(tx: Tx, r: DomainRow): Promise<void> {
  await tx.run(UPSERT, [r.account_id, r.name, r.state, r.txt_token, r.sso_required, r.created_at, r.verified_at])
}

export async function deleteDomain(tx: Tx, accountId: string, name: string): Promise<void> {
  await tx.run(DELETE, [accountId, name])
}

export function findDomain(q: Queries, accountId: string, name: string): Promise<DomainRow | undefined> {
  return q.get(FIND, [accountId, name])
}

export function domainsOf(q: Queries, accountId: string): Promise<DomainRow[]> {
  return q.all(LIST, [accountId])
}

/** Door: the account that proved this name. Tell nobody whose it is. */
export function findVerifiedDomain(q: Queries, name: string): Promise<DomainRow | undefined> {
  return q.get(VERIFIED, [name])
}

/** Has this account proved the domain? `name` is lower case, A-labels. */
export async function domainIsVerified(q: Queries, accountId: string, name: string): Promise<boolean> {
  return (await findDomain(q, accountId, name))?.state === 'verified'
}
