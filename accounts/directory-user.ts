import type { Queries } from '../db/database.js'
import { groupsOf, groupsOfMany, type MembershipRow } from '../db/directory-members.js'
import { findManagerName, type StoredDirectoryUser } from '../db/directory-users.js'
import { listsBy } from '../db/lists-by.js'
import type { UserRow } from '../db/users.js'
import type { Document, ResourceSchema } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import type { Warning } from './access-report.js'
import type { Connection } from './connection.js'
import { documentFromRow, type Identity } from './directory-document.js'
import type { Subject } from './events.js'

/** A group as a person's resource shows it. */
export interface GroupRef {
  readonly id: string
  readonly display: string
}

/** A directory user as a protocol needs her to answer: the desired state, with what is computed at read. */
export interface DirectoryUser {
  readonly id: string
  /** The account user behind it. */
  readonly userId: string
  readonly document: Document
  /** What a User may hold where she is read. */
  readonly userSchema: ResourceSchema
  readonly version: number
  readonly createdAt: Date
  readonly lastModified: Date
  readonly groups: readonly GroupRef[]
  /** Display name of the manager, where the manager is a user of the connection who has one. */
  readonly managerName: string | null
}

type Stored = Pick<
  StoredDirectoryUser,
  'id' | 'user_id' | 'document' | 'manager_id' | 'version' | 'created_at' | 'last_modified'
>

export function directoryUserFromRow(
  row: Stored,
  groups: readonly GroupRef[],
  managerName: string | null,
  { userSchema }: Pick<Connection, 'userSchema'>,
): DirectoryUser {
  return {
    id: row.id,
    userId: row.user_id,
    document: documentFromRow(row),
    userSchema,
    version: row.version,
    createdAt: new Date(row.created_at),
    lastModified: new Date(row.last_modified),
    groups,
    managerName,
  }
}

/** The manager's name for an answer; costs a statement only where there is a manager. */
export async function managerNameOf(q: Queries, row: StoredDirectoryUser): Promise<string | null> {
  if (row.manager_id === null) return null
  return findManagerName(q, row.account_id, row.connection_id, row.manager_id)
}

/** The groups of a person, as her resource shows them. */
export async function groupRefsOf(q: Queries, row: StoredDirectoryUser): Promise<GroupRef[]> {
  return (await groupsOf(q, row.account_id, row.connection_id, row.id)).map(groupRefFromRow)
}

/** The groups of many people of a connection, by person, with one statement; who is in none is not in the answer. */
export async function groupRefsOfMany(
  q: Queries,
  accountId: string,
  connectionId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly GroupRef[]>> {
  if (ids.length === 0) return new Map()
  const byPerson = listsBy(await groupsOfMany(q, accountId, connectionId, ids), (row) => row.directory_user_id)
  return new Map([...byPerson].map(([id, rows]) => [id, rows.map(groupRefFromRow)]))
}

function groupRefFromRow({ group_id: id, display_name: display }: MembershipRow): GroupRef {
  return { id, display }
}

export function subjectOf(row: Pick<StoredDirectoryUser, 'id' | 'external_id' | 'document'>, user: UserRow): Subject {
  const { userName } = JSON.parse(row.document) as { userName?: string }
  return {
    type: 'user',
    id: user.id,
    scimId: row.id,
    ...(userName === undefined ? {} : { userName }),
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    email: user.email,
    displayName: user.display_name,
  }
}

/** The account user as the directory describes her; facts that are not the directory's stay. */
export function describedBy(user: UserRow, identity: Identity, desiredActive: number, now: number): UserRow {
  return {
    ...user,
    given_name: identity.givenName,
    family_name: identity.familyName,
    display_name: identity.displayName,
    email: identity.email,
    email_key: identity.email === null ? null : fold(identity.email),
    origin: 'directory',
    desired_active: desiredActive,
    updated_at: now,
    version: user.version + 1,
  }
}

/** A user who is yet to be: status and role are derived when access is settled. */
export function newUser(accountId: string, id: string, candidateScimId: string, now: number): UserRow {
  return {
    account_id: accountId,
    id,
    given_name: null,
    family_name: null,
    display_name: '',
    email: null,
    email_key: null,
    origin: 'local',
    accepted_at: null,
    suspended_by_admin: 0,
    suspended_by_end: 0,
    transfer_declined: 0,
    transferred_out: 0,
    desired_active: null,
    status: 'invited',
    status_reason: null,
    role_id: '',
    role_source: 'default',
    role_source_id: '',
    overridden: 0,
    candidate_scim_id: candidateScimId,
    last_sign_in_at: null,
    web_login: null,
    language: null,
    version: 0,
    created_at: now,
    updated_at: now,
    deleted_at: null,
  }
}

const MAX_NAME = 32

/** Products take 32 characters of a name (PRODUCT D5): said once, when such a name comes. */
export function nameWarnings(before: UserRow | undefined, after: UserRow): Warning[] {
  const names = [
    [before?.given_name, after.given_name],
    [before?.family_name, after.family_name],
  ] as const
  const cut = names.some(([old, now]) => now !== null && now !== old && [...now].length > MAX_NAME)
  if (!cut) return []
  return [{ code: 'name_shortened', message: `Products show the first ${MAX_NAME} characters of the name.` }]
}
