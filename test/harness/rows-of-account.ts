import type { Database } from '../../db/database.js'
import { composed } from '../../db/statement.js'

/** The rows of each table, as sorted JSON texts: equal dumps are equal data. */
export type Dump = Readonly<Record<string, readonly string[]>>

/** Where the log stands. A refusal is written there, and nowhere else. */
export const LOG_TABLES = ['events', 'event_facets', 'event_refs', 'event_payloads', 'refused_tokens'] as const

/** What is noted off the path of a request, at a moment of its own: reads, and when a token was last used. */
const NOTED: readonly string[] = ['read_log', 'read_counts', 'request_counts']

interface Row {
  readonly table: string
  /** As JSON. */
  readonly text: string
}

/**
 * Every row of an account, table by table, as the schema names them: a new table is looked at without being mentioned.
 * `without` leaves tables out; `about` keeps the rows in which one of these ids stands.
 */
export async function rowsOfAccount(
  db: Database,
  accountId: string,
  { without = [], about }: { without?: readonly string[]; about?: readonly string[] } = {},
): Promise<Dump> {
  const dump: Record<string, string[]> = {}
  for (const { table, text } of await ROWS[db.dialect.name](db, accountId)) {
    if (NOTED.includes(table) || without.includes(table)) continue
    if (about?.some((id) => text.includes(id)) ?? true) dump[table] = [...(dump[table] ?? []), text]
  }
  for (const rows of Object.values(dump)) rows.sort()
  return dump
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

const ROWS = { sqlite: rowsOfSqlite, postgres: rowsOfPostgres } as const

async function rowsOfSqlite(db: Database, accountId: string): Promise<Row[]> {
  const found: Row[] = []
  for (const table of await tablesOf(db)) {
    const rows = await db.all<object>(composed(`SELECT * FROM ${table} WHERE account_id = ?`), [accountId])
    const unnoted = { last_used_at: undefined, last_used_ip: undefined }
    for (const row of rows) found.push({ table, text: JSON.stringify({ ...row, ...unnoted }) })
  }
  return found
}

/** One statement: thirty would cost more than the requests that are looked at. */
async function rowsOfPostgres(db: Database, accountId: string): Promise<Row[]> {
  const tables = await tablesOf(db)
  const unnoted = `to_jsonb(t) - 'last_used_at' - 'last_used_ip'`
  const texts = tables.map(
    (table) => `SELECT '${table}' AS table, (${unnoted})::text AS text FROM ${table} AS t WHERE account_id = ?`,
  )
  const params = tables.map(() => accountId)
  return db.all<Row>(composed(texts.join(' UNION ALL ')), params)
}

const known = new WeakMap<Database, Promise<string[]>>()

function tablesOf(db: Database): Promise<string[]> {
  const tables = known.get(db) ?? findTables(db)
  known.set(db, tables)
  return tables
}

async function findTables(db: Database): Promise<string[]> {
  const rows = await db.all<{ name: string }>(composed(TABLES[db.dialect.name]), [])
  return rows.map(({ name }) => name)
}

const TABLES = {
  sqlite: `SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%account_id%'`,
  postgres: `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'account_id'`,
} as const
