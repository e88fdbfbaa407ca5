import { lockConnectionShared } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { findByIdentity, rememberIdentity, type Step } from '../db/saml-links.js'
import { useAssertion } from '../db/saml-messages.js'
import { insertSession } from '../db/sessions.js'
import { lockUser, type UserRow, updateUser } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { writeOutbox } from './directory-request.js'
import { emailMayDecide } from './email-match.js'
import { type HttpFacts, type SignInFacts, writeEvents } from './events.js'
import { hashSecret, newSecret } from './sessions.js'
import { settleUsers } from './settle-users.js'
import { SignInError } from './sign-in-errors.js'

/** What a verified assertion says, in the words of the domain. */
export interface Assertion {
  readonly id: string
  /** What identifies the person at her identity provider for good; undefined where it is transient. */
  readonly identifier: string | undefined
  /** What she is called there, as the log shows it. */
  readonly nameId: string
  /** Her NameID, by which single logout names her. */
  readonly subject: string | null
  readonly externalId: string | undefined
  readonly email: string | undefined
  readonly sessionIndex: string | undefined
  /** Until when the identity provider lets a session last. */
  readonly sessionEnd: Date | undefined
  /** From when on the assertion would be refused for its age. */
  readonly usableUntil: Date
}

/** The request that ends a sign-in. */
export interface SignInRequest {
  readonly id: string
  readonly http: HttpFacts
  readonly facts: SignInFacts
  readonly sessionHours: number
}

export interface StartedSession {
  readonly secret: string
  readonly userId: string
  readonly expiresAt: Date
}

const HOUR_MS = 3_600_000

/**
 * Let the person in whom an assertion names: find her (PRODUCT 2.10), look at her state, accept her invitation, settle her
 * seats, begin a session and write the event, in one transaction. Throws SignInError, and then nothing has happened.
 */
export function signIn(
  deps: Deps,
  connection: Connection,
  assertion: Assertion,
  request: SignInRequest,
): Promise<StartedSession> {
  const { accountId, id: connectionId } = connection
  return deps.db.transaction(async (tx) => {
    await lockConnectionShared(tx, accountId, connectionId)
    const fresh = await useAssertion(tx, accountId, connectionId, assertion.id, assertion.usableUntil.getTime())
    if (!fresh) throw new SignInError('replay', 'This answer of the identity provider was used before.')
    const user = await whoIs(tx, connection, assertion)
    refuseState(user)
    const now = deps.now().getTime()
    const accepted = {
      ...user,
      accepted_at: user.accepted_at ?? now,
      last_sign_in_at: now,
      updated_at: now,
      version: user.version + 1,
    }
    await updateUser(tx, accepted, user)
    if (assertion.identifier !== undefined) await rememberIdentity(tx, user, connectionId, assertion.identifier, now)
    const actor = { type: 'user', id: user.id, label: user.display_name } as const
    const [settled] = await settleUsers(deps, tx, accountId, [user.id], { parentId: request.id, source: 'sso', actor })
    const session = await begin(deps, tx, connection, user, assertion, request)
    await writeEvents(deps, tx, accountId, [
      {
        id: request.id,
        source: 'sso',
        action: 'signin.succeeded',
        outcome: 'success',
        actor,
        subject: { type: 'user', id: user.id, email: user.email, displayName: user.display_name },
        userId: user.id,
        connectionId,
        http: request.http,
        effects: settled?.effects ?? [],
        signIn: request.facts,
      },
    ])
    await writeOutbox(deps, tx, accountId, user.id, accepted.version, request.id)
    return session
  })
}

