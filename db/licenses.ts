import type { Queries, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { statement } from './statement.js'

/** `pending` waits for acceptance, `waiting` for a seat; only `reserved` and `assigned` count (PRODUCT 2.5). */
export type SeatState = 'pending' | 'reserved' | 'assigned' | 'waiting'

export interface LicenseRow {
  readonly user_id: string
  readonly product_id: string
  readonly state: SeatState
  readonly source: string
  readonly source_id: string
  /** The bundle whose seat it shares, or null. */
  readonly via_product_id: string | null
  /** JSON text of {feature: boolean}. */
  readonly features: string
  /** Since when it waits for a seat of its own, in milliseconds; null otherwise. */
  readonly waiting_since: number | null
  readonly created_at: number
  readonly updated_at: number
}

const LICENSES_OF_MANY = statement(
  (d) => `SELECT l.* FROM ${d.list} ${d.join} licenses l ON l.account_id = ? AND l.user_id = value`,
)
const LICENSES_OF = statement(`SELECT * FROM licenses WHERE account_id = ? AND user_id = ?`)

export function licensesOf(q: Queries, accountId: string, userIds: readonly string[]): Promise<LicenseRow[]> {
  const [only] = userIds
  if (userIds.length === 1 && only !== undefined) return q.all(LICENSES_OF, [accountId, only])
  return q.all(LICENSES_OF_MANY, [JSON.stringify(userIds), accountId])
}

const ASSIGNED = statement(
  (d) => `SELECT p.key FROM licenses l ${d.join} products p ON p.account_id = l.account_id AND p.id = l.product_id
    WHERE l.account_id = ? AND l.user_id = ? AND l.state = 'assigned'`,
)

/** Keys of the products that a person may use now, sorted. */
export async function assignedProducts(q: Queries, accountId: string, userId: string): Promise<string[]> {
  return (await q.all<{ key: string }>(ASSIGNED, [accountId, userId])).map(({ key }) => key).sort()
}

const COLUMNS: JsonColumn[] = [
  ['user_id', 'text'],
  ['product_id', 'text'],
  ['state', 'text'],
  ['source', 'text'],
  ['source_id', 'text'],
  ['via_product_id', 'text'],
  ['features', 'text'],
  ['waiting_since', 'integer'],
  ['created_at', 'integer'],
  ['updated_at', 'integer'],
]
const NAMES = COLUMNS.map(([name]) => name).join(', ')
const UPSERT = statement(
  (d) => `INSERT INTO licenses (account_id, ${NAMES}) SELECT ?, ${NAMES} FROM ${d.rows(COLUMNS)} AS v WHERE true
    ON CONFLICT (account_id, user_id, product_id) DO UPDATE SET
      state = excluded.state, source = excluded.source, source_id = excluded.source_id,
      via_product_id = excluded.via_product_id, features = excluded.features,
      waiting_since = excluded.waiting_since, updated_at = excluded.updated_at`,
)
const DELETE = statement(
  (d) => `DELETE FROM licenses WHERE account_id = ? AND (user_id, product_id) IN
    (SELECT user_id, product_id FROM ${d.rows(COLUMNS.slice(0, 2))} AS v)`,
)

export async function upsertLicenses(tx: Tx, accountId: string, rows: readonly LicenseRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((r) => [
    ...[r.user_id, r.product_id, r.state, r.source, r.source_id, r.via_product_id],
    ...[r.features, r.waiting_since, r.created_at, r.updated_at],
  ])
  await tx.run(UPSERT, [accountId, JSON.stringify(values)])
}

export async function deleteLicenses(
  tx: Tx,
  accountId: string,
  keys: readonly Pick<LicenseRow, 'user_id' | 'product_id'>[],
): Promise<void> {
  if (keys.length === 0) return
  await tx.run(DELETE, [accountId, JSON.stringify(keys.map((k) => [k.user_id, k.product_id]))])
}

const HEAD_OF_QUEUE = statement(
  (d) => `SELECT * FROM licenses${d.indexed('licenses_waiting')}
    WHERE account_id = ? AND product_id = ? AND waiting_since IS NOT NULL
    ORDER BY waiting_since, user_id LIMIT ?`,
)

/** The longest waiting licenses of a product; whoever hands out seats calls it under the pool's lock. */
export function headOfQueue(q: Queries, accountId: string, productId: string, limit: number): Promise<LicenseRow[]> {
  return q.all(HEAD_OF_QUEUE, [accountId, productId, limit])
}
