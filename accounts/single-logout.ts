import { useAssertion } from '../db/saml-messages.js'
import { endSessionsByName } from '../db/sessions.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { type HttpFacts, writeEvents } from './events.js'
import { SignInError } from './sign-in-errors.js'

/** Whom an identity provider wants signed out: its name for her, and the sessions, or none for all of them. */
export interface LogoutOrder {
  readonly id: string
  readonly nameId: string
  readonly sessionIndexes: readonly string[]
}

const REMEMBER_MS = 15 * 60_000

/**
 * End the sessions that an identity provider names, found by its name for the person and never by a cookie, and write the
 * event. Each order counts once. Resolves to how many ended. Throws SignInError: replay.
 */
export function endByIdentityProvider(
  deps: Deps,
  { accountId, id: connectionId, name }: Connection,
  { id, nameId, sessionIndexes }: LogoutOrder,
  request: { readonly id: string; readonly http: HttpFacts },
): Promise<number> {
  const now = deps.now().getTime()
  return deps.db.transaction(async (tx) => {
    if (!(await useAssertion(tx, accountId, connectionId, `logout ${id}`, now + REMEMBER_MS)))
      throw new SignInError('replay', 'This LogoutRequest was used before.')
    const ended = await endSessionsByName(tx, accountId, connectionId, nameId, sessionIndexes, now)
    const [first] = ended
    await writeEvents(deps, tx, accountId, [
      {
        id: request.id,
        source: 'sso',
        action: 'session.ended',
        outcome: first === undefined ? 'no_change' : 'success',
        actor: { type: 'system', id: null, label: `the identity provider of ${name}` },
        subject: { type: 'connection', id: connectionId, displayName: name },
        connectionId,
        ...(first !== undefined && { userId: first.user_id }),
        http: request.http,
        effects: [{ kind: 'session', ended: ended.length, reason: 'identity_provider' }],
        signIn: { flow: 'idp', nameId },
      },
    ])
    return ended.length
  })
}
