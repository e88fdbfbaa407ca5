import { lockConnectionShared } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { acceptInvitationsOf } from '../db/invitations.js'
import { rememberIdentity } from '../db/saml-links.js'
import { insertSession } from '../db/sessions.js'
import { type UserRow, updateUser } from '../db/users.js'
import { planAssertionGrants, writeAssertionGrants } from './assertion-grants.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { writeOutbox } from './directory-request.js'
import { type Assertion, identify } from './identify.js'
import { hashSecret, newSecret } from './sessions.js'
import { settleUsers } from './settle-users.js'
import { outcomeOf, type SignInRequest, writeSignIn } from './sign-in-log.js'
import type { Alongside } from './sign-in-request.js'

export interface StartedSession {
  readonly secret: string
  readonly userId: string
  readonly expiresAt: Date
}

const HOUR_MS = 3_600_000

/**
 * Let the person in whom an assertion names: find her (PRODUCT 2.10), look at her state, accept her invitation, settle her
 * seats, begin a session and write the event, in one transaction with `taking`, which takes what she came with.
 * Throws SignInError, and then nothing has happened.
 */
export function signIn(
  deps: Deps,
  connection: Connection,
  assertion: Assertion,
  request: SignInRequest,
  sessionHours: number,
  taking: Alongside,
): Promise<StartedSession> {
  const { accountId, id: connectionId } = connection
  return deps.db.transaction(async (tx) => {
    await taking(tx)
    await lockConnectionShared(tx, accountId, connectionId)
    const user = await identify(tx, connection, assertion, request.trace)
    const now = deps.now().getTime()
    const grants = await planAssertionGrants(tx, connection, user, assertion, now)
    if (assertion.claims !== undefined) request.trace.passed('mapping')
    const accepted = {
      ...user,
      accepted_at: user.accepted_at ?? now,
      last_sign_in_at: now,
      updated_at: now,
      version: user.version + 1,
    }
    await updateUser(tx, accepted, user)
    if (assertion.identifier !== undefined) await rememberIdentity(tx, user, connectionId, assertion.identifier, now)
    if (user.accepted_at === null) await acceptInvitationsOf(tx, accountId, user.id, now)
    const actor = { type: 'user', id: user.id, label: user.display_name } as const
    await writeAssertionGrants(tx, accountId, grants)
    const [settled] = await settleUsers(deps, tx, accountId, [user.id], { parentId: request.id, source: 'sso', actor })
    const session = await begin(deps, tx, connection, user, assertion, { sessionHours, http: request.http })
    const outcome = { action: 'signin.succeeded', ...outcomeOf(assertion), actor, user } as const
    await writeSignIn(deps, tx, connection, request, { ...outcome, effects: settled?.effects ?? [] })
    await writeOutbox(deps, tx, accountId, user.id, accepted.version, request.id)
    return session
  })
}

async function begin(
  deps: Deps,
  tx: Tx,
  { accountId, id: connectionId }: Connection,
  user: UserRow,
  { subject, sessionIndex, sessionEnd }: Assertion,
  { sessionHours, http }: Pick<SignInRequest, 'http'> & { readonly sessionHours: number },
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
