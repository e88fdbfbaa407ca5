import type { Queries } from '../db/database.js'
import { findListedGroup, type ListedGroup, pageOfGroups, peopleOfGroup } from '../db/group-list.js'
import type { ResourceSchema } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import { getConnection } from './connections.js'
import { AccountError } from './errors.js'
import { cursorOf, placeFromCursor } from './opaque-cursor.js'
import { type Page, pageFrom } from './page.js'
import { groupsNamedBy } from './rule-condition.js'
import { listRules, type Rule } from './rules.js'

/** A rule that names a group in its condition. */
export type NamingRule = Pick<Rule, 'id' | 'priority' | 'enabled' | 'condition' | 'note' | 'state'>

/** A group of a directory, as administrators see it. */
export interface DirectoryGroup {
  readonly id: string
  readonly displayName: string
  readonly externalId?: string
  readonly members: number
  readonly created: Date
  readonly lastModified: Date
  /** Rules whose condition names it, in the order in which they decide. */
  readonly rules: readonly NamingRule[]
}

/** A page of groups by name; `q` is the beginning of a name, in any case. Refuses: connection_not_found, cursor_invalid. */
export async function listDirectoryGroups(
  q: Queries,
  accountId: string,
  connectionId: string,
  { q: text, cursor, limit }: { readonly q?: string | undefined; readonly cursor: string; readonly limit: number },
): Promise<Page<DirectoryGroup>> {
  const { userSchema } = await getConnection(q, accountId, connectionId)
  const [after = ''] = cursor === '' ? [] : placeFromCursor(cursor, ['string'])
  const search = { prefix: fold(text?.trim() ?? ''), after: String(after), limit: limit + 1 }
  const rows = await pageOfGroups(q, accountId, connectionId, search)
  const rules = await listRules(q, accountId, connectionId)
  return pageFrom(
    rows,
    limit,
    (row) => cursorOf([row.display_key]),
    (row) => groupFromRow(row, rules, userSchema),
  )
}

/** Refuses: group_not_found. */
export async function getDirectoryGroup(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupId: string,
): Promise<DirectoryGroup> {
  const row = await findListedGroup(q, accountId, connectionId, groupId)
  if (row === undefined) throw groupNotFound()
  const { userSchema } = await getConnection(q, accountId, connectionId)
  return groupFromRow(row, await listRules(q, accountId, connectionId), userSchema)
}

/** Somebody in a group. */
export interface GroupPerson {
  readonly userId: string
  readonly scimId: string
  readonly userName: string
  readonly displayName: string
  readonly status: string
}

/** A page of the members of a group, in a stable order. Refuses: group_not_found. */
export async function listGroupPeople(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupId: string,
  { cursor, limit }: { readonly cursor: string; readonly limit: number },
): Promise<Page<GroupPerson>> {
  if ((await findListedGroup(q, accountId, connectionId, groupId)) === undefined) throw groupNotFound()
  const rows = await peopleOfGroup(q, accountId, connectionId, groupId, cursor, limit + 1)
  return pageFrom(
    rows,
    limit,
    (row) => row.scim_id,
    (row) => ({
      userId: row.user_id,
      scimId: row.scim_id,
      userName: row.user_name ?? '',
      displayName: row.display_name,
      status: row.status,
    }),
  )
}

function groupNotFound(): AccountError {
  return new AccountError('group_not_found', 'This connection has no such group.')
}

function groupFromRow(row: ListedGroup, rules: readonly Rule[], userSchema: ResourceSchema): DirectoryGroup {
  const naming = rules.filter(({ condition }) => {
    const { ids, displays } = groupsNamedBy(condition, userSchema)
    return ids.includes(row.id) || displays.includes(row.display_key)
  })
  return {
    id: row.id,
    displayName: row.display_name,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    members: row.members,
    created: new Date(row.created_at),
    lastModified: new Date(row.last_modified),
    rules: naming.map(({ id, priority, enabled, condition, note, state }) => {
      return { id, priority, enabled, condition, note, state }
    }),
  }
}
