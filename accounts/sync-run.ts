import type { Queries } from '../db/database.js'
import { findFacets, type IdRange, newestOfFacets, oldestOfFacets, readEvents } from '../db/event-search.js'
import { AccountError } from './errors.js'
import { idAt, timeOfId } from './id-at.js'

/** Requests of one connection with less than this between them belong together (PRODUCT 2.9). */
const GAP_MS = 5 * 60_000
/** A run is followed for a day in either direction: one step spans up to GAP_MS. */
const MAX_STEPS = 288

/** Consecutive requests of one connection, as a range of the log. */
export interface SyncRun {
  readonly connectionId: string
  readonly range: IdRange
}

/**
 * The run to which an event belongs. Within one gap's length of a request every request belongs to its run, so each
 * step jumps to the furthest one there; how many requests a run has does not matter. Refuses: event_not_found.
 */
export async function runOf(q: Queries, accountId: string, eventId: string): Promise<SyncRun> {
  const [event] = await readEvents(q, accountId, [eventId])
  if (event === undefined || event.connection_id === null || event.source !== 'scim')
    throw new AccountError('event_not_found', 'This account has no such request of a directory.')
  const { connection_id: connectionId } = event
  const facets = await findFacets(q, accountId, { connection_id: [connectionId], source: ['scim'], child: [0] })
  const origin = event.parent_id ?? event.id
  const first = await follow(origin, async (id) =>
    oldestOfFacets(q, accountId, facets, { above: idAt(timeOfId(id) - GAP_MS), below: id }),
  )
  const last = await follow(origin, async (id) => {
    const range = { above: id, below: idAt(timeOfId(id) + GAP_MS) }
    return (await newestOfFacets(q, accountId, facets, range, 1)).ids[0]
  })
  // Ranges leave their ends out: a prefix sorts before the id, and the id followed by anything behind it.
  return { connectionId, range: { above: first.slice(0, -1), below: `${last}~` } }
}

async function follow(origin: string, next: (id: string) => Promise<string | undefined>): Promise<string> {
  let at = origin
  for (let step = 0; step < MAX_STEPS; step++) {
    const further = await next(at)
    if (further === undefined) return at
    at = further
  }
  return at
}
