import type { Tx } from '../db/database.js'
import {
  deleteLicenses,
  headOfQueue,
  type LicenseRow,
  licensesOf,
  licensesVia,
  type SeatState,
  upsertLicenses,
} from '../db/licenses.js'
import { lockPools, type PoolRow, updatePool } from '../db/pools.js'
import { standingsOf } from '../db/users.js'
import { changeOf, fits, keyOf, type SeatChange, type SeatClaim, SeatDesk } from './seat-desk.js'

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
  tx: Tx,
  accountId: string,
  claims: readonly SeatClaim[],
  before: readonly LicenseRow[],
  now: number,
): Promise<SeatOutcome> {
  const pools = await lockConcerned(tx, accountId, claims, before)
  if (pools.length === 0) return NOTHING
  const userIds = claims.map((claim) => claim.userId)
  const rows = before.length === 0 ? [] : await licensesOf(tx, accountId, userIds)
  const desk = new SeatDesk(pools, rows, now)
  for (const claim of claims) desk.release(claim)
  await deleteLicenses(tx, accountId, desk.released)
  const handedOver = await handOver(tx, accountId, desk, now)
  for (const claim of claims) desk.serve(claim)
  await upsertLicenses(tx, accountId, desk.written)
  for (const pool of desk.changedPools()) await updatePool(tx, accountId, pool)
  return { changes: desk.changes, handedOver }
}

/** Give what is free to the waiting list: after seats were added to these pools. */
export async function serveWaiting(
  tx: Tx,
  accountId: string,
  productIds: readonly string[],
  now: number,
): Promise<HandedSeat[]> {
  const desk = new SeatDesk(await lockPools(tx, accountId, productIds), [], now)
  const handedOver = await handOver(tx, accountId, desk, now)
  for (const pool of desk.changedPools()) await updatePool(tx, accountId, pool)
  return handedOver
}

async function lockConcerned(
  tx: Tx,
  accountId: string,
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
  return concerned.size === 0 ? [] : lockPools(tx, accountId, [...concerned])
}

/** A license through a bundle follows the bundle's pool, so that one is locked as well. */
function addPool(concerned: Set<string>, productId: string, bundleId: string | null): void {
  concerned.add(productId)
  if (bundleId !== null) concerned.add(bundleId)
}

async function handOver(tx: Tx, accountId: string, desk: SeatDesk, now: number): Promise<HandedSeat[]> {
  const handed: HandedSeat[] = []
  for (const pool of desk.poolsWithFreeSeats()) {
    const head = await headOfQueue(tx, accountId, pool.id, pool.seats - pool.used)
    if (head.length === 0) continue
    const userIds = head.map((row) => row.user_id)
    const standings = await standingsOf(tx, accountId, userIds)
    const isActive = ({ user_id }: LicenseRow) => standings.get(user_id)?.status === 'active'
    const given = head.map((row) => seated(row, isActive(row) ? 'assigned' : 'reserved', now))
    const via = await licensesVia(tx, accountId, userIds, pool.id)
    const stateOf = new Map(given.map((row) => [row.user_id, row.state]))
    await upsertLicenses(tx, accountId, [
      ...given,
      ...via.map((row) => seated(row, stateOf.get(row.user_id) ?? row.state, now)),
    ])
    desk.take(pool.id, given)
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
