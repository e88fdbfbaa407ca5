import type { IncomingMessage } from 'node:http'
import type { Deps } from '../accounts/deps.js'
import { recordStray } from '../accounts/stray-requests.js'
import { RateLimit } from './rate-limit.js'
import type { Arrival } from './scim-arrival.js'

/** Kept in a minute of one address, and of all: a stranger cannot fill the table, nor keep others out of it for long. */
const OF_ADDRESS = 5
const OF_ALL = 60
const EVERYWHERE = { address: '' }

/** Keeps requests that led nowhere, so that whoever sets a connection up sees what is wrong with its address. */
export function strayKeeper(
  deps: Deps,
  limited: boolean,
): (request: IncomingMessage, arrival: Arrival) => Promise<void> {
  const ofAddress = new RateLimit(deps, 'stray', limited ? OF_ADDRESS : undefined)
  const ofAll = new RateLimit(deps, 'strays', limited ? OF_ALL : undefined)
  return async (request, { address, method, path }) => {
    if ((await ofAddress.isReached({ address })) || (await ofAll.isReached(EVERYWHERE))) return
    const stray = { address, method, path, userAgent: request.headers['user-agent'] }
    await recordStray(deps, stray, async (tx) => {
      await ofAddress.addIn(tx, { address })
      await ofAll.addIn(tx, EVERYWHERE)
    })
  }
}
