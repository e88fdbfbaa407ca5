import { connectionsOf, findConnection } from '../db/connections.js'
import { findLink } from '../db/directory-users.js'
import { findUser } from '../db/users.js'
import { type Administrator, adminEvent } from './administrator.js'
import { announceAccess } from './announce-access.js'
import { connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type Effect, writeEvents } from './events.js'
import { subjectOf } from './local-users.js'
import { queueReevaluation } from './reevaluate.js'
import { settleUsers } from './settle-users.js'
import { userNotFound } from './users-read.js'

/**
 * Run the rules again for one person, from the stored desired state. Doing it twice changes nothing more.
 * Refuses: user_not_found.
 */
export async function reapplyToUser(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  userId: string,
): Promise<{ userId: string; effects: readonly Effect[] }> {
  return deps.db.transaction(async (tx) => {
    const user = await findUser(tx, accountId, userId)
    if (user === undefined || user.deleted_at !== null) throw userNotFound()
    const cause = { parentId: actor.request.id, source: 'admin', actor: actor.actor } as const
    const [settled] = await settleUsers(deps, tx, accountId, [userId], cause)
    const { effects = [], warnings = [] } = settled ?? {}
    const link = await findLink(tx, accountId, userId)
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'user.access_changed',
        outcome: effects.length === 0 ? 'no_change' : 'success',
        subject: subjectOf(user),
        userId,
        ...(link === undefined ? {} : { connectionId: link.connection_id }),
        effects,
        warnings,
      }),
    ])
    if (effects.length > 0) await announceAccess(deps, tx, accountId, [{ id: actor.request.id, userId }])
    return { userId, effects }
  })
}

/**
 * Run the rules again for everyone of a connection, or of every connection: one job each. Refuses: connection_not_found,
 * connection_disabled.
 */
export async function reapplyToConnections(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string | undefined,
): Promise<{ jobIds: string[] }> {
  return deps.db.transaction(async (tx) => {
    const found =
      connectionId === undefined
        ? await connectionsOf(tx, accountId)
        : [await findConnection(tx, accountId, connectionId)]
    const jobIds: string[] = []
    for (const row of found) {
      if (row === undefined) throw new AccountError('connection_not_found', 'This account has no such connection.')
      if (row.mode !== 'disabled')
        jobIds.push(await queueReevaluation(deps, tx, connectionFromRow(row), { parentId: actor.request.id }))
      else if (connectionId !== undefined)
        throw new AccountError('connection_disabled', 'This connection is switched off: its people stay as they are.')
    }
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'rules.reapplied',
        subject: { type: connectionId === undefined ? 'account' : 'connection', id: connectionId ?? accountId },
        ...(connectionId === undefined ? {} : { connectionId }),
        effects: jobIds.map((jobId): Effect => ({ kind: 'job', jobId, people: null })),
      }),
    ])
    return { jobIds }
  })
}
