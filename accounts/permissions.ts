/** Everything a role can allow (PRODUCT 2.6). The names travel through the API and stay. */
export const PERMISSIONS = [
  'account.manage',
  'users.view',
  'users.create',
  'users.edit',
  'users.suspend',
  'users.delete',
  'users.import',
  'roles.assign.member',
  'roles.assign.any',
  'roles.manage',
  'groups.manage',
  'templates.manage',
  'licenses.view',
  'licenses.manage',
  'contacts.manage',
  'telephony.manage',
  'pbx.configure',
  'reports.view',
  'billing.view',
  'billing.pay',
  'connections.view',
  'connections.manage',
  'rules.manage',
  'rules.manage.admin',
  'logs.view',
  'logs.payload',
  'logs.export',
  'held.decide',
  'sso.manage',
  'settings.manage',
] as const

export type Permission = (typeof PERMISSIONS)[number]

/** What comes with a permission without being named: who may pay an invoice may see it (PBX-14). */
const IMPLIED: Partial<Record<Permission, readonly Permission[]>> = {
  'billing.pay': ['billing.view'],
  'roles.assign.any': ['roles.assign.member'],
  'licenses.manage': ['licenses.view'],
  'connections.manage': ['connections.view'],
  'rules.manage.admin': ['rules.manage'],
}

const KNOWN: ReadonlySet<string> = new Set(PERMISSIONS)

export function isPermission(text: string): text is Permission {
  return KNOWN.has(text)
}

/** The permissions of a role with those that they imply, in catalog order, each once. */
export function withImplied(permissions: readonly Permission[]): Permission[] {
  const held = new Set(permissions.flatMap((permission) => [permission, ...(IMPLIED[permission] ?? [])]))
  return PERMISSIONS.filter((permission) => held.has(permission))
}
