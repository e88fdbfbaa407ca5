import { randomBytes } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { lockAccount } from '../db/accounts.js'
import type { Queries } from '../db/database.js'
import { type DomainRow, deleteDomain, domainsOf, findDomain, findVerifiedDomain, upsertDomain } from '../db/domains.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'

/** A mail domain of an account. Only a verified one lets a directory adopt local users (PRODUCT 2.10). */
export interface Domain {
  readonly name: string
  readonly state: 'pending' | 'verified'
  /** What has to stand in a TXT record of the domain to prove it. */
  readonly txtRecord: string
  readonly createdAt: Date
  readonly verifiedAt: Date | null
}

function domainFromRow(row: DomainRow): Domain {
  return {
    name: row.name,
    state: row.state,
    txtRecord: `usher-domain-verification=${row.txt_token}`,
    createdAt: new Date(row.created_at),
    verifiedAt: row.verified_at === null ? null : new Date(row.verified_at),
  }
}

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** A domain name in the one form in which it is stored and compared: lower case, IDNA A-labels; undefined if it is none. */
export function parseDomain(text: string): string | undefined {
  const ascii = domainToASCII(text.trim().replace(/\.$/, '')).toLowerCase()
  const labels = ascii.split('.')
  const sound = ascii.length <= 253 && labels.length >= 2 && labels.every((label) => LABEL.test(label))
  return sound && !/^\d+$/.test(labels.at(-1) ?? '') ? ascii : undefined
}

/**
 * Add a domain, pending until its TXT record is seen; `verified` is the operator's word for it, also for one that is
 * pending. Refuses: domain_invalid, domain_taken (never saying by whom), forbidden.
 */
export async function addDomain(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: { name: string; verified?: boolean | undefined },
): Promise<Domain> {
  const name = parseDomain(input.name)
  if (name === undefined) throw new AccountError('domain_invalid', `'${input.name}' is not a domain name.`)
  if (input.verified && actor.role !== 'operator')
    throw new AccountError('forbidden', 'Only the operator of this server may declare a domain verified.')
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const before = await findDomain(tx, accountId, name)
    const verified = input.verified ?? false
    if (before !== undefined && (before.state === 'verified' || !verified)) throw taken(name, true)
    if ((await findVerifiedDomain(tx, name)) !== undefined) throw taken(name, false)
    const now = deps.now().getTime()
    const row: DomainRow = {
      account_id: accountId,
      name,
      state: verified ? 'verified' : 'pending',
      txt_token: before?.txt_token ?? randomBytes(18).toString('base64url'),
      created_at: before?.created_at ?? now,
      verified_at: verified ? now : null,
    }
    await upsertDomain(tx, row)
    const changes = changesBetween({ state: before?.state }, { state: row.state })
    const subject = { type: 'domain', id: name, displayName: name } as const
    const action = verified ? 'domain.verified' : 'domain.added'
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action, subject, changes })])
    return domainFromRow(row)
  })
}

function taken(name: string, here: boolean): AccountError {
  return new AccountError('domain_taken', here ? `This account already has ${name}.` : `${name} is already in use.`)
}

/** Refuses: domain_not_found. */
export async function removeDomain(deps: Deps, actor: Administrator, accountId: string, text: string): Promise<void> {
  const name = parseDomain(text) ?? text
  await deps.db.transaction(async (tx) => {
    const row = await findDomain(tx, accountId, name)
    if (row === undefined) throw new AccountError('domain_not_found', `This account has no domain ${name}.`)
    await deleteDomain(tx, accountId, name)
    const subject = { type: 'domain', id: name, displayName: name } as const
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action: 'domain.removed', subject })])
  })
}

export async function listDomains(q: Queries, accountId: string): Promise<Domain[]> {
  return (await domainsOf(q, accountId)).map(domainFromRow)
}
