import type { Queries } from '../db/database.js'
import type { Administrator } from './administrator.js'
import { checkEffects } from './check-effects.js'
import type { Connection } from './connection.js'
import { AccountError } from './errors.js'
import { preparePolicy } from './evaluate-policy.js'
import type { Effects, RuleDefinition } from './evaluate-types.js'
import { type LoadedPolicy, loadPolicy } from './policy.js'
import { checkCondition } from './rules.js'

/** The id under which a rule that is not stored yet decides. */
export const DRAFT_RULE = 'draft'

/** What is tried: a new rule, a stored one changed, enabled or removed, or the rules as they are. */
export interface RuleTrial {
  readonly ruleId?: string | undefined
  readonly remove?: boolean | undefined
  readonly rule?:
    | {
        readonly priority?: number | undefined
        readonly enabled?: boolean | undefined
        readonly condition?: string | null | undefined
        readonly effects?: Effects | undefined
      }
    | undefined
}

/** The policy as it would be. Refuses: rule_condition, rule_not_found, and what `checkEffects` refuses. */
export async function trialPolicy(
  q: Queries,
  actor: Administrator,
  connection: Connection,
  trial: RuleTrial,
): Promise<LoadedPolicy> {
  if (trial.rule?.condition !== undefined) checkCondition(trial.rule.condition, connection)
  if (trial.rule?.effects !== undefined) await checkEffects(q, actor, connection.accountId, trial.rule.effects)
  const loaded = await loadPolicy(q, connection)
  const policy = { ...loaded.policy, rules: trialRules(loaded.policy.rules, trial) }
  return { ...loaded, policy, prepared: preparePolicy(policy) }
}

function trialRules(stored: readonly RuleDefinition[], { ruleId, remove, rule }: RuleTrial): RuleDefinition[] {
  const known = stored.find(({ id }) => id === ruleId)
  if (ruleId !== undefined && known === undefined)
    throw new AccountError('rule_not_found', 'This connection has no such rule.')
  const others = stored.filter(({ id }) => id !== ruleId)
  const tried = remove || (known === undefined && rule === undefined) ? [] : [triedRule(known, rule ?? {})]
  const place = (rule?.priority ?? known?.priority ?? stored.length + 1) - 1
  return others.toSpliced(place, 0, ...tried).map((one, index) => ({ ...one, priority: index + 1 }))
}

function triedRule(known: RuleDefinition | undefined, rule: NonNullable<RuleTrial['rule']>): RuleDefinition {
  const condition = rule.condition === undefined ? (known?.condition ?? null) : rule.condition
  return {
    id: known?.id ?? DRAFT_RULE,
    priority: 0,
    // A stored rule is tried as if it were on: that is the question before it is enabled.
    enabled: rule.enabled ?? true,
    state: condition === known?.condition ? (known?.state ?? 'ok') : 'ok',
    condition,
    effects: rule.effects ?? known?.effects ?? {},
  }
}
