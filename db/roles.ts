import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface RoleRow {
  readonly account_id: string
  readonly id: string
  readonly key: string
  readonly name: string
  /** JSON text: an array of permissions. */
  readonly permissions: string
  readonly system: number
  readonly rank: number
  readonly created_at: number
}

const INSERT = statement(
  `INSERT INTO roles (account_id, id, key, name, permissions, system, rank, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UPDATE = statement(`UPDATE roles SET name = ?, permissions = ?, rank = ? WHERE account_id = ? AND id = ?`)
const FIND = statement(`SELECT * FROM roles WHERE account_id = ? AND id = ?`)
const LIST = statement(`SELECT * FROM roles WHERE account_id = ? ORDER BY system DESC, rank, id`)

export async function insertRole(tx: Tx, r: RoleRow): Promise<void> {
  await tx.run(INSERT, [r.account_id, r.id, r.key, r.name, r.permissions, r.system, r.rank, r.created_at])
}

export async function updateRole(tx: Tx, r: RoleRow): Promise<void> {
  await tx.run(UPDATE, [r.name, r.permissions, r.rank, r.account_id, r.id])
}

export function findRole(q: Queries, accountId: string, id: string): Promise<RoleRow | undefined> {
  return q.get(FIND, [accountId, id])
}

/** The roles of an account: the three system roles, then custom ones in the account's order. */
export function rolesOf(q: Queries, accountId: string): Promise<RoleRow[]> {
  return q.all(LIST, [accountId])
}

const MEMBERS = statement(
  (d) => `SELECT role_id, count(*) AS total FROM users${d.indexed('users_role')}
    WHERE account_id = ? AND deleted_at IS NULL GROUP BY role_id`,
)

/** How many live users have which role, by its id; a role without any is missing. */
export async function membersOfRoles(q: Queries, accountId: string): Promise<Map<string, number>> {
  const rows = await q.all<{ role_id: string; total: number }>(MEMBERS, [accountId])
  return new Map(rows.map(({ role_id, total }) => [role_id, total]))
}
