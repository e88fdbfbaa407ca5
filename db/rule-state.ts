import type { Tx } from './database.js'
import { statement } from './statement.js'

const SET_VERSION = statement(`UPDATE connections SET rules_version = ? WHERE account_id = ? AND id = ?`)
const SET_STATE = statement(
  `UPDATE mapping_rules SET state = ?, version = version + 1 WHERE account_id = ? AND connection_id = ? AND id = ?`,
)

/** Raise the version of a connection's rules, under its lock. */
export async function setRulesVersion(tx: Tx, accountId: string, connectionId: string, version: number): Promise<void> {
  await tx.run(SET_VERSION, [version, accountId, connectionId])
}

export async function setRuleState(
  tx: Tx,
  accountId: string,
  connectionId: string,
  ruleId: string,
  state: 'ok' | 'broken',
): Promise<void> {
  await tx.run(SET_STATE, [state, accountId, connectionId, ruleId])
}
