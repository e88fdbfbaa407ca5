import type { Database, Tx } from '../../db/database.js'
import { composed } from '../../db/statement.js'

/**
 * A large store in seconds, for measurements and for tests of what must not grow with it: one person who came in over
 * SCIM is copied with set statements, so that every copy has the rows that the server itself wrote for her. Her texts
 * hold the number `NUMBER`, which is another one in every copy. The log has no events of the copies.
 */
export const NUMBER = '00000000'

export interface Original {
  readonly accountId: string
  readonly connectionId: string
  /** SCIM id of the person to copy. */
  readonly scimId: string
}

/** Tables that hold a person, the column by which her rows are found, and the columns that hold an id of hers. */
const TABLES = [
  { table: 'users', by: 'id', ids: ['id', 'candidate_scim_id'] },
  { table: 'user_terms', by: 'user_id', ids: ['user_id'] },
  { table: 'directory_users', by: 'id', ids: ['id', 'user_id'] },
  { table: 'directory_emails', by: 'directory_user_id', ids: ['directory_user_id'] },
] as const

/** SCIM id of copy `number` of a person; copies sort in the order of their numbers. */
export function copyId(scimId: string, number: number): string {
  return scimId.slice(0, -NUMBER.length) + String(number).padStart(NUMBER.length, '0')
}

/** Copy a person `count` times; numbers begin at 1. */
export async function clonePeople(db: Database, original: Original, count: number): Promise<void> {
  const found = await db.get<{ user_id: string }>(
    composed('SELECT user_id FROM directory_users WHERE account_id = ? AND connection_id = ? AND id = ?'),
    [original.accountId, original.connectionId, original.scimId],
  )
  if (found === undefined) throw new Error(`nobody has the id ${original.scimId}`)
  await db.transaction(async (tx) => {
    for (const { table, by, ids } of TABLES) {
      const id = by === 'id' && table === 'users' ? found.user_id : by === 'user_id' ? found.user_id : original.scimId
      await cloneRows(tx, { table, by, ids, accountId: original.accountId, id, count })
    }
  })
  await analyse(db)
}

/** PostgreSQL's housekeeping would do this within a minute; until then it plans for the table as it was. */
async function analyse(db: Database): Promise<void> {
  if (db.dialect.name === 'postgres') await db.run(composed('VACUUM (ANALYZE)'), [])
}

interface Rows {
  readonly table: string
  readonly by: string
  readonly ids: readonly string[]
  readonly accountId: string
  readonly id: string
  readonly count: number
}

async function cloneRows(tx: Tx, { table, by, ids, accountId, id, count }: Rows): Promise<void> {
  const where = `WHERE account_id = ? AND ${by} = ?`
  const sample = await tx.get<Record<string, string | number | null>>(composed(`SELECT * FROM ${table} ${where}`), [
    accountId,
    id,
  ])
  const columns = Object.entries(sample ?? {})
  const values = columns.map(([name, value]) => {
    if (ids.includes(name)) return `substr(t.${name}, 1, length(t.${name}) - ${NUMBER.length}) || n.n`
    const isOwn = typeof value === 'string' && (!name.endsWith('_id') || name === 'external_id')
    return isOwn ? `replace(t.${name}, '${NUMBER}', n.n)` : `t.${name}`
  })
  const names = columns.map(([name]) => name).join(', ')
  const text = `INSERT INTO ${table} (${names})
    WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < ${count})
    SELECT ${values.join(', ')} FROM
      (SELECT substr(CAST(1${NUMBER} + i AS TEXT), 2) AS n FROM counted) AS n
      CROSS JOIN (SELECT * FROM ${table} ${where}) AS t
    WHERE true ON CONFLICT DO NOTHING`
  await tx.run(composed(text), [accountId, id])
}

/** Put copies `first` to `last` of a person into a group, past the server. */
export async function cloneMembers(
  db: Database,
  { accountId, connectionId, scimId }: Original,
  groupId: string,
  [first, last]: readonly [first: number, last: number],
): Promise<void> {
  const text = `INSERT INTO directory_members (account_id, connection_id, group_id, directory_user_id)
    SELECT account_id, connection_id, CAST(? AS TEXT), id FROM directory_users
    WHERE account_id = ? AND connection_id = ? AND id >= ? AND id <= ?`
  const range = [copyId(scimId, first), copyId(scimId, last)]
  await db.transaction((tx) => tx.run(composed(text), [groupId, accountId, connectionId, ...range]))
  await analyse(db)
}
