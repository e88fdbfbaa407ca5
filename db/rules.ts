import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface RuleRow {
  readonly account_id: string
  readonly connection_id: string
  readonly id: string
  /** 1..n without gaps; guarded by the lock of the connection. */
  readonly priority: number
  readonly enabled: number
  readonly condition: string | null
  /** JSON text. */
  readonly effects: string
  readonly note: string | null
  readonly state: 'ok' | 'broken'
  /** JSON text of who wrote it. */
  readonly author: string
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const INSERT = statement(
  `INSERT INTO mapping_rules (account_id, connection_id, id, priority, enabled, condition, effects, note, state, author, version, created_at, updated_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const UPDATE = statement(
  `UPDATE mapping_rules SET priority = ?, enabled = ?, condition = ?, effects = ?, note = ?, state = ?, version = ?, updated_at = ?
   WHERE account_id = ? AND connection_id = ? AND id = ?`,
)
const DELETE = statement(`DELETE FROM mapping_rules WHERE account_id = ? AND connection_id = ? AND id = ?`)
const LIST = statement(`SELECT * FROM mapping_rules WHERE account_id = ? AND connection_id = ? ORDER BY priority, id`)
const SHIFT = statement(
  `UPDATE mapping_rules SET priority = priority + ?
   WHERE account_id = ? AND connection_id = ? AND priority >= ? AND priority <= ?`,
)

export async function insertRule(tx: Tx, r: RuleRow): Promise<void> {
  const words = [r.account_id, r.connection_id, r.id, r.priority, r.enabled, r.condition, r.effects, r.note]
  await tx.run(INSERT, [...words, r.state, r.author, r.version, r.created_at, r.updated_at])
}

export async function updateRule(tx: Tx, r: RuleRow): Promise<void> {
  const words = [r.priority, r.enabled, r.condition, r.effects, r.note, r.state, r.version, r.updated_at]
  await tx.run(UPDATE, [...words, r.account_id, r.connection_id, r.id])
}

export async function deleteRule(tx: Tx, accountId: string, connectionId: string, id: string): Promise<void> {
  await tx.run(DELETE, [accountId, connectionId, id])
}

/** The rules of a connection, the one that decides first in front. */
export function rulesOf(q: Queries, accountId: string, connectionId: string): Promise<RuleRow[]> {
  return q.all(LIST, [accountId, connectionId])
}

/** Move the rules whose priority lies between `from` and `to` (both included) by `step` places. */
export async function shiftRules(
  tx: Tx,
  accountId: string,
  connectionId: string,
  step: 1 | -1,
  from: number,
  to: number,
): Promise<void> {
  if (from <= to) await tx.run(SHIFT, [step, accountId, connectionId, from, to])
}

const FIND_MANY = statement(
  (d) => `SELECT r.* FROM (SELECT id FROM connections WHERE account_id = ?) AS c
    ${d.join} mapping_rules r ON r.account_id = ? AND r.connection_id = c.id
      AND r.id IN (SELECT value FROM ${d.list})`,
)

/** These rules, of whichever connections of the account. */
export function findRules(q: Queries, accountId: string, ids: readonly string[]): Promise<RuleRow[]> {
  return q.all(FIND_MANY, [accountId, accountId, JSON.stringify(ids)])
}
