import type { LicenseRow, SeatState } from '../db/licenses.js'
import type { PoolRow } from '../db/pools.js'
import type { EffectiveProduct } from './evaluate-types.js'
import type { UserStatus } from './status.js'

/** One person whose licenses have to follow from what she is now granted. */
export interface SeatClaim {
  readonly userId: string
  readonly status: UserStatus
  /** When she accepted, in milliseconds, or null; the order of `assign_on_accept` pools (JM-14). */
  readonly acceptedAt: number | null
  /** By product id; empty for whoever is suspended or deleted. */
  readonly wanted: ReadonlyMap<string, EffectiveProduct>
}

/** What became of one license. `before` or `after` is null where there was or is none. */
export interface SeatChange {
  readonly userId: string
  readonly productId: string
  readonly before: SeatState | null
  readonly after: SeatState | null
  readonly source: string
  readonly sourceId: string
  /** Set when it begins to wait: its place, and the pool as it stands. */
  readonly queued?: { readonly place: number; readonly seats: number; readonly used: number }
}

interface Pool {
  readonly row: PoolRow
  used: number
  reserved: number
  waiting: number
}

/** The pools under lock and what one transaction does to them. Counts in memory, written once at the end. */
export class SeatDesk {
  readonly changes: SeatChange[] = []
  readonly released: LicenseRow[] = []
  readonly written: LicenseRow[] = []
  readonly #pools: Map<string, Pool>
  readonly #licenses: Map<string, LicenseRow>
  readonly #now: number

