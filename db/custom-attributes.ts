import { type ConnectionRow, connectionsOf, lockConnection } from './connections.js'
import type { Queries, Tx } from './database.js'
import { FILTER_DIALECTS } from './filter-dialect.js'
import { composed, statement } from './statement.js'

export interface CustomAttributeRow {
  readonly account_id: string
  readonly id: string
  readonly name: string
  /** Folded. */
  readonly name_key: string
  readonly type: string
  readonly description: string
  /** JSON text: an array of texts; null where the type is not `choice`. */
  readonly choices: string | null
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
  readonly deleted_at: number | null
}

const LIST = statement(`SELECT * FROM custom_attributes WHERE account_id = ? ORDER BY created_at, id`)
const SAVE = statement(
  `INSERT INTO custom_attributes (account_id, id, name, name_key, type, description, choices, version, created_at, updated_at, deleted_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (account_id, id) DO UPDATE SET name = excluded.name, type = excluded.type, description = excluded.description,
     choices = excluded.choices, version = excluded.version, created_at = excluded.created_at,
     updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`,
)
const EXTEND = statement(`UPDATE connections SET extension = ? WHERE account_id = ? RETURNING *`)

/** Oldest first, deleted ones among them. */
export function customAttributesOf(q: Queries, accountId: string): Promise<CustomAttributeRow[]> {
  return q.all(LIST, [accountId])
}

/** Make or change an attribute. */
export async function saveCustomAttribute(tx: Tx, r: CustomAttributeRow): Promise<void> {
  const words = [r.account_id, r.id, r.name, r.name_key, r.type, r.description, r.choices]
  await tx.run(SAVE, [...words, r.version, r.created_at, r.updated_at, r.deleted_at])
}

/** Give every connection of an account its new copy of the definitions. Locks them all: writes in flight end first. */
export async function extendConnections(
  tx: Tx,
  accountId: string,
  extension: string | null,
): Promise<{ readonly before: ConnectionRow; readonly after: ConnectionRow }[]> {
  const before = new Map<string, ConnectionRow>()
  for (const { id } of await connectionsOf(tx, accountId)) {
    const row = await lockConnection(tx, accountId, id)
    if (row !== undefined) before.set(id, row)
  }
  const rows = await tx.all<ConnectionRow>(EXTEND, [extension, accountId])
  return rows.flatMap((after) => {
    const known = before.get(after.id)
    return known === undefined ? [] : [{ before: known, after }]
  })
}

/**
 * Whether nobody of an account has a value at these keys of her document. Of more people than `most` that is not known,
 * because nobody reads through all of them.
 */
export async function isStoredNowhere(
  q: Queries,
  accountId: string,
  keys: readonly string[],
  most: number,
): Promise<boolean> {
  const value = FILTER_DIALECTS[q.dialect.name].text('r.folded', keys)
  const text = `SELECT count(*) AS people, count(s.value) AS found
    FROM (SELECT ${value} AS value FROM directory_users r WHERE r.account_id = ? LIMIT ?) AS s`
  const row = await q.get<{ people: number; found: number }>(composed(text), [accountId, most + 1])
  return row !== undefined && row.people <= most && row.found === 0
}
