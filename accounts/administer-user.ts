import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { deleteGrants, deleteGrantsAtDeletion } from '../db/grants.js'
import {
  deleteTerms,
  endSessions,
  findUser,
  findUserByEmail,
  insertTerms,
  lockUser,
  type UserRow,
  updateUser,
} from '../db/users.js'
import { fold } from '../filter/fold.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { searchTerms } from './directory-document.js'
import { writeOutbox } from './directory-request.js'
import { AccountError } from './errors.js'
import type { EventAction } from './event-actions.js'
import { type Change, type Effect, writeEvents } from './events.js'
import { queueExpiry } from './grant-expiry.js'
import { parseEmail, parseName, refuseManaged, refuseWithoutSeat, subjectOf } from './local-users.js'
import { type ManualGrant, manualGrantKey, manualGrantRow, storeManualGrant } from './manual-grant.js'
import { checkMayAdminister, type Touched } from './may-administer.js'
import { loadCatalog } from './policy.js'
import { settleUsers } from './settle-users.js'
import { getUser, type UserDetail, userNotFound } from './users-read.js'
import { keepingWayIn } from './ways-in.js'
import { mayUseWebLogin } from './web-login.js'

export interface UserPatch {
  /** Switched off by an administrator; SCIM does not lift it. */
  readonly suspended?: boolean | undefined
  /** Whether she may sign in with a browser; switched off, her sessions end (PBX-20). */
  readonly webLoginAllowed?: boolean | undefined
  readonly givenName?: string | undefined
  readonly familyName?: string | undefined
  readonly displayName?: string | undefined
  /** Only a first address: later the person changes it herself (PRODUCT D4). */
  readonly email?: string | undefined
  /** Refuse if the user is no longer at this version. */
  readonly version?: number | undefined
}

/**
 * Suspend a user or lift it, or change the name of a local one. Off means off, now: sessions and invitations end and
 * seats are free with the answer (DESIGN 1, promise 8). Refuses: user_not_found, user_deleted, version_mismatch,
 * forbidden, user_directory_managed, email_immutable, user_exists_local, attr_missing, attr_too_long, attr_type.
 */
export function reviseUserByHand(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  patch: UserPatch,
): Promise<UserDetail> {
  return administer(deps, actor, accountId, id, async (tx, user) => {
    if (patch.version !== undefined && patch.version !== user.version)
      throw new AccountError('version_mismatch', 'The user changed in between. Read it again.')
    const described = await describeUser(tx, user, patch)
    const after = withWebLogin(await suspend(tx, described, patch.suspended), patch.webLoginAllowed)
    const changes = changesBetween(shown(user), shown(after))
    if (changes.length === 0) return undefined
    const now = deps.now().getTime()
    await updateUser(tx, { ...after, version: user.version + 1, updated_at: now }, user)
    await replaceTerms(tx, user, after)
    return { action: actionOf(user, after), changes, effects: await endUnallowed(tx, user, after, now) }
  })
}

function shown(user: UserRow) {
  return {
    givenName: user.given_name,
    familyName: user.family_name,
    displayName: user.display_name,
    email: user.email,
    suspended: user.suspended_by_admin === 1,
    suspendedByDirectoryEnd: user.suspended_by_end === 1,
    webLoginAllowed: mayUseWebLogin(user),
  }
}

function actionOf(before: UserRow, after: UserRow): EventAction {
  if (isSuspended(before) === isSuspended(after)) return 'user.updated'
  return isSuspended(after) ? 'user.deactivated' : 'user.reactivated'
}

const isSuspended = (user: UserRow): boolean => user.suspended_by_admin === 1 || user.suspended_by_end === 1

