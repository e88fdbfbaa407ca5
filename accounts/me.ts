import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { forgetDevices } from '../db/known-devices.js'
import { findPassword, savePassword } from '../db/passwords.js'
import { deleteSecondFactor, recoveryCodesLeft } from '../db/second-factors.js'
import { endSessionsOf } from '../db/sessions.js'
import { takeStep } from '../db/sign-in-steps.js'
import { findUser, lockUser, type UserRow, updateUser } from '../db/users.js'
import { getAccount } from './accounts.js'
import { describeUser, replaceTerms } from './administer-user.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { writeOutbox } from './directory-request.js'
import { AccountError } from './errors.js'
import { type Effect, type EventDraft, writeEvents } from './events.js'
import { refuseManaged, subjectOf } from './local-users.js'
import { checkPassword } from './password-rules.js'
import { enableFactor, hasSecondFactor, type NewFactor, newFactor, newRecoveryCodes } from './second-factor.js'
import { countWrongCode, openStep, readStep } from './sign-in-steps.js'
import { userNotFound } from './users-read.js'
import { keepingWayIn } from './ways-in.js'

/** The languages in which somebody can read. */
export const LANGUAGES_TO_CHOOSE = ['en', 'fr', 'it', 'de', 'es', 'pt', 'nl'] as const
export type ChosenLanguage = (typeof LANGUAGES_TO_CHOOSE)[number]

/** Who is signed in, as she sees herself. */
export interface Me {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly language: string | null
  /** A directory says what she is called. */
  readonly directoryManaged: boolean
  readonly password: { readonly set: boolean; readonly changedAt: Date | null }
  readonly secondFactor: { readonly enabled: boolean; readonly recoveryCodesLeft: number }
}

/** The session that asks: whose it is, and which. */
export interface OwnSession {
  readonly accountId: string
  readonly userId: string
  readonly sessionId: string
}

/** Refuses: user_not_found. */
export async function readMe({ db }: Deps, { accountId, userId }: OwnSession): Promise<Me> {
  const user = await findUser(db, accountId, userId)
  if (user === undefined) throw userNotFound()
  const password = await findPassword(db, accountId, userId)
  return {
    id: userId,
    email: user.email,
    displayName: user.display_name,
    givenName: user.given_name,
    familyName: user.family_name,
    language: user.language,
    directoryManaged: (await findLink(db, accountId, userId)) !== undefined,
    password: { set: password !== undefined, changedAt: password === undefined ? null : new Date(password.changed_at) },
    secondFactor: {
      enabled: await hasSecondFactor(db, accountId, userId),
      recoveryCodesLeft: await recoveryCodesLeft(db, accountId, userId),
    },
  }
}

export interface MePatch {
  readonly language?: ChosenLanguage | undefined
  readonly givenName?: string | undefined
  readonly familyName?: string | undefined
  readonly displayName?: string | undefined
}

/** Refuses: user_directory_managed (names), attr_missing, attr_too_long. */
export async function reviseMe(deps: Deps, actor: Administrator, own: OwnSession, patch: MePatch): Promise<Me> {
  await deps.db.transaction(async (tx) => {
    const user = await lockedSelf(tx, own)
    const { language = user.language, ...names } = patch
    const after = { ...(await describeUser(tx, user, names)), language }
    const changes = changesBetween(shown(user), shown(after))
    if (changes.length === 0) return
    const now = deps.now().getTime()
    await updateUser(tx, { ...after, version: user.version + 1, updated_at: now }, user)
    await replaceTerms(tx, user, after)
    await tell(deps, tx, actor, user, { action: 'user.updated', changes })
    await writeOutbox(deps, tx, own.accountId, own.userId, user.version + 1, actor.request.id)
  })
  return readMe(deps, own)
}

function shown({ given_name, family_name, display_name, language }: UserRow) {
  return { givenName: given_name, familyName: family_name, displayName: display_name, language }
}

async function lockedSelf(tx: Tx, { accountId, userId }: OwnSession): Promise<UserRow> {
  const user = await lockUser(tx, accountId, userId)
  if (user === undefined) throw userNotFound()
  return user
}

type OwnDraft = Pick<EventDraft, 'action'> & Partial<Pick<EventDraft, 'changes' | 'effects'>>

/** A person did it to herself. */
async function tell(deps: Deps, tx: Tx, actor: Administrator, user: UserRow, draft: OwnDraft): Promise<void> {
  const noted = { ...draft, subject: subjectOf(user), userId: user.id }
  await writeEvents(deps, tx, user.account_id, [{ ...adminEvent(deps, actor, noted), source: 'self' }])
}

/** The password that is hers now, asked for once more before what is dear. Refuses: password_wrong, too_busy. */
async function checkOwnPassword(deps: Deps, { accountId, userId }: OwnSession, password: string): Promise<void> {
  const row = await findPassword(deps.db, accountId, userId)
  if (!(await deps.passwords.verify(password, row?.hash)))
    throw new AccountError('password_wrong', 'The password is not right.')
}

/**
 * Set or change one's own password; all other sessions end, and no browser is known any more. Refuses: password_wrong, what
 * `checkPassword` refuses, user_directory_managed (she signs in through her company), attr_missing (without an address).
 */
