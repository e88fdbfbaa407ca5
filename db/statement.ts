import { type Dialect, POSTGRES, SQLITE } from './dialect.js'

/** One SQL statement in the text of each database. `name` lets PostgreSQL prepare it once per connection. */
export interface Statement {
  readonly sqlite: string
  readonly postgres: string
  readonly name?: string
  /** Asked by most requests, with the same parameters: SQLite answers all that read in one turn at once. */
  readonly shared?: true
}

/** Turn `?` into `$1`, `$2` … as PostgreSQL wants it. Our SQL has no `?` that is not a placeholder. */
export function numbered(text: string): string {
  let count = 0
  return text.replaceAll('?', () => `$${++count}`)
}

/**
 * SQLite looks at the value of a bare `LIMIT ?` when it plans, and plans anew whenever a value is bound to it, which costs
 * more than the look-up itself (docs/decisions/sqlite-reads.md). An expression it leaves alone.
 */
function planned(text: string): string {
  return text.replaceAll('LIMIT ?', 'LIMIT +?')
}

let statements = 0

/** A statement written once, at module load: `statement((d) => \`SELECT … ${d.forUpdate}\`)` or a plain text. */
export function statement(text: string | ((dialect: Dialect) => string)): Statement {
  const write = typeof text === 'string' ? () => text : text
  return { sqlite: planned(write(SQLITE)), postgres: numbered(write(POSTGRES)), name: `s${++statements}` }
}

/** A statement that most requests ask with the same parameters, such as the one for their token. */
export function shared(text: string | ((dialect: Dialect) => string)): Statement {
  return { ...statement(text), shared: true }
}

/** A statement composed for one request (filters, lists). Never with a value in its text: values are parameters. */
export function composed(text: string): Statement {
  return { sqlite: planned(text), postgres: numbered(text) }
}