/** Refuses: user_directory_managed, email_immutable, user_exists_local, attr_missing, attr_too_long, attr_type. */
export async function describeUser(
  tx: Tx,
  user: UserRow,
  patch: Pick<UserPatch, 'givenName' | 'familyName' | 'displayName' | 'email'>,
): Promise<UserRow> {
  const { givenName, familyName, displayName, email } = patch
  if (givenName === undefined && familyName === undefined && displayName === undefined && email === undefined)
    return user
  await refuseManaged(tx, user, 'The name or e-mail')
  const given = givenName === undefined ? user.given_name : parseName('givenName', givenName)
  const family = familyName === undefined ? user.family_name : parseName('familyName', familyName)
  const renamed = displayName === undefined && user.display_name === [user.given_name, user.family_name].join(' ')
  const display = renamed ? [given, family].join(' ') : (displayName ?? user.display_name)
  const address = email === undefined ? user.email : await firstAddress(tx, user, parseEmail(email))
  return {
    ...user,
    given_name: given,
    family_name: family,
    display_name: parseName('displayName', display, 256),
    email: address,
    email_key: address === null ? null : fold(address),
  }
}

async function firstAddress(tx: Tx, user: UserRow, email: string): Promise<string> {
  if (user.email === email) return email
  if (user.email !== null)
    throw new AccountError('email_immutable', 'Only the person herself can change her e-mail address.')
  const taken = await findUserByEmail(tx, user.account_id, fold(email))
  if (taken !== undefined)
    throw new AccountError('user_exists_local', `${email} is already a user here.`, { userId: taken.id })
  return email
}

async function suspend(tx: Tx, user: UserRow, suspended: boolean | undefined): Promise<UserRow> {
  if (suspended === undefined) return user
  if (suspended) return { ...user, suspended_by_admin: 1 }
  if (user.suspended_by_admin === 0 && user.status_reason === 'directory')
    await refuseManaged(tx, user, 'The suspension')
  // What a connection that is gone left behind, nobody else can lift.
  const managed = (await findLink(tx, user.account_id, user.id)) !== undefined
  return { ...user, suspended_by_admin: 0, suspended_by_end: managed ? user.suspended_by_end : 0 }
}

function withWebLogin(user: UserRow, allowed: boolean | undefined): UserRow {
  return allowed === undefined ? user : { ...user, web_login: allowed ? 1 : 0 }
}

/** Whom it is no longer allowed is signed out at once. */
async function endUnallowed(tx: Tx, before: UserRow, after: UserRow, now: number): Promise<Effect[]> {
  if (!mayUseWebLogin(before) || mayUseWebLogin(after)) return []
  const ended = await endSessions(tx, after.account_id, [after.id], now, 'web_login_disabled')
  return ended.length === 0 ? [] : [{ kind: 'session', ended: ended.length, reason: 'web_login_disabled' }]
}

export async function replaceTerms(tx: Tx, before: UserRow, after: UserRow): Promise<void> {
  const termsOf = (user: UserRow) =>
    searchTerms(
      {
        givenName: user.given_name,
        familyName: user.family_name,
        displayName: user.display_name,
        email: user.email,
      },
      null,
      null,
    )
  const [was, is] = [new Set(termsOf(before)), new Set(termsOf(after))]
  const link = await findLink(tx, before.account_id, before.id)
  if (link !== undefined) return
  const gone = [...was].filter((term) => !is.has(term))
  const come = [...is].filter((term) => !was.has(term))
  await deleteTerms(tx, before.account_id, before.id, gone)
  await insertTerms(tx, before.account_id, before.id, come)
}

/** Remove a local user; a directory's is removed there. Refuses: user_not_found, user_deleted, user_directory_managed. */
export async function removeUserByHand(deps: Deps, actor: Administrator, accountId: string, id: string): Promise<void> {
  await administer(deps, actor, accountId, id, async (tx, user) => {
    await refuseManaged(tx, user, 'The membership')
    const now = deps.now().getTime()
    const deleted = { ...user, candidate_scim_id: null, deleted_at: now, updated_at: now, version: user.version + 1 }
    await updateUser(tx, deleted, user)
    await deleteGrantsAtDeletion(tx, accountId, id)
    return { action: 'user.deleted', changes: [] }
  })
}

/**
 * Give or withhold a role or product by hand. On a user whom a directory manages this is an override and needs a reason
 * (PRODUCT 2.6). Refuses: user_not_found, user_deleted, reason_required, no_seat, and what `manualGrantRow` refuses.
 */