export async function changePassword(
  deps: Deps,
  actor: Administrator,
  own: OwnSession,
  { current, password }: { readonly current?: string | undefined; readonly password: string },
): Promise<void> {
  const { accountId, userId } = own
  const user = await findUser(deps.db, accountId, userId)
  if (user?.email_key == null)
    throw new AccountError('attr_missing', 'Without an e-mail address nobody has a password.')
  if ((await findPassword(deps.db, accountId, userId)) !== undefined) await checkOwnPassword(deps, own, current ?? '')
  await checkPassword(password, await ownerOf(deps, user))
  const hash = await deps.passwords.hash(password)
  await deps.db.transaction(async (tx) => {
    const locked = await lockedSelf(tx, own)
    await refuseManaged(tx, locked, 'Signing in')
    const ended = await storePassword(deps, tx, locked, hash, own.sessionId)
    await tell(deps, tx, actor, locked, { action: 'password.changed', effects: [ended] })
  })
}

/** Whose password it is, as `checkPassword` wants to know. */
export async function ownerOf({ db }: Deps, user: UserRow) {
  const { name } = await getAccount(db, user.account_id)
  return { email: user.email ?? '', accountName: name, displayName: user.display_name }
}

/** Store a password. Her sessions end, but for the one that is named; resolves to what ended. */
export async function storePassword(
  deps: Deps,
  tx: Tx,
  { account_id: accountId, id: userId, email_key }: UserRow,
  hash: string,
  exceptSession: string | null,
): Promise<Effect> {
  const now = deps.now().getTime()
  await savePassword(tx, { account_id: accountId, user_id: userId, email_key: email_key ?? '', hash, changed_at: now })
  await forgetDevices(tx, accountId, userId)
  const ended = await endSessionsOf(tx, { accountId, userId, now, reason: 'password_changed' }, exceptSession)
  return { kind: 'session', ended, reason: 'password_changed' }
}

/** A new second factor waits for its code under the name of the session. */
const stepSecret = ({ sessionId }: OwnSession): string => `second factor of ${sessionId}`

interface FactorDraft {
  readonly secret: string
}

/** Begin to add a second factor, or another one. Refuses: password_wrong, user_directory_managed. */
export async function beginFactor(deps: Deps, own: OwnSession, password: string): Promise<NewFactor> {
  await checkOwnPassword(deps, own, password)
  const { accountId, userId } = own
  return deps.db.transaction(async (tx) => {
    const user = await lockedSelf(tx, own)
    await refuseManaged(tx, user, 'Signing in')
    const { accountName, email } = await ownerOf(deps, user)
    const factor = newFactor(email, accountName)
    const open = await readStep(deps, tx, 'factor', stepSecret(own))
    if (open !== undefined) await takeStep(tx, open.row)
    const step = { account_id: accountId, kind: 'factor', user_id: userId } as const
    await openStep(deps, tx, step, { secret: factor.secret } satisfies FactorDraft, stepSecret(own))
    return factor
  })
}

/** The code proves it. Resolves to the recovery codes. Refuses: code_wrong; after five of them one begins again. */
export async function confirmFactor(
  deps: Deps,
  actor: Administrator,
  own: OwnSession,
  code: string,
): Promise<string[]> {
  const step = await readStep<FactorDraft>(deps, deps.db, 'factor', stepSecret(own))
  if (step === undefined) throw new AccountError('code_wrong', 'Nothing waits for a code. Begin again.')
  return deps.db
    .transaction(async (tx) => {
      const user = await lockedSelf(tx, own)
      if (!(await takeStep(tx, step.row))) throw new AccountError('code_used', 'This code was used.')
      const codes = await enableFactor(deps, tx, own, step.draft.secret, code)
      await tell(deps, tx, actor, user, { action: 'second_factor.enabled' })
      return codes
    })
    .catch(async (error: unknown) => {
      if (error instanceof AccountError && error.code === 'code_wrong') await countWrongCode(deps, step)
      throw error
    })
}

/** Ten new recovery codes in place of those before. Refuses: password_wrong, second_factor_missing. */
export async function renewRecoveryCodes(
  deps: Deps,
  actor: Administrator,
  own: OwnSession,
  password: string,
): Promise<string[]> {
  await checkOwnPassword(deps, own, password)
  return deps.db.transaction(async (tx) => {
    const user = await lockedSelf(tx, own)
    if (!(await hasSecondFactor(tx, own.accountId, own.userId))) throw factorMissing()
    const codes = await newRecoveryCodes(deps, tx, own)
    await tell(deps, tx, actor, user, { action: 'second_factor.codes_renewed' })
    return codes
  })
}

function factorMissing(): AccountError {
  return new AccountError('second_factor_missing', 'There is no second factor.')
}

/** Refuses: password_wrong, second_factor_missing, local_admin_required (the last way in while a connection is live). */
export async function removeFactor(deps: Deps, actor: Administrator, own: OwnSession, password: string): Promise<void> {
  await checkOwnPassword(deps, own, password)
  const { accountId, userId } = own
  await deps.db.transaction((tx) =>
    keepingWayIn(tx, actor, accountId, userId, async () => {
      const user = await lockedSelf(tx, own)
      if (!(await deleteSecondFactor(tx, accountId, userId))) throw factorMissing()
      await tell(deps, tx, actor, user, { action: 'second_factor.disabled' })
    }),
  )
}
