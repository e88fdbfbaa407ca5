import { featuresContradict, originOf, type ProductGrants, productsFrom } from './evaluate-products.js'
import {
  type AccessInput,
  type EffectiveAccess,
  type EffectiveRole,
  type Grant,
  type RoleRef,
  SOURCES_BY_STRENGTH,
  SYNC_SOURCES,
} from './evaluate-types.js'
import { compareRoles, MEMBER } from './roles.js'
import { ruleIdOf } from './rule-of-grant.js'

const SYNC: ReadonlySet<string> = new Set(SYNC_SOURCES)

/**
 * What a user has once all her grants are weighed (PRODUCT 2.8, step 6; DESIGN 4, Grants and licenses). The strongest
 * source decides her role and, key by key, the features of a product; a `deny` withholds what any other source gives;
 * expired grants, and those of roles and products that no longer exist, count for nothing.
 */
export function effectiveAccess(input: AccessInput): EffectiveAccess {
  const live = liveGrants(input)
  const allowed = live.filter((grant) => grant.effect === 'allow')
  const denied = live.filter((grant) => grant.effect === 'deny')
  const role = effectiveRole(allowed, denied, input.roles)
  const products = productGrants(allowed, denied)
  return {
    role,
    products: productsFrom(products, input.products),
    override: overridesRole(input, live, role) || overridesProducts(input, products),
  }
}

/** Grants in force, the strongest first: by source, then the order of the rules, then the higher role. */
function liveGrants({ grants, rules, roles, now }: AccessInput): Grant[] {
  const live = grants.filter((grant) => grant.expiresAt === null || grant.expiresAt > now)
  if (live.length < 2) return live
  const priorities = new Map(rules.map((rule) => [rule.id, rule.priority]))
  const priorityOf = ({ source, sourceId }: Grant) =>
    priorities.get(ruleIdOf(source, sourceId) ?? '') ?? Number.MAX_SAFE_INTEGER
  return live.sort(
    (a, b) =>
      strengthOf(a) - strengthOf(b) ||
      priorityOf(a) - priorityOf(b) ||
      compareGrantedRoles(a, b, roles) ||
      // Ids and texts settle what is otherwise equal, so that the order of rows never matters.
      compareText(a.sourceId, b.sourceId) ||
      compareText(a.value, b.value),
  )
}

function strengthOf({ source }: Grant): number {
  return SOURCES_BY_STRENGTH.indexOf(source)
}

/** Products, and roles that no longer exist, have no order of their own and stand behind. */
function compareGrantedRoles(a: Grant, b: Grant, roles: readonly RoleRef[]): number {
  const roleOf = (grant: Grant) => (grant.kind === 'role' ? roles.find(({ id }) => id === grant.value) : undefined)
  const [first, second] = [roleOf(a), roleOf(b)]
  if (first && second) return compareRoles(first, second)
  return Number(!first) - Number(!second)
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function effectiveRole(allowed: readonly Grant[], denied: readonly Grant[], roles: readonly RoleRef[]): EffectiveRole {
  const withheld = new Set(denied.filter((grant) => grant.kind === 'role').map((grant) => grant.value))
  for (const grant of allowed) {
    if (grant.kind !== 'role' || withheld.has(grant.value)) continue
    const role = roles.find(({ id }) => id === grant.value)
    if (role) return { id: role.id, key: role.key, ...originOf(grant) }
  }
  return memberOf(roles)
}

/** The system default. Every account has the role (GA-25), so its absence is our own fault. */
function memberOf(roles: readonly RoleRef[]): EffectiveRole {
  const member = roles.find((role) => role.key === MEMBER)
  if (!member) throw new Error('the account has no role "member"')
  return { id: member.id, key: member.key, source: 'default', ruleId: null }
}

function productGrants(allowed: readonly Grant[], denied: readonly Grant[]): ProductGrants {
  const byProduct = new Map<string, Grant[]>()
  for (const grant of allowed) {
    if (grant.kind !== 'product') continue
    const grants = byProduct.get(grant.value)
    if (grants) grants.push(grant)
    else byProduct.set(grant.value, [grant])
  }
  const withheld = new Set(denied.filter((grant) => grant.kind === 'product').map((grant) => grant.value))
  return { byProduct, withheld }
}

/**
 * A manual role grant is an override where the role differs from what the directory gives: the role of sync or, for a
 * user whom a directory manages and to whom it gives none, member (PRODUCT 2.6, 2.8 step 6).
 */
function overridesRole(input: AccessInput, live: readonly Grant[], role: EffectiveRole): boolean {
  const grants = live.filter((grant) => grant.kind === 'role')
  if (!grants.some((grant) => grant.source === 'manual')) return false
  const fromSync = grants.filter((grant) => grant.effect === 'allow' && SYNC.has(grant.source))
  if (fromSync.length === 0 && !input.directoryManaged) return false
  return effectiveRole(fromSync, [], input.roles).id !== role.id
}

/** Withholding what sync gives contradicts it, and so does switching a feature that sync switches the other way. */
function overridesProducts({ products }: AccessInput, { byProduct, withheld }: ProductGrants): boolean {
  const manual = [...byProduct.values()].some((grants) => grants.some((grant) => grant.source === 'manual'))
  if (!manual && withheld.size === 0) return false
  const fromSync = new Map<string, Grant[]>()
  for (const [id, grants] of byProduct) {
    const synced = grants.filter((grant) => SYNC.has(grant.source))
    if (synced.length > 0) fromSync.set(id, synced)
  }
  const given = productsFrom({ byProduct: fromSync, withheld: new Set() }, products)
  if ([...withheld].some((id) => given.has(id))) return true
  return [...fromSync].some(([id, synced]) => {
    const manual = byProduct.get(id)?.filter((grant) => grant.source === 'manual') ?? []
    return manual.length > 0 && featuresContradict(manual, synced)
  })
}
