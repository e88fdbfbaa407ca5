/** Two rows with one key. `column` names the last column of the violated index as `table.column`. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation'
  readonly column: string
  constructor(column: string, cause: unknown) {
    super(`a row with this ${column} exists`, { cause })
    this.column = column
  }
}

/** Translate SQLite's error, whose message lists the columns: `UNIQUE constraint failed: users.account_id, users.email_key`. */
export function fromSqliteError(error: unknown): unknown {
  const { code, message } = error as { code?: string; message?: string }
  if (code !== 'SQLITE_CONSTRAINT_UNIQUE' && code !== 'SQLITE_CONSTRAINT_PRIMARYKEY') return error
  return new UniqueViolation(message?.split(/[ ,]+/).at(-1) ?? '', error)
}

/** Translate PostgreSQL's error 23505, whose detail lists the columns: `Key (account_id, email_key)=(…) already exists.` */
export function fromPostgresError(error: unknown): unknown {
  const { code, detail, table } = error as { code?: string; detail?: string; table?: string }
  if (code !== '23505') return error
  const columns = detail?.slice(detail.indexOf('(') + 1, detail.indexOf(')=')).split(', ')
  return new UniqueViolation(`${table}.${columns?.at(-1)}`, error)
}
