import { openMatches } from '../db/connection-health.js'
import { getConnection } from './connections.js'
import type { Deps } from './deps.js'
import { checksOf, type SetupCheck } from './setup-checks.js'
import { type SetupRequest, setupFacts } from './setup-facts.js'
import { hintsOf, type SetupHint } from './setup-hints.js'

/** What the server has seen of a connection that is being set up (PRODUCT 4.6 and 4.7). */
export interface Setup {
  readonly checks: readonly SetupCheck[]
  /** The latest first. */
  readonly requests: readonly (Omit<SetupRequest, 'time' | 'address'> & { readonly time: Date })[]
  readonly hints: readonly SetupHint[]
}

/** Refuses: connection_not_found. `seesPeople`: may hints name somebody? */
export async function readSetup(
  { db, now, publicUrl }: Deps,
  accountId: string,
  connectionId: string,
  seesPeople: boolean,
): Promise<Setup> {
  const connection = await getConnection(db, accountId, connectionId)
  const open = (await openMatches(db, accountId)).get(connectionId) ?? 0
  const facts = await setupFacts(db, connection, open, now().getTime())
  return {
    checks: checksOf(facts),
    requests: facts.requests.map(({ time, address: _, ...request }) => ({ ...request, time: new Date(time) })),
    hints: hintsOf(facts, `${publicUrl}/scim/v2/${connectionId}`, seesPeople),
  }
}
