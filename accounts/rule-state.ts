import { lockConnection } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { setRuleState, setRulesVersion } from '../db/rule-state.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import type { Effect } from './events.js'
import type { LoadedPolicy } from './policy.js'
import { queueReevaluation } from './reevaluate.js'
import { groupsNamedBy, type NamedGroups } from './rule-condition.js'

type State = 'ok' | 'broken'

/** A group is gone: the rules that name it are broken (PRODUCT 2.8). Its name is folded. */
export function breakRules(
  deps: Deps,
  tx: Tx,
  connection: Connection,
  policy: LoadedPolicy,
  group: { readonly id: string; readonly displayKey: string },
  parentId: string,
): Promise<Effect[]> {
  return setStates(deps, tx, connection, policy, 'broken', parentId, ({ ids, displays }) => {
    return ids.includes(group.id) || displays.includes(group.displayKey)
  })
}

/** A group of this folded name has come: broken rules that name it are whole again. */
export function healRules(
  deps: Deps,
  tx: Tx,
  connection: Connection,
  policy: LoadedPolicy,
  displayKey: string,
  parentId: string,
): Promise<Effect[]> {
  return setStates(deps, tx, connection, policy, 'ok', parentId, ({ displays }) => displays.includes(displayKey))
}

async function setStates(
  deps: Deps,
  tx: Tx,
  { accountId, id }: Connection,
  { policy }: LoadedPolicy,
  state: State,
  parentId: string,
  names: (groups: NamedGroups) => boolean,
): Promise<Effect[]> {
  const turned = policy.rules.filter((rule) => rule.state !== state && names(groupsNamedBy(rule.condition)))
  const row = turned.length === 0 ? undefined : await lockConnection(tx, accountId, id)
  if (row === undefined) return []
  for (const rule of turned) await setRuleState(tx, accountId, id, rule.id, state)
  const rulesVersion = row.rules_version + 1
  await setRulesVersion(tx, accountId, id, rulesVersion)
  const connection = connectionFromRow({ ...row, rules_version: rulesVersion })
  const jobId = await queueReevaluation(deps, tx, connection, { parentId })
  return [
    ...turned.map((rule): Effect => ({ kind: 'rule', ruleId: rule.id, state })),
    { kind: 'job', jobId, people: null },
  ]
}
