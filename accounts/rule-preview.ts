import type { Queries } from '../db/database.js'
import { findGroup } from '../db/directory-groups.js'
import { pageOfMembers } from '../db/directory-members.js'
import { findLink, findLinks, pageOfIds } from '../db/directory-users.js'
import { grantsOf } from '../db/grants.js'
import { licensesOf } from '../db/licenses.js'
import { readLinks, readUsers } from '../db/preview-people.js'
import type { Administrator } from './administrator.js'
import type { Connection } from './connection.js'
import { getConnection } from './connections.js'
import { type Decision, decideAll } from './decide-access.js'
import type { Deps } from './deps.js'
import { documentFromRow } from './directory-document.js'
import { groupRefsOfMany } from './directory-user.js'
import { AccountError } from './errors.js'
import type { EffectiveRole } from './evaluate-types.js'
import type { LoadedPolicy } from './policy.js'
import { type PreviewEntry, productCells, roleCell } from './preview-cells.js'
import { type RuleTrial, trialPolicy } from './rule-trial.js'
import { forecastSeats, type SeatForecast } from './seat-forecast.js'
import { settleSeats } from './seats.js'
import { claimOf } from './settle-access.js'
import { userNotFound } from './users-read.js'

/** One of these. */
export interface Audience {
  readonly userId?: string | undefined
  readonly groupId?: string | undefined
  readonly everyone?: true | undefined
}

export interface PreviewCount {
  readonly field: PreviewEntry['field']
  readonly product?: string
  readonly change: PreviewEntry['change']
  readonly people: number
}

/** Seats of a pool that are taken, and people who wait for one. */
interface PoolState {
  readonly used: number
  readonly waiting: number
}

export interface PreviewPool {
  readonly product: string
  readonly seats: number
  readonly now: PoolState
  readonly after: PoolState
}

export interface RulePreview {
  /** How many people were looked at. */
  readonly people: number
  readonly counts: readonly PreviewCount[]
  /** Pools of which seats would move, also to people of other connections who had waited. */
  readonly pools: readonly PreviewPool[]
  /** At most `limit` of the cells that would change; `counts` counts all of them. */
  readonly items: readonly PreviewEntry[]
  readonly complete: boolean
}

const CHUNK = 250

/**
 * Who would gain and lose what, and who would wait, by the evaluation and the handing out of seats that applying uses;
 * nothing is written. Seats are foretold as if the people asked about were the only ones whom the rules concern: with
 * `everyone` that is what comes. Refuses: connection_not_found, rule_not_found, rule_condition, user_not_found,
 * group_not_found, and what `checkEffects` refuses.
 */
export async function previewRule(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  input: { trial: RuleTrial; who: Audience; limit: number },
): Promise<RulePreview> {
  const { db } = deps
  const connection = await getConnection(db, accountId, connectionId)
  const policy = await trialPolicy(db, actor, connection, input.trial)
  const foretold: Foretold = { seats: await forecastSeats(db, accountId), roles: new Map() }
  let people = 0
  let now = deps.now().getTime()
  for await (const ids of audience(db, connection, input.who)) {
    people += ids.length
    // Each chunk is a later transaction of the job: who begins to wait in it stands behind those of the one before.
    now += 1
    await foretell(db, connection, policy, foretold, ids, now)
    await othersTurn()
  }
  return { people, ...(await told(db, connection, policy, foretold, input.limit)), pools: poolsOf(policy, foretold) }
}

/** Others have their turn between the chunks of a large preview. */
function othersTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** What would be, as far as the preview has come. */
interface Foretold {
  readonly seats: SeatForecast
  /** Roles that would be others, by user. */
  readonly roles: Map<string, EffectiveRole>
}

/** The SCIM ids of the people in question, in chunks and in the order in which a job takes them. */
async function* audience(q: Queries, connection: Connection, who: Audience): AsyncGenerator<string[]> {
  const { accountId, id: connectionId } = connection
  if (who.userId !== undefined) {
    const link = await findLink(q, accountId, who.userId)
    if (link === undefined || link.connection_id !== connectionId) throw userNotFound()
    return yield [link.id]
  }
  const { groupId } = who
  if (groupId !== undefined && (await findGroup(q, accountId, connectionId, groupId)) === undefined)
    throw new AccountError('group_not_found', 'This connection has no such group.')
  let after = ''
  for (;;) {
    const ids =
      groupId === undefined
        ? await pageOfIds(q, accountId, connectionId, after, CHUNK)
        : await pageOfMembers(q, accountId, connectionId, groupId, after, CHUNK)
    const last = ids.at(-1)
    if (last === undefined) return
    yield ids
    after = last
  }
}

