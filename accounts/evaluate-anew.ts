import { bumpRulesOfAll } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import type { Administrator } from './administrator.js'
import { connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import type { Effect } from './events.js'
import { queueReevaluation } from './reevaluate.js'

/**
 * Roles, products or switches of an account changed: raise the rules version of every connection, so that whoever is
 * evaluated from now on sees the change, and queue the evaluation of those who are not. Call it before anything in the
 * transaction reads a policy.
 */
export async function evaluateEveryoneAnew(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  accountId: string,
): Promise<Effect[]> {
  const effects: Effect[] = []
  for (const row of await bumpRulesOfAll(tx, accountId)) {
    const jobId = await queueReevaluation(deps, tx, connectionFromRow(row), { parentId: actor.request.id })
    effects.push({ kind: 'job', jobId, people: null })
  }
  return effects
}
