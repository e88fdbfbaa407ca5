import { hash, randomBytes } from 'node:crypto'
import type { Queries } from '../db/database.js'
import { findToken, insertToken, revokeToken, type TokenRow, tokensOf } from '../db/tokens.js'
import { type Administrator, adminEvent } from './administrator.js'
import { getConnection, lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'

/** A SCIM bearer token, without its secret. */
export interface ScimToken {
  readonly id: string
  readonly last4: string
  readonly state: 'active' | 'expired' | 'revoked'
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
  readonly lastUsedAt: Date | null
  readonly lastUsedIp: string | null
}

const DAY_MS = 86_400_000
const DEFAULT_LIFE_MS = 365 * DAY_MS
/** Two, so that one can be replaced without a gap. */
const MAX_LIVE = 2

/** How a token is stored and looked up: SHA-256, base64url. Its 256 random bits need no slower hash. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url')
}

function tokenFromRow(row: TokenRow, now: number): ScimToken {
  return {
    id: row.id,
    last4: row.last4,
    state: row.revoked_at !== null ? 'revoked' : row.expires_at <= now ? 'expired' : 'active',
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    revokedAt: row.revoked_at === null ? null : new Date(row.revoked_at),
    lastUsedAt: row.last_used_at === null ? null : new Date(row.last_used_at),
    lastUsedIp: row.last_used_ip,
  }
}

/** Oldest first, revoked and expired ones too. Refuses: connection_not_found. */
export async function listTokens(deps: Deps, accountId: string, connectionId: string): Promise<ScimToken[]> {
  await getConnection(deps.db, accountId, connectionId)
  const now = deps.now().getTime()
  return (await tokensOf(deps.db, accountId, connectionId)).map((row) => tokenFromRow(row, now))
}

/**
 * Make a token; this answer is the only place where it can be read. The lock of the connection lets requests for a new
 * one take turns. Refuses: connection_not_found, expiry_invalid, token_limit.
 */
export async function createToken(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: { expiresAt?: Date | undefined },
): Promise<ScimToken & { token: string }> {
  const token = `scim_${randomBytes(32).toString('base64url')}`
  return deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const now = deps.now().getTime()
    const expiresAt = input.expiresAt?.getTime() ?? now + DEFAULT_LIFE_MS
    if (expiresAt <= now) throw new AccountError('expiry_invalid', 'A token has to expire in the future.')
    const live = (await tokensOf(tx, accountId, connectionId)).map((row) => tokenFromRow(row, now))
    if (live.filter(({ state }) => state === 'active').length >= MAX_LIVE)
      throw new AccountError('token_limit', `A connection has at most ${MAX_LIVE} live tokens. Revoke one first.`)
    const row: TokenRow = {
      account_id: accountId,
      connection_id: connectionId,
      id: deps.newId(),
      hash: hashToken(token),
      last4: token.slice(-4),
      created_at: now,
      expires_at: expiresAt,
      revoked_at: null,
      last_used_at: null,
      last_used_ip: null,
    }
    await insertToken(tx, row)
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'token.created',
        subject: { type: 'token', id: row.id, displayName: labelOf(row, connection.name) },
        connectionId,
        changes: [{ attribute: 'expiresAt', before: null, after: new Date(expiresAt).toISOString() }],
      }),
    ])
    return { ...tokenFromRow(row, now), token }
  })
}

/** Revoke a token; the next request with it is refused. Doing it twice changes nothing. Refuses: token_not_found. */
export async function retireToken(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const row = await findTokenOf(tx, accountId, connectionId, id)
    const revoked = await revokeToken(tx, accountId, connectionId, id, deps.now().getTime())
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'token.revoked',
        outcome: revoked ? 'success' : 'no_change',
        subject: { type: 'token', id, displayName: labelOf(row, connection.name) },
        connectionId,
      }),
    ])
  })
}

async function findTokenOf(q: Queries, accountId: string, connectionId: string, id: string): Promise<TokenRow> {
  const row = await findToken(q, accountId, connectionId, id)
  if (row === undefined) throw new AccountError('token_not_found', 'This connection has no such token.')
  return row
}

function labelOf({ last4 }: TokenRow, connectionName: string): string {
  return `token ····${last4} of ${connectionName}`
}
