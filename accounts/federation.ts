import { endAccessTokens } from '../db/access-tokens.js'
import { deleteFederation, type FederationRow, findFederation, saveFederation } from '../db/federations.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import { getConnection, lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'

/** Whom a connection trusts in place of a secret, and whom of his (RFC 7523 §3): what an administrator sets. */
export interface FederationTerms {
  /** `iss` of the assertions. */
  readonly issuer: string
  /** Where the issuer publishes its keys (RFC 7517). */
  readonly jwksUrl: string
  /** `sub`: the client itself, at its issuer. */
  readonly subject: string
  /** `aud`: us, as the issuer calls us. */
  readonly audience: string
}

export interface Federation extends FederationTerms {
  /** When the keys were last read; null before the first sign-in. */
  readonly keysFetchedAt: Date | null
  /** Why they could not be read the last time; null where they could. */
  readonly keysFailure: string | null
  readonly lastUsedAt: Date | null
  readonly lastUsedIp: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

function federationFromRow(row: FederationRow): Federation {
  const instant = (value: number | null) => (value === null ? null : new Date(value))
  return {
    ...termsOf(row),
    keysFetchedAt: instant(row.jwks_fetched_at),
    keysFailure: row.jwks_failure,
    lastUsedAt: instant(row.last_used_at),
    lastUsedIp: row.last_used_ip,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

function termsOf({ issuer, jwks_url: jwksUrl, subject, audience }: FederationRow): FederationTerms {
  return { issuer, jwksUrl, subject, audience }
}

/** Refuses: connection_not_found, federation_not_set_up. */
export async function getFederation({ db }: Deps, accountId: string, connectionId: string): Promise<Federation> {
  await getConnection(db, accountId, connectionId)
  const row = await findFederation(db, accountId, connectionId)
  if (row === undefined) throw notSetUp()
  return federationFromRow(row)
}

/**
 * Trust an issuer, or change what is asked of it: access tokens that were given under other terms end with the answer.
 * Refuses: connection_not_found.
 */
export function setFederation(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  terms: FederationTerms,
): Promise<Federation> {
  return deps.db.transaction(async (tx) => {
    const { name } = await lockedConnection(tx, accountId, connectionId)
    const before = await findFederation(tx, accountId, connectionId)
    const changes = changesBetween(before && termsOf(before), terms)
    if (before !== undefined && changes.length === 0) return federationFromRow(before)
    const now = deps.now().getTime()
    const row: FederationRow = {
      ...{ account_id: accountId, connection_id: connectionId, id: deps.newId() },
      ...{ issuer: terms.issuer, jwks_url: terms.jwksUrl, subject: terms.subject, audience: terms.audience },
      ...{ jwks: null, jwks_fetched_at: null, jwks_tried_at: null, jwks_failure: null },
      ...{ last_used_at: null, last_used_ip: null },
      ...{ version: (before?.version ?? 0) + 1, created_at: before?.created_at ?? now, updated_at: now },
    }
    if (before !== undefined) await endAccessTokens(tx, accountId, connectionId, before.id)
    await saveFederation(tx, row)
    const subject = { type: 'connection', id: connectionId, displayName: name } as const
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'federation.set', subject, connectionId, changes }),
    ])
    return federationFromRow(row)
  })
}

/** Trust it no longer; what it was given ends with the answer. Refuses: connection_not_found, federation_not_set_up. */
export async function removeFederation(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const { name } = await lockedConnection(tx, accountId, connectionId)
    const row = await findFederation(tx, accountId, connectionId)
    if (row === undefined) throw notSetUp()
    await endAccessTokens(tx, accountId, connectionId, row.id)
    await deleteFederation(tx, accountId, connectionId)
    const before = termsOf(row)
    const changes = Object.entries(before).map(([attribute, value]) => ({ attribute, before: value, after: null }))
    const subject = { type: 'connection', id: connectionId, displayName: name } as const
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'federation.removed', subject, connectionId, changes }),
    ])
  })
}

function notSetUp(): AccountError {
  return new AccountError('federation_not_set_up', 'This connection trusts no outside issuer.')
}
