import type { Queries, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { statement } from './statement.js'

export interface GrantRow {
  readonly user_id: string
  readonly kind: 'role' | 'product'
  readonly value: string
  readonly source: string
  readonly source_id: string
  readonly effect: 'allow' | 'deny'
  /** JSON text of {feature: boolean}, or null for none. */
  readonly features: string | null
  readonly reason: string | null
  /** JSON text of who gave it by hand. */
  readonly actor: string | null
  readonly expires_at: number | null
  readonly created_at: number
}

const GRANTS_OF_MANY = statement(
  (d) => `SELECT g.* FROM (SELECT value AS wanted FROM ${d.list}) AS w
    ${d.join} grants g ON g.account_id = ? AND g.user_id = w.wanted`,
)
const GRANTS_OF = statement(`SELECT * FROM grants WHERE account_id = ? AND user_id = ?`)

/** All grants of these users, of every source. */
export function grantsOf(q: Queries, accountId: string, userIds: readonly string[]): Promise<GrantRow[]> {
  const [only] = userIds
  if (userIds.length === 1 && only !== undefined) return q.all(GRANTS_OF, [accountId, only])
  return q.all(GRANTS_OF_MANY, [JSON.stringify(userIds), accountId])
}

const COLUMNS: JsonColumn[] = [
  ['user_id', 'text'],
  ['kind', 'text'],
  ['value', 'text'],
  ['source', 'text'],
  ['source_id', 'text'],
  ['effect', 'text'],
  ['features', 'text'],
  ['reason', 'text'],
  ['actor', 'text'],
  ['expires_at', 'integer'],
  ['created_at', 'integer'],
]
const NAMES = COLUMNS.map(([name]) => name).join(', ')
const UPSERT = statement(
  (d) => `INSERT INTO grants (account_id, ${NAMES}) SELECT ?, ${NAMES} FROM ${d.rows(COLUMNS)} AS v WHERE true
    ON CONFLICT (account_id, user_id, kind, value, source, source_id) DO UPDATE SET
      effect = excluded.effect, features = excluded.features, reason = excluded.reason,
      actor = excluded.actor, expires_at = excluded.expires_at`,
)

/** Add grants, or change features, effect and expiry of those that exist. */
export async function upsertGrants(tx: Tx, accountId: string, rows: readonly GrantRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((r) => [
    ...[r.user_id, r.kind, r.value, r.source, r.source_id],
    ...[r.effect, r.features, r.reason, r.actor, r.expires_at, r.created_at],
  ])
  await tx.run(UPSERT, [accountId, JSON.stringify(values)])
}

export type GrantKey = Pick<GrantRow, 'user_id' | 'kind' | 'value' | 'source' | 'source_id'>

const DELETE = statement(
  (d) => `DELETE FROM grants WHERE account_id = ? AND (user_id, kind, value, source, source_id) IN
    (SELECT user_id, kind, value, source, source_id FROM ${d.rows(COLUMNS.slice(0, 5))} AS v)`,
)

export async function deleteGrants(tx: Tx, accountId: string, keys: readonly GrantKey[]): Promise<void> {
  if (keys.length === 0) return
  const values = keys.map((k) => [k.user_id, k.kind, k.value, k.source, k.source_id])
  await tx.run(DELETE, [accountId, JSON.stringify(values)])
}

const DELETE_AT_DELETION = statement(
  `DELETE FROM grants WHERE account_id = ? AND user_id = ? AND (source <> 'manual' OR kind <> 'product' OR effect <> 'allow')`,
)

/** A deleted person keeps her manual products for her return; roles, overrides and what sync gave go. */
export async function deleteGrantsAtDeletion(tx: Tx, accountId: string, userId: string): Promise<void> {
  await tx.run(DELETE_AT_DELETION, [accountId, userId])
}

const EXPIRED = statement(`SELECT * FROM grants WHERE account_id = ? AND user_id = ? AND expires_at <= ?`)

export function expiredGrants(q: Queries, accountId: string, userId: string, now: number): Promise<GrantRow[]> {
  return q.all(EXPIRED, [accountId, userId, now])
}
