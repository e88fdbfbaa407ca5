import { findAccount, hasAccounts, lockAccount, setOwner } from '../db/accounts.js'
import type { Tx } from '../db/database.js'
import { findLink as findDirectoryLink } from '../db/directory-users.js'
import { upsertGrants } from '../db/grants.js'
import { forgetDevices } from '../db/known-devices.js'
import { findLink, type LinkRow, spendLink } from '../db/one-time-links.js'
import { savePassword } from '../db/passwords.js'
import { takeStep } from '../db/sign-in-steps.js'
import {
  endSessions,
  findUserByEmail,
  insertTerms,
  insertUser,
  lockUser,
  type UserRow,
  updateUser,
} from '../db/users.js'
import { fold } from '../filter/fold.js'
import { insertNewAccount } from './accounts.js'
import { type Administrator, adminEvent } from './administrator.js'
import type { Deps } from './deps.js'
import { searchTerms } from './directory-document.js'
import { newUser } from './directory-user.js'
import { AccountError } from './errors.js'
import { type Actor, type Effect, type EventDraft, writeEvents } from './events.js'
import { parseEmail, parseName } from './local-users.js'
import { manualGrantRow } from './manual-grant.js'
import { linkUsed, type OneTimeLink, renewLink } from './one-time-links.js'
import { ownEvent } from './own-events.js'
import { checkPassword } from './password-rules.js'
import { beginPasswordSession, type EnteringRequest, personOf } from './password-session.js'
import { loadCatalog } from './policy.js'
import { SUPER_ADMIN } from './roles.js'
import { codeWrong, enableFactor, newFactor, stepOfCode } from './second-factor.js'
import { hashSecret } from './sessions.js'
import { settleUsers } from './settle-users.js'
import type { StartedSession } from './sign-in.js'
import { type OpenStep, openStep } from './sign-in-steps.js'

const LINK_MS = 86_400_000
/** Whose link sets up a server without any account. */
const NOBODY = ''

/** The link by which a server without any account is set up; undefined where there is one. Those before it are void. */
export function firstSetUpLink(deps: Deps): Promise<OneTimeLink | undefined> {
  return deps.db.transaction(async (tx) => {
    if (await hasAccounts(tx)) return undefined
    return renewLink(deps, tx, { account_id: NOBODY, kind: 'setup', user_id: '' }, LINK_MS)
  })
}

/** The operator's link by which an account gets an owner who can enter. */
export function createSetUpLink(deps: Deps, actor: Administrator, accountId: string): Promise<OneTimeLink> {
  return deps.db.transaction(async (tx) => {
    const account = await lockAccount(tx, accountId)
    const link = await renewLink(deps, tx, { account_id: accountId, kind: 'setup', user_id: '' }, LINK_MS)
    const subject = { type: 'account', id: accountId, displayName: account?.name ?? '' } as const
    const changes = [{ attribute: 'expiresAt', before: null, after: link.expiresAt.toISOString() }]
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'setup_link.created', subject, changes }),
    ])
    return link
  })
}

/** A set-up that may begin. */
export interface SetUp {
  readonly link: LinkRow
  /** Undefined where the account is yet to be made. */
  readonly accountName: string | undefined
}

/** Refuses: link_unknown, link_used, link_expired. */
export async function getSetUp(deps: Deps, secret: string): Promise<SetUp> {
  const link = await findLink(deps.db, hashSecret(secret), 'setup')
  if (link === undefined)
    throw new AccountError('link_unknown', 'There is no such link, or a newer one is in its place.')
  const isFirst = link.account_id === NOBODY
  if (link.used_at !== null || (isFirst && (await hasAccounts(deps.db)))) throw linkUsed()
  if (link.expires_at <= deps.now().getTime()) throw new AccountError('link_expired', 'This link has expired.')
  return { link, accountName: isFirst ? undefined : (await findAccount(deps.db, link.account_id))?.name }
}

/** What the first page asks for; `accountName` only of a new account. */
export interface SetUpInput {
  readonly accountName: string
  readonly givenName: string
  readonly familyName: string
  readonly email: string
  readonly password: string
}

/** What is kept until the second factor is confirmed: the password as its hash. */
export interface SetUpDraft extends Omit<SetUpInput, 'password'> {
  readonly linkHash: string
  readonly passwordHash: string
  readonly secret: string
}

/**
 * The first page: check what was typed, keep it, and make a second factor. Resolves to the secret for the browser.
 * Refuses: attr_missing, attr_too_long, attr_type, and what `checkPassword` refuses.
 */
export async function beginSetUp(deps: Deps, { link, accountName: given }: SetUp, input: SetUpInput): Promise<string> {
  const accountName = given ?? parseName('accountName', input.accountName, 128)
  const [givenName, familyName] = [parseName('givenName', input.givenName), parseName('familyName', input.familyName)]
  const email = parseEmail(input.email)
  await checkPassword(input.password, { email, accountName, displayName: `${givenName} ${familyName}` })
  const draft: SetUpDraft = {
    ...{ accountName, givenName, familyName, email, linkHash: link.id_hash },
    passwordHash: await deps.passwords.hash(input.password),
    secret: newFactor(email, accountName).secret,
  }
  return deps.db.transaction((tx) =>
    openStep(deps, tx, { account_id: link.account_id, kind: 'setup', user_id: null }, draft),
  )
}

/** The owner is in. */
export interface FinishedSetUp {
  readonly session: StartedSession
  readonly recoveryCodes: readonly string[]
}

/**
 * The second page: the code proves the second factor, and then everything is made at once, account, owner, password,
 * second factor, session. Refuses: code_wrong, link_used (of two at once one wins), owner_must_be_local.
 */
