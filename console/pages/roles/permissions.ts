import type { Permission } from '../../api/schema.js'

/** Everything a role can allow, in groups as an administrator thinks of it (PRODUCT 2.6). */
export const PERMISSION_GROUPS: readonly (readonly [group: string, permissions: readonly Permission[]])[] = [
  [
    'people',
    [
      'users.view',
      'users.create',
      'users.edit',
      'users.suspend',
      'users.delete',
      'users.import',
      'groups.manage',
      'contacts.manage',
    ],
  ],
  ['roles', ['roles.assign.member', 'roles.assign.any', 'roles.manage']],
  ['licenses', ['licenses.view', 'licenses.manage', 'templates.manage', 'billing.view', 'billing.pay']],
  [
    'directory',
    ['connections.view', 'connections.manage', 'rules.manage', 'rules.manage.admin', 'sso.manage', 'held.decide'],
  ],
  ['log', ['logs.view', 'logs.payload', 'logs.export', 'reports.view']],
  ['account', ['account.manage', 'settings.manage', 'telephony.manage', 'pbx.configure']],
]

/** What comes along without being chosen; the server adds it too. */
export const IMPLIED: Readonly<Partial<Record<Permission, Permission>>> = {
  'billing.pay': 'billing.view',
  'roles.assign.any': 'roles.assign.member',
  'licenses.manage': 'licenses.view',
  'connections.manage': 'connections.view',
  'rules.manage.admin': 'rules.manage',
}
