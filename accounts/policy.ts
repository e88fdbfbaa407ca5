import type { Queries, Tx } from '../db/database.js'
import { accountSettings, policyProducts, policyRoles, policyRules } from '../db/policies.js'
import type { Connection } from './connection.js'
import { type PreparedPolicy, preparePolicy } from './evaluate-policy.js'
import type { Effects, Features, Policy, ProductRef, RoleRef } from './evaluate-types.js'

/** Roles and products of an account, as decisions look them up. */
export interface Catalog {
  readonly roles: readonly RoleRef[]
  readonly products: readonly ProductRef[]
  readonly roleById: ReadonlyMap<string, RoleRef>
  readonly productById: ReadonlyMap<string, ProductRef>
}

/** Everything on which the evaluation of one connection's people depends. */
export interface LoadedPolicy extends Catalog {
  readonly policy: Policy
  readonly prepared: PreparedPolicy
}

/**
 * The policy of a connection at its `rulesVersion`. It grows with every change of rules, defaults, roles and products,
 * so what was loaded once for a version may be kept; kept only after commit, because a version that rolled back will
 * be used again for something else.
 */
export async function policyOf(tx: Tx, connection: Connection): Promise<LoadedPolicy> {
  const key = `${connection.accountId} ${connection.id} ${connection.rulesVersion}`
  const known = loaded.get(key)
  if (known !== undefined) return known
  const policy = await loadPolicy(tx, connection)
  tx.afterCommit(() => {
    if (loaded.size >= MAX_LOADED) loaded.delete(loaded.keys().next().value as string)
    loaded.set(key, policy)
  })
  return policy
}

const loaded = new Map<string, LoadedPolicy>()
const MAX_LOADED = 500

/** Read a policy without keeping it: for previews, and under `policyOf`. */
export async function loadPolicy(q: Queries, connection: Connection): Promise<LoadedPolicy> {
  const { accountId, id, settings, userSchema } = connection
  const catalog = await loadCatalog(q, accountId)
  const rules = await policyRules(q, accountId, id)
  const account = JSON.parse(await accountSettings(q, accountId)) as { directoryMayGrantSuperAdmin?: boolean }
  const policy: Policy = {
    userSchema,
    rules: rules.map((row) => ({
      id: row.id,
      priority: row.priority,
      enabled: row.enabled === 1,
      state: row.state,
      condition: row.condition,
      effects: JSON.parse(row.effects) as Effects,
    })),
    defaults: settings.defaults,
    roles: catalog.roles,
    products: catalog.products,
    acceptDirectRoles: settings.acceptDirectRoles,
    acceptDirectEntitlements: settings.acceptDirectEntitlements,
    directoryMayGrantSuperAdmin: account.directoryMayGrantSuperAdmin ?? false,
  }
  return { ...catalog, policy, prepared: preparePolicy(policy) }
}

export async function loadCatalog(q: Queries, accountId: string): Promise<Catalog> {
  const roles = (await policyRoles(q, accountId)).map((row): RoleRef => ({ ...row, system: row.system === 1 }))
  const products = (await policyProducts(q, accountId)).map(
    (row): ProductRef => ({
      ...row,
      includes: JSON.parse(row.includes) as string[],
      features: JSON.parse(row.features) as Features,
    }),
  )
  return {
    roles,
    products,
    roleById: new Map(roles.map((role) => [role.id, role])),
    productById: new Map(products.map((product) => [product.id, product])),
  }
}
