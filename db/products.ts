import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface ProductRow {
  readonly account_id: string
  readonly id: string
  readonly key: string
  readonly name: string
  readonly policy: 'reserve_on_invite' | 'assign_on_accept'
  /** JSON text of {feature: boolean}. */
  readonly features: string
  /** JSON text: an array of product keys. */
  readonly includes: string
  readonly seats: number
  /** Seats reserved or assigned. */
  readonly used: number
  /** Those of them that are reserved for people who have not accepted yet. */
  readonly reserved: number
  readonly waiting: number
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const INSERT = statement(
  `INSERT INTO products (account_id, id, key, name, policy, features, includes, seats, used, reserved, waiting, version,
     created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, ?, ?)`,
)
const UPDATE = statement(
  `UPDATE products SET name = ?, policy = ?, features = ?, includes = ?, seats = ?, version = ?, updated_at = ?
   WHERE account_id = ? AND id = ?`,
)
const LIST = statement(`SELECT * FROM products WHERE account_id = ? ORDER BY id`)

export async function insertProduct(tx: Tx, r: ProductRow): Promise<void> {
  const words = [r.account_id, r.id, r.key, r.name, r.policy, r.features, r.includes]
  await tx.run(INSERT, [...words, r.seats, r.version, r.created_at, r.updated_at])
}

/** Everything but what the pool counts; guarded by the lock of the account. */
export async function updateProduct(tx: Tx, r: ProductRow): Promise<void> {
  const values = [r.name, r.policy, r.features, r.includes, r.seats, r.version, r.updated_at]
  await tx.run(UPDATE, [...values, r.account_id, r.id])
}

export function productsOf(q: Queries, accountId: string): Promise<ProductRow[]> {
  return q.all(LIST, [accountId])
}
