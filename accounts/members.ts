import type { Tx } from '../db/database.js'
import { addMembers, pageOfMembers, removeMembers } from '../db/directory-members.js'
import { lockDirectoryUserIds } from '../db/directory-users.js'
import { CHUNK } from '../db/in-chunks.js'
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
 * Change who is in a group by set operations, a chunk of people at a time. The member list is read only where a step names
 * it whole (DESIGN 1, promise 6). The group is locked by the caller; everyone who joins or leaves is locked before anybody
 * joins, all together in the order of their ids, so that changes of other groups never wait for this one in a circle.
 * Throws member_unknown, naming one id that is no user of the connection.
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
  const { othersStay, members, strangers, named } = await outcomeOf(tx, steps)
  const gone = strangers.size === 0 ? [] : await removeMembers(tx, accountId, connectionId, groupId, [...strangers])
  const { left, stayed } = othersStay ? NOBODY : await removeOthers(tx, connection, groupId, members)
  const joining = [...members].filter((id) => !stayed.has(id))
  const mentioned = [...named].filter((id) => !members.has(id))
  const removed = new Set([...gone, ...left])
  const linked = await requirePeople(deps, tx, request, connection, policy, [...joining, ...mentioned], removed)
  const joined = joining.length === 0 ? [] : await addMembers(tx, accountId, connectionId, groupId, joining)
  return { added: new Set(joined), removed, linked }
}

const NOBODY = { left: [], stayed: new Set<string>() }

/** What all steps come to, however often they name somebody. */
interface Outcome {
  /** Whether members whom no step names stay. */
  othersStay: boolean
  /** Who is in at the end, of those who are named. */
  members: Set<string>
  /** Who is not, where others stay. */
  strangers: Set<string>
  /** Everyone whom a step puts in, even if a later one takes her out. */
  readonly named: Set<string>
}

async function outcomeOf(tx: Tx, steps: readonly MemberStep[]): Promise<Outcome> {
  const outcome: Outcome = { othersStay: true, members: new Set(), strangers: new Set(), named: new Set() }
  let seen = 0
  for (const step of steps) {
    if (step.kind === 'replace' || step.kind === 'clear')
      Object.assign(outcome, { othersStay: false, members: new Set(), strangers: new Set() })
    for (const id of step.kind === 'clear' ? [] : step.ids) {
      apply(outcome, step.kind, id)
      if (++seen % CHUNK === 0) await tx.giveWay()
    }
  }
  return outcome
}

function apply({ othersStay, members, strangers, named }: Outcome, kind: MemberStep['kind'], id: string): void {
  if (kind === 'remove') {
    members.delete(id)
    if (othersStay) strangers.add(id)
  } else {
    strangers.delete(id)
    members.add(id)
    named.add(id)
  }
}

/** Remove everyone but these. Resolves to who left, and who of these was in the group. */
async function removeOthers(
  tx: Tx,
  { accountId, id: connectionId }: Connection,
  groupId: string,
  keep: ReadonlySet<string>,
): Promise<{ readonly left: readonly string[]; readonly stayed: ReadonlySet<string> }> {
  const left: string[] = []
  const stayed = new Set<string>()
  for (let after = ''; ; ) {
    const page = await pageOfMembers(tx, accountId, connectionId, groupId, after, CHUNK)
    const others = page.filter((id) => !keep.has(id))
    for (const id of page) if (keep.has(id)) stayed.add(id)
    if (others.length > 0) left.push(...(await removeMembers(tx, accountId, connectionId, groupId, others)))
    if (page.length < CHUNK) return { left, stayed }
    after = page.at(-1)!
    await tx.giveWay()
  }
}

/** Lock everyone concerned. Whoever joins has to be a user of the connection, or a local user who may be linked. */
async function requirePeople(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  policy: LoadedPolicy,
  joining: readonly string[],
  leaving: ReadonlySet<string>,
): Promise<EventDraft[]> {
  const missing = await missingIds(tx, connection, joining, leaving)
  if (missing.length === 0) return []
  const linked = await adoptCandidates(deps, tx, request, connection, policy, missing)
  const [unknown] = linked.length === 0 ? missing : await missingIds(tx, connection, missing)
  if (unknown === undefined) return linked
  throw new AccountError(
    'member_unknown',
    `Group member ${unknown} is not a user of this connection. Assign the person to the app first.`,
  )
}

/** Locks those who are there, so that nobody is deleted while she joins, and says who of `ids` is not. */
async function missingIds(
  tx: Tx,
  { accountId, id }: Connection,
  ids: readonly string[],
  others: Iterable<string> = [],
): Promise<string[]> {
  const concerned = new Set([...ids, ...others])
  if (concerned.size === 0) return []
  const known = new Set(await lockDirectoryUserIds(tx, accountId, id, [...concerned]))
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
