import type { Effects, RoleRef } from './evaluate-types.js'
import { PERMISSIONS, type Permission } from './permissions.js'

/** The roles that every account has; they cannot be edited or deleted (GA-25). */
export const SUPER_ADMIN = 'super_admin'
export const ADMIN = 'admin'
export const MEMBER = 'member'

export interface SystemRole {
  readonly key: string
  readonly name: string
  readonly permissions: readonly Permission[]
}

/** Highest first, as in PRODUCT 2.6; custom roles stand between admin and member. */
export const SYSTEM_ROLES: readonly SystemRole[] = [
  { key: SUPER_ADMIN, name: 'Super admin', permissions: PERMISSIONS },
  {
    key: ADMIN,
    name: 'Admin',
    permissions: [
      'users.view',
      'users.create',
      'users.edit',
      'users.suspend',
      'users.delete',
      'users.import',
      'roles.assign.member',
      'groups.manage',
      'templates.manage',
      'licenses.view',
      'contacts.manage',
      'telephony.manage',
      'reports.view',
      'connections.view',
      'rules.manage',
      'logs.view',
      'logs.payload',
      'logs.export',
      'held.decide',
    ],
  },
  { key: MEMBER, name: 'Member', permissions: [] },
]

/** Who acts, as far as roles matter. The operator is no user and counts as super admin (DESIGN 4, Actors). */
export type ActingRole = 'operator' | { readonly key: string; readonly permissions: readonly string[] }

/** Anything but a plain member: such a user is never linked by e-mail alone (PRODUCT 2.10). */
export function isAdminRole(role: { readonly key: string }): boolean {
  return role.key !== MEMBER
}

export function countsAsSuperAdmin(actor: ActingRole): boolean {
  return actor === 'operator' || actor.key === SUPER_ADMIN
}

/** GA-27, read strictly: a super admin grants any role, an admin `member` only (no custom role), everyone else none. */
export function canGrantRole(actor: ActingRole, target: { readonly key: string }): boolean {
  if (countsAsSuperAdmin(actor)) return true
  return actor !== 'operator' && actor.key === ADMIN && target.key === MEMBER
}

/**
 * May this actor create, edit, enable or move a rule with these effects, or set them as a connection's defaults?
 * `forbidden`: needs `rules.manage`. `role_not_grantable`: a role effect needs a super admin (even `member`, for placed
 * first it takes every other role away), and `super_admin` also the account's switch (PRODUCT 2.6).
 */
export function canAuthorRule(
  actor: ActingRole,
  effects: Effects,
  account: { readonly directoryMayGrantSuperAdmin: boolean },
): { allowed: true } | { allowed: false; code: 'forbidden' | 'role_not_grantable' } {
  if (actor !== 'operator' && !actor.permissions.includes('rules.manage')) return { allowed: false, code: 'forbidden' }
  if (effects.role === undefined) return { allowed: true }
  const grantable = effects.role !== SUPER_ADMIN || account.directoryMayGrantSuperAdmin
  return countsAsSuperAdmin(actor) && grantable ? { allowed: true } : { allowed: false, code: 'role_not_grantable' }
}

/** Order of roles, the highest first: super_admin, admin, custom roles in the account's order, member (PRODUCT 2.8). */
export function compareRoles(a: RoleRef, b: RoleRef): number {
  return tierOf(a) - tierOf(b) || a.rank - b.rank || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
}

const SYSTEM_TIERS: ReadonlyMap<string, number> = new Map([
  [SUPER_ADMIN, 0],
  [ADMIN, 1],
  [MEMBER, 3],
])

function tierOf(role: RoleRef): number {
  return SYSTEM_TIERS.get(role.key) ?? 2
}