export function addManualGrant(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  grant: ManualGrant,
): Promise<UserDetail> {
  return administer(
    deps,
    actor,
    accountId,
    id,
    async (tx, user) => {
      const managed = (await findLink(tx, accountId, id)) !== undefined
      if (managed && (grant.reason ?? '').trim() === '')
        throw new AccountError('reason_required', 'A directory manages this user: say why you override it.')
      const catalog = await loadCatalog(tx, accountId)
      const now = deps.now().getTime()
      const row = manualGrantRow(actor, catalog, user, grant, now)
      await storeManualGrant(tx, accountId, row)
      await raiseVersion(tx, user, now)
      if (row.expires_at !== null) await queueExpiry(deps, tx, accountId, user.id, row.expires_at)
      const { value, effect = 'allow', features = {}, reason = null } = grant
      const after = { [grant.kind]: value, effect, features, reason, expiresAt: grant.expiresAt?.toISOString() ?? null }
      return { action: 'grant.added', changes: changesBetween<object>(undefined, after), refuseWaiting: !managed }
    },
    touchedBy(grant),
  )
}

/** Take a manual grant back. Refuses: grant_not_found, and what `manualGrantKey` refuses. */
export function removeManualGrant(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  grant: Pick<ManualGrant, 'kind' | 'value'>,
): Promise<UserDetail> {
  return administer(
    deps,
    actor,
    accountId,
    id,
    async (tx, user) => {
      const catalog = await loadCatalog(tx, accountId)
      const row = await manualGrantKey(tx, actor, catalog, user, grant)
      await deleteGrants(tx, accountId, [row])
      await raiseVersion(tx, user, deps.now().getTime())
      return { action: 'grant.removed', changes: [{ attribute: grant.kind, before: grant.value, after: null }] }
    },
    touchedBy(grant),
  )
}

function touchedBy({ kind }: Pick<ManualGrant, 'kind'>): Touched {
  return kind === 'product' ? 'products' : 'person'
}

/** What she is given by hand is a part of her, so the feed can tell of each change in its order. */
async function raiseVersion(tx: Tx, user: UserRow, now: number): Promise<void> {
  await updateUser(tx, { ...user, version: user.version + 1, updated_at: now }, user)
}

interface Administered {
  readonly action: EventAction
  readonly changes: readonly Change[]
  readonly effects?: readonly Effect[]
  readonly refuseWaiting?: boolean
}

/** The frame of every change of one user by hand: lock, check, change, settle, write the event. */
async function administer(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  work: (tx: Tx, user: UserRow) => Promise<Administered | undefined>,
  touches: Touched = 'person',
): Promise<UserDetail> {
  await deps.db.transaction((tx) =>
    keepingWayIn(tx, actor, accountId, id, () => administerIn(deps, tx, actor, accountId, id, work, touches)),
  )
  return getUser(deps.db, accountId, id, deps.now())
}

async function administerIn(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  accountId: string,
  id: string,
  work: (tx: Tx, user: UserRow) => Promise<Administered | undefined>,
  touches: Touched,
): Promise<void> {
  const user = await lockUser(tx, accountId, id)
  if (user === undefined) throw userNotFound()
  if (user.deleted_at !== null) throw new AccountError('user_deleted', 'This user was deleted.')
  await checkMayAdminister(tx, actor, user, touches)
  const done = await work(tx, user)
  const noted = { subject: subjectOf(user), userId: id }
  if (done === undefined) {
    const draft = { ...noted, action: 'user.updated', outcome: 'no_change' } as const
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, draft)])
    return
  }
  const cause = { parentId: actor.request.id, source: 'admin', actor: actor.actor } as const
  const [settled] = await settleUsers(deps, tx, accountId, [id], cause)
  const effects = [...(done.effects ?? []), ...(settled?.effects ?? [])]
  if (done.refuseWaiting) await refuseWithoutSeat(tx, accountId, effects)
  const { action, changes } = done
  await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { ...noted, action, changes, effects })])
  // What was derived may have raised the version once more.
  const { version } = (await findUser(tx, accountId, id)) ?? user
  await writeOutbox(deps, tx, accountId, id, version, actor.request.id)
}
