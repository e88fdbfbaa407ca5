import type { Tx } from '../db/database.js'
import { findByIdentity, type Step } from '../db/saml-links.js'
import { useAssertion } from '../db/saml-messages.js'
import { lockUser, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { AssertionClaims } from './assertion-grants.js'
import type { Connection } from './connection.js'
import { emailMayDecide } from './email-match.js'
import type { SignInTrace } from './sign-in-checks.js'
import { SignInError } from './sign-in-errors.js'
import { mayUseWebLogin } from './web-login.js'

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
  /** Undefined where the connection does not want to know. */
  readonly claims: AssertionClaims | undefined
  readonly sessionIndex: string | undefined
  /** Until when the identity provider lets a session last. */
  readonly sessionEnd: Date | undefined
  /** From when on the assertion would be refused for its age. */
  readonly usableUntil: Date
}

/**
 * Whom an assertion names, if she may enter now (PRODUCT 2.3, 2.10). The assertion is noted as used; nothing else is
 * written. Throws SignInError: replay, ambiguous_user, domain_not_verified, not_invited, user_deactivated,
 * user_transferred, web_login_disabled.
 */
export async function identify(
  tx: Tx,
  connection: Connection,
  assertion: Assertion,
  trace: SignInTrace,
): Promise<UserRow> {
  const { accountId, id } = connection
  if (!(await useAssertion(tx, accountId, id, assertion.id, assertion.usableUntil.getTime())))
    throw new SignInError('replay', 'This answer of the identity provider was used before.')
  trace.passed('replay')
  const user = await whoIs(tx, connection, assertion)
  trace.passed('user_match')
  refuseState(user)
  trace.passed('user_state')
  return user
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

/** Who may not enter (PRODUCT 2.3). Throws SignInError: user_deactivated, user_transferred, web_login_disabled. */
export function refuseState(user: UserRow): void {
  // The status of whoever is switched off with a large connection follows by a job.
  if (user.status !== 'suspended' && user.suspended_by_end === 0) {
    if (mayUseWebLogin(user)) return
    throw new SignInError('web_login_disabled', 'Signing in is switched off for this person.', user.id)
  }
  if (user.status_reason === 'transferred_out')
    throw new SignInError('user_transferred', 'This person has moved to another account.', user.id)
  const byDirectory = user.status_reason === 'directory' || user.status !== 'suspended'
  const by = byDirectory ? 'the directory' : 'an administrator'
  throw new SignInError('user_deactivated', `This person is switched off by ${by}.`, user.id)
}
