import { type ConnectionRow, findConnectionById } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { countRefusal } from '../db/refused-tokens.js'
import { findTokenHolder } from '../db/tokens.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { hashToken } from './tokens.js'

/** Why a token was not accepted (PRODUCT 3.5). */
export type TokenRefusal = 'token_missing' | 'token_unknown' | 'token_expired' | 'connection_disabled'

export type TokenVerdict =
  | {
      readonly accepted: true
      readonly connection: Connection
      readonly token: { readonly id: string; readonly last4: string }
    }
  | { readonly accepted: false; readonly code: TokenRefusal; readonly message: string }

/**
 * Is this a live token of this connection? One indexed read, never cached: a token revoked a moment ago is refused
 * (DESIGN 1, promise 7).
 */
export async function authenticateToken(
  deps: Deps,
  connectionId: string,
  token: string | undefined,
): Promise<TokenVerdict> {
  if (token === undefined)
    return refused('token_missing', 'The request had no token. Send it as Authorization: Bearer …')
  const row = await findTokenHolder(deps.db, hashToken(token))
  if (row === undefined || row.id !== connectionId || row.revoked_at !== null) {
    const text = `The token ending in ${token.slice(-4)} is not valid for this connection.`
    return refused(
      'token_unknown',
      `${text} It was revoked or belongs elsewhere: paste a current one into the directory.`,
    )
  }
  if (row.expires_at <= deps.now().getTime()) {
    const day = new Date(row.expires_at).toISOString().slice(0, 10)
    return refused('token_expired', `The token ending in ${row.last4} expired on ${day}. Create a new one.`)
  }
  if (row.mode === 'draft')
    return refused('connection_disabled', 'This connection is a draft. An administrator can set its mode to live.')
  if (row.mode === 'disabled')
    return refused('connection_disabled', 'This connection is switched off. An administrator can switch it on again.')
  return { accepted: true, connection: connectionFromRow(row), token: { id: row.token_id, last4: row.last4 } }
}

function refused(code: TokenRefusal, message: string): TokenVerdict {
  return { accepted: false, code, message }
}

/** A refused attempt as the log needs it. */
export interface RefusedAttempt {
  readonly id: string
  readonly code: TokenRefusal
  readonly message: string
  readonly method: string
  readonly path: string
  readonly address: string
  readonly userAgent?: string
}

const MINUTE_MS = 60_000

/**
 * Log a refused token. Equal ones of a minute are added up in one event, so a flood costs a row (DESIGN 4, Events).
 * Resolves to how many there were in this minute, or undefined where no such connection exists.
 */
export async function recordRefusedToken(
  deps: Deps,
  connectionId: string,
  attempt: RefusedAttempt,
): Promise<number | undefined> {
  const row = await findConnectionById(deps.db, connectionId)
  if (row === undefined) return undefined
  return deps.db.transaction((tx) => record(deps, tx, row, attempt))
}

async function record(
  deps: Deps,
  tx: Tx,
  { account_id: accountId, id: connectionId, name: displayName }: ConnectionRow,
  { id, code, message, method, path, address, userAgent }: RefusedAttempt,
): Promise<number> {
  const minute = Math.floor(deps.now().getTime() / MINUTE_MS) * MINUTE_MS
  const counted = await countRefusal(tx, { accountId, connectionId, address, code, minute, eventId: id })
  if (counted > 1) return counted
  const http = { method, path, status: 401, durationMs: 0, address, ...(userAgent === undefined ? {} : { userAgent }) }
  const actor = { type: 'unknown', id: null, label: `somebody at ${address}` } as const
  const subject = { type: 'connection', id: connectionId, displayName } as const
  const event = { id, source: 'scim', action: 'token.refused', outcome: 'failure', code, message } as const
  await writeEvents(deps, tx, accountId, [{ ...event, actor, subject, connectionId, http }])
  return counted
}
