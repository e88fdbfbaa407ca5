import { resolve } from 'node:path'

/** Which database to open. `file` is an absolute path, `url` a connection string for PostgreSQL. */
export type DatabaseConfig =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'sqlite-memory' }
  | { readonly kind: 'postgres'; readonly url: string }

/** What DATABASE_URL may look like, for the message that refuses another form. */
export const DATABASE_URL_FORMS = 'sqlite:/path/file.db, sqlite::memory: or postgres://user:password@host:5432/name'

/** Read DATABASE_URL, or answer undefined where the text is none of the three forms. */
export function findDatabase(text: string): DatabaseConfig | undefined {
  if (text === 'sqlite::memory:') return { kind: 'sqlite-memory' }
  if (text.startsWith('sqlite:')) return findSqliteFile(text.slice('sqlite:'.length))
  return isPostgresUrl(text) ? { kind: 'postgres', url: text } : undefined
}

/** PostgreSQL is told by its scheme alone, so that a needed secret is asked for even when the rest is wrong. */
export function namesPostgres(text: string): boolean {
  return /^postgres(ql)?:/.test(text)
}

function findSqliteFile(path: string): DatabaseConfig | undefined {
  // `sqlite://x` would read as a host called x, and `sqlite::x` is a slip in `:memory:`.
  const isPath = path !== '' && !path.startsWith(':') && !/^\/\/[^/]/.test(path) && !path.endsWith('/')
  return isPath ? { kind: 'sqlite', file: resolve(path) } : undefined
}

function isPostgresUrl(text: string): boolean {
  if (!namesPostgres(text) || !URL.canParse(text)) return false
  const url = new URL(text)
  return url.hostname !== '' || url.searchParams.has('host')
}
