import type { Tx } from '../db/database.js'
import { insertJob } from '../db/jobs.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import type { Effect } from './events.js'

/** More people than this are not settled with the request that concerns them, but by a job (DESIGN 1, promise 6). */
export const MAX_AT_ONCE = 1_000

/** Which people a job settles. Positions are SCIM ids: everyone behind them is still to come. */
export type SettleTask = { readonly connectionId: string; readonly parentId: string; readonly done: number } & (
  | { readonly who: 'everyone'; readonly after: string }
  /** Members of a group; `removing` takes them out of it on the way, for it is deleted. */
  | {
      readonly who: 'members'
      readonly groupId: string
      readonly displayName: string
      readonly removing: boolean
      readonly after: string
    }
  | {
      readonly who: 'listed'
      readonly ids: readonly string[]
      readonly groupId: string
      readonly displayName: string
      readonly change: 'added' | 'removed'
    }
  | { readonly who: 'people'; readonly ids: readonly string[] }
)

export const SETTLE_JOB = 'settle'

type NewTask = SettleTask extends infer Task
  ? Task extends SettleTask
    ? Omit<Task, 'done' | 'connectionId'>
    : never
  : never

/**
 * Queue the settling of people of a connection. Resolves to the id of the job. Of one request, everyone comes after those
 * whom it concerns itself: so each person has one event that tells all that followed for her.
 */
export async function queueSettling(deps: Deps, tx: Tx, { accountId, id }: Connection, task: NewTask): Promise<string> {
  const now = deps.now().getTime()
  const jobId = deps.newId()
  const payload = JSON.stringify({ ...task, connectionId: id, done: 0 })
  const order = { subject: task.parentId, version: task.who === 'everyone' ? 2 : 1 }
  await insertJob(tx, accountId, { id: jobId, kind: SETTLE_JOB, ...order, payload, runAt: now })
  tx.afterCommit(deps.wakeWorker)
  return jobId
}

/** Queue the settling of these people, by SCIM id. One job per chunk: a chunk is one transaction. */
export async function queuePeople(
  deps: Deps,
  tx: Tx,
  connection: Connection,
  parentId: string,
  all: readonly string[],
): Promise<Effect[]> {
  const effects: Effect[] = []
  for (let start = 0; start < all.length; start += MAX_AT_ONCE / 2) {
    const ids = all.slice(start, start + MAX_AT_ONCE / 2)
    const jobId = await queueSettling(deps, tx, connection, { who: 'people', parentId, ids })
    effects.push({ kind: 'job', jobId, people: ids.length })
  }
  return effects
}

/**
 * Evaluate everyone of a connection anew. Call it after every change on which evaluation depends, in the transaction
 * that raised `rules_version` under the connection's lock: writes in flight wait for it, so nobody is missed.
 */
export function queueReevaluation(
  deps: Deps,
  tx: Tx,
  connection: Connection,
  { parentId }: { readonly parentId: string },
): Promise<string> {
  return queueSettling(deps, tx, connection, { who: 'everyone', parentId, after: '' })
}
