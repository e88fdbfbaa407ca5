import type { LicenseRow, SeatState } from '../db/licenses.js'
import type { PoolRow } from '../db/pools.js'
import { changeOf, fits, keyOf, type SeatChange, type SeatClaim, SeatDesk } from './seat-desk.js'
import type { SeatStore } from './seat-store.js'

export interface SeatOutcome {
  readonly changes: readonly SeatChange[]
  /** Seats that went to the head of the waiting list, for people outside the claims. */
  readonly handedOver: readonly HandedSeat[]
}

/** A seat that somebody had waited for, with the name by which the log knows her. */
export interface HandedSeat extends SeatChange {
  readonly email: string | null
  readonly displayName: string
}

const NOTHING: SeatOutcome = { changes: [], handedOver: [] }

/**
 * Hand out and take back seats: the one function for every way in (PRODUCT 2.5). Pools are locked in the order of their
 * ids, last in the transaction; licenses are read again under the lock, since a hand-over may have come first. Freed
 * seats go to the longest waiting, then the new claims are served in the order given; who finds none waits.
 * `before` are the licenses as the caller read them: they only tell which pools are concerned.
 */
export async function settleSeats(
  store: SeatStore,
  claims: readonly SeatClaim[],
  before: readonly LicenseRow[],
  now: number,
): Promise<SeatOutcome> {
  const pools = await concernedPools(store, claims, before)
  if (pools.length === 0) return NOTHING
  const userIds = claims.map((claim) => claim.userId)
  const rows = before.length === 0 ? [] : await store.licensesOf(userIds)
  const desk = new SeatDesk(pools, rows, now)
  for (const claim of claims) desk.release(claim)
  await store.delete(desk.released)
  const handedOver = await handOver(store, desk, now)
  for (const claim of claims) desk.serve(claim)
  await store.upsert(desk.written)
  for (const pool of desk.changedPools()) await store.updatePool(pool)
  return { changes: desk.changes, handedOver }
}

/** Give what is free to the waiting list: after seats were added to these pools. */
export async function serveWaiting(
  store: SeatStore,
  productIds: readonly string[],
  now: number,
): Promise<HandedSeat[]> {
  const desk = new SeatDesk(await store.pools(productIds), [], now)
  const handedOver = await handOver(store, desk, now)
  for (const pool of desk.changedPools()) await store.updatePool(pool)
  return handedOver
}

async function concernedPools(
  store: SeatStore,
  claims: readonly SeatClaim[],
  before: readonly LicenseRow[],
): Promise<PoolRow[]> {
  const held = new Map(before.map((row) => [keyOf(row.user_id, row.product_id), row]))
  const concerned = new Set<string>()
  for (const { userId, status, wanted } of claims) {
    for (const [productId, product] of wanted) {
      const row = held.get(keyOf(userId, productId))
      held.delete(keyOf(userId, productId))
      if (row === undefined || !fits(row, status, product)) addPool(concerned, productId, product.viaBundle)
    }
  }
  for (const row of held.values()) addPool(concerned, row.product_id, row.via_product_id)
  return concerned.size === 0 ? [] : store.pools([...concerned])
}

/** A license through a bundle follows the bundle's pool, so that one is locked as well. */
function addPool(concerned: Set<string>, productId: string, bundleId: string | null): void {
  concerned.add(productId)
  if (bundleId !== null) concerned.add(bundleId)
}

async function handOver(store: SeatStore, desk: SeatDesk, now: number): Promise<HandedSeat[]> {
  const handed: HandedSeat[] = []
  for (const pool of desk.poolsWithFreeSeats()) {
    const head = await store.headOfQueue(pool.id, pool.seats - pool.used)
    if (head.length === 0) continue
    const userIds = head.map((row) => row.user_id)
    const standings = await store.standingsOf(userIds)
    const isActive = ({ user_id }: LicenseRow) => standings.get(user_id)?.status === 'active'
    const taken = head.map((waited) => {
      return { waited, given: seated(waited, isActive(waited) ? 'assigned' : 'reserved', now) }
    })
    const given = taken.map((one) => one.given)
    const via = (await store.licensesOf(userIds)).filter((row) => row.via_product_id === pool.id)
    const stateOf = new Map(given.map((row) => [row.user_id, row.state]))
    await store.upsert([...given, ...via.map((row) => seated(row, stateOf.get(row.user_id) ?? row.state, now))])
    desk.take(taken)
    for (const row of given) {
      const { email = null, display_name: displayName = '' } = standings.get(row.user_id) ?? {}
      handed.push({ ...changeOf(row, 'waiting', row.state), email, displayName })
    }
  }
  return handed
}

function seated(row: LicenseRow, state: SeatState, now: number): LicenseRow {
  return { ...row, state, waiting_since: null, updated_at: now }
}
