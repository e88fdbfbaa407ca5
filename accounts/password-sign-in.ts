import { findAccount } from '../db/accounts.js'
import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { findVerifiedDomain } from '../db/domains.js'
import { isKnownDevice } from '../db/known-devices.js'
import { findLogins, type Login } from '../db/passwords.js'
import { findSignInOfAccount } from '../db/saml-settings.js'
import { takeStep } from '../db/sign-in-steps.js'
import { findUser, lockUser, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { Deps } from './deps.js'
import { parseDomain } from './domains.js'
import { type SignInFacts, writeEvents } from './events.js'
import { refuseState } from './identify.js'
import { type OwnRequest, ownEvent } from './own-events.js'
import { beginPasswordSession, type EnteringRequest, personOf } from './password-session.js'
import { loadCatalog } from './policy.js'
import { isAdminRole, SUPER_ADMIN } from './roles.js'
import { enableFactor, hasSecondFactor, newFactor, takeCode } from './second-factor.js'
import { hashSecret } from './sessions.js'
import type { StartedSession } from './sign-in.js'
import { SignInError } from './sign-in-errors.js'
import { type OpenStep, openStep } from './sign-in-steps.js'

/** Who may be meant by an address. */
export interface Candidates {
  readonly logins: readonly Login[]
  /** Whom this browser is known of. */
  readonly known: Login | undefined
}

/** Of so many accounts may one address be; a password is compared with each of theirs. */
const MAX_ACCOUNTS = 5

/** Whom an address may mean, and whether one of them signed in here before. */
export async function findCandidates({ db }: Deps, email: string, device: string | undefined): Promise<Candidates> {
  const logins = await findLogins(db, fold(email.trim()), MAX_ACCOUNTS)
  for (const login of device === undefined ? [] : logins)
    if (await isKnownDevice(db, login.account_id, login.user_id, hashSecret(device!))) return { logins, known: login }
  return { logins, known: undefined }
}

/** Whose password it is; as long where there is nobody. Refuses: too_busy. */
export async function whosePassword(
  { passwords }: Deps,
  { logins }: Candidates,
  password: string,
): Promise<Login | undefined> {
  if (logins.length === 0) await passwords.verify(password, undefined)
  for (const login of logins) if (await passwords.verify(password, login.hash)) return login
  return undefined
}

/** What comes after a right password. */
export type NextStep =
  | { readonly kind: 'entered'; readonly session: StartedSession }
  | { readonly kind: 'code' | 'enrol'; readonly secret: string }

/** What is kept between the password and the code. */
export interface StepDraft {
  readonly target: string
  readonly isKnownDevice: boolean
}

/** As well the second factor that is yet to be confirmed, and whose it will be. */
export interface EnrolDraft extends StepDraft {
  readonly secret: string
  readonly accountName: string
  readonly email: string
}

/**
 * After a right password: a session, or what is asked next. Administrators have a second factor, and get one now where they
 * have none. Throws SignInError: user_deactivated, user_transferred, web_login_disabled, sso_required.
 */
export function afterPassword(deps: Deps, login: Login, draft: StepDraft, request: EnteringRequest): Promise<NextStep> {
  const { account_id, user_id } = login
  return deps.db.transaction(async (tx) => {
    const user = await entering(tx, account_id, user_id)
    const step = { account_id, user_id }
    if (await hasSecondFactor(tx, account_id, user_id))
      return { kind: 'code', secret: await openStep(deps, tx, { ...step, kind: 'code' }, draft) }
    if (!isAdminRole(await roleOf(tx, user)))
      return { kind: 'entered', session: await beginPasswordSession(deps, tx, user, request) }
    const enrol = { ...draft, email: user.email ?? '', accountName: (await findAccount(tx, account_id))?.name ?? '' }
    const { secret } = newFactor(enrol.email, enrol.accountName)
    return { kind: 'enrol', secret: await openStep(deps, tx, { ...step, kind: 'enrol' }, { ...enrol, secret }) }
  })
}

async function roleOf(tx: Tx, user: UserRow): Promise<{ readonly key: string }> {
  return (await loadCatalog(tx, user.account_id)).roleById.get(user.role_id) ?? { key: '' }
}

/** Who may enter by password now. Throws SignInError. */
async function entering(tx: Tx, accountId: string, userId: string): Promise<UserRow> {
  const user = await lockUser(tx, accountId, userId)
  if (user === undefined || user.deleted_at !== null || user.accepted_at === null)
    throw new SignInError('password_wrong', 'Nobody has this address and this password.')
  refuseState(user)
  await refuseWhereSso(tx, user)
  return user
}

/**
 * Whom a directory manages, and who is of a domain that asks for it, signs in through her identity provider. A local super
 * admin with a second factor is the way in that does not need it (PRODUCT 2.1, principle 5).
 */
async function refuseWhereSso(tx: Tx, user: UserRow): Promise<void> {
  const { account_id, id, email } = user
  const managed = (await findLink(tx, account_id, id)) !== undefined
  if (!managed && !(await isOfSsoDomain(tx, account_id, email ?? ''))) return
  const isLastResort = (await roleOf(tx, user)).key === SUPER_ADMIN && (await hasSecondFactor(tx, account_id, id))
  if (!managed && isLastResort) return
  throw new SignInError('sso_required', 'This person signs in through her identity provider, not by password.', id)
}

/** Does an address belong to a domain of the account whose people sign in through their identity provider alone? */
export async function isOfSsoDomain(tx: Tx, accountId: string, email: string): Promise<boolean> {
  const domain = await findVerifiedDomain(tx, parseDomain(email.slice(email.lastIndexOf('@') + 1)) ?? '')
  if (domain?.account_id !== accountId || domain.sso_required !== 1) return false
  return (await findSignInOfAccount(tx, accountId)) !== undefined
}

/** The code after the password. Resolves to the session; throws SignInError: as `afterPassword`, and code_wrong, code_used, code_paused. */
export async function enterWithCode(
  deps: Deps,
  { row, draft }: OpenStep<StepDraft>,
  code: string,
  request: EnteringRequest,
): Promise<StartedSession> {
  const [accountId, userId] = [row.account_id, row.user_id ?? '']
  const done = await deps.db.transaction(async (tx) => {
    const user = await entering(tx, accountId, userId)
    const taken = await takeCode(deps, tx, { accountId, userId, isKnownDevice: draft.isKnownDevice }, code)
    // What was wrong is remembered, so it is no reason to roll back.
    if (taken !== 'totp' && taken !== 'recovery') return taken
    if (!(await takeStep(tx, row))) return 'code_used'
    return beginPasswordSession(deps, tx, user, request)
  })
  if (typeof done === 'object') return done
  throw new SignInError(done, CODE_TEXTS[done], userId)
}

const CODE_TEXTS = {
  code_wrong: 'The code is not right.',
  code_used: 'The code was used before.',
  code_paused: 'Too many wrong codes came: those of the authenticator are refused for some minutes.',
} as const

/** An administrator's first sign-in: the code confirms her new second factor. Throws SignInError: code_wrong. */
export function enterWithNewFactor(
  deps: Deps,
  { row, draft }: OpenStep<EnrolDraft>,
  code: string,
  request: EnteringRequest,
): Promise<{ readonly session: StartedSession; readonly recoveryCodes: readonly string[] }> {
  const who = { accountId: row.account_id, userId: row.user_id ?? '' }
  return deps.db.transaction(async (tx) => {
    const user = await entering(tx, who.accountId, who.userId)
    if (!(await takeStep(tx, row)) || (await hasSecondFactor(tx, who.accountId, who.userId)))
      throw new SignInError('code_used', 'She has a second factor already.', who.userId)
    const recoveryCodes = await enableFactor(deps, tx, who, draft.secret, code)
    const session = await beginPasswordSession(deps, tx, user, request)
    const child = { id: deps.newId(), parentId: request.id, action: 'second_factor.enabled' } as const
    await writeEvents(deps, tx, who.accountId, [ownEvent(request, personOf(user), child)])
    return { session, recoveryCodes }
  })
}

/** A sign-in by password that was refused. */
export interface RefusedPassword {
  readonly code: string
  readonly message: string
}

/** Tell of it in the log of everybody who was meant, in a transaction that is made anyway. */
export async function writeRefusedPassword(
  deps: Deps,
  tx: Tx,
  people: readonly Pick<Login, 'account_id' | 'user_id'>[],
  { code, message }: RefusedPassword,
  request: OwnRequest & { readonly facts: SignInFacts },
): Promise<void> {
  for (const { account_id, user_id } of people) {
    const user = await findUser(tx, account_id, user_id)
    if (user === undefined) continue
    const actor = { type: 'unknown', id: null, label: user.email ?? 'somebody' } as const
    const outcome = {
      action: 'signin.failed',
      outcome: 'failure',
      actor,
      code,
      message,
      signIn: request.facts,
    } as const
    await writeEvents(deps, tx, account_id, [ownEvent(request, personOf(user), outcome)])
  }
}
