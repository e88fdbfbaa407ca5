import { findGroup } from '../db/directory-groups.js'
import { groupsOfMany, membersOf } from '../db/directory-members.js'
import { type DirectorySearch, searchDirectoryGroups, searchDirectoryUsers } from '../db/directory-search.js'
import { findDirectoryUser, findManagerNames, type StoredDirectoryUser } from '../db/directory-users.js'
import { findUserByCandidate, findUserByEmail, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import {
  type DirectoryUser,
  directoryUserFromRow,
  type GroupRef,
  groupRefsOf,
  managerNameOf,
} from './directory-user.js'
import { AccountError } from './errors.js'
import { synthesisedDocument } from './link-user.js'
import { causeToAsk, isFree } from './match-user.js'
import { loadCatalog } from './policy.js'
import { type DirectoryGroup, directoryGroupFromRow } from './provision-group.js'

export type { DirectorySearch }

export interface Found<T> {
  readonly total: number
  readonly items: readonly T[]
}

/**
 * Read a directory user by SCIM id; a local user who may be linked answers under her candidate id (DESIGN 4). Reads
 * write nothing. Throws user_not_found.
 */
export async function getDirectoryUser(
  { db }: Deps,
  connection: Connection,
  id: string,
  wantsGroups: boolean,
): Promise<DirectoryUser> {
  const { accountId, id: connectionId } = connection
  const row = await findDirectoryUser(db, accountId, connectionId, id)
  if (row !== undefined) {
    const groups = wantsGroups ? await groupRefsOf(db, row) : []
    return directoryUserFromRow(row, groups, await managerNameOf(db, row))
  }
  const user = await findUserByCandidate(db, accountId, id)
  const candidate = user === undefined ? undefined : await asCandidate(db, connection, user)
  if (candidate !== undefined) return candidate
  throw new AccountError('user_not_found', `The user ${id} is not known here. It may have been deleted.`)
}

/** A page of the people of a connection; local users never appear in it. */
export async function listDirectoryUsers(
  { db }: Deps,
  { accountId, id }: Connection,
  search: DirectorySearch,
  wantsGroups: boolean,
): Promise<Found<DirectoryUser>> {
  const { total, rows } = await searchDirectoryUsers(db, accountId, id, search)
  const ids = rows.map((row) => row.id)
  const memberships = wantsGroups && ids.length > 0 ? await groupsOfMany(db, accountId, id, ids) : []
  const groups = listsBy(memberships, (row) => row.directory_user_id)
  const managers = await managerNamesOf(db, accountId, id, rows)
  const items = rows.map((row) => {
    const managerName = row.manager_id === null ? null : (managers.get(row.manager_id) ?? null)
    return directoryUserFromRow(row, (groups.get(row.id) ?? []).map(groupRef), managerName)
  })
  return { total, items }
}

/** The local user who may be linked and has this address: what a look-up by address finds beside the directory's own. */
export async function findCandidate(
  { db }: Deps,
  connection: Connection,
  address: string,
): Promise<DirectoryUser | undefined> {
  const user = await findUserByEmail(db, connection.accountId, fold(address))
  return user === undefined ? undefined : asCandidate(db, connection, user)
}

async function asCandidate(db: Deps['db'], connection: Connection, user: UserRow): Promise<DirectoryUser | undefined> {
  if (user.deleted_at !== null || user.candidate_scim_id === null) return undefined
  if (!(await isFree(db, connection.accountId, user))) return undefined
  const catalog = await loadCatalog(db, connection.accountId)
  if ((await causeToAsk(db, connection, catalog, user)) !== undefined) return undefined
  const document = synthesisedDocument(user)
  if (document === undefined) return undefined
  const instants = { createdAt: new Date(user.created_at), lastModified: new Date(user.updated_at) }
  const base = { userId: user.id, document, version: user.version, groups: [], managerName: null }
  return { id: user.candidate_scim_id, ...base, ...instants }
}

/** Throws group_not_found. */
export async function getDirectoryGroup(
  { db }: Deps,
  { accountId, id: connectionId }: Connection,
  id: string,
  wantsMembers: boolean,
): Promise<DirectoryGroup> {
  const row = await findGroup(db, accountId, connectionId, id)
  if (row === undefined) {
    throw new AccountError('group_not_found', `The group ${id} is not known here. It may have been deleted.`)
  }
  return directoryGroupFromRow(row, wantsMembers ? await membersOf(db, accountId, connectionId, [id]) : undefined)
}

export async function listDirectoryGroups(
  { db }: Deps,
  { accountId, id }: Connection,
  search: DirectorySearch,
  wantsMembers: boolean,
): Promise<Found<DirectoryGroup>> {
  const { total, rows } = await searchDirectoryGroups(db, accountId, id, search)
  const ids = rows.map((row) => row.id)
  const members = listsBy(
    wantsMembers && ids.length > 0 ? await membersOf(db, accountId, id, ids) : [],
    (row) => row.group_id,
  )
  const items = rows.map((row) => directoryGroupFromRow(row, wantsMembers ? (members.get(row.id) ?? []) : undefined))
  return { total, items }
}

/** Nobody in most pages of most directories has one: then it costs nothing. */
async function managerNamesOf(
  db: Deps['db'],
  accountId: string,
  connectionId: string,
  rows: readonly StoredDirectoryUser[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = new Set(rows.flatMap((row) => row.manager_id ?? []))
  return ids.size === 0 ? new Map() : findManagerNames(db, accountId, connectionId, [...ids])
}

function groupRef({ group_id, display_name }: { group_id: string; display_name: string }): GroupRef {
  return { id: group_id, display: display_name }
}

function listsBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const lists = new Map<string, Row[]>()
  for (const row of rows) {
    const list = lists.get(keyOf(row))
    if (list === undefined) lists.set(keyOf(row), [row])
    else list.push(row)
  }
  return lists
}
