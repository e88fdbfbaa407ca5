import type { Tx } from '../db/database.js'
import { insertJob } from '../db/jobs.js'
import { ACCESS_SUBJECT } from '../db/outbox.js'
import type { Deps } from './deps.js'
import type { EventDraft } from './events.js'

/**
 * Tell the outside, after the commit, whose access changed without a request of hers: one row for all of them. What
 * followed from a request of a directory is found by its event and needs none, so that it costs that request nothing.
 */
export async function announceAccess(
  deps: Deps,
  tx: Tx,
  accountId: string,
  events: readonly Pick<EventDraft, 'id' | 'userId'>[],
): Promise<void> {
  const told = events.flatMap(({ id, userId }) => (userId === undefined ? [] : [[id, userId]]))
  if (told.length === 0) return
  const runAt = deps.now().getTime()
  const row = { id: deps.newId(), kind: 'outbox', subject: ACCESS_SUBJECT, version: 0, runAt }
  await insertJob(tx, accountId, { ...row, payload: JSON.stringify(told) })
}
