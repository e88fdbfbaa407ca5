import type { LicenseRow, SeatState } from '../db/licenses.js'
import type { UserRow } from '../db/users.js'
import type { EffectiveRole, Features } from './evaluate-types.js'
import type { Catalog } from './policy.js'
import { ruleOf } from './rule-of-grant.js'
import type { SeatForecast } from './seat-forecast.js'

/** One cell that would change: a person's role, or one of her products. */
export interface PreviewEntry {
  readonly userId: string
  readonly scimId: string
  readonly userName: string
  readonly displayName: string
  readonly field: 'role' | 'product'
  /** Key, where the field is a product. */
  readonly product?: string
  /** `seat`: she keeps the product, and nothing but the state of its seat changes. */
  readonly change: 'gain' | 'lose' | 'change' | 'seat'
  /** Key of the role, or features of the product; null where she does not have it. */
  readonly now: string | Features | null
  readonly after: string | Features | null
  /** State of the seat, where the field is a product. */
  readonly seat?: { readonly now: SeatState | null; readonly after: SeatState | null }
  /** The rule that decides, where one does; DRAFT_RULE for one that is not stored. */
  readonly ruleId?: string
}

/** Somebody of the connection, by all the names that a preview gives her. */
export type Previewed = Pick<PreviewEntry, 'userId' | 'scimId' | 'userName' | 'displayName'>

/** The role that she would have in place of hers. */
export function roleCell(person: Previewed, user: UserRow, role: EffectiveRole, { roleById }: Catalog): PreviewEntry {
  const now = roleById.get(user.role_id)?.key ?? null
  const rule = role.ruleId === null ? {} : { ruleId: role.ruleId }
  return { ...person, field: 'role', change: 'change', now, after: role.key, ...rule }
}

/** Her products that would not stay as they are; `stored` are her licenses now. */
export function productCells(
  person: Previewed,
  stored: readonly LicenseRow[],
  forecast: SeatForecast,
  { productById }: Catalog,
): PreviewEntry[] {
  const { userId } = person
  const before = new Map(stored.map((row) => [row.product_id, row]))
  const after = new Map(forecast.over(stored, [userId]).map((row) => [row.product_id, row]))
  return [...new Set([...before.keys(), ...after.keys()])].sort().flatMap((productId) => {
    const [now, next] = [before.get(productId), after.get(productId)]
    const change = changeOf(now, next)
    if (change === undefined) return []
    const product = productById.get(productId)?.key ?? productId
    const features = { now: featuresOf(now), after: featuresOf(next) }
    const seat = { now: now?.state ?? null, after: next?.state ?? null }
    const rule = next === undefined ? {} : ruleOf(next.source, next.source_id)
    return [{ ...person, field: 'product' as const, product, change, ...features, seat, ...rule }]
  })
}

function changeOf(now: LicenseRow | undefined, after: LicenseRow | undefined): PreviewEntry['change'] | undefined {
  if (now === undefined || after === undefined) return now === undefined ? 'gain' : 'lose'
  if (!sameFeatures(featuresOf(now), featuresOf(after))) return 'change'
  return now.state === after.state ? undefined : 'seat'
}

function featuresOf(row: LicenseRow | undefined): Features | null {
  return row === undefined ? null : (JSON.parse(row.features) as Features)
}

function sameFeatures(a: Features | null, b: Features | null): boolean {
  const sorted = (features: Features | null) => JSON.stringify(Object.entries(features ?? {}).sort())
  return sorted(a) === sorted(b)
}
