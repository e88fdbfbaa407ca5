import { deleteGroup } from '../db/directory-groups.js'
import { pageOfMembers, removeMembers } from '../db/directory-members.js'
import type { Deps } from './deps.js'
import { type DirectoryRequest, directoryEvent, type Recorded, writeOutbox } from './directory-request.js'
import { type Effect, writeEvents } from './events.js'
import {
  type Consequences,
  type DirectoryGroup,
  directoryGroupFromRow,
  groupSubject,
  settleMembers,
} from './provision-group.js'
import { MAX_AT_ONCE, queueSettling } from './reevaluate.js'
import { getLockedGroup } from './revise-group.js'
import { breakRules, writeGroups } from './rule-state.js'

/**
 * A directory deletes a group: it is gone from the wire at once, and its members follow, by a job where they are many.
 * Rules that name it are broken from now on. Throws AccountError: connection_disabled, group_not_found, version_mismatch.
 */
export function removeGroup<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  id: string,
  revision: { readonly precondition?: (current: DirectoryGroup) => void; readonly respond: () => R },
): Promise<R> {
  return writeGroups(deps, request, async (tx, scope) => {
    const { connection } = scope
    const { accountId, id: connectionId } = connection
    const row = await getLockedGroup(tx, connection, id)
    revision.precondition?.(directoryGroupFromRow(row))

    await deleteGroup(tx, accountId, connectionId, id)
    const some = await pageOfMembers(tx, accountId, connectionId, id, '', MAX_AT_ONCE + 1)
    let consequences: Consequences
    if (some.length > MAX_AT_ONCE) {
      const names = { groupId: id, displayName: row.display_name, removing: true } as const
      const jobId = await queueSettling(deps, tx, connection, {
        who: 'members',
        parentId: request.id,
        ...names,
        after: '',
      })
      consequences = { effects: [{ kind: 'job', jobId, people: null }], children: [] }
    } else {
      const removed = new Set(await removeMembers(tx, accountId, connectionId, id, some))
      consequences = await settleMembers(deps, tx, request, scope, row, { added: new Set(), removed })
    }
    const group = { id, displayKey: row.display_key }
    const broken = await breakRules(deps, tx, scope, group, request.id)

    const reply = revision.respond()
    const effects: Effect[] = [...consequences.effects, ...broken]
    const warnings = broken.flatMap((effect) =>
      effect.kind === 'rule'
        ? [
            {
              code: 'rule_broken',
              message: `Rule ${effect.ruleId} names the group ${row.display_name}, which was deleted.`,
            },
          ]
        : [],
    )
    const draft = { action: 'group.deleted', subject: groupSubject(row), groupIds: [id], effects, warnings } as const
    await writeEvents(deps, tx, accountId, [directoryEvent(request, reply, draft), ...consequences.children])
    await writeOutbox(deps, tx, accountId, id, row.version + 1, request.id)
    return reply
  })
}
