import { directProducts, directRole } from './evaluate-attributes.js'
import type { PreparedPolicy, PreparedRule } from './evaluate-policy.js'
import type { DesiredGrant, DesiredGrants, EvaluationWarning, Grant, Person } from './evaluate-types.js'
import { resourceForConditions } from './rule-condition.js'

/**
 * What sync wants one person to have (PRODUCT 2.8, steps 1 to 4). Pure: the same person under the same policy gets the
 * same grants, whether she is active or not and in whatever order her groups come. The role comes from one source
 * (accepted direct role, else the first rule that sets one, else the connection's default); products add up over direct
 * entitlements and rules, and the default products stand in only where neither gives any.
 */
export function evaluate(policy: PreparedPolicy, person: Person): DesiredGrants {
  const warnings: EvaluationWarning[] = [...policy.warnings]
  const rules = matchingRules(policy, person)
  const grants = [
    ...(policy.directProducts ? directProducts(person.document, policy.directProducts, warnings) : []),
    ...rules.flatMap((rule) => rule.products),
  ]
  const direct = policy.directRoles && directRole(person.document, policy.directRoles, policy.grantable, warnings)
  const role = direct ?? rules.find((rule) => rule.role)?.role
  for (const rule of rules) warnings.push(...rule.warnings)
  if (!role || grants.length === 0) warnings.push(...policy.defaults.warnings)
  if (grants.length === 0) grants.push(...policy.defaults.products)
  return { grants: withRole(role ?? policy.defaults.role, grants), warnings }
}

function matchingRules(policy: PreparedPolicy, person: Person): PreparedRule[] {
  if (policy.rules.length === 0) return []
  const resource = resourceForConditions(person, policy.userSchema)
  return policy.rules.filter((rule) => rule.condition.matches(resource))
}

function withRole(role: DesiredGrant | undefined, products: DesiredGrant[]): DesiredGrant[] {
  return role ? [role, ...products] : products
}

/** A desired grant as the row it becomes. */
export function grantFromDesired(desired: DesiredGrant): Grant {
  return { ...desired, effect: 'allow', reason: null, expiresAt: null }
}
