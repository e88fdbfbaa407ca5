import type { Document } from '../filter/attribute.js'
import type { Settled } from './access-report.js'
import type { Connection } from './connection.js'
import { AccountError } from './errors.js'
import { unknownEntitlements } from './evaluate-attributes.js'
import type { LoadedPolicy } from './policy.js'

/**
 * Where the connection accepts direct entitlements, one that names no product is refused (PRODUCT 2.8 step 3). One that
 * was stored before it was accepted only warns: a write that says nothing of it is not wrong.
 */
export function refuseUnknownEntitlements(
  { settings }: Connection,
  policy: LoadedPolicy,
  document: Document,
  stored: Document = {},
): void {
  if (!settings.acceptDirectEntitlements) return
  const before = unknownEntitlements(stored, policy.products)
  const unknown = unknownEntitlements(document, policy.products).find((text) => !before.includes(text))
  if (unknown === undefined) return
  const keys = policy.products.map((product) => product.key).join(', ')
  throw new AccountError('unknown_entitlement', `No license ${unknown} exists. Known: ${keys}.`)
}

/** Only where an administrator chose so: no free seat refuses a create or a reactivation (PRODUCT 2.5). */
export function refuseWithoutSeat({ settings }: Connection, policy: LoadedPolicy, settled: Settled): void {
  const [full] = settled.beganToWait
  if (settings.onNoSeat !== 'reject' || full === undefined) return
  const { productId, seats, used } = full
  const name = policy.productById.get(productId)?.name ?? productId
  throw new AccountError(
    'no_seat_reject',
    `No ${name} seat is free (${used} of ${seats}). Add seats in Licenses or change the setting 'When no seat is free'.`,
    { productId },
  )
}
