import type { GrantRow } from '../db/grants.js'
import type { DerivedRow, UserRow } from '../db/users.js'
import { evaluate, grantFromDesired } from './evaluate.js'
import { effectiveAccess } from './evaluate-access.js'
import { diffGrants } from './evaluate-diff.js'
import type { EffectiveAccess, EvaluationWarning, Features, Grant, GrantChanges, Person } from './evaluate-types.js'
import type { Catalog, LoadedPolicy } from './policy.js'
import { type DerivedStatus, statusOf } from './status.js'

/** One person whose access is to follow from her facts, her groups and her grants. */
export interface Unsettled {
  /** With the facts as they are to be. Status and role in it are still those of before. */
  readonly user: UserRow
  /** As locked; where it is given, a row is written with no more columns than changed. */
  readonly before?: UserRow
  /** How the row is written: as new, whole, or only what is derived and only where that changed. */
  readonly save: 'insert' | 'update' | 'derived'
  /** What the directory says, or undefined for whom no directory decides (her sync grants then stay as they are). */
  readonly person: Person | undefined
}

/** `policy` is needed where a `person` is given. */
export interface Grounds {
  readonly accountId: string
  readonly catalog: Catalog
  readonly policy?: LoadedPolicy
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** What is to become of one person, before anything is written. */
export interface Decision {
  readonly unsettled: Unsettled
  readonly changes: GrantChanges
  readonly access: EffectiveAccess
  readonly status: DerivedStatus
  readonly user: UserRow
  readonly warnings: readonly EvaluationWarning[]
}

const NO_CHANGES: GrantChanges = { add: [], remove: [], update: [] }

/** Decide for everyone from the grants that are stored. Pure. */
export function decideAll(grounds: Grounds, people: readonly Unsettled[], rows: readonly GrantRow[]): Decision[] {
  const byUser = new Map<string, Grant[]>()
  for (const row of rows) byUser.set(row.user_id, [...(byUser.get(row.user_id) ?? []), grantFromRow(row)])
  return people.map((unsettled) => decide(grounds, unsettled, byUser.get(unsettled.user.id) ?? []))
}

function decide(grounds: Grounds, unsettled: Unsettled, stored: readonly Grant[]): Decision {
  const { policy, catalog, now } = grounds
  const { person, user } = unsettled
  const desired = person && policy ? evaluate(policy.prepared, person) : undefined
  const changes = desired === undefined ? NO_CHANGES : diffGrants(stored, desired.grants)
  const access = effectiveAccess({
    grants: apply(stored, changes),
    roles: catalog.roles,
    products: catalog.products,
    rules: policy?.policy.rules ?? [],
    directoryManaged: person !== undefined,
    now,
  })
  const status = statusOf({
    accepted: user.accepted_at !== null,
    suspendedByAdmin: user.suspended_by_admin === 1,
    transferDeclined: user.transfer_declined === 1,
    transferredOut: user.transferred_out === 1,
    deleted: user.deleted_at !== null,
    desiredActive: user.desired_active === null ? null : user.desired_active === 1,
    suspendedByDirectoryEnd: user.suspended_by_end === 1,
  })
  const derived = derivedRow(user, access, status, now)
  return { unsettled, changes, access, status, user: { ...user, ...derived }, warnings: desired?.warnings ?? [] }
}

function apply(stored: readonly Grant[], { add, remove, update }: GrantChanges): Grant[] {
  if (add.length + remove.length + update.length === 0) return [...stored]
  const gone = new Set<Grant>([...remove, ...update.map(({ before }) => before)])
  const added = [...add, ...update.map(({ after }) => after)].map(grantFromDesired)
  return [...stored.filter((grant) => !gone.has(grant)), ...added]
}

function derivedRow(user: UserRow, access: EffectiveAccess, status: DerivedStatus, now: number): DerivedRow {
  return {
    id: user.id,
    status: status.status,
    status_reason: status.reason,
    role_id: access.role.id,
    role_source: access.role.source,
    role_source_id: access.role.ruleId ?? '',
    overridden: access.override ? 1 : 0,
    updated_at: now,
  }
}

function grantFromRow(row: GrantRow): Grant {
  return {
    kind: row.kind,
    value: row.value,
    source: row.source as Grant['source'],
    sourceId: row.source_id,
    effect: row.effect,
    features: row.features === null ? {} : (JSON.parse(row.features) as Features),
    reason: row.reason,
    expiresAt: row.expires_at,
  }
}

/** Suspended and deleted people have no access, no session and no seat. */
export const isOut = (status: string): boolean => status === 'suspended' || status === 'deleted'
