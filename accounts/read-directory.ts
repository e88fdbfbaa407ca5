import { findGroup } from '../db/directory-groups.js'
import { allMembersOf } from '../db/directory-members.js'
import { findDirectoryUser } from '../db/directory-users.js'
import { findUserByCandidate, findUserByEmail, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { type DirectoryUser, directoryUserFromRow, groupRefsOf, managerNameOf } from './directory-user.js'
import { AccountError } from './errors.js'
import { synthesisedDocument } from './link-user.js'
import { causeToAsk, isFree } from './match-user.js'
import { loadCatalog } from './policy.js'
import { type DirectoryGroup, directoryGroupFromRow } from './provision-group.js'

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
    return directoryUserFromRow(row, groups, await managerNameOf(db, row), connection)
  }
  const user = await findUserByCandidate(db, accountId, id)
  const candidate = user === undefined ? undefined : await asCandidate(db, connection, user)
  if (candidate !== undefined) return candidate
  throw new AccountError('user_not_found', `The user ${id} is not known here. It may have been deleted.`)
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
  const base = {
    userId: user.id,
    document,
    userSchema: connection.userSchema,
    version: user.version,
    groups: [],
    managerName: null,
  }
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
  return directoryGroupFromRow(row, wantsMembers ? await allMembersOf(db, accountId, connectionId, id) : undefined)
}
