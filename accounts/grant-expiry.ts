import type { Tx } from '../db/database.js'
import { deleteGrants, expiredGrants } from '../db/grants.js'
import { finishJob, insertJob, type JobRow } from '../db/jobs.js'
import { announceAccess } from './announce-access.js'
import { SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { writeEvents } from './events.js'
import { loadCatalog } from './policy.js'
import { settleUsers } from './settle-users.js'

export const EXPIRY_JOB = 'grant-expiry'

/** A grant that ends takes its access with it at that instant, not at the person's next change. */
export async function queueExpiry(deps: Deps, tx: Tx, accountId: string, userId: string, at: number): Promise<void> {
  const id = deps.newId()
  await insertJob(tx, accountId, { id, kind: EXPIRY_JOB, subject: id, version: 1, payload: userId, runAt: at })
}

/** Remove what has run out and make the person's access follow. */
export function runExpiry(deps: Deps, job: JobRow): Promise<void> {
  const { account_id: accountId, payload: userId } = job
  return deps.db.transaction(async (tx) => {
    const now = deps.now().getTime()
    const expired = await expiredGrants(tx, accountId, userId, now)
    if (expired.length > 0) {
      await deleteGrants(tx, accountId, expired)
      const id = deps.newId()
      const [settled] = await settleUsers(deps, tx, accountId, [userId], {
        parentId: id,
        source: 'system',
        actor: SYSTEM,
      })
      const { roleById, productById } = await loadCatalog(tx, accountId)
      const changes = expired.map(({ kind, value }) => {
        const target = kind === 'role' ? roleById.get(value) : productById.get(value)
        return { attribute: kind, before: target?.key ?? value, after: null }
      })
      const { email = null, display_name: displayName = '' } = settled?.user ?? {}
      const subject = { type: 'user', id: userId, email, displayName } as const
      const event = { action: 'grant.removed', outcome: 'success', source: 'system', actor: SYSTEM } as const
      await writeEvents(deps, tx, accountId, [
        { ...event, id, userId, subject, changes, effects: settled?.effects ?? [] },
      ])
      await announceAccess(deps, tx, accountId, [{ id, userId }])
    }
    await finishJob(tx, job, 'done', null, null, now)
  })
}
