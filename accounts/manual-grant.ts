import type { Tx } from '../db/database.js'
import { deleteGrants, type GrantKey, type GrantRow, grantsOf, upsertGrants } from '../db/grants.js'
import type { UserRow } from '../db/users.js'
import type { Administrator } from './administrator.js'
import { AccountError } from './errors.js'
import type { Features, RoleRef } from './evaluate-types.js'
import type { Catalog } from './policy.js'
import { ADMIN, canGrantRole, countsAsSuperAdmin, MEMBER } from './roles.js'

/** A role or product that an administrator gives (`allow`) or withholds (`deny`) by hand. */
export interface ManualGrant {
  readonly kind: 'role' | 'product'
  /** Key of the role or product. */
  readonly value: string
  readonly effect?: 'allow' | 'deny' | undefined
  readonly features?: Features | undefined
  readonly reason?: string | undefined
  readonly expiresAt?: Date | undefined
}

/**
 * The row of a manual grant, once the administrator may give it to this user. Refuses: role_not_found,
 * product_not_found, role_not_grantable (GA-27), forbidden, expiry_invalid.
 */
export function manualGrantRow(
  actor: Administrator,
  catalog: Catalog,
  user: UserRow,
  grant: ManualGrant,
  now: number,
): GrantRow {
  const target = targetOf(actor, catalog, user, grant)
  const expires = grant.expiresAt?.getTime() ?? null
  if (expires !== null && expires <= now) throw new AccountError('expiry_invalid', 'A grant has to end in the future.')
  return {
    user_id: user.id,
    kind: grant.kind,
    value: target.id,
    source: 'manual',
    source_id: '',
    effect: grant.effect ?? 'allow',
    features: grant.kind === 'product' && grant.features !== undefined ? JSON.stringify(grant.features) : null,
    reason: grant.reason ?? null,
    actor: JSON.stringify(actor.actor),
    expires_at: expires,
    created_at: now,
  }
}

/**
 * The manual grant with this value, which the address of the request names. Refuses: grant_not_found, role_not_grantable,
 * forbidden.
 */
export async function manualGrantKey(
  tx: Tx,
  actor: Administrator,
  catalog: Catalog,
  user: UserRow,
  grant: Pick<ManualGrant, 'kind' | 'value'>,
): Promise<GrantRow> {
  const known: readonly { readonly key: string }[] = grant.kind === 'role' ? catalog.roles : catalog.products
  if (!known.some(({ key }) => key === grant.value)) throw grantNotFound(grant)
  const target = targetOf(actor, catalog, user, grant)
  const rows = await grantsOf(tx, user.account_id, [user.id])
  const row = rows.find(({ kind, value, source }) => source === 'manual' && kind === grant.kind && value === target.id)
  if (row === undefined) throw grantNotFound(grant)
  return row
}

function grantNotFound({ kind, value }: Pick<ManualGrant, 'kind' | 'value'>): AccountError {
  return new AccountError('grant_not_found', `The user has no manual grant of the ${kind} '${value}'.`)
}

function targetOf(
  actor: Administrator,
  catalog: Catalog,
  user: UserRow,
  { kind, value }: Pick<ManualGrant, 'kind' | 'value'>,
): { id: string } {
  if (kind === 'role') return roleOf(actor, catalog, value)
  const product = catalog.products.find(({ key }) => key === value)
  if (product === undefined) throw notFound('product', value, catalog.products)
  checkMayAssign(actor, catalog.roleById.get(user.role_id)?.key ?? MEMBER)
  return product
}

/** A role that this administrator may give by hand. Refuses: role_not_found, role_not_grantable. */
export function roleOf(actor: Administrator, catalog: Catalog, key: string): RoleRef {
  const role = catalog.roles.find((one) => one.key === key)
  if (role === undefined) throw notFound('role', key, catalog.roles)
  if (!canGrantRole(actor.role, role))
    throw new AccountError('role_not_grantable', `You may not give the role '${key}'.`)
  return role
}

/** Super admins manage licenses; admins assign them to members (PRODUCT 2.6). Refuses: forbidden. */
function checkMayAssign({ role }: Administrator, targetRole: string): void {
  if (countsAsSuperAdmin(role) || role === 'operator' || role.permissions.includes('licenses.manage')) return
  if (role.key === ADMIN && targetRole === MEMBER) return
  throw new AccountError('forbidden', 'You may not give products to this user.')
}

function notFound(kind: 'role' | 'product', key: string, known: readonly { readonly key: string }[]): AccountError {
  const keys = known.map((one) => one.key).join(', ')
  return new AccountError(`${kind}_not_found`, `No ${kind} has the key '${key}'. Known: ${keys}.`, { inBody: true })
}

/** Store a manual grant. A user has one role by hand: giving another one takes the first back. */
export async function storeManualGrant(tx: Tx, accountId: string, row: GrantRow): Promise<void> {
  if (row.kind === 'role' && row.effect === 'allow') {
    const rows = await grantsOf(tx, accountId, [row.user_id])
    const others = rows.filter(
      ({ kind, source, effect, value }) =>
        kind === 'role' && source === 'manual' && effect === 'allow' && value !== row.value,
    )
    await deleteGrants(tx, accountId, others satisfies GrantKey[])
  }
  await upsertGrants(tx, accountId, [row])
}
