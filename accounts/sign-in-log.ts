import type { Tx } from '../db/database.js'
import { insertTrace } from '../db/sign-in-traces.js'
import type { UserRow } from '../db/users.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { type Actor, type Effect, type EventDraft, type HttpFacts, type SignInFacts, writeEvents } from './events.js'
import type { Assertion } from './identify.js'
import type { SignInTrace } from './sign-in-checks.js'

/** The request that ends a sign-in, one way or the other, as its event tells of it. */
export interface SignInRequest {
  readonly id: string
  readonly http: HttpFacts
  readonly facts: SignInFacts
  /** Hears of what is checked from here on; `facts` holds it when the event is written. */
  readonly trace: SignInTrace
  /** The answer of the identity provider as XML, without secrets. */
  readonly answer: string | undefined
}

/** How a sign-in ended. Without a user it is about the connection. */
export interface SignInOutcome {
  readonly action: 'signin.succeeded' | 'signin.failed' | 'signin.tested'
  readonly outcome: 'success' | 'warning' | 'failure'
  readonly actor: Actor
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly user?: UserRow | undefined
  readonly userId?: string | undefined
  readonly effects?: readonly Effect[]
  readonly warnings?: NonNullable<EventDraft['warnings']>
}

const GROUPS_WITHHELD = {
  code: 'groups_withheld',
  message: 'The identity provider sends a link in place of more groups than it sends: those of before stay in force.',
}

/** How somebody is let in: with a warning, where her groups are not known (SAML.md d, Entra ID). */
export function outcomeOf({ claims }: Assertion): Pick<SignInOutcome, 'outcome' | 'code' | 'message' | 'warnings'> {
  if (!claims?.groupsWithheld) return { outcome: 'success' }
  return { outcome: 'warning', ...GROUPS_WITHHELD, warnings: [GROUPS_WITHHELD] }
}

/** Write the event of a sign-in, and keep the answer of the identity provider with it, encrypted. */
export async function writeSignIn(
  deps: Deps,
  tx: Tx,
  { accountId, id: connectionId, name }: Connection,
  { id, http, facts, answer }: SignInRequest,
  { user, userId = user?.id, code, message, ...outcome }: SignInOutcome,
): Promise<void> {
  const event: EventDraft = {
    ...outcome,
    id,
    source: 'sso',
    ...(code !== undefined && { code }),
    ...(message !== undefined && { message }),
    subject:
      user === undefined
        ? { type: 'connection', id: connectionId, displayName: name }
        : { type: 'user', id: user.id, email: user.email, displayName: user.display_name },
    ...(userId !== undefined && { userId }),
    connectionId,
    http,
    signIn: facts,
  }
  await writeEvents(deps, tx, accountId, [event])
  if (answer !== undefined) await insertTrace(tx, accountId, id, deps.sealer.seal(answer, aboutTrace(accountId, id)))
}

/** A kept answer opens with its own event alone. */
export function aboutTrace(accountId: string, eventId: string): string {
  return `sign-in ${accountId} ${eventId}`
}

/** A refusal, as the log has it. `userId` is whom it is about, where that is known. */
export interface SignInRefusal {
  readonly code: string
  readonly message: string
  readonly userId: string | undefined
}

/** Log a sign-in that was refused, in its own transaction. */
export function recordRefusedSignIn(
  deps: Deps,
  connection: Connection,
  refusal: SignInRefusal,
  request: SignInRequest,
): Promise<void> {
  const actor = { type: 'unknown', id: null, label: request.facts.nameId ?? 'somebody' } as const
  const outcome = { action: 'signin.failed', outcome: 'failure', actor, ...refusal } as const
  return deps.db.transaction((tx) => writeSignIn(deps, tx, connection, request, outcome))
}
