import { randomBytes } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { lockAccount } from '../db/accounts.js'
import type { Queries, Tx } from '../db/database.js'
import { type DomainRow, deleteDomain, domainsOf, findDomain, findVerifiedDomain, upsertDomain } from '../db/domains.js'
import { UniqueViolation } from '../db/unique-violation.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'

/** A mail domain of an account. Only a verified one lets a directory adopt local users (PRODUCT 2.10). */
export interface Domain {
  readonly name: string
  readonly state: 'pending' | 'verified'
  /** The name at which a TXT record proves it, and what has to stand in it. */
  readonly txtName: string
  readonly txtRecord: string
  /** Its people sign in through their identity provider, and in no other way. */
  readonly ssoRequired: boolean
  readonly createdAt: Date
  readonly verifiedAt: Date | null
}

function domainFromRow(row: DomainRow): Domain {
  return {
    name: row.name,
    state: row.state,
    txtName: row.name,
    txtRecord: `usher-domain-verification=${row.txt_token}`,
    ssoRequired: row.sso_required === 1,
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
      sso_required: before?.sso_required ?? 0,
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

function domainNotFound(name: string): AccountError {
  return new AccountError('domain_not_found', `This account has no domain ${name}.`)
}

/**
 * Verify a domain by its TXT record. `lookUp` asks for the records of a name and is called outside of the transaction.
 * Refuses: domain_not_found, domain_not_proved, domain_taken (never saying by whom), and what `lookUp` throws.
 */
export async function verifyDomain(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  text: string,
  lookUp: (name: string) => Promise<readonly string[]>,
): Promise<Domain> {
  const name = parseDomain(text) ?? text
  const before = await findDomain(deps.db, accountId, name)
  if (before === undefined) throw domainNotFound(name)
  const { txtRecord } = domainFromRow(before)
  if (before.state === 'verified') return domainFromRow(before)
  const found = await lookUp(name)
  if (!found.some((record) => record.trim() === txtRecord)) throw notProved(name, txtRecord, found)
  return changeDomain(deps, actor, accountId, name, 'domain.verified', async (tx, row) => {
    if (row.state !== 'verified' && (await findVerifiedDomain(tx, name)) !== undefined) throw taken(name, false)
    return { ...row, state: 'verified', verified_at: row.verified_at ?? deps.now().getTime() }
  }).catch((error: unknown) => {
    // Another account was verified in between.
    throw error instanceof UniqueViolation ? taken(name, false) : error
  })
}

function notProved(name: string, txtRecord: string, found: readonly string[]): AccountError {
  const seen = found.length === 0 ? 'no TXT record' : `${found.length} TXT records, none of which is it`
  const text = `${name} has ${seen}. Add a TXT record with ${txtRecord}; it may take an hour to be seen.`
  return new AccountError('domain_not_proved', text)
}

/** Say whether people of a verified domain have to sign in through it. Refuses: domain_not_found, domain_not_proved. */
export function reviseDomain(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  text: string,
  { ssoRequired }: { readonly ssoRequired?: boolean | undefined },
): Promise<Domain> {
  const name = parseDomain(text) ?? text
  return changeDomain(deps, actor, accountId, name, 'domain.updated', async (_, row) => {
    if (ssoRequired === true && row.state !== 'verified')
      throw new AccountError('domain_not_proved', `Verify ${name} first: only then it says how its people sign in.`)
    return ssoRequired === undefined ? row : { ...row, sso_required: ssoRequired ? 1 : 0 }
  })
}

/** The frame of every change of one domain: lock, change, write the event. */
function changeDomain(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  name: string,
  action: 'domain.verified' | 'domain.updated',
  work: (tx: Tx, row: DomainRow) => Promise<DomainRow>,
): Promise<Domain> {
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const before = await findDomain(tx, accountId, name)
    if (before === undefined) throw domainNotFound(name)
    const after = await work(tx, before)
    const shown = ({ state, sso_required }: DomainRow) => ({ state, ssoRequired: sso_required === 1 })
    const changes = changesBetween(shown(before), shown(after))
    if (changes.length > 0) await upsertDomain(tx, after)
    const subject = { type: 'domain', id: name, displayName: name } as const
    const outcome = changes.length === 0 ? 'no_change' : 'success'
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action, outcome, subject, changes })])
    return domainFromRow(after)
  })
}

/** Refuses: domain_not_found. */
export async function removeDomain(deps: Deps, actor: Administrator, accountId: string, text: string): Promise<void> {
  const name = parseDomain(text) ?? text
  await deps.db.transaction(async (tx) => {
    const row = await findDomain(tx, accountId, name)
    if (row === undefined) throw domainNotFound(name)
    await deleteDomain(tx, accountId, name)
    const subject = { type: 'domain', id: name, displayName: name } as const
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action: 'domain.removed', subject })])
  })
}

export async function listDomains(q: Queries, accountId: string): Promise<Domain[]> {
  return (await domainsOf(q, accountId)).map(domainFromRow)
}
