import type { ResourceSchema } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import { Catalogue, grantableByDirectory } from './evaluate-attributes.js'
import type {
  DesiredGrant,
  Effects,
  EvaluationWarning,
  Features,
  Policy,
  ProductEffect,
  ProductRef,
  RoleRef,
  RuleDefinition,
  SyncSource,
} from './evaluate-types.js'
import { compareRoles } from './roles.js'
import { type Condition, compileCondition } from './rule-condition.js'

/** What one rule, or the connection's default, gives once its keys are looked up. */
export interface PreparedEffects {
  readonly role: DesiredGrant | undefined
  readonly products: readonly DesiredGrant[]
  /** What it names but cannot give. */
  readonly warnings: readonly EvaluationWarning[]
}

export interface PreparedRule extends PreparedEffects {
  readonly condition: Condition
}

/** A policy ready to be applied to any number of people. */
export interface PreparedPolicy {
  readonly userSchema: ResourceSchema
  /** Enabled and unbroken ones, in the order in which they decide. */
  readonly rules: readonly PreparedRule[]
  readonly defaults: PreparedEffects
  /** Undefined where the connection does not accept direct roles. */
  readonly directRoles: Catalogue<RoleRef> | undefined
  readonly directProducts: Catalogue<ProductRef> | undefined
  readonly grantable: (role: RoleRef) => boolean
  /** Rules that cannot be applied to anybody. */
  readonly warnings: readonly EvaluationWarning[]
}

interface Lookup {
  readonly roles: ReadonlyMap<string, RoleRef>
  readonly products: ReadonlyMap<string, ProductRef>
  readonly grantable: (role: RoleRef) => boolean
}

/**
 * Do once what does not depend on the person: order the rules, compile their conditions, look up what they give. A rule
 * that is disabled or broken is left out; one whose condition can no longer be read counts as broken.
 */
export function preparePolicy(policy: Policy): PreparedPolicy {
  const lookup: Lookup = {
    roles: new Map(policy.roles.map((role) => [role.key, role])),
    products: new Map(policy.products.map((product) => [product.key, product])),
    grantable: grantableByDirectory(policy.directoryMayGrantSuperAdmin),
  }
  const warnings: EvaluationWarning[] = []
  return {
    userSchema: policy.userSchema,
    rules: rulesInOrder(policy.rules).flatMap((rule) => prepareRule(rule, policy.userSchema, lookup, warnings)),
    defaults: prepareEffects(policy.defaults, 'default', '', lookup),
    directRoles: policy.acceptDirectRoles ? new Catalogue([...policy.roles].sort(compareRoles)) : undefined,
    directProducts: policy.acceptDirectEntitlements ? new Catalogue(policy.products) : undefined,
    grantable: lookup.grantable,
    warnings,
  }
}

function rulesInOrder(rules: readonly RuleDefinition[]): RuleDefinition[] {
  return rules
    .filter((rule) => rule.enabled && rule.state === 'ok')
    .sort((a, b) => a.priority - b.priority || (a.id < b.id ? -1 : 1))
}

function prepareRule(
  rule: RuleDefinition,
  userSchema: ResourceSchema,
  lookup: Lookup,
  warnings: EvaluationWarning[],
): PreparedRule[] {
  try {
    const condition = compileCondition(rule.condition, userSchema)
    return [{ condition, ...prepareEffects(rule.effects, 'rule', rule.id, lookup) }]
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    warnings.push({ code: 'rule_broken', ruleId: rule.id })
    return []
  }
}

function prepareEffects(effects: Effects, source: SyncSource, sourceId: string, lookup: Lookup): PreparedEffects {
  const warnings: EvaluationWarning[] = []
  const ruleId = source === 'rule' ? sourceId : null
  const role = effects.role === undefined ? undefined : findRole(effects.role, ruleId, lookup, warnings)
  const products = featuresByProduct(effects.products ?? [], ruleId, lookup, warnings)
  return {
    role: role && { kind: 'role', value: role.id, source, sourceId, features: {} },
    products: [...products].map(([value, features]) => ({ kind: 'product', value, source, sourceId, features })),
    warnings,
  }
}

function findRole(
  key: string,
  ruleId: string | null,
  { roles, grantable }: Lookup,
  warnings: EvaluationWarning[],
): RoleRef | undefined {
  const role = roles.get(key)
  if (role && grantable(role)) return role
  if (role) warnings.push({ code: 'role_not_grantable', value: key, ruleId })
  else warnings.push({ code: 'unknown_role', value: key, known: [...roles.keys()], ruleId })
  return undefined
}

/** Features by product id. A product that is named twice is one grant, in which the first mention of a feature counts. */
function featuresByProduct(
  effects: readonly ProductEffect[],
  ruleId: string | null,
  { products }: Lookup,
  warnings: EvaluationWarning[],
): Map<string, Features> {
  const found = new Map<string, Features>()
  for (const { key, features = {} } of effects) {
    const id = products.get(key)?.id
    if (id === undefined)
      warnings.push({ code: 'unknown_entitlement', value: key, known: [...products.keys()], ruleId })
    else found.set(id, { ...features, ...found.get(id) })
  }
  return found
}
