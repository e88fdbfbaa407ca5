import { hash, randomBytes } from 'node:crypto'
import { endAccessTokens } from '../db/access-tokens.js'
import type { Queries } from '../db/database.js'
import { findToken, insertToken, revokeToken, type TokenRow, tokensOf } from '../db/tokens.js'
import { type Administrator, adminEvent } from './administrator.js'
import { getConnection, lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { nextNotice } from './expiry-notices.js'
import { labelOf, TOKEN_KINDS, type TokenKind } from './token-kind.js'

/** A SCIM bearer token, or a secret of a connection's OAuth client, without what is secret of it. */
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
/** Two of each kind, so that one can be replaced without a gap. */
const MAX_LIVE = 2

/** How a token is stored and looked up: SHA-256, base64url. Its 256 random bits need no slower hash. */
export function hashToken(token: string): string {
  return hash('sha256', token, 'base64url')
}

/** 256 random bits behind a prefix. */
export function newToken(prefix: string): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`
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
export async function listTokens(
  deps: Deps,
  kind: TokenKind,
  accountId: string,
  connectionId: string,
): Promise<ScimToken[]> {
  await getConnection(deps.db, accountId, connectionId)
  const now = deps.now().getTime()
  return (await tokensOf(deps.db, TOKEN_KINDS[kind].table, accountId, connectionId)).map((row) =>
    tokenFromRow(row, now),
  )
}

/**
 * Make a token or secret; this answer is the only place where it can be read. The lock of the connection lets requests
 * for a new one take turns. Refuses: connection_not_found, expiry_invalid, token_limit.
 */
export async function createToken(
  deps: Deps,
  kind: TokenKind,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: { expiresAt?: Date | undefined },
): Promise<ScimToken & { token: string }> {
  const { table, prefix } = TOKEN_KINDS[kind]
  const token = newToken(prefix)
  return deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const now = deps.now().getTime()
    const expiresAt = input.expiresAt?.getTime() ?? now + DEFAULT_LIFE_MS
    if (expiresAt <= now) throw new AccountError('expiry_invalid', `A ${kind} has to expire in the future.`)
    const live = (await tokensOf(tx, table, accountId, connectionId)).map((row) => tokenFromRow(row, now))
    if (live.filter(({ state }) => state === 'active').length >= MAX_LIVE)
      throw new AccountError('token_limit', `A connection has at most ${MAX_LIVE} live ${kind}s. Revoke one first.`)
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
      notice_at: nextNotice(expiresAt, now),
    }
    await insertToken(tx, table, row)
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: `${kind}.created`,
        subject: { type: kind, id: row.id, displayName: labelOf(kind, row.last4, connection.name) },
        connectionId,
        changes: [{ attribute: 'expiresAt', before: null, after: new Date(expiresAt).toISOString() }],
      }),
    ])
    return { ...tokenFromRow(row, now), token }
  })
}

/**
 * Revoke a token or secret: the next request with it, or with an access token that was given for it, is refused. Doing
 * it twice changes nothing. Refuses: token_not_found.
 */
export async function retireToken(
  deps: Deps,
  kind: TokenKind,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<void> {
  const { table } = TOKEN_KINDS[kind]
  await deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const row = await getToken(tx, kind, accountId, connectionId, id)
    const revoked = await revokeToken(tx, table, accountId, connectionId, id, deps.now().getTime())
    if (kind === 'secret') await endAccessTokens(tx, accountId, connectionId, id)
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: `${kind}.revoked`,
        outcome: revoked ? 'success' : 'no_change',
        subject: { type: kind, id, displayName: labelOf(kind, row.last4, connection.name) },
        connectionId,
      }),
    ])
  })
}

async function getToken(
  q: Queries,
  kind: TokenKind,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<TokenRow> {
  const row = await findToken(q, TOKEN_KINDS[kind].table, accountId, connectionId, id)
  if (row === undefined) throw new AccountError('token_not_found', `This connection has no such ${kind}.`)
  return row
}
