import type { Queries, Tx } from './database.js'
import { CHUNK, inChunks } from './in-chunks.js'
import { Pace } from './pace.js'
import { statement } from './statement.js'

/** A person's group. */
export interface MembershipRow {
  readonly directory_user_id: string
  readonly group_id: string
  readonly display_name: string
}

const GROUPS_OF = statement(
  (d) => `SELECT m.directory_user_id, m.group_id, g.display_name
    FROM directory_members m ${d.join} directory_groups g
      ON g.account_id = m.account_id AND g.connection_id = m.connection_id AND g.id = m.group_id
    WHERE m.account_id = ? AND m.connection_id = ? AND m.directory_user_id = ?
    ORDER BY m.group_id`,
)
const GROUPS_OF_MANY = statement(
  (d) => `SELECT m.directory_user_id, m.group_id, g.display_name
    FROM ${d.list}
    ${d.join} directory_members m ON m.account_id = ? AND m.connection_id = ? AND m.directory_user_id = value
    ${d.join} directory_groups g
      ON g.account_id = m.account_id AND g.connection_id = m.connection_id AND g.id = m.group_id
    ORDER BY m.directory_user_id, m.group_id`,
)

/** The groups of one person, in a stable order. */
export function groupsOf(q: Queries, accountId: string, connectionId: string, id: string): Promise<MembershipRow[]> {
  return q.all(GROUPS_OF, [accountId, connectionId, id])
}

