import type { Queries } from './database.js'
import { statement } from './statement.js'

export interface PolicyRuleRow {
  readonly id: string
  readonly priority: number
  readonly enabled: number
  readonly state: 'ok' | 'broken'
  readonly condition: string | null
  /** JSON text. */
  readonly effects: string
}
export interface PolicyRoleRow {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly rank: number
  readonly system: number
}
export interface PolicyProductRow {
  readonly id: string
  readonly key: string
  readonly name: string
  /** JSON texts. */
  readonly includes: string
  readonly features: string
}

const RULES = statement(
  `SELECT id, priority, enabled, state, condition, effects FROM mapping_rules
   WHERE account_id = ? AND connection_id = ? ORDER BY priority, id`,
)
const ROLES = statement(`SELECT id, key, name, rank, system FROM roles WHERE account_id = ? ORDER BY rank, id`)
const PRODUCTS = statement(`SELECT id, key, name, includes, features FROM products WHERE account_id = ? ORDER BY id`)
const SETTINGS = statement(`SELECT settings FROM accounts WHERE account_id = ?`)

export function policyRules(q: Queries, accountId: string, connectionId: string): Promise<PolicyRuleRow[]> {
  return q.all(RULES, [accountId, connectionId])
}

export function policyRoles(q: Queries, accountId: string): Promise<PolicyRoleRow[]> {
  return q.all(ROLES, [accountId])
}

export function policyProducts(q: Queries, accountId: string): Promise<PolicyProductRow[]> {
  return q.all(PRODUCTS, [accountId])
}

/** JSON text of the account's settings. */
export async function accountSettings(q: Queries, accountId: string): Promise<string> {
  return (await q.get<{ settings: string }>(SETTINGS, [accountId]))?.settings ?? '{}'
}
