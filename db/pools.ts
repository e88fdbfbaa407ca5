import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A product as seat pool. */
export interface PoolRow {
  readonly id: string
  readonly key: string
  readonly policy: 'reserve_on_invite' | 'assign_on_accept'
  readonly seats: number
  readonly used: number
  readonly reserved: number
  readonly waiting: number
}

const LOCK = statement(
  (d) => `SELECT p.id, p.key, p.policy, p.seats, p.used, p.reserved, p.waiting
    FROM ${d.list} ${d.join} products p ON p.account_id = ? AND p.id = value
    ORDER BY p.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF p`}`,
)
const READ = statement(
  `SELECT id, key, policy, seats, used, reserved, waiting FROM products WHERE account_id = ? ORDER BY id`,
)
const UPDATE = statement(`UPDATE products SET used = ?, reserved = ?, waiting = ? WHERE account_id = ? AND id = ?`)

/** Lock pools in the order of their ids: the last locks of a transaction (DESIGN 4, Grants and licenses). */
export function lockPools(tx: Tx, accountId: string, ids: readonly string[]): Promise<PoolRow[]> {
  return tx.all(LOCK, [JSON.stringify(ids), accountId])
}

export async function updatePool(tx: Tx, accountId: string, pool: PoolRow): Promise<void> {
  await tx.run(UPDATE, [pool.used, pool.reserved, pool.waiting, accountId, pool.id])
}

/** Every pool of an account, without a lock. */
export function readPools(q: Queries, accountId: string): Promise<PoolRow[]> {
  return q.all(READ, [accountId])
}
