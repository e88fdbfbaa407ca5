import { z } from 'zod'
import { endUserSessions } from '../../accounts/end-sessions.js'
import { rotateSigningKeys } from '../../accounts/rotate-signing-keys.js'
import { listSigningKeys } from '../../accounts/signing-keys.js'
import { listUserSessions } from '../../accounts/users-read.js'
import { route } from './route.js'
import { Id, listOf, Time } from './schemas.js'

export const SessionSchema = z
  .object({
    id: Id,
    method: z.enum(['saml', 'password']),
    connectionId: Id.nullable().meta({ description: 'Through which connection she signed in.' }),
    createdAt: Time,
    expiresAt: Time,
    address: z.string().nullable().meta({ description: 'Where it began.' }),
    userAgent: z.string().nullable(),
  })
  .meta({ id: 'Session', description: 'A browser in which a person is signed in.' })

const SESSIONS = '/accounts/{accountId}/users/{userId}/sessions'

const sessions = [
  route({
    method: 'get',
    path: SESSIONS,
    tag: 'Sessions',
    summary: 'List the live sessions of a user, oldest first',
    requires: 'users.view',
    answer: listOf(SessionSchema),
    run: async ({ deps, params }) => ({
      items: await listUserSessions(deps.db, params.accountId, params.userId, deps.now()),
    }),
  }),
  route({
    method: 'delete',
    path: SESSIONS,
    tag: 'Sessions',
    summary: 'End all sessions of a user: she has to sign in again',
    requires: 'users.suspend',
    run: ({ deps, administrator, params }) => endUserSessions(deps, administrator, params.accountId, params.userId),
  }),
  route({
    method: 'delete',
    path: `${SESSIONS}/{sessionId}`,
    tag: 'Sessions',
    summary: 'End one session of a user',
    requires: 'users.suspend',
    run: ({ deps, administrator, params }) =>
      endUserSessions(deps, administrator, params.accountId, params.userId, params.sessionId),
  }),
]

const SigningKeySchema = z
  .object({
    id: Id.meta({ description: 'The `kid` of its tokens.' }),
    state: z.enum(['next', 'current', 'previous']),
    createdAt: Time,
    signsFrom: Time,
    retiresAt: Time.nullable().meta({ description: 'From when on its tokens are not valid any more.' }),
  })
  .meta({ id: 'SigningKey', description: 'A key of the installation that signs tokens of sessions.' })

const signingKeys = [
  route({
    method: 'get',
    path: '/signing-keys',
    tag: 'Sessions',
    summary: 'List the keys that sign tokens of sessions, oldest first',
    requires: 'operator',
    answer: listOf(SigningKeySchema),
    run: async ({ deps }) => ({ items: await listSigningKeys(deps) }),
  }),
  route({
    method: 'post',
    path: '/signing-keys/rotate',
    tag: 'Sessions',
    summary: 'Publish the next key, which signs a day later; at once for a key that is known to others',
    requires: 'operator',
    body: z.strictObject({
      immediately: z.boolean().optional().meta({
        description: 'A new key signs at once, and what the others signed is not valid any more.',
      }),
    }),
    answer: listOf(SigningKeySchema),
    run: async ({ deps, administrator, body: { immediately = false } }) => ({
      items: await rotateSigningKeys(deps, administrator, { immediately }),
    }),
  }),
]

export const SESSION_ROUTES = [...sessions, ...signingKeys]
