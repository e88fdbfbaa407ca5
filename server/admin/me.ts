import { z } from 'zod'
import type { Administrator } from '../../accounts/administrator.js'
import {
  beginFactor,
  changePassword,
  confirmFactor,
  LANGUAGES_TO_CHOOSE,
  type OwnSession,
  readMe,
  removeFactor,
  renewRecoveryCodes,
  reviseMe,
} from '../../accounts/me.js'
import { RequestError } from '../problem.js'
import { qrSvg } from '../sign-in/password-pages.js'
import { route } from './route.js'
import { Id, Time } from './schemas.js'

/** Passwords are guessed by trying: this often a minute one may ask for what needs one. */
const PER_MINUTE = 20

const Password = z.string().max(1_024).meta({ description: 'The one that is hers now.' })
const PersonName = z.string().max(1_000)
const Language = z.enum(LANGUAGES_TO_CHOOSE)
const RecoveryCodes = z.object({
  recoveryCodes: z.array(z.string()).meta({ description: 'Ten, shown this once; each works once.' }),
})

const MeSchema = z
  .object({
    id: Id,
    email: z.string().nullable(),
    displayName: z.string(),
    givenName: z.string().nullable(),
    familyName: z.string().nullable(),
    language: z.string().nullable(),
    directoryManaged: z.boolean().meta({ description: 'Her name comes from a directory, and she has no password.' }),
    password: z.object({ set: z.boolean(), changedAt: Time.nullable() }),
    secondFactor: z.object({ enabled: z.boolean(), recoveryCodesLeft: z.int() }),
  })
  .meta({ id: 'Me', description: 'Who is signed in.' })

/** Throws RequestError: no_session. */
function ownOf({ accountId, actor, sessionId }: Administrator): OwnSession {
  if (accountId === null || actor.id === null || sessionId === undefined)
    throw new RequestError('no_session', 'Nobody is signed in.')
  return { accountId, userId: actor.id, sessionId }
}

export const ME_ROUTES = [
  route({
    method: 'get',
    path: '/me',
    tag: 'Me',
    summary: 'Read what is kept of oneself',
    requires: 'session',
    answer: MeSchema,
    run: ({ deps, administrator }) => readMe(deps, ownOf(administrator)),
  }),
  route({
    method: 'patch',
    path: '/me',
    tag: 'Me',
    summary: 'Choose a language, or change the name where no directory says it',
    requires: 'session',
    body: z.strictObject({
      language: Language.optional(),
      givenName: PersonName.optional(),
      familyName: PersonName.optional(),
      displayName: PersonName.optional(),
    }),
    answer: MeSchema,
    run: ({ deps, administrator, body }) => reviseMe(deps, administrator, ownOf(administrator), body),
  }),
  route({
    method: 'post',
    path: '/me/password',
    tag: 'Me',
    summary: 'Set or change the password; all other sessions end',
    requires: 'session',
    status: 204,
    perMinute: PER_MINUTE,
    body: z.strictObject({
      current: Password.optional().meta({ description: 'Needed where there is one.' }),
      password: z.string().max(1_024).meta({ description: '12 to 256 characters.' }),
    }),
    run: ({ deps, administrator, body }) => changePassword(deps, administrator, ownOf(administrator), body),
  }),
  route({
    method: 'post',
    path: '/me/second-factor',
    tag: 'Me',
    summary: 'Begin to add a second factor, or another one: what an authenticator scans',
    requires: 'session',
    status: 200,
    perMinute: PER_MINUTE,
    body: z.strictObject({ password: Password }),
    answer: z.object({
      secret: z.string().meta({ description: 'Base32, to be typed.' }),
      otpauthUri: z.string(),
      qrSvg: z.string().meta({ description: 'The picture to scan.' }),
    }),
    run: async ({ deps, administrator, body }) => {
      const { secret, uri } = await beginFactor(deps, ownOf(administrator), body.password)
      return { secret, otpauthUri: uri, qrSvg: qrSvg(uri, 'QR code') }
    },
  }),
  route({
    method: 'post',
    path: '/me/second-factor/confirm',
    tag: 'Me',
    summary: 'Prove the second factor by a code, which switches it on',
    requires: 'session',
    status: 200,
    body: z.strictObject({ code: z.string().max(32) }),
    answer: RecoveryCodes,
    run: async ({ deps, administrator, body }) => ({
      recoveryCodes: await confirmFactor(deps, administrator, ownOf(administrator), body.code),
    }),
  }),
  route({
    method: 'delete',
    path: '/me/second-factor',
    tag: 'Me',
    summary: 'Switch the second factor off',
    requires: 'session',
    perMinute: PER_MINUTE,
    body: z.strictObject({ password: Password }),
    run: ({ deps, administrator, body }) => removeFactor(deps, administrator, ownOf(administrator), body.password),
  }),
  route({
    method: 'post',
    path: '/me/recovery-codes',
    tag: 'Me',
    summary: 'Make ten new recovery codes in place of those before',
    requires: 'session',
    status: 200,
    perMinute: PER_MINUTE,
    body: z.strictObject({ password: Password }),
    answer: RecoveryCodes,
    run: async ({ deps, administrator, body }) => ({
      recoveryCodes: await renewRecoveryCodes(deps, administrator, ownOf(administrator), body.password),
    }),
  }),
]
