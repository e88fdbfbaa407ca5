import { lockConnection } from '../db/connections.js'
import { lockDirectoryUsers, pageOfIds } from '../db/directory-users.js'
import { deleteConnection, deletePeople, keepSyncGrants, makeLocal } from '../db/end-connection.js'
import { continueJob, finishJob, insertJob, type JobRow } from '../db/jobs.js'
import { lockUsers } from '../db/users.js'
import { type Administrator, adminEvent } from './administrator.js'
import { dropDeadGrants } from './assertion-grants.js'
import { jobFinished, SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { settleUsers } from './settle-users.js'

export const END_JOB = 'end-connection'
const CHUNK = 250

interface EndTask {
  readonly connectionId: string
  readonly name: string
  readonly parentId: string
  readonly done: number
}

/**
 * Remove a connection for good: a job makes its users local, turns what sync gave into manual grants, and removes the
 * documents (DESIGN 4, End of a connection). Throws connection_not_found, connection_not_disabled.
 */
export function endConnection(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
): Promise<{ jobId: string }> {
  return deps.db.transaction(async (tx) => {
    const row = await lockConnection(tx, accountId, connectionId)
    if (row === undefined) throw new AccountError('connection_not_found', 'This account has no such connection.')
    if (row.mode !== 'disabled') {
      throw new AccountError(
        'connection_not_disabled',
        'Disable the connection first, and say what becomes of its people.',
      )
    }
    const now = deps.now().getTime()
    const jobId = deps.newId()
    const parentId = actor.request.id
    const task: EndTask = { connectionId, name: row.name, parentId, done: 0 }
    const payload = JSON.stringify(task)
    await insertJob(tx, accountId, { id: jobId, kind: END_JOB, subject: connectionId, version: 1, payload, runAt: now })
    const subject = { type: 'connection', id: connectionId, displayName: row.name } as const
    const effects = [{ kind: 'job', jobId, people: null }] as const
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, { action: 'connection.deleted', subject, connectionId, effects }),
    ])
    tx.afterCommit(deps.wakeWorker)
    return { jobId }
  })
}

/** The next people become local; after the last of them the connection goes. */
export function runEndChunk(deps: Deps, job: JobRow): Promise<void> {
  const task = JSON.parse(job.payload) as EndTask
  const { account_id: accountId } = job
  return deps.db.transaction(async (tx) => {
    const now = deps.now().getTime()
    // People leave the table on the way, so the next chunk is always the first.
    const ids = await pageOfIds(tx, accountId, task.connectionId, '', CHUNK)
    const rows = await lockDirectoryUsers(tx, accountId, task.connectionId, ids)
    const userIds = (
      await lockUsers(
        tx,
        accountId,
        rows.map((row) => row.user_id),
      )
    ).map((user) => user.id)
    const progress = JSON.stringify({ people: task.done + ids.length })
    if (ids.length === 0) {
      const { userIds: signedIn, more } = await dropDeadGrants(tx, accountId, task.connectionId, undefined, CHUNK)
      const cause = { parentId: task.parentId, source: 'system', actor: SYSTEM, action: 'user.access_changed' } as const
      if (signedIn.length > 0) await settleUsers(deps, tx, accountId, signedIn, cause)
      if (more) return continueJob(tx, job, job.payload, progress, now)
      await writeEvents(deps, tx, accountId, [jobFinished(deps, job, task, task.done)])
      await deleteConnection(tx, accountId, task.connectionId)
      await finishJob(tx, job, 'done', progress, null, now)
      return
    }
    await keepSyncGrants(tx, accountId, userIds, `kept when the connection ${task.name} was removed`)
    await makeLocal(tx, accountId, userIds, now)
    await deletePeople(tx, accountId, task.connectionId, ids)
    const cause = { parentId: task.parentId, source: 'system', actor: SYSTEM, action: 'user.updated' } as const
    await settleUsers(deps, tx, accountId, userIds, cause)
    await continueJob(tx, job, JSON.stringify({ ...task, done: task.done + ids.length }), progress, now)
  })
}
