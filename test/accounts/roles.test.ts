import assert from 'node:assert/strict'
import type { RoleRef } from '../../accounts/evaluate-types.js'
import { isPermission, PERMISSIONS, type Permission, withImplied } from '../../accounts/permissions.js'
import {
  type ActingRole,
  canAuthorRule,
  canGrantRole,
  compareRoles,
  isAdminRole,
  SYSTEM_ROLES,
} from '../../accounts/roles.js'

function acting(key: string, permissions: readonly Permission[] = []): ActingRole {
  return SYSTEM_ROLES.find((role) => role.key === key) ?? { key, permissions }
}

const EVERYTHING = acting('almighty', PERMISSIONS)

describe('2.6 permissions', () => {
  it('gives the super admin the whole catalog and the member nothing', () => {
    const [superAdmin, , member] = SYSTEM_ROLES
    assert.deepEqual(superAdmin?.permissions, PERMISSIONS)
    assert.deepEqual(member?.permissions, [])
  })

  const DENIED_TO_ADMIN: Permission[] = [
    'account.manage',
    'roles.assign.any',
    'roles.manage',
    'licenses.manage',
    'pbx.configure',
    'billing.view',
    'billing.pay',
    'connections.manage',
    'rules.manage.admin',
    'sso.manage',
    'settings.manage',
  ]
  it('gives the admin everything but what belongs to super admins, the telephone exchange and billing', () => {
    const admin = SYSTEM_ROLES.find((role) => role.key === 'admin')
    assert.deepEqual(
      PERMISSIONS.filter((permission) => !admin?.permissions.includes(permission)),
      DENIED_TO_ADMIN,
    )
  })

  it('PBX-14: who may pay invoices may view them', () => {
    assert.deepEqual(withImplied(['billing.pay']), ['billing.view', 'billing.pay'])
  })

  it('names each permission once, in catalog order', () => {
    assert.deepEqual(withImplied(['rules.manage.admin', 'users.view', 'rules.manage']), [
      'users.view',
      'rules.manage',
      'rules.manage.admin',
    ])
  })

  it('knows its own permissions only', () => {
    assert.ok(PERMISSIONS.every(isPermission))
    assert.equal(isPermission('users.everything'), false)
    assert.equal(isPermission('__proto__'), false)
  })
})

describe('GA-27 who grants which role', () => {
  const TARGETS = ['super_admin', 'admin', 'editor', 'member']
  const MATRIX: [actor: string, who: ActingRole, grantable: string[]][] = [
    ['the operator', 'operator', TARGETS],
    ['a super admin', acting('super_admin'), TARGETS],
    ['an admin', acting('admin'), ['member']],
    ['a custom role with every permission', EVERYTHING, []],
    ['a member', acting('member'), []],
  ]
  for (const [actor, who, grantable] of MATRIX)
    it(`${actor} grants ${grantable.join(', ') || 'none'}`, () => {
      assert.deepEqual(
        TARGETS.filter((key) => canGrantRole(who, { key })),
        grantable,
      )
    })

  it('calls every role but the plain member an admin role', () => {
    assert.deepEqual(
      TARGETS.filter((key) => isAdminRole({ key })),
      ['super_admin', 'admin', 'editor'],
    )
  })
})

describe('2.6 who authors which rule', () => {
  const products = { products: [{ key: 'meet' }] }
  const off = { directoryMayGrantSuperAdmin: false }
  const on = { directoryMayGrantSuperAdmin: true }
  const CASES: [string, ActingRole, Parameters<typeof canAuthorRule>[1], typeof off, string][] = [
    ['an admin gives products', acting('admin'), products, off, 'allowed'],
    ['an admin gives no role, not even member', acting('admin'), { role: 'member' }, off, 'role_not_grantable'],
    ['an admin gives no custom role', acting('admin'), { ...products, role: 'editor' }, on, 'role_not_grantable'],
    ['a custom role with rules.manage gives products', acting('x', ['rules.manage']), products, off, 'allowed'],
    ['a custom role with every permission gives no role', EVERYTHING, { role: 'member' }, on, 'role_not_grantable'],
    ['a custom role without rules.manage', acting('x', ['users.view']), products, off, 'forbidden'],
    ['a member', acting('member'), {}, off, 'forbidden'],
    ['a super admin gives admin', acting('super_admin'), { role: 'admin' }, off, 'allowed'],
    [
      'a super admin gives super_admin without the switch',
      acting('super_admin'),
      { role: 'super_admin' },
      off,
      'role_not_grantable',
    ],
    ['a super admin gives super_admin with the switch', acting('super_admin'), { role: 'super_admin' }, on, 'allowed'],
    ['the operator gives a custom role', 'operator', { role: 'editor' }, off, 'allowed'],
    ['the operator needs the switch as well', 'operator', { role: 'super_admin' }, off, 'role_not_grantable'],
  ]
  for (const [title, actor, effects, account, expected] of CASES)
    it(`${title}: ${expected}`, () => {
      const answer = canAuthorRule(actor, effects, account)
      assert.equal(answer.allowed ? 'allowed' : answer.code, expected)
    })
})

describe('2.8 order of roles', () => {
  const role = (key: string, rank: number, id = key): RoleRef => ({ id, key, name: key, rank, system: false })

  it('is super_admin, admin, custom roles as the account has them, member, whatever their ranks say', () => {
    const roles = [role('member', 0), role('a-second', 2), role('admin', 9), role('z-first', 1), role('super_admin', 9)]
    assert.deepEqual(
      roles.sort(compareRoles).map(({ key }) => key),
      ['super_admin', 'admin', 'z-first', 'a-second', 'member'],
    )
  })

  it('settles equal ranks by id', () => {
    const roles = [role('b', 1, '02'), role('a', 1, '01')]
    assert.deepEqual(
      roles.sort(compareRoles).map(({ id }) => id),
      ['01', '02'],
    )
  })
})
