import { findAccount } from '../db/accounts.js'
import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import {
  acceptInvitation,
  findInvitation,
  type InvitationRow,
  insertInvitation,
  invitationsSince,
} from '../db/invitations.js'
import { findPassword, type Login } from '../db/passwords.js'
import { findUser, lockUser, revokeInvitations, type UserRow, updateUser } from '../db/users.js'
import { type Administrator, adminEvent } from './administrator.js'
import type { Deps } from './deps.js'
import { writeOutbox } from './directory-request.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { refuseManaged, subjectOf } from './local-users.js'
import { type Posted, postMail } from './mails.js'
import { checkMayAdminister } from './may-administer.js'
import { ownerOf, storePassword } from './me.js'
import { linkUsed } from './one-time-links.js'
import { type OwnRequest, ownEvent } from './own-events.js'
import { checkPassword } from './password-rules.js'
import { personOf } from './password-session.js'
import { isOfSsoDomain } from './password-sign-in.js'
import { hashSecret, newSecret } from './sessions.js'
import { settleUsers } from './settle-users.js'
import { userNotFound } from './users-read.js'

const DAY_MS = 86_400_000
/** PRODUCT D7, GA-35. */
const LIFETIME_MS = 7 * DAY_MS
const PAUSE_MS = 60_000
const MOST_A_DAY = 10

export interface SentInvitation {
  /** Where the person sets her password; undefined where it was mailed to her. */
  readonly url?: string
  readonly expiresAt: Date
  readonly mail: Posted
}

/**
 * Invite a local person, or again: the link before ends. Where her domain asks for sign-in through its identity provider, the
 * link leads there. Refuses: user_not_found, user_deleted, user_suspended, user_directory_managed, email_missing,
 * already_accepted, invitation_too_soon, forbidden.
 */
export function inviteUser(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  userId: string,
): Promise<SentInvitation> {
  return deps.db.transaction(async (tx) => {
    const user = await lockUser(tx, accountId, userId)
    if (user === undefined) throw userNotFound()
    await checkMayAdminister(tx, actor, user)
    await refuseUninvitable(tx, user)
    const now = deps.now().getTime()
    const since = await invitationsSince(tx, accountId, userId, now - DAY_MS)
    if (since.sent >= MOST_A_DAY || since.newest > now - PAUSE_MS)
      throw new AccountError('invitation_too_soon', 'One invitation a minute and ten a day may leave for one person.')
    await revokeInvitations(tx, accountId, [userId], now)
    const channel = (await isOfSsoDomain(tx, accountId, user.email ?? '')) ? 'sso' : 'email'
    const secret = newSecret()
    const sent = { sent_count: since.sent + 1, last_sent_at: now, created_at: now, updated_at: now }
    const id = deps.newId()
    const row = { account_id: accountId, id, user_id: userId, kind: 'new', state: 'pending', channel } as const
    await insertInvitation(tx, { ...row, ...sent, token_hash: hashSecret(secret), expires_at: now + LIFETIME_MS })
    const url = channel === 'sso' ? `${deps.publicUrl}/sign-in` : `${deps.publicUrl}/invitation/${secret}`
    const expiresAt = new Date(now + LIFETIME_MS)
    const account = (await findAccount(tx, accountId))?.name ?? ''
    const written = {
      kind: 'invitation',
      accountName: account,
      by: actor.actor.label,
      until: expiresAt,
      link: url,
    } as const
    const mail = await postMail(deps, tx, user, { ...written, text: channel === 'sso' ? 'sso' : 'invitation' })
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'user.invited',
        subject: subjectOf(user),
        userId,
        changes: [{ attribute: 'expiresAt', before: null, after: expiresAt.toISOString() }],
      }),
    ])
    return { ...(mail === 'kept' && { url }), expiresAt, mail }
  })
}

async function refuseUninvitable(tx: Tx, user: UserRow): Promise<void> {
  if (user.deleted_at !== null) throw new AccountError('user_deleted', 'This user was deleted.')
  await refuseManaged(tx, user, 'Signing in')
  if (user.email === null) throw new AccountError('email_missing', 'An invitation needs an e-mail address.')
  if (user.status === 'suspended') throw new AccountError('user_suspended', 'This user is suspended.')
  if ((await findPassword(tx, user.account_id, user.id)) !== undefined)
    throw new AccountError('already_accepted', 'She has a password already. If she forgot it, she asks for a new one.')
}

/** An invitation that can be followed. */
export interface OpenInvitation {
  readonly row: InvitationRow
  readonly user: UserRow
  readonly accountName: string
}

/** Refuses: link_unknown, link_used, link_expired. */
export async function getInvitation(deps: Deps, secret: string): Promise<OpenInvitation> {
  const row = await findInvitation(deps.db, hashSecret(secret))
  if (row === undefined || row.state === 'revoked')
    throw new AccountError('link_unknown', 'There is no such invitation, or a newer one is in its place.')
  if (row.state === 'accepted') throw linkUsed()
  if (row.expires_at <= deps.now().getTime()) throw new AccountError('link_expired', 'This invitation has expired.')
  const user = await findUser(deps.db, row.account_id, row.user_id)
  if (user === undefined || user.deleted_at !== null || user.status === 'suspended' || row.channel === 'sso')
    throw new AccountError('link_unknown', 'This invitation holds no more.')
  return { row, user, accountName: (await findAccount(deps.db, row.account_id))?.name ?? '' }
}

/**
 * Follow an invitation: the password is set, and an invited person is active from now on. Resolves to who may sign in with
 * it. Refuses: what `checkPassword` refuses, link_used, link_unknown.
 */
export async function followInvitation(
  deps: Deps,
  { row, user: invited }: OpenInvitation,
  password: string,
  request: OwnRequest,
): Promise<Login> {
  await checkPassword(password, await ownerOf(deps, invited))
  const hash = await deps.passwords.hash(password)
  const { account_id, user_id } = row
  return deps.db.transaction(async (tx) => {
    const now = deps.now().getTime()
    const user = await lockUser(tx, account_id, user_id)
    if (user === undefined || user.status === 'suspended' || (await findLink(tx, account_id, user_id)) !== undefined)
      throw new AccountError('link_unknown', 'This invitation holds no more.')
    if (!(await acceptInvitation(tx, row, now))) throw linkUsed()
    await storePassword(deps, tx, user, hash, null)
    const accepted = { ...user, accepted_at: user.accepted_at ?? now, updated_at: now, version: user.version + 1 }
    await updateUser(tx, accepted, user)
    const actor = { type: 'user', id: user.id, label: user.display_name } as const
    const cause = { parentId: request.id, source: 'self', actor } as const
    const [settled] = await settleUsers(deps, tx, account_id, [user_id], cause)
    const done = { action: 'invitation.accepted', effects: settled?.effects ?? [] } as const
    const child = { id: deps.newId(), parentId: request.id, action: 'password.changed' } as const
    const person = personOf(user)
    await writeEvents(deps, tx, account_id, [ownEvent(request, person, done), ownEvent(request, person, child)])
    await writeOutbox(deps, tx, account_id, user_id, accepted.version, request.id)
    return { account_id, user_id, hash }
  })
}
