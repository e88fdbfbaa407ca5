import type { Tx } from '../db/database.js'
import { type EndedSession, type EndReason, endSession, endSessionOf, endSessionsOf } from '../db/sessions.js'
import { lockUser, standingsOf } from '../db/users.js'
import { type Administrator, adminEvent } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type Effect, type Subject, writeEvents } from './events.js'
import { subjectOf } from './local-users.js'
import { checkMayAdminister } from './may-administer.js'
import type { OwnRequest, Person } from './own-events.js'
import { hashSecret, type SignedIn } from './sessions.js'
import { userNotFound } from './users-read.js'

/** Sign out. Resolves to the session that ended, undefined where there was none: asking twice is fine. */
export function signOut(deps: Deps, secret: string, request: OwnRequest): Promise<EndedSession | undefined> {
  return deps.db.transaction(async (tx) => {
    const ended = await endSession(tx, hashSecret(secret), deps.now().getTime(), 'signed_out')
    if (ended === undefined) return undefined
    const { account_id: accountId, user_id: userId } = ended
    const who = (await standingsOf(tx, accountId, [userId])).get(userId)
    const user = { id: userId, email: who?.email ?? null, displayName: who?.display_name ?? '' }
    await tell(deps, tx, accountId, user, request, { kind: 'session', ended: 1, reason: 'signed_out' })
    return ended
  })
}

/** End one's own session of this name, be it the one that asks. Refuses: session_not_found. */
export function endOwnSession(deps: Deps, me: SignedIn, id: string, request: OwnRequest): Promise<void> {
  return deps.db.transaction(async (tx) => {
    if (!(await endSessionOf(tx, orderOf(deps, me, 'ended_by_user'), id))) throw sessionNotFound()
    await tell(deps, tx, me.account.id, me.user, request, { kind: 'session', ended: 1, reason: 'ended_by_user' })
  })
}

/** End all sessions of one's own but the one that asks. */
export function endOtherSessions(deps: Deps, me: SignedIn, request: OwnRequest): Promise<void> {
  return deps.db.transaction(async (tx) => {
    // Whoever ends several sessions of a person has locked her, so that no two wait for each other.
    await lockUser(tx, me.account.id, me.user.id)
    const ended = await endSessionsOf(tx, orderOf(deps, me, 'ended_by_user'), me.sessionId)
    await tell(deps, tx, me.account.id, me.user, request, { kind: 'session', ended, reason: 'ended_by_user' })
  })
}

function orderOf(deps: Deps, { account, user }: SignedIn, reason: EndReason) {
  return { accountId: account.id, userId: user.id, now: deps.now().getTime(), reason }
}

type SessionEffect = Extract<Effect, { kind: 'session' }>

/** A person ended sessions of her own. */
function tell(
  deps: Deps,
  tx: Tx,
  accountId: string,
  { id, email, displayName }: Person,
  request: OwnRequest,
  effect: SessionEffect,
): Promise<void> {
  const event = {
    ...describe({ type: 'user', id, email, displayName }, effect),
    id: request.id,
    source: 'self',
    actor: { type: 'user', id, label: displayName },
    http: request.http,
  } as const
  return writeEvents(deps, tx, accountId, [event])
}

function describe(subject: Subject & { readonly id: string }, effect: SessionEffect) {
  const outcome = effect.ended === 0 ? 'no_change' : 'success'
  return { action: 'session.ended', outcome, subject, userId: subject.id, effects: [effect] } as const
}

/**
 * End one live session of a user, or all where none is named. Refuses: user_not_found, session_not_found, forbidden (an
 * admin ends those of members only).
 */
export function endUserSessions(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  userId: string,
  sessionId?: string,
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    // A sign-in that is under way locks her as well: it is over, or finds nothing that this did not see.
    const user = await lockUser(tx, accountId, userId)
    if (user === undefined) throw userNotFound()
    await checkMayAdminister(tx, actor, user, 'sessions')
    const order = { accountId, userId, now: deps.now().getTime(), reason: 'administrator' } as const
    const ended = await (sessionId === undefined ? endSessionsOf(tx, order, null) : endOne(tx, order, sessionId))
    const event = describe({ ...subjectOf(user), id: userId }, { kind: 'session', ended, reason: 'administrator' })
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, event)])
  })
}

async function endOne(tx: Tx, order: Parameters<typeof endSessionOf>[1], id: string): Promise<number> {
  if (!(await endSessionOf(tx, order, id))) throw sessionNotFound()
  return 1
}

function sessionNotFound(): AccountError {
  return new AccountError('session_not_found', 'There is no such session, or it has ended.')
}
