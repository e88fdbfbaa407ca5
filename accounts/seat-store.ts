import type { Tx } from '../db/database.js'
import { deleteLicenses, headOfQueue, type LicenseRow, licensesOf, upsertLicenses } from '../db/licenses.js'
import { lockPools, type PoolRow, updatePool } from '../db/pools.js'
import { type Standing, standingsOf } from '../db/users.js'

type LicenseKey = Pick<LicenseRow, 'user_id' | 'product_id'>

/** Pools and licenses as the handing out of seats reads and writes them: those of the database, or a forecast of them. */
export interface SeatStore {
  /** In the order of their ids, to be written by nobody else until this is done. */
  pools(ids: readonly string[]): Promise<PoolRow[]>
  updatePool(pool: PoolRow): Promise<void>
  licensesOf(userIds: readonly string[]): Promise<LicenseRow[]>
  /** The longest waiting licenses of a product. */
  headOfQueue(productId: string, limit: number): Promise<LicenseRow[]>
  upsert(rows: readonly LicenseRow[]): Promise<void>
  delete(keys: readonly LicenseKey[]): Promise<void>
  standingsOf(userIds: readonly string[]): Promise<Map<string, Standing>>
}

/** The seats of an account under the locks of their pools, the last locks of a transaction (DESIGN 4). */
export function storedSeats(tx: Tx, accountId: string): SeatStore {
  return {
    pools: (ids) => lockPools(tx, accountId, ids),
    updatePool: (pool) => updatePool(tx, accountId, pool),
    licensesOf: (userIds) => licensesOf(tx, accountId, userIds),
    headOfQueue: (productId, limit) => headOfQueue(tx, accountId, productId, limit),
    upsert: (rows) => upsertLicenses(tx, accountId, rows),
    delete: (keys) => deleteLicenses(tx, accountId, keys),
    standingsOf: (userIds) => standingsOf(tx, accountId, userIds),
  }
}
