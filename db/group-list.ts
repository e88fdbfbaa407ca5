import type { Queries } from './database.js'
import type { DirectoryGroupRow } from './directory-groups.js'
import { behindPrefix } from './event-search.js'
import { statement } from './statement.js'

export type ListedGroup = DirectoryGroupRow & { readonly members: number }

const MEMBERS = `(SELECT count(*) FROM directory_members m
    WHERE m.account_id = g.account_id AND m.connection_id = g.connection_id AND m.group_id = g.id) AS members`
const PAGE = statement(
  `SELECT g.*, ${MEMBERS} FROM directory_groups g
   WHERE g.account_id = ? AND g.connection_id = ? AND g.display_key > ? AND g.display_key >= ? AND g.display_key < ?
   ORDER BY g.display_key LIMIT ?`,
)
const ONE = statement(
  `SELECT g.*, ${MEMBERS} FROM directory_groups g WHERE g.account_id = ? AND g.connection_id = ? AND g.id = ?`,
)

/** Groups whose folded name begins with `prefix`, by name, behind the folded name `after`. */
export function pageOfGroups(
  q: Queries,
  accountId: string,
  connectionId: string,
  { prefix, after, limit }: { readonly prefix: string; readonly after: string; readonly limit: number },
): Promise<ListedGroup[]> {
  return q.all(PAGE, [accountId, connectionId, after, prefix, behindPrefix(prefix), limit])
}

export function findListedGroup(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<ListedGroup | undefined> {
  return q.get(ONE, [accountId, connectionId, id])
}

/** A member of a group as the account knows her. */
export interface GroupPersonRow {
  readonly scim_id: string
  readonly user_id: string
  /** JSON text of her userName. */
  readonly user_name: string | null
  readonly display_name: string
  readonly status: string
}

const PEOPLE = statement(
  (d) => `SELECT m.directory_user_id AS scim_id, r.user_id, ${d.json('r.document')} ->> 'userName' AS user_name,
      u.display_name, u.status
    FROM (SELECT directory_user_id FROM directory_members
      WHERE account_id = ? AND connection_id = ? AND group_id = ? AND directory_user_id > ?
      ORDER BY directory_user_id LIMIT ?) AS m
    ${d.join} directory_users r ON r.account_id = ? AND r.connection_id = ? AND r.id = m.directory_user_id
    ${d.join} users u ON u.account_id = r.account_id AND u.id = r.user_id
    ORDER BY m.directory_user_id`,
)

/** The members of a group behind a SCIM id, in the order of these ids. */
export function peopleOfGroup(
  q: Queries,
  accountId: string,
  connectionId: string,
  groupId: string,
  after: string,
  limit: number,
): Promise<GroupPersonRow[]> {
  return q.all(PEOPLE, [accountId, connectionId, groupId, after, limit, accountId, connectionId])
}

// Of the newest groups: who sets a connection up looks at those that have just come.
const EMPTY = statement(
  `SELECT display_name FROM (SELECT * FROM directory_groups
      WHERE account_id = ? AND connection_id = ? AND id > '' ORDER BY id DESC LIMIT 100) AS g
   WHERE NOT EXISTS (SELECT 1 FROM directory_members m
     WHERE m.account_id = g.account_id AND m.connection_id = g.connection_id AND m.group_id = g.id)
   ORDER BY g.id DESC LIMIT 3`,
)

/** Names of new groups without members. */
export async function emptyGroups(q: Queries, accountId: string, connectionId: string): Promise<string[]> {
  const rows = await q.all<{ display_name: string }>(EMPTY, [accountId, connectionId])
  return rows.map((row) => row.display_name)
}
