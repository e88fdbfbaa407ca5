import type { Tx } from '../db/database.js'
import { rememberDevice } from '../db/known-devices.js'
import { insertSession } from '../db/sessions.js'
import { type UserRow, updateUser } from '../db/users.js'
import type { Deps } from './deps.js'
import { writeOutbox } from './directory-request.js'
import type { SignInFacts } from './events.js'
import { writeEvents } from './events.js'
import { type OwnRequest, ownEvent, type Person } from './own-events.js'
import { hashSecret, newSecret } from './sessions.js'
import type { StartedSession } from './sign-in.js'

const SESSION_MS = 12 * 3_600_000

/** A request that may end in a session, from a browser that may be known. */
export interface EnteringRequest extends OwnRequest {
  readonly facts: SignInFacts
  /** The secret by which a browser is known in which somebody signed in before; a new one where it has none. */
  readonly device: string
}

export function personOf(user: UserRow): Person {
  return { id: user.id, email: user.email, displayName: user.display_name }
}

/** Begin a session of who proved by password who she is. `parentId` is set where the request has an event of its own. */
export async function beginPasswordSession(
  deps: Deps,
  tx: Tx,
  user: UserRow,
  request: EnteringRequest,
  parentId?: string,
): Promise<StartedSession> {
  const { account_id: accountId, id: userId } = user
  const now = deps.now().getTime()
  const entered = { ...user, last_sign_in_at: now, updated_at: now, version: user.version + 1 }
  await updateUser(tx, entered, user)
  await rememberDevice(tx, accountId, userId, hashSecret(request.device), now)
  const secret = newSecret()
  await insertSession(tx, {
    account_id: accountId,
    id_hash: hashSecret(secret),
    id: deps.newId(),
    user_id: userId,
    connection_id: null,
    method: 'password',
    name_id: null,
    session_index: null,
    address: request.http.address,
    user_agent: request.http.userAgent ?? null,
    created_at: now,
    expires_at: now + SESSION_MS,
    ended_at: null,
    end_reason: null,
  })
  const child = parentId === undefined ? {} : { id: deps.newId(), parentId }
  const event = { ...child, action: 'signin.succeeded', signIn: request.facts } as const
  await writeEvents(deps, tx, accountId, [ownEvent(request, personOf(user), event)])
  await writeOutbox(deps, tx, accountId, userId, entered.version, request.id)
  return { secret, userId, expiresAt: new Date(now + SESSION_MS) }
}
