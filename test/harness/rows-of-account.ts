import type { Database } from '../../db/database.js'
import { composed } from '../../db/statement.js'

/** The rows of each table, as sorted JSON texts: equal dumps are equal data. */
export type Dump = Readonly<Record<string, readonly string[]>>

/** Where the log stands. A refusal is written there, and nowhere else. */
export const LOG_TABLES = ['events', 'event_facets', 'event_refs', 'event_payloads', 'refused_tokens'] as const

/** What is noted off the path of a request, at a moment of its own: reads, and when a token was last used. */
const NOTED: readonly string[] = ['read_log', 'read_counts']
const NOTED_COLUMNS = { last_used_at: undefined, last_used_ip: undefined }

const TABLES = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%account_id%' ORDER BY name`,
  postgres: `SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'account_id' ORDER BY name`,
} as const

/**
 * Every row of an account, table by table, as the schema names them: a new table is looked at without being mentioned.
 * `without` leaves tables out; `about` keeps the rows in which one of these ids stands.
 */
export async function rowsOfAccount(
  db: Database,
  accountId: string,
  { without = [], about }: { without?: readonly string[]; about?: readonly string[] } = {},
): Promise<Dump> {
  const tables = await db.all<{ name: string }>(composed(TABLES[db.dialect.name]), [])
  const looked = tables.filter(({ name }) => !NOTED.includes(name) && !without.includes(name))
  const dumps = looked.map(async ({ name }): Promise<[string, string[]]> => {
    const rows = await db.all<object>(composed(`SELECT * FROM ${name} WHERE account_id = ?`), [accountId])
    const texts = rows.map((row) => JSON.stringify({ ...row, ...NOTED_COLUMNS }))
    return [name, texts.filter((text) => about?.some((id) => text.includes(id)) ?? true).sort()]
  })
  return Object.fromEntries(await Promise.all(dumps))
}

/** What came and what went between two dumps, as `table + row` and `table - row`. */
export function differences(before: Dump, after: Dump): string[] {
  return Object.keys({ ...before, ...after }).flatMap((table) => {
    const [old, now] = [before[table] ?? [], after[table] ?? []]
    const came = now.filter((row) => !old.includes(row)).map((row) => `${table} + ${row}`)
    const went = old.filter((row) => !now.includes(row)).map((row) => `${table} - ${row}`)
    return [...came, ...went]
  })
}
