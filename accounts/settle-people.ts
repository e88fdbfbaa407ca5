import type { Tx } from '../db/database.js'
import { lockDirectoryUsers, markEvaluated, type StoredDirectoryUser } from '../db/directory-users.js'
import { lockUsers } from '../db/users.js'
import type { Receiver, Settled } from './access-report.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { documentFromRow } from './directory-document.js'
import { groupRefsOfMany, subjectOf } from './directory-user.js'
import type { Actor, Effect, EventDraft, EventSource } from './events.js'
import type { LoadedPolicy } from './policy.js'
import { settleAccess } from './settle-access.js'

/** On whose behalf people are settled whom the request did not name. */
export interface Cause {
  /** The event that they are children of. */
  readonly parentId: string
  readonly source: EventSource
  readonly actor: Actor
  readonly tokenId?: string
}

/** What happened to a person's memberships, by SCIM id; it is told with what followed from it. */
export type Noted = ReadonlyMap<string, readonly Effect[]>

/**
 * Evaluate people of a connection anew and make their access follow, with a number of statements that does not depend on
 * how many they are. Resolves to one child event per person whose membership or access changed.
 */
export async function settlePeople(
  deps: Deps,
  tx: Tx,
  cause: Cause,
  { connection, policy }: { readonly connection: Connection; readonly policy: LoadedPolicy },
  ids: readonly string[],
  noted: Noted,
): Promise<EventDraft[]> {
  if (ids.length === 0) return []
  const { accountId, id: connectionId } = connection
  const rows = await lockDirectoryUsers(tx, accountId, connectionId, ids)
  const users = new Map(
    (
      await lockUsers(
        tx,
        accountId,
        rows.map((row) => row.user_id),
      )
    ).map((user) => [user.id, user]),
  )
  const found = rows.map((row) => row.id)
  const groups = await groupRefsOfMany(tx, accountId, connectionId, found)
  const present = rows.flatMap((row) => {
    const user = users.get(row.user_id)
    return user === undefined ? [] : [{ row, user }]
  })
  const grounds = { accountId, catalog: policy, policy, now: deps.now().getTime() }
  const people = present.map(({ row, user }) => {
    const person = { document: documentFromRow(row), groups: groups.get(row.id) ?? [] }
    return { user, save: 'derived' as const, person }
  })
  const settlement = await settleAccess(tx, grounds, people)
  const stale = rows.filter((row) => row.rules_version !== connection.rulesVersion).map((row) => row.id)
  if (stale.length > 0) await markEvaluated(tx, accountId, connectionId, stale, connection.rulesVersion)
  const children = present.flatMap(({ row }, index) =>
    childEvent(deps, cause, connection, row, settlement.people[index]!, noted),
  )
  const receivers = settlement.handedOver.map((receiver) => childOf(deps, cause, connection, receiver))
  return [...children, ...receivers]
}

function childEvent(
  deps: Deps,
  cause: Cause,
  connection: Connection,
  row: StoredDirectoryUser,
  settled: Settled,
  noted: Noted,
): EventDraft[] {
  const effects = [...(noted.get(row.id) ?? []), ...settled.effects]
  if (effects.length === 0) return []
  const [first] = settled.beganToWait.length > 0 ? settled.warnings : []
  return [
    {
      ...childOf(deps, cause, connection, { userId: settled.user.id, subject: subjectOf(row, settled.user), effects }),
      ...(first === undefined ? {} : { outcome: 'warning', code: first.code, message: first.message }),
      warnings: settled.warnings,
    },
  ]
}

function childOf(
  deps: Deps,
  { parentId, source, actor, tokenId }: Cause,
  connection: Connection,
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
    connectionId: connection.id,
    ...(tokenId === undefined ? {} : { tokenId }),
    effects,
  }
}
