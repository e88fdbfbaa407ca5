import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Database, StatementObserver } from './database.js'
import { migrateUp } from './migrate.js'
import { openPostgres } from './postgres.js'
import { openSqlite } from './sqlite.js'

/** Where the data is kept: an SQLite file, SQLite in a throwaway folder, or a PostgreSQL URL. */
export type DatabaseLocation =
  | { readonly kind: 'sqlite'; readonly file: string }
  | { readonly kind: 'sqlite-memory' }
  | { readonly kind: 'postgres'; readonly url: string }

/** Migrate and open a database. Throws what the database says where it cannot be reached or changed. */
export async function openDatabase(location: DatabaseLocation, observe?: StatementObserver): Promise<Database> {
  if (location.kind === 'postgres') {
    await migrateUp({ url: location.url })
    return openPostgres(location.url, observe === undefined ? {} : { observe })
  }
  if (location.kind === 'sqlite') return openFile(location.file, observe)
  const folder = mkdtempSync(join(tmpdir(), 'usher-'))
  const database = await openFile(join(folder, 'usher.db'), observe)
  const close = database.close.bind(database)
  return Object.assign(database, { close: () => close().then(() => rmSync(folder, { recursive: true, force: true })) })
}

async function openFile(file: string, observe: StatementObserver | undefined): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true })
  await migrateUp({ file })
  return openSqlite(file, observe)
}
