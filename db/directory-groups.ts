import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface DirectoryGroupRow {
  readonly account_id: string
  readonly connection_id: string
  readonly id: string
  readonly display_name: string
  /** fold(display_name) */
  readonly display_key: string
  readonly external_id: string | null
  readonly version: number
  readonly created_at: number
  readonly last_modified: number
}

const INSERT = statement(
  `INSERT INTO directory_groups (account_id, connection_id, id, display_name, display_key, external_id, version, created_at, last_modified)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UPDATE = statement(
  `UPDATE directory_groups SET display_name = ?, display_key = ?, external_id = ?, version = ?, last_modified = ?
   WHERE account_id = ? AND connection_id = ? AND id = ?`,
)
const DELETE = statement(`DELETE FROM directory_groups WHERE account_id = ? AND connection_id = ? AND id = ?`)
const LOCK = statement(
  (d) => `SELECT * FROM directory_groups WHERE account_id = ? AND connection_id = ? AND id = ?${d.forUpdate}`,
)
const FIND = statement(`SELECT * FROM directory_groups WHERE account_id = ? AND connection_id = ? AND id = ?`)
const FIND_BY_NAME = statement(
  `SELECT * FROM directory_groups WHERE account_id = ? AND connection_id = ? AND display_key = ?`,
)

export async function insertGroup(tx: Tx, g: DirectoryGroupRow): Promise<void> {
  const keys = [g.account_id, g.connection_id, g.id, g.display_name, g.display_key, g.external_id]
  await tx.run(INSERT, [...keys, g.version, g.created_at, g.last_modified])
}

export async function updateGroup(tx: Tx, g: DirectoryGroupRow): Promise<void> {
  const values = [g.display_name, g.display_key, g.external_id, g.version, g.last_modified]
  await tx.run(UPDATE, [...values, g.account_id, g.connection_id, g.id])
}

export async function deleteGroup(tx: Tx, accountId: string, connectionId: string, id: string): Promise<void> {
  await tx.run(DELETE, [accountId, connectionId, id])
}

export function lockGroup(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<DirectoryGroupRow | undefined> {
  return tx.get(LOCK, [accountId, connectionId, id])
}

export function findGroup(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<DirectoryGroupRow | undefined> {
  return q.get(FIND, [accountId, connectionId, id])
}

/** `displayKey` is folded: names are unique in a connection, ignoring case. */
export function findGroupByName(
  q: Queries,
  accountId: string,
  connectionId: string,
  displayKey: string,
): Promise<DirectoryGroupRow | undefined> {
  return q.get(FIND_BY_NAME, [accountId, connectionId, displayKey])
}
