import { deadAssertionGrants } from '../db/assertion-grants.js'
import type { Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { deleteGrants, type GrantKey, type GrantRow, grantsOf, upsertGrants } from '../db/grants.js'
import { findSamlSettings } from '../db/saml-settings.js'
import type { UserRow } from '../db/users.js'
import type { Connection } from './connection.js'
import { documentFromRow } from './directory-document.js'
import { groupRefsOf } from './directory-user.js'
import { evaluate } from './evaluate.js'
import type { PreparedPolicy } from './evaluate-policy.js'
import type { DesiredGrant, EvaluationWarning, Person } from './evaluate-types.js'
import type { Assertion } from './identify.js'
import { type LoadedPolicy, policyOf } from './policy.js'
import type { SamlSettings } from './saml-settings.js'
import { SignInError } from './sign-in-errors.js'

/** What an assertion says of groups and roles, where the connection wants to know (SAML.md e, step 14). */
export interface AssertionClaims {
  readonly groups: readonly string[]
  readonly roles: readonly string[]
  /** There are more groups than the identity provider sends: nothing follows from those that are missing. */
  readonly groupsWithheld: boolean
}

/** How the grants of a sign-in are to change. */
export interface PlannedGrants {
  readonly write: readonly GrantRow[]
  readonly remove: readonly GrantKey[]
}

const NOTHING: PlannedGrants = { write: [], remove: [] }
const MAX_VALUES = 1_000
const MAX_LENGTH = 1_024

/**
 * What the rules of the connection give a person for what her identity provider said at this sign-in, beyond what the
 * directory's word gives her. Direct roles and defaults have no part in it: a role comes by an explicit rule alone. Reads,
 * and writes nothing. Throws SignInError: mapping_failed.
 */
export async function planAssertionGrants(
  tx: Tx,
  connection: Connection,
  user: UserRow,
  assertion: Assertion,
  now: number,
): Promise<PlannedGrants> {
  const { claims } = assertion
  if (claims === undefined || claims.groupsWithheld) return NOTHING
  checkSize(claims, user)
  const { accountId, id: connectionId } = connection
  const link = await findLink(tx, accountId, user.id)
  // Whom another directory manages, that one's rules decide about.
  if (link !== undefined && link.connection_id !== connectionId) return NOTHING
  const policy = await policyOf(tx, connection)
  const known =
    link === undefined ? undefined : { document: documentFromRow(link), groups: await groupRefsOf(tx, link) }
  const desired = desiredOf(policy, known, claimedPerson(known ?? localPerson(user, assertion), claims), user)
  const stored = (await grantsOf(tx, accountId, [user.id])).filter(
    ({ source, source_id }) => source === 'assertion' && source_id.startsWith(`${connectionId} `),
  )
  const write = desired.map((grant) => rowOf(grant, connectionId, user, now))
  const kept = new Set(write.map(keyOf))
  return { write, remove: stored.filter((row) => !kept.has(keyOf(row))) }
}

export async function writeAssertionGrants(tx: Tx, accountId: string, { write, remove }: PlannedGrants): Promise<void> {
  await deleteGrants(tx, accountId, remove)
  await upsertGrants(tx, accountId, write)
}

function checkSize({ groups, roles }: AssertionClaims, user: UserRow): void {
  const all = [...groups, ...roles]
  if (all.length > MAX_VALUES || all.some((value) => value.length > MAX_LENGTH)) {
    const text = `The assertion names ${all.length} groups and roles; at most ${MAX_VALUES} of ${MAX_LENGTH} characters are read.`
    throw new SignInError('mapping_failed', text, user.id)
  }
}

/** Somebody of whom no directory tells, as rules see her. */
function localPerson(user: UserRow, { nameId, externalId }: Assertion): Person {
  const { given_name, family_name, display_name, email } = user
  const name = { ...(given_name && { givenName: given_name }), ...(family_name && { familyName: family_name }) }
  const document = {
    userName: nameId,
    ...(externalId !== undefined && { externalId }),
    name,
    displayName: display_name,
    ...(email !== null && { emails: [{ value: email, type: 'work', primary: true }] }),
    active: true,
  }
  return { document, groups: [] }
}

function claimedPerson({ document, groups }: Person, claims: AssertionClaims): Person {
  const roles = Array.isArray(document.roles) ? document.roles : []
  return {
    document: { ...document, roles: [...roles, ...claims.roles.map((value) => ({ value }))] },
    groups: [...groups, ...claims.groups.map((value) => ({ id: value, display: value }))],
  }
}

function desiredOf(policy: LoadedPolicy, known: Person | undefined, claimed: Person, user: UserRow): DesiredGrant[] {
  const prepared = rulesAlone(policy.prepared)
  const before = known === undefined ? { grants: [], warnings: prepared.warnings } : evaluate(prepared, known)
  const after = evaluate(prepared, claimed)
  const [warned, given] = [new Set(before.warnings.map(textOf)), new Set(before.grants.map(textOf))]
  const failed = after.warnings.find((warning) => !warned.has(textOf(warning)))
  if (failed !== undefined) throw new SignInError('mapping_failed', failureText(failed), user.id)
  return after.grants.filter((grant) => !given.has(textOf(grant)))
}

const textOf = (value: object): string => JSON.stringify(value)

function rulesAlone(prepared: PreparedPolicy): PreparedPolicy {
  const defaults = { role: undefined, products: [], warnings: [] }
  return { ...prepared, directRoles: undefined, directProducts: undefined, defaults }
}

function failureText(warning: EvaluationWarning): string {
  const value = 'value' in warning ? ` '${warning.value}'` : ''
  return `Rule ${warning.ruleId ?? ''} fits what the assertion says, but what it names${value} cannot be given (${warning.code}).`
}

function rowOf(
  { kind, value, sourceId, features }: DesiredGrant,
  connectionId: string,
  user: UserRow,
  now: number,
): GrantRow {
  return {
    user_id: user.id,
    kind,
    value,
    source: 'assertion',
    source_id: `${connectionId} ${sourceId}`,
    effect: 'allow',
    features: Object.keys(features).length === 0 ? null : JSON.stringify(features),
    reason: null,
    actor: null,
    expires_at: null,
    created_at: now,
  }
}

const keyOf = ({ kind, value, source_id }: GrantKey): string => `${kind} ${value} ${source_id}`

/**
 * Take away what sign-ins gave by rules that no longer give it, or that nobody applies to sign-ins any more. `policy` is
 * undefined where the connection is gone. Resolves to whom it concerned; a full chunk means that there may be more.
 */
export async function dropDeadGrants(
  tx: Tx,
  accountId: string,
  connectionId: string,
  policy: LoadedPolicy | undefined,
  limit: number,
): Promise<{ readonly userIds: readonly string[]; readonly more: boolean }> {
  const row = await findSamlSettings(tx, accountId, connectionId)
  const applies = row !== undefined && (JSON.parse(row.settings) as SamlSettings).rolesFromAssertion === true
  const live =
    applies && policy !== undefined ? policy.prepared.rules.flatMap(({ role, products }) => [role, ...products]) : []
  const keys = live.flatMap((grant) =>
    grant === undefined ? [] : [[`${connectionId} ${grant.sourceId}`, grant.kind, grant.value] as const],
  )
  const dead = await deadAssertionGrants(tx, accountId, connectionId, keys, limit)
  await deleteGrants(tx, accountId, dead)
  return { userIds: [...new Set(dead.map(({ user_id }) => user_id))], more: dead.length === limit }
}
