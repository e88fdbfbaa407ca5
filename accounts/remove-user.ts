import { LockMissing } from '../db/database.js'
import { insertDeleted } from '../db/deleted-directory-users.js'
import { replaceEmails } from '../db/directory-emails.js'
import { lockGroupsOf, removeMemberships, touchGroups } from '../db/directory-members.js'
import { clearManager, deleteDirectoryUser, lockDirectoryUser, lockWithReports } from '../db/directory-users.js'
import { deleteGrantsAtDeletion } from '../db/grants.js'
import { lockUser } from '../db/users.js'
import { bystanderEvents } from './bystander-events.js'
import type { Deps } from './deps.js'
import { documentFromRow, emailKeys } from './directory-document.js'
import {
  type DirectoryRequest,
  directoryEvent,
  enterConnection,
  type Recorded,
  writeOutbox,
} from './directory-request.js'
import { type DirectoryUser, directoryUserFromRow, groupRefsOf, managerNameOf, subjectOf } from './directory-user.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { policyOf } from './policy.js'
import { queuePeople } from './reevaluate.js'
import { conditionUsesManager } from './rule-condition.js'
import { settleAccess } from './settle-access.js'

/**
 * A directory deletes a person (RFC 7644 §3.6): gone from the wire at once, with memberships and manager references;
 * kept for 30 days to be restored, with history and manual product grants (DESIGN 4, Delete and restore). A candidate
 * cannot be deleted. Throws AccountError: connection_disabled, user_not_found, version_mismatch.
 */
export function removeUser<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  id: string,
  revision: { readonly precondition?: (current: DirectoryUser) => void; readonly respond: () => R },
): Promise<R> {
  return deps.db.transaction(async (tx) => {
    const connection = await enterConnection(tx, request)
    const policy = await policyOf(tx, connection)
    const { accountId, id: connectionId } = connection
    // Groups before people, and people together: the order of every change of members (DESIGN 4, Transactions).
    const locked = await lockGroupsOf(tx, accountId, connectionId, id)
    await lockWithReports(tx, accountId, connectionId, id)
    const row = await lockDirectoryUser(tx, accountId, connectionId, id)
    const user = row === undefined ? undefined : await lockUser(tx, accountId, row.user_id)
    if (row === undefined || user === undefined) {
      throw new AccountError('user_not_found', `The user ${id} is not known here. It may have been deleted.`)
    }
    const groups = await groupRefsOf(tx, row)
    if (groups.some((group) => !locked.includes(group.id))) throw new LockMissing('she joined a group meanwhile')
    revision.precondition?.(directoryUserFromRow(row, groups, await managerNameOf(tx, row), connection))
    const now = deps.now().getTime()

    await insertDeleted(tx, row, now)
    await deleteDirectoryUser(tx, accountId, connectionId, id)
    await replaceEmails(tx, accountId, connectionId, id, emailKeys(documentFromRow(row)), [])
    const groupIds = await removeMemberships(tx, accountId, connectionId, id)
    if (groupIds.length > 0) await touchGroups(tx, accountId, connectionId, groupIds, now)
    const reports = await clearManager(tx, accountId, connectionId, id, now)
    await deleteGrantsAtDeletion(tx, accountId, user.id)
    const deleted = { ...user, desired_active: null, deleted_at: now, updated_at: now, version: user.version + 1 }
    const settlement = await settleAccess(tx, { accountId, catalog: policy, now }, [
      { user: deleted, before: user, save: 'update', person: undefined },
    ])
    const settled = settlement.people[0]!

    // Rules may ask who somebody's manager is. A job, because the locks of other people come before those held here.
    const asked = policy.policy.rules.some((rule) => conditionUsesManager(rule.condition, connection.userSchema))
    const jobs = asked ? await queuePeople(deps, tx, connection, request.id, reports) : []

    const reply = revision.respond()
    const parent = directoryEvent(request, reply, {
      action: 'user.deleted',
      subject: subjectOf(row, user),
      userId: user.id,
      groupIds,
      effects: [...settled.effects, ...jobs],
    })
    await writeEvents(deps, tx, accountId, [parent, ...bystanderEvents(deps, request, settlement.handedOver)])
    await writeOutbox(deps, tx, accountId, user.id, settled.user.version, request.id)
    return reply
  })
}
