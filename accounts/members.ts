import type { Tx } from '../db/database.js'
import { addMembers, removeMembers, removeOtherMembers } from '../db/directory-members.js'
import { lockDirectoryUserIds } from '../db/directory-users.js'
import { adoptCandidates } from './adopt-candidates.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import type { DirectoryRequest } from './directory-request.js'
import { AccountError } from './errors.js'
import type { Effect, EventDraft } from './events.js'
import type { LoadedPolicy } from './policy.js'

/** One step of a change of members; steps apply in order. Ids are SCIM ids of users. */
export type MemberStep =
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly ids: readonly string[] }
  | { readonly kind: 'clear' }

export interface MembersChange {
  readonly added: ReadonlySet<string>
  readonly removed: ReadonlySet<string>
  /** Local users who were linked because the request named them. */
  readonly linked: readonly EventDraft[]
}

/**
 * Change who is in a group by set operations: nobody reads the member list (DESIGN 1, promise 6). The group is locked by
 * the caller; everyone who joins or leaves is locked at the end, all together in the order of their ids, so that changes
 * of other groups never wait for this one in a circle. Throws member_unknown, naming the first id that is no user of the
 * connection.
 */
export async function changeMembers(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  { connection, policy }: { readonly connection: Connection; readonly policy: LoadedPolicy },
  groupId: string,
  steps: readonly MemberStep[],
): Promise<MembersChange> {
  const { accountId, id: connectionId } = connection
  const added = new Set<string>()
  const removed = new Set<string>()
  const named = new Set<string>()
  for (const step of steps) {
    const ids = step.kind === 'clear' ? [] : [...new Set(step.ids)]
    const left =
      step.kind === 'remove'
        ? await removeMembers(tx, accountId, connectionId, groupId, ids)
        : step.kind === 'add'
          ? []
          : await removeOtherMembers(tx, accountId, connectionId, groupId, ids)
    const joins = step.kind === 'add' || step.kind === 'replace'
    const joined = joins ? await addMembers(tx, accountId, connectionId, groupId, ids) : []
    for (const id of left) if (!added.delete(id)) removed.add(id)
    for (const id of joined) if (!removed.delete(id)) added.add(id)
    for (const id of joined) named.add(id)
  }
  const linked = await requirePeople(deps, tx, request, connection, policy, named, removed)
  return { added, removed, linked }
}

/** Lock everyone concerned. Whoever joins has to be a user of the connection, or a local user who may be linked. */
async function requirePeople(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  policy: LoadedPolicy,
  joining: ReadonlySet<string>,
  leaving: ReadonlySet<string>,
): Promise<EventDraft[]> {
  const concerned = new Set([...joining, ...leaving])
  const missing = (await missingIds(tx, connection, [...concerned])).filter((id) => joining.has(id))
  if (missing.length === 0) return []
  const linked = await adoptCandidates(deps, tx, request, connection, policy, missing)
  const [unknown] = linked.length === 0 ? missing : await missingIds(tx, connection, missing)
  if (unknown === undefined) return linked
  throw new AccountError(
    'member_unknown',
    `Group member ${unknown} is not a user of this connection. Assign the person to the app first.`,
  )
}

/** Locks those who are there, so that nobody is deleted while she joins, and says who is not. */
async function missingIds(tx: Tx, { accountId, id }: Connection, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return []
  const known = new Set(await lockDirectoryUserIds(tx, accountId, id, ids))
  return ids.filter((one) => !known.has(one))
}

/** What a change of members says in each person's own event. */
export function membershipEffects(
  { added, removed }: Pick<MembersChange, 'added' | 'removed'>,
  group: { readonly id: string; readonly displayName: string },
): Map<string, Effect[]> {
  const effect = (change: 'added' | 'removed'): Effect => ({
    kind: 'group',
    groupId: group.id,
    displayName: group.displayName,
    change,
  })
  return new Map([
    ...[...added].map((id): [string, Effect[]] => [id, [effect('added')]]),
    ...[...removed].map((id): [string, Effect[]] => [id, [effect('removed')]]),
  ])
}
