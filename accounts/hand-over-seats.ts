import type { Tx } from '../db/database.js'
import { seatEffect } from './access-report.js'
import type { Deps } from './deps.js'
import { type Effect, writeEvents } from './events.js'
import { loadCatalog } from './policy.js'
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
  const byUser = new Map<string, Effect[]>()
  for (const change of await serveWaiting(tx, accountId, productIds, deps.now().getTime())) {
    byUser.set(change.userId, [...(byUser.get(change.userId) ?? []), seatEffect(catalog, change)])
  }
  const events = [...byUser].map(([userId, effects]) => accessEvent(deps, cause, userId, effects))
  await writeEvents(deps, tx, accountId, events)
}
