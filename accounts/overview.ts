import { invitedBefore, overriddenPeople, peopleByStatus } from '../db/connection-health.js'
import { type ConnectionHealth, healthOfConnection, healthSurroundings } from './connection-health.js'
import { listConnections } from './connections.js'
import type { Deps } from './deps.js'
import { idAt } from './id-at.js'
import { listProducts } from './products.js'

/** The seats of one product. */
export interface SeatCount {
  readonly productId: string
  readonly key: string
  readonly name: string
  readonly seats: number
  readonly assigned: number
  readonly reserved: number
  readonly waiting: number
}

/** What an administrator sees first (PRODUCT 3.3). */
export interface Overview {
  readonly users: { readonly active: number; readonly invited: number; readonly suspended: number }
  readonly seats: readonly SeatCount[]
  readonly invitationsOlderThan7Days: number
  readonly overrides: number
  readonly openMatchRequests: number
  readonly connections: readonly ConnectionHealth[]
}

/** What of the overview its reader may see besides people. */
export interface OverviewRights {
  readonly seats: boolean
  readonly connections: boolean
}

const WEEK_MS = 7 * 86_400_000

export async function readOverview(deps: Deps, accountId: string, rights: OverviewRights): Promise<Overview> {
  const { db, now } = deps
  const people = await peopleByStatus(db, accountId)
  const surroundings = await healthSurroundings(db, accountId)
  const connections: ConnectionHealth[] = []
  for (const connection of rights.connections ? await listConnections(db, accountId) : [])
    connections.push(await healthOfConnection(deps, connection, surroundings, true))
  return {
    users: {
      active: people.get('active') ?? 0,
      invited: people.get('invited') ?? 0,
      suspended: people.get('suspended') ?? 0,
    },
    seats: rights.seats
      ? (await listProducts(db, accountId)).map(({ id, key, name, seats, assigned, reserved, waiting }) => {
          return { productId: id, key, name, seats, assigned, reserved, waiting }
        })
      : [],
    invitationsOlderThan7Days: await invitedBefore(db, accountId, idAt(now().getTime() - WEEK_MS)),
    overrides: await overriddenPeople(db, accountId),
    openMatchRequests: [...surroundings.openMatches.values()].reduce((sum, count) => sum + count, 0),
    connections,
  }
}
