import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface AccountRow {
  readonly account_id: string
  readonly name: string
  /** JSON text. */
  readonly settings: string
  readonly owner_user_id: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const INSERT = statement(
  `INSERT INTO accounts (account_id, name, settings, owner_user_id, version, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM accounts WHERE account_id = ?`)
const LOCK = statement((d) => `SELECT * FROM accounts WHERE account_id = ?${d.forUpdate}`)
const UPDATE = statement(`UPDATE accounts SET name = ?, settings = ?, version = ?, updated_at = ? WHERE account_id = ?`)
const SET_OWNER = statement(
  `UPDATE accounts SET owner_user_id = ?, version = version + 1, updated_at = ? WHERE account_id = ?`,
)
const ANY = statement(`SELECT 1 AS found FROM accounts LIMIT 1`)
const PAGE = statement(`SELECT * FROM accounts WHERE account_id > ? ORDER BY account_id LIMIT ?`)

export async function insertAccount(tx: Tx, a: AccountRow): Promise<void> {
  const { account_id, name, settings, owner_user_id, version, created_at, updated_at } = a
  await tx.run(INSERT, [account_id, name, settings, owner_user_id, version, created_at, updated_at])
}

export function findAccount(q: Queries, accountId: string): Promise<AccountRow | undefined> {
  return q.get(FIND, [accountId])
}

/** For changes that must take turns: settings of the account, keys of its roles and products. */
export function lockAccount(tx: Tx, accountId: string): Promise<AccountRow | undefined> {
  return tx.get(LOCK, [accountId])
}

export async function updateAccount(tx: Tx, a: AccountRow): Promise<void> {
  await tx.run(UPDATE, [a.name, a.settings, a.version, a.updated_at, a.account_id])
}

export async function setOwner(tx: Tx, accountId: string, userId: string, now: number): Promise<void> {
  await tx.run(SET_OWNER, [userId, now, accountId])
}

/** Has anybody been here before? */
export async function hasAccounts(q: Queries): Promise<boolean> {
  return (await q.get(ANY, [])) !== undefined
}

/** The accounts behind `after`, oldest first: the one list that is not inside an account, for the operator alone. */
export function pageOfAccounts(q: Queries, after: string, limit: number): Promise<AccountRow[]> {
  return q.all(PAGE, [after, limit])
}