/** The stored link decides alone; before there is one, every other step has to find the same person. */
async function whoIs(tx: Tx, connection: Connection, assertion: Assertion): Promise<UserRow> {
  const { accountId, id } = connection
  const emailKey = assertion.email === undefined ? null : fold(assertion.email)
  const steps = await findByIdentity(tx, accountId, id, {
    identifier: assertion.identifier ?? null,
    externalId: assertion.externalId ?? null,
    userNameKey: assertion.identifier === undefined ? null : fold(assertion.nameId),
    emailKey,
  })
  const linked = steps.filter(({ step }) => step === 'link')
  const found = linked.length > 0 ? linked : await decisive(tx, connection, steps, assertion)
  const ids = [...new Set(found.map(({ user_id }) => user_id))]
  if (ids.length > 1) {
    const text = found.map(({ step, user_id }) => `${step} points to ${user_id}`).join(', ')
    throw new SignInError('ambiguous_user', `The assertion names more than one person: ${text}.`, ids[0])
  }
  const user = ids[0] === undefined ? undefined : await lockUser(tx, accountId, ids[0])
  if (user === undefined || user.deleted_at !== null)
    throw new SignInError(
      'not_invited',
      `Nobody here is ${assertion.nameId}. Assign the person to the app, or invite her.`,
    )
  return user
}

async function decisive(tx: Tx, connection: Connection, steps: readonly Step[], assertion: Assertion): Promise<Step[]> {
  const found: Step[] = []
  for (const step of steps) {
    if (step.step !== 'email' || (await emailMayDecide(tx, connection, step, assertion.email ?? ''))) found.push(step)
  }
  const [ignored] = steps
  if (found.length === 0 && ignored !== undefined)
    throw new SignInError(
      'domain_not_verified',
      `${assertion.email} is a user here, but an address alone lets nobody in outside the verified domains, nor an administrator.`,
      ignored.user_id,
    )
  return found
}

/** Refused before anything is written (PRODUCT 2.3). */
function refuseState(user: UserRow): void {
  // The status of whoever is switched off with a large connection follows by a job.
  if (user.status !== 'suspended' && user.suspended_by_end === 0) return
  if (user.status_reason === 'transferred_out')
    throw new SignInError('user_transferred', 'This person has moved to another account.', user.id)
  const byDirectory = user.status_reason === 'directory' || user.status !== 'suspended'
  const by = byDirectory ? 'the directory' : 'an administrator'
  throw new SignInError('user_deactivated', `This person is switched off by ${by}.`, user.id)
}

async function begin(
  deps: Deps,
  tx: Tx,
  { accountId, id: connectionId }: Connection,
  user: UserRow,
  { subject, sessionIndex, sessionEnd }: Assertion,
  { sessionHours, http }: SignInRequest,
): Promise<StartedSession> {
  const secret = newSecret()
  const now = deps.now().getTime()
  const expiresAt = Math.min(now + sessionHours * HOUR_MS, sessionEnd?.getTime() ?? Number.POSITIVE_INFINITY)
  await insertSession(tx, {
    account_id: accountId,
    id_hash: hashSecret(secret),
    id: deps.newId(),
    user_id: user.id,
    connection_id: connectionId,
    method: 'saml',
    name_id: subject,
    session_index: sessionIndex ?? null,
    address: http.address,
    user_agent: http.userAgent ?? null,
    created_at: now,
    expires_at: expiresAt,
    ended_at: null,
    end_reason: null,
  })
  return { secret, userId: user.id, expiresAt: new Date(expiresAt) }
}

/** Log a sign-in that was refused, in its own transaction. */
export function recordRefusedSignIn(
  deps: Deps,
  { accountId, id: connectionId, name }: Connection,
  refusal: { readonly code: string; readonly message: string; readonly userId?: string | undefined },
  request: Omit<SignInRequest, 'sessionHours'>,
): Promise<void> {
  const who = request.facts.nameId ?? 'somebody'
  return deps.db.transaction((tx) =>
    writeEvents(deps, tx, accountId, [
      {
        id: request.id,
        source: 'sso',
        action: 'signin.failed',
        outcome: 'failure',
        code: refusal.code,
        message: refusal.message,
        actor: { type: 'unknown', id: null, label: who },
        subject: { type: 'connection', id: connectionId, displayName: name },
        connectionId,
        ...(refusal.userId !== undefined && { userId: refusal.userId }),
        http: request.http,
        signIn: request.facts,
      },
    ]),
  )
}