  constructor(pools: readonly PoolRow[], licenses: readonly LicenseRow[], now: number) {
    this.#pools = new Map(
      pools.map((row) => [row.id, { row, used: row.used, reserved: row.reserved, waiting: row.waiting }]),
    )
    this.#licenses = new Map(licenses.map((row) => [keyOf(row.user_id, row.product_id), row]))
    this.#now = now
  }

  /** First step of a claim: what is no longer wanted, or now shares a bundle's seat, gives its own seat back. */
  release({ userId, wanted }: SeatClaim): void {
    for (const [key, row] of this.#licenses) {
      if (row.user_id !== userId) continue
      const product = wanted.get(row.product_id)
      if (product !== undefined && product.viaBundle === row.via_product_id) continue
      this.#count(row, -1)
      this.released.push(row)
      if (product !== undefined) continue
      this.#licenses.delete(key)
      this.changes.push(changeOf(row, row.state, null))
    }
  }

  /** Second step: give each wanted product a seat, or a place in the waiting list. Bundles come before their parts. */
  serve(claim: SeatClaim): void {
    const stand = [...claim.wanted].sort(([, a], [, b]) => Number(a.viaBundle !== null) - Number(b.viaBundle !== null))
    for (const [productId, product] of stand) this.#serveOne(claim, productId, product)
  }

  #serveOne(claim: SeatClaim, productId: string, product: EffectiveProduct): void {
    const key = keyOf(claim.userId, productId)
    const before = this.#licenses.get(key)
    if (before !== undefined && fits(before, claim.status, product)) return
    const pool = this.#pools.get(productId)
    if (pool === undefined) return
    const kept = before?.via_product_id === product.viaBundle ? before : undefined
    const state = this.#stateFor(claim, productId, product, kept)
    const row = this.#row(claim, productId, product, state, kept, before)
    if (kept !== undefined) this.#count(kept, -1)
    this.#count(row, 1)
    this.#licenses.set(key, row)
    this.written.push(row)
    if (before?.state === state) return
    const change = changeOf(row, before?.state ?? null, state)
    const waits = state === 'waiting' && product.viaBundle === null
    const place = { place: pool.waiting, seats: pool.row.seats, used: pool.used }
    this.changes.push(waits ? { ...change, queued: place } : change)
  }

  #stateFor(
    { userId, status }: SeatClaim,
    productId: string,
    { viaBundle }: EffectiveProduct,
    kept: LicenseRow | undefined,
  ): SeatState {
    if (viaBundle !== null) return this.#licenses.get(keyOf(userId, viaBundle))?.state ?? 'waiting'
    const pool = this.#pools.get(productId)
    if (pool === undefined) return 'waiting'
    if (status !== 'active' && pool.row.policy === 'assign_on_accept') return 'pending'
    const seatedState = status === 'active' ? 'assigned' : 'reserved'
    if (kept !== undefined && holdsSeat(kept)) return seatedState
    if (kept?.state === 'waiting') return 'waiting'
    return pool.used < pool.row.seats ? seatedState : 'waiting'
  }

  #row(
    claim: SeatClaim,
    productId: string,
    product: EffectiveProduct,
    state: SeatState,
    kept: LicenseRow | undefined,
    before: LicenseRow | undefined,
  ): LicenseRow {
    const queues = state === 'waiting' && product.viaBundle === null
    const byAcceptance = this.#pools.get(productId)?.row.policy === 'assign_on_accept'
    const since = kept?.waiting_since ?? (byAcceptance ? claim.acceptedAt : null) ?? this.#now
    return {
      user_id: claim.userId,
      product_id: productId,
      state,
      source: product.source,
      source_id: product.ruleId ?? '',
      via_product_id: product.viaBundle,
      features: JSON.stringify(product.features),
      waiting_since: queues ? since : null,
      created_at: before?.created_at ?? this.#now,
      updated_at: this.#now,
    }
  }

  /** A license takes (1) or gives back (-1) what it holds: a seat, or a place in the waiting list. */
  #count(row: LicenseRow, by: 1 | -1): void {
    const pool = this.#pools.get(row.product_id)
    if (pool === undefined) return
    if (holdsSeat(row)) pool.used += by
    if (holdsSeat(row) && row.state === 'reserved') pool.reserved += by
    if (row.waiting_since !== null) pool.waiting += by
  }

  /** Seats went to the waiting list: each license as it waited, and as it is now. */
  take(handed: readonly { readonly waited: LicenseRow; readonly given: LicenseRow }[]): void {
    for (const { waited, given } of handed) {
      this.#count(waited, -1)
      this.#count(given, 1)
      this.#licenses.set(keyOf(given.user_id, given.product_id), given)
    }
  }

  poolsWithFreeSeats(): PoolRow[] {
    return [...this.#pools.values()].filter((pool) => pool.waiting > 0 && pool.used < pool.row.seats).map(rowOf)
  }

  changedPools(): PoolRow[] {
    return [...this.#pools.values()]
      .filter(
        ({ row, used, reserved, waiting }) => used !== row.used || reserved !== row.reserved || waiting !== row.waiting,
      )
      .map(rowOf)
  }
}

function rowOf({ row, used, reserved, waiting }: Pool): PoolRow {
  return { ...row, used, reserved, waiting }
}

/** The license is as it has to be: no seat moves, nothing is written. */
export function fits(row: LicenseRow, status: UserStatus, product: EffectiveProduct): boolean {
  const settled = status === 'active' ? row.state !== 'reserved' && row.state !== 'pending' : row.state !== 'assigned'
  return settled && isSame(row, product)
}

function isSame(row: LicenseRow, product: EffectiveProduct): boolean {
  return (
    row.source === product.source &&
    row.source_id === (product.ruleId ?? '') &&
    row.via_product_id === product.viaBundle &&
    row.features === JSON.stringify(product.features)
  )
}

export function changeOf(row: LicenseRow, before: SeatState | null, after: SeatState | null): SeatChange {
  const { user_id: userId, product_id: productId, source, source_id: sourceId } = row
  return { userId, productId, before, after, source, sourceId }
}

export const keyOf = (userId: string, productId: string): string => `${userId} ${productId}`
const holdsSeat = (row: LicenseRow): boolean =>
  row.via_product_id === null && (row.state === 'reserved' || row.state === 'assigned')
