import { type ConnectionRow, findConnectionById } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { countRefusal } from '../db/refused-tokens.js'
import type { Deps } from './deps.js'
import { type HttpFacts, writeEvents } from './events.js'

/** A refused attempt of somebody unknown, as the log needs it. */
export interface RefusedAttempt {
  /** The id of its event, and `X-Request-Id`. */
  readonly id: string
  readonly action: 'token.refused' | 'client.refused'
  readonly code: string
  readonly message: string
  readonly http: Omit<HttpFacts, 'durationMs'>
}

const MINUTE_MS = 60_000

/**
 * Log a refused token or client. Equal ones of a minute are added up in one event, so a flood costs a row (DESIGN 4,
 * Events). Resolves to how many there were in this minute, and of which account, or undefined where no such
 * connection exists.
 */
export async function recordRefusedAttempt(
  deps: Deps,
  connectionId: string,
  attempt: RefusedAttempt,
): Promise<{ readonly accountId: string; readonly attempts: number } | undefined> {
  const row = await findConnectionById(deps.db, connectionId)
  if (row === undefined) return undefined
  const attempts = await deps.db.transaction((tx) => record(deps, tx, row, attempt))
  return { accountId: row.account_id, attempts }
}

async function record(
  deps: Deps,
  tx: Tx,
  { account_id: accountId, id: connectionId, name: displayName }: ConnectionRow,
  { id, action, code, message, http }: RefusedAttempt,
): Promise<number> {
  const { address } = http
  const minute = Math.floor(deps.now().getTime() / MINUTE_MS) * MINUTE_MS
  const counted = await countRefusal(tx, {
    accountId,
    connectionId,
    address,
    code: `${action} ${code}`,
    minute,
    eventId: id,
  })
  if (counted > 1) return counted
  const actor = { type: 'unknown', id: null, label: `somebody at ${address}` } as const
  const subject = { type: 'connection', id: connectionId, displayName } as const
  const event = { id, source: 'scim', action, outcome: 'failure', code, message } as const
  await writeEvents(deps, tx, accountId, [{ ...event, actor, subject, connectionId, http: { ...http, durationMs: 0 } }])
  return counted
}
