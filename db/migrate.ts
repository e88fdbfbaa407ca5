import knex, { type Knex } from 'knex'
import { type Dialect, POSTGRES, SQLITE } from './dialect.js'
import * as accountsAndDirectories from './migrations/0001-accounts-and-directories.js'
import * as signIn from './migrations/0002-sign-in.js'
import * as signingKeys from './migrations/0003-signing-keys.js'
import * as idpMetadata from './migrations/0004-idp-metadata.js'
import * as signInTraces from './migrations/0005-sign-in-traces.js'
import * as oauthClients from './migrations/0006-oauth-clients.js'
import * as webhooks from './migrations/0007-webhooks.js'
import * as passwords from './migrations/0008-passwords.js'
import * as console from './migrations/0009-console.js'
import * as customAttributes from './migrations/0010-custom-attributes.js'

interface Migration {
  up(dialect: Dialect): string[]
  down(dialect: Dialect): string[]
}

/** Every migration, oldest first. A merged one is history: add, never edit. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-accounts-and-directories': accountsAndDirectories,
  '0002-sign-in': signIn,
  '0003-signing-keys': signingKeys,
  '0004-idp-metadata': idpMetadata,
  '0005-sign-in-traces': signInTraces,
  '0006-oauth-clients': oauthClients,
  '0007-webhooks': webhooks,
  '0008-passwords': passwords,
  '0009-console': console,
  '0010-custom-attributes': customAttributes,
}

/** Where the migrations run: an SQLite file or a PostgreSQL URL. */
export type MigrationTarget = { readonly file: string } | { readonly url: string }

/** Bring the database to the newest migration; two processes that start together take turns. */
export async function migrateUp(target: MigrationTarget): Promise<void> {
  await withKnex(target, (connection, config) => connection.migrate.latest(config))
}

/** Take every migration back, newest first. */
export async function migrateDown(target: MigrationTarget): Promise<void> {
  await withKnex(target, (connection, config) => connection.migrate.rollback(config, true))
}

async function withKnex(
  target: MigrationTarget,
  work: (connection: Knex, config: Knex.MigratorConfig) => Promise<unknown>,
): Promise<void> {
  const dialect = 'file' in target ? SQLITE : POSTGRES
  const connection =
    'file' in target
      ? knex({ client: 'better-sqlite3', connection: { filename: target.file }, useNullAsDefault: true })
      : knex({ client: 'pg', connection: target.url, pool: { min: 0, max: 2 } })
  try {
    await inTurn(connection, dialect, () => work(connection, { migrationSource: source(dialect) }))
  } finally {
    await connection.destroy()
  }
}

/**
 * Who migrates PostgreSQL is alone, until a transaction of its own ends or its connection does. The lock of knex is a row
 * of a table that two processes would both make first.
 */
async function inTurn(connection: Knex, { name }: Dialect, work: () => Promise<unknown>): Promise<void> {
  if (name === 'sqlite') return void (await work())
  await connection.transaction(async (lock) => {
    await lock.raw(`SELECT pg_advisory_xact_lock(hashtextextended('usher migrations', 0))`)
    await work()
  })
}

function source(dialect: Dialect): Knex.MigrationSource<string> {
  return {
    getMigrations: async () => Object.keys(MIGRATIONS),
    getMigrationName: (name) => name,
    getMigration: async (name) => {
      const migration = MIGRATIONS[name]
      if (migration === undefined) throw new Error(`no migration is called ${name}`)
      return {
        up: (connection: Knex) => runAll(connection, migration.up(dialect)),
        down: (connection: Knex) => runAll(connection, migration.down(dialect)),
      }
    },
  }
}

async function runAll(connection: Knex, statements: readonly string[]): Promise<void> {
  for (const text of statements) await connection.raw(text)
}
