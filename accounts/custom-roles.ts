import { lockAccount } from '../db/accounts.js'
import type { Queries } from '../db/database.js'
import { findRole, insertRole, membersOfRoles, type RoleRow, rolesOf, updateRole } from '../db/roles.js'
import { fold } from '../filter/fold.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { evaluateEveryoneAnew } from './evaluate-anew.js'
import { writeEvents } from './events.js'
import { type Permission, withImplied } from './permissions.js'

export interface Role {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly kind: 'system' | 'custom'
  readonly permissions: readonly Permission[]
  /** Place among the account's custom roles; the lower the higher (PRODUCT 2.8). */
  readonly rank: number
  readonly createdAt: Date
}

function roleFromRow(row: RoleRow): Role {
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    kind: row.system === 1 ? 'system' : 'custom',
    permissions: JSON.parse(row.permissions) as Permission[],
    rank: row.rank,
    createdAt: new Date(row.created_at),
  }
}

/** The system roles, then custom roles, the highest first. */
export async function listRoles(q: Queries, accountId: string): Promise<Role[]> {
  return (await rolesOf(q, accountId)).map(roleFromRow)
}

/** The same with how many live users have each. */
export async function listRolesWithMembers(q: Queries, accountId: string): Promise<(Role & { members: number })[]> {
  const members = await membersOfRoles(q, accountId)
  return (await listRoles(q, accountId)).map((role) => ({ ...role, members: members.get(role.id) ?? 0 }))
}

/** Add a custom role below those that exist. Refuses: role_key_taken (directories match keys without case). */
export async function createRole(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: { key: string; name: string; permissions: readonly Permission[] },
): Promise<Role> {
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const roles = await rolesOf(tx, accountId)
    if (roles.some(({ key }) => fold(key) === fold(input.key)))
      throw new AccountError('role_key_taken', `A role with the key '${input.key}' exists.`)
    const row: RoleRow = {
      account_id: accountId,
      id: deps.newId(),
      key: input.key,
      name: input.name,
      permissions: JSON.stringify(withImplied(input.permissions)),
      system: 0,
      rank: Math.max(0, ...roles.map(({ rank }) => rank)) + 1,
      created_at: deps.now().getTime(),
    }
    await insertRole(tx, row)
    const effects = await evaluateEveryoneAnew(deps, tx, actor, accountId)
    const changes = changesBetween<object>(undefined, { key: row.key, permissions: JSON.parse(row.permissions) })
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'role.created', subject: subjectOf(row), changes, effects }),
    ])
    return roleFromRow(row)
  })
}

/** Change name, permissions or place of a custom role. Refuses: role_not_found, role_immutable (a system role). */
export async function reviseRole(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  roleId: string,
  patch: {
    name?: string | undefined
    permissions?: readonly Permission[] | undefined
    rank?: number | undefined
  },
): Promise<Role> {
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    const row = await findRole(tx, accountId, roleId)
    if (row === undefined) throw new AccountError('role_not_found', 'This account has no such role.')
    if (row.system === 1) throw new AccountError('role_immutable', `The system role '${row.key}' cannot be changed.`)
    const before = { name: row.name, permissions: JSON.parse(row.permissions) as Permission[], rank: row.rank }
    const permissions = patch.permissions === undefined ? before.permissions : withImplied(patch.permissions)
    const after = { name: patch.name ?? row.name, permissions, rank: patch.rank ?? row.rank }
    const changes = changesBetween(before, after)
    if (changes.length === 0) return roleFromRow(row)
    const changed: RoleRow = { ...row, ...after, permissions: JSON.stringify(permissions) }
    await updateRole(tx, changed)
    // Name and place decide which role a directory's text means; permissions do not.
    const decides = before.name !== after.name || before.rank !== after.rank
    const effects = decides ? await evaluateEveryoneAnew(deps, tx, actor, accountId) : []
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'role.updated', subject: subjectOf(changed), changes, effects }),
    ])
    return roleFromRow(changed)
  })
}

function subjectOf({ id, name }: RoleRow) {
  return { type: 'role', id, displayName: name } as const
}