export async function finishSetUp(
  deps: Deps,
  step: OpenStep<SetUpDraft>,
  code: string,
  request: EnteringRequest,
): Promise<FinishedSetUp> {
  const { draft, row } = step
  if (stepOfCode(draft.secret, code, deps.now()) === undefined) throw codeWrong()
  return deps.db.transaction(async (tx) => {
    const link = { account_id: row.account_id, id_hash: draft.linkHash }
    const isFirst = row.account_id === NOBODY
    if (!(await takeStep(tx, row)) || !(await spendLink(tx, link, deps.now().getTime()))) throw linkUsed()
    if (isFirst && (await hasAccounts(tx))) throw linkUsed()
    const accountId = isFirst ? deps.newId() : row.account_id
    const found = isFirst ? undefined : await findUserByEmail(tx, accountId, fold(draft.email))
    const userId = found?.id ?? deps.newId()
    const actor = { type: 'user', id: userId, label: `${draft.givenName} ${draft.familyName}` } as const
    const account = isFirst ? await insertNewAccount(deps, tx, accountId, draft.accountName) : undefined
    await lockAccount(tx, accountId)
    const owner = await becomeOwner(deps, tx, accountId, userId, draft, actingAs(actor, accountId, request, deps))
    const recoveryCodes = await enableFactor(deps, tx, { accountId, userId }, draft.secret, code)
    const parent: EventDraft = ownEvent(request, personOf(owner.user), {
      action: account === undefined ? 'account.updated' : 'account.created',
      changes: [{ attribute: 'owner', before: owner.before, after: userId }],
      effects: owner.effects,
    })
    const subject = { type: 'account', id: accountId, displayName: draft.accountName } as const
    await writeEvents(deps, tx, accountId, [{ ...parent, subject }, ...ownChildren(deps, request, owner)])
    const session = await beginPasswordSession(deps, tx, owner.user, request, request.id)
    return { session, recoveryCodes }
  })
}

interface NewOwner {
  readonly user: UserRow
  readonly isNew: boolean
  /** Who owned the account before. */
  readonly before: string | null
  readonly effects: readonly Effect[]
}

/** Who sets an account up counts as its operator, for this once. */
function actingAs(actor: Actor, accountId: string, { id, http }: EnteringRequest, deps: Deps): Administrator {
  const { method, path, status, address } = http
  return { actor, role: 'operator', accountId, request: { id, method, path, status, startedAt: deps.now(), address } }
}

async function becomeOwner(
  deps: Deps,
  tx: Tx,
  accountId: string,
  userId: string,
  draft: SetUpDraft,
  actor: Administrator,
): Promise<NewOwner> {
  const now = deps.now().getTime()
  const before = (await findAccount(tx, accountId))?.owner_user_id ?? null
  const existing = await lockUser(tx, accountId, userId)
  const user =
    existing === undefined ? await insertOwner(deps, tx, accountId, userId, draft) : await reopen(deps, tx, existing)
  const catalog = await loadCatalog(tx, accountId)
  const grant = manualGrantRow(actor, catalog, user, { kind: 'role', value: SUPER_ADMIN }, now)
  await upsertGrants(tx, accountId, [grant])
  await savePassword(tx, {
    ...{ account_id: accountId, user_id: userId, email_key: fold(draft.email) },
    ...{ hash: draft.passwordHash, changed_at: now },
  })
  await endSessions(tx, accountId, [userId], now, 'password_changed')
  await forgetDevices(tx, accountId, userId)
  await setOwner(tx, accountId, userId, now)
  const cause = { parentId: actor.request.id, source: 'self', actor: actor.actor } as const
  const [settled] = await settleUsers(deps, tx, accountId, [userId], cause)
  const settledUser = await lockUser(tx, accountId, userId)
  return { user: settledUser ?? user, isNew: existing === undefined, before, effects: settled?.effects ?? [] }
}

async function insertOwner(
  deps: Deps,
  tx: Tx,
  accountId: string,
  userId: string,
  { givenName, familyName, email }: SetUpDraft,
): Promise<UserRow> {
  const now = deps.now().getTime()
  const displayName = `${givenName} ${familyName}`
  const member = (await loadCatalog(tx, accountId)).roles.find(({ key }) => key === 'member')
  const user: UserRow = {
    ...newUser(accountId, userId, deps.newId(), now),
    ...{ given_name: givenName, family_name: familyName, display_name: displayName },
    ...{ email, email_key: fold(email), accepted_at: now, status: 'active', role_id: member?.id ?? '', version: 1 },
  }
  await insertUser(tx, user)
  await insertTerms(tx, accountId, userId, searchTerms({ givenName, familyName, displayName, email }, null, null))
  return user
}

/** Somebody who is here already: what kept her out is lifted. Refuses: owner_must_be_local. */
async function reopen(deps: Deps, tx: Tx, user: UserRow): Promise<UserRow> {
  if ((await findDirectoryLink(tx, user.account_id, user.id)) !== undefined)
    throw new AccountError(
      'owner_must_be_local',
      'A directory manages this person. Choose an address that none manages.',
    )
  const now = deps.now().getTime()
  const open = { suspended_by_admin: 0, suspended_by_end: 0, web_login: null, updated_at: now }
  const after = { ...user, ...open, accepted_at: user.accepted_at ?? now, version: user.version + 1 }
  await updateUser(tx, after, user)
  return after
}

function ownChildren(deps: Deps, request: EnteringRequest, { user, isNew }: NewOwner): EventDraft[] {
  const actions = [...(isNew ? (['user.created'] as const) : []), 'password.changed', 'second_factor.enabled'] as const
  return actions.map((action) => ownEvent(request, personOf(user), { id: deps.newId(), parentId: request.id, action }))
}
