import {
  type AccountRow,
  findAccount,
  insertAccount,
  lockAccount,
  pageOfAccounts,
  updateAccount,
} from '../db/accounts.js'
import type { Queries, Tx } from '../db/database.js'
import { insertRole } from '../db/roles.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { evaluateEveryoneAnew } from './evaluate-anew.js'
import { writeEvents } from './events.js'
import { type Page, pageFrom } from './page.js'
import { SYSTEM_ROLES } from './roles.js'

/** Switches of an account; stored as one JSON text. */
export interface AccountSettings {
  /** Directory roles and rules may grant super_admin (PRODUCT 2.6). */
  readonly directoryMayGrantSuperAdmin: boolean
  /** After how many days without a sign-in an active user is flagged `inactive`. */
  readonly inactivityDays: 30 | 60 | 90
}

export const DEFAULT_ACCOUNT_SETTINGS: AccountSettings = { directoryMayGrantSuperAdmin: false, inactivityDays: 90 }

/** A customer: what others call a tenant. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly settings: AccountSettings
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export function accountFromRow(row: AccountRow): Account {
  return {
    id: row.account_id,
    name: row.name,
    settings: { ...DEFAULT_ACCOUNT_SETTINGS, ...(JSON.parse(row.settings) as Partial<AccountSettings>) },
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

/** Make an account with its three system roles. */
export function createAccount(deps: Deps, actor: Administrator, input: { name: string }): Promise<Account> {
  return deps.db.transaction(async (tx) => {
    const row = await insertNewAccount(deps, tx, deps.newId(), input.name)
    const subject = { type: 'account', id: row.account_id, displayName: row.name } as const
    await writeEvents(deps, tx, row.account_id, [adminEvent(deps, actor, { action: 'account.created', subject })])
    return accountFromRow(row)
  })
}

/** The rows of a new account; the caller tells of it. */
export async function insertNewAccount(deps: Deps, tx: Tx, id: string, name: string): Promise<AccountRow> {
  const now = deps.now().getTime()
  const row: AccountRow = {
    account_id: id,
    name,
    settings: JSON.stringify(DEFAULT_ACCOUNT_SETTINGS),
    owner_user_id: null,
    version: 1,
    created_at: now,
    updated_at: now,
  }
  await insertAccount(tx, row)
  await insertSystemRoles(deps, tx, id, now)
  return row
}

export async function insertSystemRoles(deps: Deps, tx: Tx, accountId: string, now: number): Promise<void> {
  for (const [rank, { key, name, permissions }] of SYSTEM_ROLES.entries()) {
    const base = { account_id: accountId, id: deps.newId(), key, name, system: 1, rank, created_at: now }
    await insertRole(tx, { ...base, permissions: JSON.stringify(permissions) })
  }
}

export interface AccountPatch {
  readonly name?: string | undefined
  readonly settings?: { readonly [Key in keyof AccountSettings]?: AccountSettings[Key] | undefined } | undefined
}

/** Change name or settings. Refuses: account_not_found. */
export async function updateAccountSettings(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  patch: AccountPatch,
): Promise<Account> {
  return deps.db.transaction(async (tx) => {
    const row = await lockAccount(tx, accountId)
    if (row === undefined) throw accountNotFound()
    const before = accountFromRow(row)
    const settings = { ...before.settings, ...definedOf(patch.settings ?? {}) } as AccountSettings
    const name = patch.name ?? row.name
    const changes = [...changesBetween({ name: row.name }, { name }), ...changesBetween(before.settings, settings)]
    if (changes.length === 0) return before
    const updated_at = deps.now().getTime()
    const after = { ...row, name, settings: JSON.stringify(settings), version: row.version + 1, updated_at }
    await updateAccount(tx, after)
    const subject = { type: 'account', id: accountId, displayName: name } as const
    const effects = changes.some(({ attribute }) => attribute === 'directoryMayGrantSuperAdmin')
      ? await evaluateEveryoneAnew(deps, tx, actor, accountId)
      : []
    const event = adminEvent(deps, actor, { action: 'account.updated', subject, changes, effects })
    await writeEvents(deps, tx, accountId, [event])
    return accountFromRow(after)
  })
}

/** Refuses: account_not_found. */
export async function getAccount(q: Queries, accountId: string): Promise<Account> {
  const row = await findAccount(q, accountId)
  if (row === undefined) throw accountNotFound()
  return accountFromRow(row)
}

/** Oldest first. */
export async function listAccounts(q: Queries, cursor: string, limit: number): Promise<Page<Account>> {
  const rows = await pageOfAccounts(q, cursor, limit + 1)
  return pageFrom(rows, limit, (row) => row.account_id, accountFromRow)
}

function accountNotFound(): AccountError {
  return new AccountError('account_not_found', 'This account is not known here.')
}

/** What is set: a property that is undefined changes nothing. */
export function definedOf<T extends object>(patch: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>
  }
}
