import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface ConnectionRow {
  readonly account_id: string
  readonly id: string
  readonly name: string
  readonly idp_kind: string
  readonly mode: string
  readonly on_disable: string | null
  readonly disabled_at: number | null
  /** JSON text. */
  readonly settings: string
  /** JSON text of the account's own attributes, a copy; null where there are none. */
  readonly extension: string | null
  readonly rules_version: number
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const FIND = statement(`SELECT * FROM connections WHERE account_id = ? AND id = ?`)
const FIND_BY_ID = statement(`SELECT * FROM connections WHERE id = ?`)
const ENTER_BESIDE = statement((d) => d.enter?.beside ?? '')
const ENTER_ALONE = statement((d) => d.enter?.alone ?? '')

export function findConnection(q: Queries, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  return q.get(FIND, [accountId, id])
}

/** By the id alone: the door from a SCIM or SAML address to its account. */
export function findConnectionById(q: Queries, id: string): Promise<ConnectionRow | undefined> {
  return q.get(FIND_BY_ID, [id])
}

/** For a write of the directory: a change of mode or rules waits until it is through, and the next one sees it. */
export async function lockConnectionShared(tx: Tx, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  if (tx.dialect.enter !== undefined) await tx.get(ENTER_BESIDE, [id])
  return findConnection(tx, accountId, id)
}

/** For a change of mode, settings or rules. */
export async function lockConnection(tx: Tx, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  if (tx.dialect.enter !== undefined) await tx.get(ENTER_ALONE, [id])
  return findConnection(tx, accountId, id)
}

const INSERT = statement(
  `INSERT INTO connections (account_id, id, name, idp_kind, mode, on_disable, disabled_at, settings, extension, rules_version, version, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UPDATE = statement(
  `UPDATE connections SET name = ?, idp_kind = ?, mode = ?, on_disable = ?, disabled_at = ?, settings = ?,
    rules_version = ?, version = ?, updated_at = ? WHERE account_id = ? AND id = ?`,
)
const LIST = statement(`SELECT * FROM connections WHERE account_id = ? ORDER BY id`)
const BUMP_ALL = statement(`UPDATE connections SET rules_version = rules_version + 1 WHERE account_id = ? RETURNING *`)

export async function insertConnection(tx: Tx, r: ConnectionRow): Promise<void> {
  const words = [r.account_id, r.id, r.name, r.idp_kind, r.mode, r.on_disable, r.disabled_at, r.settings]
  await tx.run(INSERT, [...words, r.extension, r.rules_version, r.version, r.created_at, r.updated_at])
}

/** Write a connection that was read under `lockConnection`. */
export async function updateConnection(tx: Tx, r: ConnectionRow): Promise<void> {
  const words = [r.name, r.idp_kind, r.mode, r.on_disable, r.disabled_at, r.settings]
  await tx.run(UPDATE, [...words, r.rules_version, r.version, r.updated_at, r.account_id, r.id])
}

export function connectionsOf(q: Queries, accountId: string): Promise<ConnectionRow[]> {
  return q.all(LIST, [accountId])
}

/** Note that everyone has to be evaluated anew: roles, products or settings of the account changed. Locks them all. */
export async function bumpRulesOfAll(tx: Tx, accountId: string): Promise<ConnectionRow[]> {
  for (const { id } of await connectionsOf(tx, accountId)) await lockConnection(tx, accountId, id)
  return tx.all(BUMP_ALL, [accountId])
}
