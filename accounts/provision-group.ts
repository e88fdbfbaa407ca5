import type { Tx } from '../db/database.js'
import { type DirectoryGroupRow, findGroupByName, insertGroup } from '../db/directory-groups.js'
import { allMembersOf, type MemberRow } from '../db/directory-members.js'
import { inTurns, type Work } from '../db/pace.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest, directoryEvent, type Recorded, writeOutbox } from './directory-request.js'
import { AccountError } from './errors.js'
import { type Effect, type EventDraft, type Subject, writeEvents } from './events.js'
import { changeMembers, type MembersChange, membershipEffects } from './members.js'
import type { LoadedPolicy } from './policy.js'
import { MAX_AT_ONCE, queueSettling } from './reevaluate.js'
import { healRules, writeGroups } from './rule-state.js'
import { settlePeople } from './settle-people.js'

/** A directory group as a protocol needs it to answer. `members` only where they were asked for. */
export interface DirectoryGroup {
  readonly id: string
  readonly displayName: string
  readonly externalId: string | null
  readonly version: number
  readonly createdAt: Date
  readonly lastModified: Date
  readonly members?: readonly { readonly id: string; readonly display: string | null }[]
}

export function directoryGroupFromRow(row: DirectoryGroupRow, members?: readonly MemberRow[]): DirectoryGroup {
  return {
    id: row.id,
    displayName: row.display_name,
    externalId: row.external_id,
    version: row.version,
    createdAt: new Date(row.created_at),
    lastModified: new Date(row.last_modified),
    ...(members && {
      members: members.map(({ directory_user_id, display_name }) => ({ id: directory_user_id, display: display_name })),
    }),
  }
}

export function groupSubject(row: DirectoryGroupRow): Subject {
  const externalId = row.external_id === null ? {} : { externalId: row.external_id }
  return { type: 'group', id: row.id, scimId: row.id, displayName: row.display_name, ...externalId }
}

export interface NewGroup {
  readonly displayName: string
  readonly externalId?: string
  /** SCIM ids of users. */
  readonly members?: readonly string[]
}

/**
 * A directory pushes a group, empty or with members. `wantsMembers` reads them back for the answer.
 * Throws AccountError: connection_disabled, group_name_taken, member_unknown.
 */
export function provisionGroup<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  { displayName, externalId, members = [] }: NewGroup,
  answer: { readonly wantsMembers: boolean; readonly respond: (group: DirectoryGroup) => Work<R> },
): Promise<R> {
  return writeGroups(deps, request, async (tx, scope) => {
    const { connection } = scope
    const { accountId, id: connectionId } = connection
    const now = deps.now().getTime()
    const displayKey = fold(displayName)
    await refuseTakenName(tx, connection, displayName)
    const row: DirectoryGroupRow = {
      account_id: accountId,
      connection_id: connectionId,
      id: deps.newId(),
      display_name: displayName,
      display_key: displayKey,
      external_id: externalId ?? null,
      version: 1,
      created_at: now,
      last_modified: now,
    }
    await insertGroup(tx, row)
    const steps = members.length === 0 ? [] : [{ kind: 'add' as const, ids: members }]
    const change = await changeMembers(deps, tx, request, scope, row.id, steps)
    const consequences = await settleMembers(deps, tx, request, scope, row, change)
    const healed = await healRules(deps, tx, scope, displayKey, request.id)

    const present = answer.wantsMembers ? await allMembersOf(tx, accountId, connectionId, row.id, tx) : undefined
    const reply = await inTurns(answer.respond(directoryGroupFromRow(row, present)), tx)
    const parent = directoryEvent(request, reply, {
      action: 'group.created',
      subject: groupSubject(row),
      groupIds: [row.id],
      changes: [
        { attribute: 'displayName', before: null, after: displayName },
        ...(externalId === undefined ? [] : [{ attribute: 'externalId', before: null, after: externalId }]),
      ],
      effects: [...consequences.effects, ...healed],
    })
    await writeEvents(deps, tx, accountId, [parent, ...change.linked, ...consequences.children])
    await writeOutbox(deps, tx, accountId, row.id, row.version, request.id)
    return reply
  })
}

/** Names are unique in a connection, folded, whoever has them but `self`. */
export async function refuseTakenName(tx: Tx, connection: Connection, name: string, self?: string): Promise<void> {
  const other = await findGroupByName(tx, connection.accountId, connection.id, fold(name))
  if (other === undefined || other.id === self) return
  throw new AccountError(
    'group_name_taken',
    `A group named ${name} exists in this connection. Rename one of the two in the directory.`,
  )
}

export interface Consequences {
  readonly effects: readonly Effect[]
  readonly children: readonly EventDraft[]
}

/** What a change of members means for each of them: at once for up to a thousand, by jobs beyond. */
export async function settleMembers(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  scope: { readonly connection: Connection; readonly policy: LoadedPolicy },
  group: DirectoryGroupRow,
  { added, removed }: Pick<MembersChange, 'added' | 'removed'>,
): Promise<Consequences> {
  if (added.size + removed.size === 0) return { effects: [], children: [] }
  const counts: Effect = { kind: 'members', added: added.size, removed: removed.size }
  const named = { id: group.id, displayName: group.display_name }
  if (added.size + removed.size > MAX_AT_ONCE) {
    const jobs = [
      ...(await queueListed(deps, tx, request, scope.connection, named, 'added', [...added])),
      ...(await queueListed(deps, tx, request, scope.connection, named, 'removed', [...removed])),
    ]
    return { effects: [counts, ...jobs], children: [] }
  }
  const cause = { parentId: request.id, source: 'scim', actor: actorOf(request), tokenId: request.token.id } as const
  const noted = membershipEffects({ added, removed }, named)
  return { effects: [counts], children: await settlePeople(deps, tx, cause, scope, [...noted.keys()], noted) }
}

/** One job per chunk: a chunk is one transaction. */
async function queueListed(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  { id: groupId, displayName }: { readonly id: string; readonly displayName: string },
  change: 'added' | 'removed',
  all: readonly string[],
): Promise<Effect[]> {
  const effects: Effect[] = []
  for (let start = 0; start < all.length; start += MAX_AT_ONCE / 2) {
    const ids = all.slice(start, start + MAX_AT_ONCE / 2)
    const task = { who: 'listed', parentId: request.id, ids, groupId, displayName, change } as const
    effects.push({ kind: 'job', jobId: await queueSettling(deps, tx, connection, task), people: ids.length })
    await tx.giveWay()
  }
  return effects
}
