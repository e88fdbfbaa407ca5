import { findConnectionById } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { addStray } from '../db/stray-requests.js'
import type { Deps } from './deps.js'

/** A request below /scim whose address leads nowhere. */
export interface StrayRequest {
  readonly address: string
  readonly method: string
  readonly path: string
  readonly userAgent: string | undefined
}

const MINUTE_MS = 60_000
const MAX_PATH = 256
const MAX_METHOD = 16
const ID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

/**
 * Keep that somebody came to a wrong address, for whoever sets a connection up (PRODUCT 4.7). Equal ones of a minute are
 * added up. `counted` counts it for the limit by rate, in the same transaction; whoever calls has looked at the limit.
 */
export async function recordStray(
  deps: Pick<Deps, 'db' | 'now'>,
  { address, method, path, userAgent }: StrayRequest,
  counted: (tx: Tx) => Promise<void>,
): Promise<void> {
  const id = ID.exec(path)?.[0].toLowerCase()
  const connection = id === undefined ? undefined : await findConnectionById(deps.db, id)
  const minute = Math.floor(deps.now().getTime() / MINUTE_MS) * MINUTE_MS
  await deps.db.transaction(async (tx) => {
    await counted(tx)
    await addStray(tx, {
      account_id: connection?.account_id ?? '',
      connection_id: connection?.id ?? '',
      ...{ address, minute, user_agent: userAgent?.slice(0, 256) ?? null },
      path: path.slice(0, MAX_PATH),
      method: method.slice(0, MAX_METHOD),
    })
  })
}