/** The groups of many people, with one statement. */
export function groupsOfMany(
  q: Queries,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<MembershipRow[]> {
  return q.all(GROUPS_OF_MANY, [JSON.stringify(ids), accountId, connectionId])
}

const ADD = statement(
  (d) => `INSERT INTO directory_members (account_id, connection_id, group_id, directory_user_id)
    SELECT ?, ?, ?, value FROM ${d.list} WHERE true ON CONFLICT DO NOTHING RETURNING directory_user_id`,
)
const REMOVE = statement(
  (d) => `DELETE FROM directory_members WHERE account_id = ? AND connection_id = ? AND group_id = ?
    AND directory_user_id IN (SELECT value FROM ${d.list}) RETURNING directory_user_id`,
)
const REMOVE_PERSON = statement(
  `DELETE FROM directory_members WHERE account_id = ? AND connection_id = ? AND directory_user_id = ? RETURNING group_id`,
)

interface Joined {
  readonly directory_user_id: string
}

const idsOf = (rows: readonly Joined[]): string[] => rows.map((row) => row.directory_user_id)

/** Add people to a group, however many; resolves to those who were not in it. Nobody reads the member list. */
export async function addMembers(
  tx: Tx,
  accountId: string,
  connectionId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  const add = (some: readonly string[]) => tx.all<Joined>(ADD, [accountId, connectionId, groupId, JSON.stringify(some)])
  return idsOf(await inChunks(tx, ids, add))
}

/** Remove people from a group, however many; resolves to those who were in it. */
export async function removeMembers(
  tx: Tx,
  accountId: string,
  connectionId: string,
  groupId: string,
  ids: readonly string[],
): Promise<string[]> {
  const remove = (some: readonly string[]) =>
    tx.all<Joined>(REMOVE, [accountId, connectionId, groupId, JSON.stringify(some)])
  return idsOf(await inChunks(tx, ids, remove))
}

/** Take a person out of all groups; resolves to those groups. */
export async function removeMemberships(
  tx: Tx,
  accountId: string,
  connectionId: string,
  directoryUserId: string,
): Promise<string[]> {
  const rows = await tx.all<{ group_id: string }>(REMOVE_PERSON, [accountId, connectionId, directoryUserId])
  return rows.map((row) => row.group_id)
}

const LOCK_GROUPS_OF = statement(
  (d) => `SELECT g.id FROM directory_members m ${d.join} directory_groups g
      ON g.account_id = m.account_id AND g.connection_id = m.connection_id AND g.id = m.group_id
    WHERE m.account_id = ? AND m.connection_id = ? AND m.directory_user_id = ?
    ORDER BY g.id${d.forUpdate === '' ? '' : `${d.forUpdate} OF g`}`,
)

/** Lock the groups of a person, in the order of their ids, and say which they are. */
export async function lockGroupsOf(tx: Tx, accountId: string, connectionId: string, id: string): Promise<string[]> {
  return (await tx.all<{ id: string }>(LOCK_GROUPS_OF, [accountId, connectionId, id])).map((group) => group.id)
}

const TOUCH_GROUPS = statement(
  (d) => `UPDATE directory_groups SET version = version + 1, last_modified = ?
    WHERE account_id = ? AND connection_id = ? AND id IN (SELECT value FROM ${d.list})`,
)

/** A deleted person changes the groups she was in: their version moves. */
export async function touchGroups(
  tx: Tx,
  accountId: string,
  connectionId: string,
  groupIds: readonly string[],
  now: number,
): Promise<void> {
  await tx.run(TOUCH_GROUPS, [now, accountId, connectionId, JSON.stringify(groupIds)])
}

/** A member as a group resource shows her. */
export interface MemberRow {
  readonly group_id: string
  readonly directory_user_id: string
  readonly display_name: string | null
}

// Cut before it is sorted: whoever gets as many as `limit` has no use for them.
const MEMBERS_OF = statement(
  (d) => `SELECT m.group_id, m.directory_user_id, ${d.json('r.document')} ->> 'displayName' AS display_name
    FROM (SELECT n.account_id, n.connection_id, n.group_id, n.directory_user_id FROM ${d.list}
      ${d.join} directory_members n ON n.account_id = ? AND n.connection_id = ? AND n.group_id = value LIMIT ?) AS m
    ${d.join} directory_users r
      ON r.account_id = m.account_id AND r.connection_id = m.connection_id AND r.id = m.directory_user_id
    ORDER BY m.group_id, m.directory_user_id`,
)

/** The members of these groups, with one statement; undefined where they are more than `most`. */
export async function membersOf(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupIds: readonly string[],
  most: number,
): Promise<MemberRow[] | undefined> {
  const rows = await q.all<MemberRow>(MEMBERS_OF, [JSON.stringify(groupIds), accountId, connectionId, most + 1])
  return rows.length > most ? undefined : rows
}

const SOME_MEMBERS = statement(
  `SELECT directory_user_id FROM directory_members
   WHERE account_id = ? AND connection_id = ? AND group_id = ? AND directory_user_id > ?
   ORDER BY directory_user_id LIMIT ?`,
)

/** The next members of a group behind `after`, for work in chunks and for telling small groups from large ones. */
export async function pageOfMembers(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupId: string,
  after: string,
  limit: number,
): Promise<string[]> {
  return idsOf(await q.all(SOME_MEMBERS, [accountId, connectionId, groupId, after, limit]))
}

const MEMBERS_BEHIND = statement(
  (d) => `SELECT m.group_id, m.directory_user_id, ${d.json('r.document')} ->> 'displayName' AS display_name
    FROM (SELECT * FROM directory_members
      WHERE account_id = ? AND connection_id = ? AND group_id = ? AND directory_user_id > ?
      ORDER BY directory_user_id LIMIT ?) AS m
    ${d.join} directory_users r
      ON r.account_id = m.account_id AND r.connection_id = m.connection_id AND r.id = m.directory_user_id
    ORDER BY m.directory_user_id`,
)

/** All members of one group, read a chunk at a time. `pace` is that of the transaction, where there is one. */
export async function allMembersOf(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupId: string,
  pace: Pick<Pace, 'giveWay'> = new Pace(),
): Promise<MemberRow[]> {
  const rows: MemberRow[] = []
  for (let after = ''; ; ) {
    const page = await q.all<MemberRow>(MEMBERS_BEHIND, [accountId, connectionId, groupId, after, CHUNK])
    for (const row of page) rows.push(row)
    if (page.length < CHUNK) return rows
    after = page.at(-1)!.directory_user_id
    await pace.giveWay()
  }
}
