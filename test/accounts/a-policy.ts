import { evaluate } from '../../accounts/evaluate.js'
import { effectiveAccess } from '../../accounts/evaluate-access.js'
import { type PreparedPolicy, preparePolicy } from '../../accounts/evaluate-policy.js'
import type {
  AccessInput,
  EffectiveAccess,
  Effects,
  Grant,
  Person,
  Policy,
  ProductRef,
  RoleRef,
  RuleDefinition,
} from '../../accounts/evaluate-types.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'

/** The three system roles and two custom ones, whose order by rank is not the one of the alphabet. */
export const ROLES: readonly RoleRef[] = [
  aRole('member', 'Member', true),
  aRole('auditor', 'Sync auditor', false, 2),
  aRole('editor', 'Content editor', false, 1),
  aRole('admin', 'Admin', true),
  aRole('super_admin', 'Super admin', true),
]

/** `suite` is a bundle of meet and assist (PBX-04). */
export const PRODUCTS: readonly ProductRef[] = [
  aProduct('meet', { features: { recording: false, chat: true } }),
  aProduct('assist', { features: { remote: true } }),
  aProduct('connect'),
  aProduct('suite', { includes: ['meet', 'assist'], features: { portal: true } }),
]

function aRole(key: string, name: string, system: boolean, rank = 0): RoleRef {
  return { id: `role-${key}`, key, name, rank, system }
}

export function aProduct(key: string, given: Partial<ProductRef> = {}): ProductRef {
  const name = `Go ${key[0]?.toUpperCase()}${key.slice(1)}`
  return { id: `product-${key}`, key, name, includes: [], features: {}, ...given }
}

/** A rule with priority and id from `place`, counted from 1. */
export function aRule(
  place: number,
  condition: string | null,
  effects: Effects,
  given: Partial<RuleDefinition> = {},
): RuleDefinition {
  return { id: `rule-${place}`, priority: place, enabled: true, state: 'ok', condition, effects, ...given }
}

/** Effects that give these products. */
export function products(...keys: string[]): Effects {
  return { products: keys.map((key) => ({ key })) }
}

/** A connection's policy that accepts nothing from the directory itself, with rules in any order. */
export function aPolicy(rules: readonly RuleDefinition[] = [], given: Partial<Policy> = {}): PreparedPolicy {
  return preparePolicy({
    userSchema: USER_SCHEMA,
    rules,
    defaults: {},
    roles: ROLES,
    products: PRODUCTS,
    acceptDirectRoles: false,
    acceptDirectEntitlements: false,
    directoryMayGrantSuperAdmin: false,
    ...given,
  })
}

/** A directory user in groups of these names; the id of a group is its name behind `group-`. */
export function aPerson(groups: readonly string[] = [], document: Person['document'] = {}): Person {
  return {
    document: { userName: 'ada@example.com', active: true, ...document },
    groups: groups.map((display) => ({ id: `group-${display}`, display })),
  }
}

export function aGrant(given: Partial<Grant> & Pick<Grant, 'kind' | 'value'>): Grant {
  return { source: 'manual', sourceId: '', effect: 'allow', features: {}, reason: null, expiresAt: null, ...given }
}

export const NOW = Date.UTC(2026, 10, 21)

/** Access of a user whom a directory manages, under rules 1 to 9. */
export function access(grants: readonly Grant[], given: Partial<AccessInput> = {}): EffectiveAccess {
  const rules = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((priority) => ({ id: `rule-${priority}`, priority }))
  return effectiveAccess({
    grants,
    roles: ROLES,
    products: PRODUCTS,
    rules,
    directoryManaged: true,
    now: NOW,
    ...given,
  })
}

/** Keys of the products somebody has, in order of the alphabet. */
export function productKeys({ products: held }: EffectiveAccess): string[] {
  return [...held.keys()].map((id) => id.replace('product-', '')).sort()
}

/** The role that sync grants, as `source:key`, or undefined. */
export function roleGrant(policy: PreparedPolicy, person: Person): string | undefined {
  const grant = evaluate(policy, person).grants.find(({ kind }) => kind === 'role')
  return grant && `${grant.source}:${grant.value.replace('role-', '')}`
}

/** The products that sync grants, as `source sourceId:key`. */
export function productGrants(policy: PreparedPolicy, person: Person): string[] {
  return evaluate(policy, person)
    .grants.filter(({ kind }) => kind === 'product')
    .map(({ source, sourceId, value }) => `${source} ${sourceId}:${value.replace('product-', '')}`)
}
