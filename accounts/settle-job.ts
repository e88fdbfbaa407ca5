import { lockConnectionShared } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { pageOfMembers, removeMembers } from '../db/directory-members.js'
import { pageOfIds } from '../db/directory-users.js'
import { continueJob, finishJob, type JobRow } from '../db/jobs.js'
import { readLinks } from '../db/preview-people.js'
import { announceAccess } from './announce-access.js'
import { dropDeadGrants } from './assertion-grants.js'
import { jobFinished, SYSTEM } from './background-work.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { membershipEffects } from './members.js'
import { type LoadedPolicy, policyOf } from './policy.js'
import type { SettleTask } from './reevaluate.js'
import { type Noted, settlePeople } from './settle-people.js'
import { settleUsers } from './settle-users.js'

/** People per transaction: few enough that nobody waits for it, many enough that a large account is soon through. */
const CHUNK = 250

/**
 * One chunk of a job that settles people: the next of them, their events, and how far it came, in one transaction. A
 * worker that dies repeats a chunk that was not committed, and nothing else.
 */
export function runSettleChunk(deps: Deps, job: JobRow): Promise<void> {
  const task = JSON.parse(job.payload) as SettleTask
  return deps.db.transaction(async (tx) => {
    const now = deps.now().getTime()
    const row = await lockConnectionShared(tx, job.account_id, task.connectionId)
    if (row?.mode === 'disabled' && row.on_disable === 'suspend' && task.who === 'everyone') {
      return suspendChunk(deps, tx, job, task)
    }
    if (row === undefined || row.mode === 'disabled') {
      await finishJob(tx, job, 'done', progressText(task.done), 'the connection is switched off', now)
      return
    }
    const connection = connectionFromRow(row)
    const policy = await policyOf(tx, connection)
    const { ids, noted, next } = await nextPeople(tx, job.account_id, task)
    const cause = { parentId: task.parentId, source: 'system', actor: SYSTEM } as const
    const events = await settlePeople(deps, tx, cause, { connection, policy }, ids, noted)
    await writeEvents(deps, tx, job.account_id, events)
    await announceAccess(deps, tx, job.account_id, events)
    const dropped =
      task.who === 'everyone' && next === undefined && (await dropDead(deps, tx, connection, policy, task.parentId))
    await advance(deps, tx, job, task, ids.length, dropped ? { ...task, after: ids.at(-1) ?? task.after } : next)
  })
}

/** At the end come those to whom sign-ins gave what no rule gives any more. Resolves to whether there may be more. */
async function dropDead(
  deps: Deps,
  tx: Tx,
  { accountId, id }: Connection,
  policy: LoadedPolicy,
  parentId: string,
): Promise<boolean> {
  const { userIds, more } = await dropDeadGrants(tx, accountId, id, policy, CHUNK)
  const cause = { parentId, source: 'system', actor: SYSTEM, action: 'user.access_changed' } as const
  if (userIds.length > 0) await settleUsers(deps, tx, accountId, userIds, cause)
  return more
}

async function advance(
  deps: Deps,
  tx: Tx,
  job: JobRow,
  task: SettleTask,
  people: number,
  next: SettleTask | undefined,
): Promise<void> {
  const now = deps.now().getTime()
  const done = task.done + people
  if (next !== undefined) return continueJob(tx, job, JSON.stringify({ ...next, done }), progressText(done), now)
  await writeEvents(deps, tx, job.account_id, [jobFinished(deps, job, task, done)])
  await finishJob(tx, job, 'done', progressText(done), null, now)
}

/** The connection was switched off together with its people: no rule decides any more, their status follows. */
async function suspendChunk(deps: Deps, tx: Tx, job: JobRow, task: SettleTask & { who: 'everyone' }): Promise<void> {
  const ids = await pageOfIds(tx, job.account_id, task.connectionId, task.after, CHUNK)
  const links = await readLinks(tx, job.account_id, task.connectionId, ids)
  const userIds = links.map((link) => link.user_id)
  const cause = { parentId: task.parentId, source: 'system', actor: SYSTEM, action: 'user.deactivated' } as const
  await settleUsers(deps, tx, job.account_id, userIds, cause)
  await advance(deps, tx, job, task, ids.length, behind(task, ids))
}

const progressText = (done: number): string => JSON.stringify({ people: done })

interface Chunk {
  readonly ids: readonly string[]
  readonly noted: Noted
  /** What is left, or undefined where this was the end. */
  readonly next: SettleTask | undefined
}

async function nextPeople(tx: Tx, accountId: string, task: SettleTask): Promise<Chunk> {
  if (task.who === 'listed') {
    const { ids, change, groupId, displayName } = task
    const members = { added: new Set<string>(), removed: new Set<string>(), [change]: new Set(ids) }
    return { ids, noted: membershipEffects(members, { id: groupId, displayName }), next: undefined }
  }
  if (task.who === 'people') return { ids: task.ids, noted: new Map(), next: undefined }
  if (task.who === 'everyone') {
    const ids = await pageOfIds(tx, accountId, task.connectionId, task.after, CHUNK)
    return { ids, noted: new Map(), next: behind(task, ids) }
  }
  const { connectionId, groupId, displayName, removing, after } = task
  const ids = await pageOfMembers(tx, accountId, connectionId, groupId, after, CHUNK)
  if (!removing) return { ids, noted: new Map(), next: behind(task, ids) }
  const removed = new Set(await removeMembers(tx, accountId, connectionId, groupId, ids))
  const noted = membershipEffects({ added: new Set(), removed }, { id: groupId, displayName })
  return { ids, noted, next: behind(task, ids) }
}

function behind<Task extends { readonly after: string }>(task: Task, ids: readonly string[]): Task | undefined {
  const last = ids.length < CHUNK ? undefined : ids.at(-1)
  return last === undefined ? undefined : { ...task, after: last }
}
