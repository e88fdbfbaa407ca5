import { findConnection } from '../db/connections.js'
import type { Queries, Tx } from '../db/database.js'
import { findLinks, type StoredDirectoryUser } from '../db/directory-users.js'
import { lockUsers, type UserRow } from '../db/users.js'
import type { Receiver, Settled } from './access-report.js'
import { announceAccess } from './announce-access.js'
import { connectionFromRow } from './connection.js'
import type { Unsettled } from './decide-access.js'
import type { Deps } from './deps.js'
import { documentFromRow } from './directory-document.js'
import { groupRefsOfMany } from './directory-user.js'
import type { EventAction } from './event-actions.js'
import { type Actor, type EventDraft, type EventSource, writeEvents } from './events.js'
import { type LoadedPolicy, loadCatalog, policyOf } from './policy.js'
import { settleAccess } from './settle-access.js'

/** On whose behalf. With an `action` every user settled gets a child event of her own; without, the caller tells. */
export interface SettleCause {
  readonly parentId: string
  readonly source: EventSource
  readonly actor: Actor
  readonly action?: EventAction
}

/**
 * Make the access of account users follow after their facts or manual grants changed in this transaction. Whom a live
 * connection manages is evaluated by its rules; sync grants of all others stay as they are. Writes the child events of
 * people outside who received a freed seat.
 */
export async function settleUsers(
  deps: Deps,
  tx: Tx,
  accountId: string,
  userIds: readonly string[],
  cause: SettleCause,
): Promise<readonly Settled[]> {
  const users = await lockUsers(tx, accountId, userIds)
  // What the directory says is read under the lock: a change of it that came first is seen, one that comes later waits.
  const links = new Map((await findLinks(tx, accountId, userIds)).map((link) => [link.user_id, link]))
  const catalog = await loadCatalog(tx, accountId)
  const settled: Settled[] = []
  const handedOver: EventDraft[] = []
  for (const [connectionId, members] of byConnection(users, links)) {
    const policy = await livePolicy(tx, accountId, connectionId)
    const people = await peopleOf(tx, accountId, connectionId, members, links, policy)
    const grounds = { accountId, catalog: policy ?? catalog, now: deps.now().getTime(), ...(policy && { policy }) }
    const settlement = await settleAccess(tx, grounds, people)
    settled.push(...settlement.people)
    for (const receiver of settlement.handedOver) handedOver.push(accessEvent(deps, cause, receiver))
  }
  const own =
    cause.action === undefined
      ? []
      : settled.map((one) => ownEvent(deps, cause, cause.action!, one, links.get(one.user.id)))
  await writeEvents(deps, tx, accountId, [...own, ...handedOver])
  await announceAccess(deps, tx, accountId, [...own, ...handedOver])
  return settled
}

function byConnection(
  users: readonly UserRow[],
  links: ReadonlyMap<string, StoredDirectoryUser>,
): Map<string | undefined, UserRow[]> {
  const groups = new Map<string | undefined, UserRow[]>()
  for (const user of users) {
    const connectionId = links.get(user.id)?.connection_id
    groups.set(connectionId, [...(groups.get(connectionId) ?? []), user])
  }
  return groups
}

/** The policy that decides, or undefined for local users and for those of a connection that is switched off. */
async function livePolicy(
  tx: Tx,
  accountId: string,
  connectionId: string | undefined,
): Promise<LoadedPolicy | undefined> {
  const row = connectionId === undefined ? undefined : await findConnection(tx, accountId, connectionId)
  return row === undefined || row.mode === 'disabled' ? undefined : policyOf(tx, connectionFromRow(row))
}

async function peopleOf(
  q: Queries,
  accountId: string,
  connectionId: string | undefined,
  users: readonly UserRow[],
  links: ReadonlyMap<string, StoredDirectoryUser>,
  policy: LoadedPolicy | undefined,
): Promise<Unsettled[]> {
  if (policy === undefined || connectionId === undefined) {
    return users.map((user) => ({ user, save: 'derived', person: undefined }))
  }
  const ids = users.flatMap((user) => links.get(user.id)?.id ?? [])
  const groups = await groupRefsOfMany(q, accountId, connectionId, ids)
  return users.map((user) => {
    const link = links.get(user.id)!
    const person = { document: documentFromRow(link), groups: groups.get(link.id) ?? [] }
    return { user, save: 'derived', person }
  })
}

function ownEvent(
  deps: Deps,
  cause: SettleCause,
  action: EventAction,
  { user, effects, warnings }: Settled,
  link: StoredDirectoryUser | undefined,
): EventDraft {
  const [first] = warnings
  const subject = { type: 'user', id: user.id, email: user.email, displayName: user.display_name } as const
  return {
    ...accessEvent(deps, cause, { userId: user.id, subject, effects }),
    action,
    ...(first === undefined ? {} : { outcome: 'warning', code: first.code, message: first.message, warnings }),
    ...(link === undefined ? {} : { connectionId: link.connection_id }),
  }
}

export function accessEvent(
  deps: Deps,
  { parentId, source, actor }: SettleCause,
  { userId, subject, effects }: Receiver,
): EventDraft {
  return {
    id: deps.newId(),
    parentId,
    source,
    action: 'user.access_changed',
    outcome: 'success',
    actor,
    subject,
    userId,
    effects,
  }
}
