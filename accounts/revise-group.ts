import type { Tx } from '../db/database.js'
import { type DirectoryGroupRow, lockGroup, updateGroup } from '../db/directory-groups.js'
import { allMembersOf, pageOfMembers } from '../db/directory-members.js'
import { inTurns, type Work } from '../db/pace.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest, directoryEvent, type Recorded, writeOutbox } from './directory-request.js'
import { AccountError } from './errors.js'
import { type Change, type Effect, writeEvents } from './events.js'
import { changeMembers, type MemberStep } from './members.js'
import type { LoadedPolicy } from './policy.js'
import {
  type Consequences,
  type DirectoryGroup,
  directoryGroupFromRow,
  groupSubject,
  refuseTakenName,
  settleMembers,
} from './provision-group.js'
import { MAX_AT_ONCE, queueSettling } from './reevaluate.js'
import { conditionUsesGroups } from './rule-condition.js'
import { healRules, writeGroups } from './rule-state.js'
import { settlePeople } from './settle-people.js'

/** What a protocol does to a group. `externalId: null` clears it; what is absent stays. */
export interface GroupRevision<R extends Recorded> {
  readonly precondition?: (current: DirectoryGroup) => void
  readonly displayName?: string
  readonly externalId?: string | null
  readonly members: readonly MemberStep[]
  /** Read the members back for the answer. Costs their number, so only for who asked. */
  readonly wantsMembers: boolean
  /** In pieces, where there are many members. */
  readonly respond: (group: DirectoryGroup) => Work<R>
}

/**
 * Change a group: its name, its externalId, who is in it. The group's row is locked, so parallel changes follow one
 * another and none is lost; what is written does not depend on how many members it has.
 * Throws AccountError: connection_disabled, group_not_found, group_name_taken, member_unknown, version_mismatch.
 */
export function reviseGroup<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  id: string,
  revision: GroupRevision<R>,
): Promise<R> {
  return writeGroups(deps, request, async (tx, scope) => {
    const { connection } = scope
    const before = await getLockedGroup(tx, connection, id)
    revision.precondition?.(directoryGroupFromRow(before))
    const now = deps.now().getTime()

    const named = await rename(tx, connection, before, revision)
    const renamed = named.display_key !== before.display_key
    const change = await changeMembers(deps, tx, request, scope, id, revision.members)
    const touched = change.added.size + change.removed.size > 0 || named !== before
    const row = touched ? { ...named, version: before.version + 1, last_modified: now } : before
    if (touched) await updateGroup(tx, row)
    const consequences = await settleMembers(deps, tx, request, scope, row, change)
    const echo = renamed ? await settleRename(deps, tx, request, scope, row) : NO_CONSEQUENCES
    const healed = renamed ? await healRules(deps, tx, scope, row.display_key, request.id) : []

    const present = revision.wantsMembers
      ? await allMembersOf(tx, row.account_id, row.connection_id, id, tx)
      : undefined
    const reply = await inTurns(revision.respond(directoryGroupFromRow(row, present)), tx)
    const changes = groupChanges(before, row)
    const effects: Effect[] = [...consequences.effects, ...echo.effects, ...healed]
    const action = changes.length > 0 ? 'group.updated' : 'group.members_changed'
    const draft = { action, subject: groupSubject(row), groupIds: [id], changes, effects } as const
    const parent = directoryEvent(request, reply, draft, touched ? undefined : 'no_change')
    await writeEvents(deps, tx, row.account_id, [parent, ...change.linked, ...consequences.children, ...echo.children])
    if (touched) await writeOutbox(deps, tx, row.account_id, id, row.version, request.id)
    return reply
  })
}

const NO_CONSEQUENCES: Consequences = { effects: [], children: [] }

export async function getLockedGroup(tx: Tx, connection: Connection, id: string): Promise<DirectoryGroupRow> {
  const row = await lockGroup(tx, connection.accountId, connection.id, id)
  if (row !== undefined) return row
  throw new AccountError('group_not_found', `The group ${id} is not known here. It may have been deleted.`)
}

/** The row under its new name and externalId; the same object where neither changes. */
async function rename<R extends Recorded>(
  tx: Tx,
  connection: Connection,
  row: DirectoryGroupRow,
  { displayName = row.display_name, externalId = row.external_id }: GroupRevision<R>,
): Promise<DirectoryGroupRow> {
  if (displayName === row.display_name && externalId === row.external_id) return row
  const displayKey = fold(displayName)
  if (displayKey !== row.display_key) await refuseTakenName(tx, connection, displayName, row.id)
  return { ...row, display_name: displayName, display_key: displayKey, external_id: externalId }
}

function groupChanges(before: DirectoryGroupRow, after: DirectoryGroupRow): Change[] {
  const names: Change = { attribute: 'displayName', before: before.display_name, after: after.display_name }
  const ids: Change = { attribute: 'externalId', before: before.external_id, after: after.external_id }
  return [names, ids].filter((change) => change.before !== change.after)
}

/** Rules may name groups by display: then a new name can change what its members have. */
async function settleRename(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  scope: { readonly connection: Connection; readonly policy: LoadedPolicy },
  group: DirectoryGroupRow,
): Promise<Consequences> {
  const { connection, policy } = scope
  if (!policy.policy.rules.some((rule) => conditionUsesGroups(rule.condition, connection.userSchema)))
    return NO_CONSEQUENCES
  const { account_id: accountId, connection_id: connectionId, id } = group
  const members = await pageOfMembers(tx, accountId, connectionId, id, '', MAX_AT_ONCE + 1)
  if (members.length > MAX_AT_ONCE) {
    const names = { groupId: id, displayName: group.display_name, removing: false } as const
    const jobId = await queueSettling(deps, tx, connection, {
      who: 'members',
      parentId: request.id,
      ...names,
      after: '',
    })
    return { effects: [{ kind: 'job', jobId, people: null }], children: [] }
  }
  const cause = { parentId: request.id, source: 'scim', actor: actorOf(request), tokenId: request.token.id } as const
  return { effects: [], children: await settlePeople(deps, tx, cause, scope, members, new Map()) }
}
