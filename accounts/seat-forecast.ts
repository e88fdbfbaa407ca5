import type { Queries } from '../db/database.js'
import { headOfQueue, type LicenseRow, licensesOf } from '../db/licenses.js'
import { type PoolRow, readPools } from '../db/pools.js'
import { type Standing, standingsOf } from '../db/users.js'
import type { SeatStore } from './seat-store.js'

/**
 * Seats as they would be. It reads the database without a lock and keeps in memory what would be written, so that the one
 * function that hands out seats foretells as well as it acts. Memory grows with the licenses that would change.
 */
export class SeatForecast implements SeatStore {
  readonly #q: Queries
  readonly #accountId: string
  readonly #before: ReadonlyMap<string, PoolRow>
  readonly #pools: Map<string, PoolRow>
  /** By user and product; null where the license would be gone. */
  readonly #written = new Map<string, Map<string, LicenseRow | null>>()
  /** Those of them that would wait for a seat of their own, by product and user. */
  readonly #queues = new Map<string, Map<string, LicenseRow>>()

  constructor(q: Queries, accountId: string, pools: readonly PoolRow[]) {
    this.#q = q
    this.#accountId = accountId
    this.#before = new Map(pools.map((pool) => [pool.id, pool]))
    this.#pools = new Map(this.#before)
  }

  async pools(ids: readonly string[]): Promise<PoolRow[]> {
    return [...ids].sort().flatMap((id) => this.#pools.get(id) ?? [])
  }

  async updatePool(pool: PoolRow): Promise<void> {
    this.#pools.set(pool.id, pool)
  }

  async licensesOf(userIds: readonly string[]): Promise<LicenseRow[]> {
    return this.over(await licensesOf(this.#q, this.#accountId, userIds), userIds)
  }

  async headOfQueue(productId: string, limit: number): Promise<LicenseRow[]> {
    const queued = this.#queues.get(productId)?.values() ?? []
    return [...(await this.#untouchedHead(productId, limit)), ...queued].sort(byWaiting).slice(0, limit)
  }

  async #untouchedHead(productId: string, limit: number): Promise<LicenseRow[]> {
    for (let asked = limit; ; asked *= 2) {
      const stored = await headOfQueue(this.#q, this.#accountId, productId, asked)
      const untouched = stored.filter((row) => this.after(row.user_id, productId) === undefined)
      if (untouched.length >= limit || stored.length < asked) return untouched
    }
  }

  async upsert(rows: readonly LicenseRow[]): Promise<void> {
    for (const row of rows) this.#write(row.user_id, row.product_id, row)
  }

  async delete(keys: readonly Pick<LicenseRow, 'user_id' | 'product_id'>[]): Promise<void> {
    for (const { user_id, product_id } of keys) this.#write(user_id, product_id, null)
  }

  #write(userId: string, productId: string, row: LicenseRow | null): void {
    inner(this.#written, userId).set(productId, row)
    const queue = inner(this.#queues, productId)
    if (row === null || row.waiting_since === null) queue.delete(userId)
    else queue.set(userId, row)
  }

  standingsOf(userIds: readonly string[]): Promise<Map<string, Standing>> {
    return standingsOf(this.#q, this.#accountId, userIds)
  }

  /** A license as it would be: null where it would be gone, undefined where nothing would change it. */
  after(userId: string, productId: string): LicenseRow | null | undefined {
    return this.#written.get(userId)?.get(productId)
  }

  /** All licenses of these users as they would be, from those that are stored. */
  over(stored: readonly LicenseRow[], userIds: readonly string[]): LicenseRow[] {
    const untouched = stored.filter((row) => this.after(row.user_id, row.product_id) === undefined)
    const written = userIds.flatMap((id) => [...(this.#written.get(id)?.values() ?? [])])
    return [...untouched, ...written.filter((row) => row !== null)]
  }

  /** Users of whom a license would be written. */
  users(): Iterable<string> {
    return this.#written.keys()
  }

  /** Pools that would not stay as they are. */
  changedPools(): { before: PoolRow; after: PoolRow }[] {
    return [...this.#before.values()].flatMap((before) => {
      const after = this.#pools.get(before.id) ?? before
      return after.used === before.used && after.waiting === before.waiting ? [] : [{ before, after }]
    })
  }
}

/** A forecast that begins with the seats of an account as they stand. */
export async function forecastSeats(q: Queries, accountId: string): Promise<SeatForecast> {
  return new SeatForecast(q, accountId, await readPools(q, accountId))
}

function inner<Value>(map: Map<string, Map<string, Value>>, key: string): Map<string, Value> {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = new Map<string, Value>()
  map.set(key, made)
  return made
}

/** As the database orders the waiting list. */
function byWaiting(a: LicenseRow, b: LicenseRow): number {
  return (a.waiting_since ?? 0) - (b.waiting_since ?? 0) || (a.user_id < b.user_id ? -1 : 1)
}
