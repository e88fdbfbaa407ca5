import type { Tx } from '../db/database.js'
import { setRuleState, setRulesVersion } from '../db/rule-state.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { type DirectoryRequest, enterConnection } from './directory-request.js'
import type { Effect } from './events.js'
import { type LoadedPolicy, policyOf } from './policy.js'
import { queueReevaluation } from './reevaluate.js'
import { groupsNamedBy, type NamedGroups } from './rule-condition.js'

type State = 'ok' | 'broken'

/** A connection as a write of groups entered it. */
export interface GroupScope {
  readonly connection: Connection
  readonly policy: LoadedPolicy
  /** No other write is in the connection, so the states of its rules may change. */
  readonly alone: boolean
}

/** A write turned out to change the state of a rule, and is not alone in the connection. */
class NotAlone extends Error {
  override readonly name = 'NotAlone'
}

/**
 * Run a write of groups. It enters the connection beside others; where it turns out to break or heal a rule, it is undone
 * and begins again with the connection to itself: two that widened a shared lock would wait for each other for ever.
 */
export async function writeGroups<T>(
  deps: Deps,
  request: DirectoryRequest,
  work: (tx: Tx, scope: GroupScope) => Promise<T>,
): Promise<T> {
  const run = (alone: boolean): Promise<T> =>
    deps.db.transaction(async (tx) => {
      const connection = await enterConnection(tx, request, alone)
      return work(tx, { connection, policy: await policyOf(tx, connection), alone })
    })
  return run(false).catch((error: unknown) => {
    if (error instanceof NotAlone) return run(true)
    throw error
  })
}

/** A group is gone: the rules that name it are broken (PRODUCT 2.8). Its name is folded. */
export function breakRules(
  deps: Deps,
  tx: Tx,
  scope: GroupScope,
  group: { readonly id: string; readonly displayKey: string },
  parentId: string,
): Promise<Effect[]> {
  return setStates(deps, tx, scope, 'broken', parentId, ({ ids, displays }) => {
    return ids.includes(group.id) || displays.includes(group.displayKey)
  })
}

/** A group of this folded name has come: broken rules that name it are whole again. */
export function healRules(
  deps: Deps,
  tx: Tx,
  scope: GroupScope,
  displayKey: string,
  parentId: string,
): Promise<Effect[]> {
  return setStates(deps, tx, scope, 'ok', parentId, ({ displays }) => displays.includes(displayKey))
}

async function setStates(
  deps: Deps,
  tx: Tx,
  { connection, policy: { policy }, alone }: GroupScope,
  state: State,
  parentId: string,
  names: (groups: NamedGroups) => boolean,
): Promise<Effect[]> {
  const turned = policy.rules.filter(
    (rule) => rule.state !== state && names(groupsNamedBy(rule.condition, policy.userSchema)),
  )
  if (turned.length === 0) return []
  if (!alone) throw new NotAlone('a rule changes its state')
  const { accountId, id } = connection
  for (const rule of turned) await setRuleState(tx, accountId, id, rule.id, state)
  const rulesVersion = connection.rulesVersion + 1
  await setRulesVersion(tx, accountId, id, rulesVersion)
  const jobId = await queueReevaluation(deps, tx, { ...connection, rulesVersion }, { parentId })
  return [
    ...turned.map((rule): Effect => ({ kind: 'rule', ruleId: rule.id, state })),
    { kind: 'job', jobId, people: null },
  ]
}
