import type { Queries } from '../db/database.js'
import { readEvents } from '../db/event-search.js'
import { findRules } from '../db/rules.js'
import type { Change } from './events.js'
import { findEvents } from './find-events.js'

/** A rule that decided something, as it is now; where it was removed, as it was then. */
export interface NamedRule {
  readonly id: string
  readonly connectionId: string | null
  readonly priority: number | null
  readonly condition: string | null
  readonly note: string | null
  readonly deleted: boolean
}

/** These rules, in the order given. Of a removed one the log tells, as long as it does. */
export async function readNamedRules(q: Queries, accountId: string, ids: readonly string[]): Promise<NamedRule[]> {
  if (ids.length === 0) return []
  const known = new Map((await findRules(q, accountId, ids)).map((row) => [row.id, row]))
  const rules: NamedRule[] = []
  for (const id of ids) {
    const row = known.get(id)
    if (row === undefined) rules.push(await removedRule(q, accountId, id))
    else {
      const { connection_id: connectionId, priority, condition, note } = row
      rules.push({ id, connectionId, priority, condition, note, deleted: false })
    }
  }
  return rules
}

async function removedRule(q: Queries, accountId: string, id: string): Promise<NamedRule> {
  const { ids } = await findEvents(q, accountId, { ruleId: id, action: ['rule.deleted'], limit: 1 })
  const [view] = await readEvents(q, accountId, ids)
  const { changes = [] } = view === undefined ? {} : (JSON.parse(view.detail) as { changes?: Change[] })
  const before = (name: string): unknown => changes.find(({ attribute }) => attribute === name)?.before ?? null
  const [priority, condition, note] = ['priority', 'condition', 'note'].map(before)
  return {
    id,
    connectionId: view?.connection_id ?? null,
    priority: typeof priority === 'number' ? priority : null,
    condition: typeof condition === 'string' ? condition : null,
    note: typeof note === 'string' ? note : null,
    deleted: true,
  }
}
