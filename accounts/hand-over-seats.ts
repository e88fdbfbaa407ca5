import type { Tx } from '../db/database.js'
import { receiversOf } from './access-report.js'
import { announceAccess } from './announce-access.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { loadCatalog } from './policy.js'
import { storedSeats } from './seat-store.js'
import { serveWaiting } from './seats.js'
import { accessEvent, type SettleCause } from './settle-users.js'

/** Seats were added: give what is free to the waiting list, one event per person who receives one (PRODUCT 2.5). */
export async function handOverSeats(
  deps: Deps,
  tx: Tx,
  accountId: string,
  productIds: readonly string[],
  cause: SettleCause,
): Promise<void> {
  const catalog = await loadCatalog(tx, accountId)
  const handed = await serveWaiting(storedSeats(tx, accountId), productIds, deps.now().getTime())
  const events = receiversOf(catalog, handed).map((receiver) => accessEvent(deps, cause, receiver))
  await writeEvents(deps, tx, accountId, events)
  await announceAccess(deps, tx, accountId, events)
}
