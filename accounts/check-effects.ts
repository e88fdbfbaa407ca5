import type { Queries } from '../db/database.js'
import { productsOf } from '../db/products.js'
import { rolesOf } from '../db/roles.js'
import { getAccount } from './accounts.js'
import type { Administrator } from './administrator.js'
import { AccountError } from './errors.js'
import type { Effects } from './evaluate-types.js'
import { canAuthorRule } from './roles.js'

const KNOWN_EFFECTS: ReadonlySet<string> = new Set(['role', 'products'])

/**
 * May this administrator give these effects, as a rule or as a connection's defaults, and does everything that they
 * name exist? Refuses: unknown_effect, role_not_found, product_not_found, forbidden, role_not_grantable.
 */
export async function checkEffects(
  q: Queries,
  actor: Administrator,
  accountId: string,
  effects: Effects,
): Promise<void> {
  const unknown = Object.keys(effects).find((key) => !KNOWN_EFFECTS.has(key))
  if (unknown !== undefined)
    throw new AccountError('unknown_effect', `The effect '${unknown}' is not known. Known: role, products.`)
  const { settings } = await getAccount(q, accountId)
  checkAuthor(actor, effects, settings)
  await checkKeys(q, accountId, effects)
}

/** Refuses: forbidden, role_not_grantable (GA-27 for the author of a rule). */
export function checkAuthor(
  actor: Administrator,
  effects: Effects,
  account: { readonly directoryMayGrantSuperAdmin: boolean },
): void {
  const verdict = canAuthorRule(actor.role, effects, account)
  if (verdict.allowed) return
  if (verdict.code === 'forbidden') throw new AccountError('forbidden', 'This needs the permission rules.manage.')
  throw new AccountError('role_not_grantable', `You may not let a directory grant the role '${effects.role}'.`)
}

async function checkKeys(q: Queries, accountId: string, { role, products }: Effects): Promise<void> {
  if (role !== undefined) {
    const known = (await rolesOf(q, accountId)).map(({ key }) => key)
    if (!known.includes(role)) throw notFound('role', role, known)
  }
  if (products === undefined) return
  const known = (await productsOf(q, accountId)).map(({ key }) => key)
  for (const { key } of products) if (!known.includes(key)) throw notFound('product', key, known)
}

function notFound(kind: 'role' | 'product', key: string, known: readonly string[]): AccountError {
  return new AccountError(`${kind}_not_found`, `No ${kind} has the key '${key}'. Known: ${known.join(', ')}.`, {
    inBody: true,
  })
}
