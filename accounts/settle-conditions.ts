import type { ConnectionRow } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { setRuleState, setRulesVersion } from '../db/rule-state.js'
import { type RuleRow, rulesOf } from '../db/rules.js'
import type { ResourceSchema } from '../filter/attribute.js'
import type { Warning } from './access-report.js'
import type { Administrator } from './administrator.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import type { Effect } from './events.js'
import { queueReevaluation } from './reevaluate.js'
import { isReadable } from './rule-condition.js'

interface Extended {
  readonly before: ConnectionRow
  readonly after: ConnectionRow
}

/**
 * An attribute of the account, `name`, came, changed or went, on connections that are locked: rules whose condition
 * cannot be read any more are broken, and those that can be read again are whole. Only where a rule turned is everyone
 * evaluated anew.
 */
export async function settleConditions(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  extended: readonly Extended[],
  name: string,
): Promise<{ effects: Effect[]; warnings: Warning[] }> {
  const effects: Effect[] = []
  for (const { before, after } of extended) {
    const connection = connectionFromRow(after)
    const rules = await rulesOf(tx, after.account_id, after.id)
    const turned = turnedBy(rules, connectionFromRow(before).userSchema, connection.userSchema)
    if (turned.length > 0) effects.push(...(await turn(deps, tx, actor, connection, turned)))
  }
  const broken = effects.flatMap((effect) =>
    effect.kind === 'rule' && effect.state === 'broken' ? [effect.ruleId] : [],
  )
  const warnings = broken.map((ruleId) => ({
    code: 'rule_broken',
    message: `Rule ${ruleId} asks for the attribute ${name} in a way in which it cannot be asked for any more.`,
  }))
  return { effects, warnings }
}

type Turned = Extract<Effect, { kind: 'rule' }>

/** A rule that was broken for another reason was readable before, and stays as it is. */
function turnedBy(rules: readonly RuleRow[], before: ResourceSchema, after: ResourceSchema): Turned[] {
  return rules.flatMap(({ id, condition, state }): Turned[] => {
    const readable = isReadable(condition, after)
    if (readable === isReadable(condition, before)) return []
    const next = readable ? 'ok' : 'broken'
    return next === state ? [] : [{ kind: 'rule', ruleId: id, state: next }]
  })
}

async function turn(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  connection: Connection,
  turned: readonly Turned[],
): Promise<Effect[]> {
  const { accountId, id } = connection
  for (const { ruleId, state } of turned) await setRuleState(tx, accountId, id, ruleId, state)
  const rulesVersion = connection.rulesVersion + 1
  await setRulesVersion(tx, accountId, id, rulesVersion)
  const raised = { ...connection, rulesVersion }
  const jobId = await queueReevaluation(deps, tx, raised, { parentId: actor.request.id })
  return [...turned, { kind: 'job', jobId, people: null }]
}