/** What the job would do to these people. */
async function foretell(
  db: Queries,
  connection: Connection,
  policy: LoadedPolicy,
  { seats, roles }: Foretold,
  ids: readonly string[],
  now: number,
): Promise<void> {
  const decisions = await decide(db, connection, policy, ids, now)
  for (const { unsettled, access } of decisions)
    if (access.role.id !== unsettled.user.role_id) roles.set(unsettled.user.id, access.role)
  const before = await seats.licensesOf(decisions.map(({ user }) => user.id))
  await settleSeats(seats, decisions.map(claimOf), before, now)
}

async function decide(
  db: Queries,
  { accountId, id: connectionId }: Connection,
  policy: LoadedPolicy,
  ids: readonly string[],
  now: number,
): Promise<Decision[]> {
  const links = await readLinks(db, accountId, connectionId, ids)
  const userIds = links.map((link) => link.user_id)
  const users = new Map((await readUsers(db, accountId, userIds)).map((user) => [user.id, user]))
  const groups = await groupRefsOfMany(db, accountId, connectionId, ids)
  const people = links.flatMap((link) => {
    const user = users.get(link.user_id)
    const person = { document: documentFromRow(link), groups: groups.get(link.id) ?? [] }
    return user === undefined ? [] : [{ user, save: 'derived', person } as const]
  })
  return decideAll({ accountId, catalog: policy, policy, now }, people, await grantsOf(db, accountId, userIds))
}

/** Everyone's cells, once all that would happen is known. */
async function told(
  db: Queries,
  connection: Connection,
  policy: LoadedPolicy,
  foretold: Foretold,
  limit: number,
): Promise<Pick<RulePreview, 'counts' | 'items' | 'complete'>> {
  const touched = [...new Set([...foretold.roles.keys(), ...foretold.seats.users()])].sort()
  const tally = new Map<string, PreviewCount>()
  const items: PreviewEntry[] = []
  let changed = 0
  for (let start = 0; start < touched.length; start += CHUNK) {
    for (const entry of await cellsOf(db, connection, policy, foretold, touched.slice(start, start + CHUNK))) {
      changed += 1
      count(tally, entry)
      if (items.length < limit) items.push(entry)
    }
    await othersTurn()
  }
  return { counts: [...tally.values()], items, complete: changed === items.length }
}

function count(tally: Map<string, PreviewCount>, { field, product, change }: PreviewEntry): void {
  const key = `${field} ${product ?? ''} ${change}`
  const known = tally.get(key)
  const what = product === undefined ? { field, change } : { field, product, change }
  tally.set(key, { ...what, people: (known?.people ?? 0) + 1 })
}

async function cellsOf(
  db: Queries,
  { accountId, id: connectionId }: Connection,
  policy: LoadedPolicy,
  { roles, seats }: Foretold,
  userIds: readonly string[],
): Promise<PreviewEntry[]> {
  const links = new Map((await findLinks(db, accountId, userIds)).map((link) => [link.user_id, link]))
  const licenses = await licensesOf(db, accountId, userIds)
  return (await readUsers(db, accountId, userIds)).flatMap((user) => {
    const link = links.get(user.id)
    if (link?.connection_id !== connectionId) return []
    const { userName } = JSON.parse(link.document) as { userName: string }
    const person = { userId: user.id, scimId: link.id, userName, displayName: user.display_name }
    const [role, stored] = [roles.get(user.id), licenses.filter((row) => row.user_id === user.id)]
    return [
      ...(role === undefined ? [] : [roleCell(person, user, role, policy)]),
      ...productCells(person, stored, seats, policy),
    ]
  })
}

function poolsOf({ productById }: LoadedPolicy, { seats }: Foretold): PreviewPool[] {
  return seats.changedPools().map(({ before, after }) => ({
    product: productById.get(before.id)?.key ?? before.key,
    seats: before.seats,
    now: { used: before.used, waiting: before.waiting },
    after: { used: after.used, waiting: after.waiting },
  }))
}
