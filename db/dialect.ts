/** A column of a row set passed as one JSON parameter: its name and what it holds. */
export type JsonColumn = readonly [name: string, type: 'text' | 'integer']

/** Everything in which the SQL of the two databases differs. A statement is otherwise one text for both. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres'
  /** Row lock at the end of a SELECT; SQLite has one writer and needs none. */
  readonly forUpdate: string
  /**
   * Statements that enter what their one parameter names until the end of the transaction: beside others, or alone. In
   * the queue of this lock nobody overtakes; a row that is shared without a break is never free for who wants it alone.
   * Undefined where there is one writer.
   */
  readonly enter: { readonly beside: string; readonly alone: string } | undefined
  /** Type of a text column that compares byte by byte, so that both databases sort and range alike. */
  readonly text: string
  readonly integer: string
  /** Behind CREATE TABLE of a narrow table that is only ever read by its key. */
  readonly clustered: string
  /** A FROM item whose one parameter is a JSON array of texts; its column is `value`. */
  readonly list: string
  /** Join that keeps the written order: SQLite's planner otherwise starts from the account and walks all of it. */
  readonly join: string
  /** Behind a table's name: the index to use, where SQLite's planner would walk the account in its place. */
  indexed(index: string): string
  /** A JSON text column as JSON, for `->>`. */
  json(column: string): string
  /** A FROM item, to be aliased, whose one parameter is a JSON array of arrays: one inner array per row. */
  rows(columns: readonly JsonColumn[]): string
}

export const SQLITE: Dialect = {
  name: 'sqlite',
  forUpdate: '',
  enter: undefined,
  text: 'TEXT',
  integer: 'INTEGER',
  clustered: ' WITHOUT ROWID',
  list: 'json_each(?)',
  join: 'CROSS JOIN',
  indexed: (index) => ` INDEXED BY ${index}`,
  json: (column) => column,
  rows: (columns) =>
    `(SELECT ${columns.map(([name], index) => `value ->> ${index} AS ${name}`).join(', ')} FROM json_each(?))`,
}

export const POSTGRES: Dialect = {
  name: 'postgres',
  forUpdate: ' FOR UPDATE',
  enter: {
    beside: 'SELECT pg_advisory_xact_lock_shared(hashtextextended(?, 0))',
    alone: 'SELECT pg_advisory_xact_lock(hashtextextended(?, 0))',
  },
  text: 'TEXT COLLATE "C"',
  integer: 'BIGINT',
  clustered: '',
  list: 'jsonb_array_elements_text(?::jsonb) AS list(value)',
  join: 'JOIN',
  indexed: () => '',
  json: (column) => `${column}::jsonb`,
  rows: (columns) =>
    `(SELECT ${columns
      .map(([name, type], index) => `(item ->> ${index})${type === 'integer' ? '::bigint' : ' COLLATE "C"'} AS ${name}`)
      .join(', ')} FROM jsonb_array_elements(?::jsonb) AS list(item))`,
}
