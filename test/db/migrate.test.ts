import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import pg from 'pg'
import { type MigrationTarget, migrateDown, migrateUp } from '../../db/migrate.js'
import { openPostgres } from '../../db/postgres.js'
import { forEachDatabase, type TestDatabase } from '../harness/database.js'

/** An empty database that nothing has migrated yet, and a way to ask it. */
interface Empty {
  readonly target: MigrationTarget
  ask(sql: string): Promise<Record<string, unknown>[]>
  drop(): Promise<void>
}

function emptyFile(): Empty {
  const folder = mkdtempSync(join(tmpdir(), 'usher-migrate-'))
  const file = join(folder, 'usher.db')
  const connection = new Sqlite(file)
  return {
    target: { file },
    ask: async (sql) => connection.prepare(sql).all() as Record<string, unknown>[],
    drop: async () => {
      connection.close()
      rmSync(folder, { recursive: true })
    },
  }
}

let made = 0

/** A new, empty database beside the migrated one that the harness makes; it goes with its server. */
async function emptyBeside(url: string): Promise<Empty> {
  const beside = new URL(url)
  beside.pathname += `_empty${++made}`
  const admin = new pg.Client(url)
  await admin.connect()
  await admin.query(`CREATE DATABASE ${beside.pathname.slice(1)} TEMPLATE template0`)
  await admin.end()
  const client = new pg.Pool({ connectionString: beside.href, max: 1 })
  return {
    target: { url: beside.href },
    ask: async (sql) => (await client.query(sql)).rows as Record<string, unknown>[],
    drop: () => client.end(),
  }
}

/** Everything that a migration made, as the database itself describes it; knex's own two tables are left out. */
const SCHEMA = {
  sqlite: [
    `SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE '%knex%' AND name <> 'sqlite_sequence'
    ORDER BY type, name`,
  ],
  postgres: [
    `SELECT c.table_name, c.column_name, c.ordinal_position, c.data_type, c.is_nullable, c.column_default, c.collation_name
       FROM information_schema.columns c WHERE c.table_schema = 'public' AND c.table_name NOT LIKE 'knex%' ORDER BY 1, 3`,
    `SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE 'knex%' ORDER BY 1`,
    `SELECT conname, pg_get_constraintdef(oid) AS definition FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text NOT LIKE 'knex%' ORDER BY 1`,
    `SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relname NOT LIKE 'knex%' ORDER BY 1`,
    `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace`,
  ],
} as const

const PRIMARY_KEYS = {
  sqlite: `SELECT t.name AS "table", (SELECT name FROM pragma_table_info(t.name) WHERE pk = 1) AS first
    FROM sqlite_master t WHERE t.type = 'table' AND t.name NOT LIKE '%knex%' AND t.name NOT LIKE 'sqlite_%'`,
  postgres: `SELECT t.table_name AS "table", k.column_name AS first FROM information_schema.tables t
    LEFT JOIN information_schema.table_constraints c ON c.table_name = t.table_name AND c.constraint_type = 'PRIMARY KEY'
    LEFT JOIN information_schema.key_column_usage k ON k.constraint_name = c.constraint_name AND k.ordinal_position = 1
    WHERE t.table_schema = 'public' AND t.table_name NOT LIKE 'knex%'`,
} as const

/** Every index with the column that leads it. */
const INDEXES = {
  sqlite: `SELECT i.name, (SELECT name FROM pragma_index_info(i.name) WHERE seqno = 0) AS first
    FROM sqlite_master i WHERE i.type = 'index' AND i.name NOT LIKE 'sqlite_%' AND i.tbl_name NOT LIKE 'knex%'`,
  postgres: `SELECT c.relname AS name, a.attname AS first FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE c.relnamespace = 'public'::regnamespace AND NOT i.indisprimary AND t.relname NOT LIKE 'knex%'`,
} as const

/** What leads a request to its account (DESIGN 1, promise 4), and what a worker for all accounts reads. */
const DOORS = [
  'access_tokens_hash',
  'connections_id',
  'domains_verified',
  'invitations_token',
  'one_time_links_hash',
  'passwords_email',
  'scim_tokens_hash',
  'sessions_hash',
  'sign_in_steps_hash',
]
const EXPIRING = [
  'known_devices_age',
  'one_time_links_expiry',
  'saml_arrivals_expiry',
  'saml_requests_expiry',
  'saml_used_assertions_expiry',
  'sign_in_steps_expiry',
]
const CLIENTS = ['access_tokens_expiry', 'used_client_assertions_expiry', 'client_secrets_notice', 'scim_tokens_notice']
const OF_ALL_ACCOUNTS = [
  'attempt_counts_minute',
  'jobs_open',
  'sessions_expiry',
  'stray_requests_minute',
  'users_deleted',
  ...EXPIRING,
  ...CLIENTS,
]
/** Tables of the installation, which hold nothing of a customer. */
const OF_NO_ACCOUNT = ['signing_keys']

forEachDatabase(({ kind, create }: TestDatabase) => {
  describe('migrations (STYLE, Database)', function () {
    this.timeout(20_000)
    let url: string | undefined
    const opened: Empty[] = []
    let dropHost: () => Promise<void> = async () => undefined

    before(async () => {
      if (kind === 'sqlite') return
      const host = await create()
      assert.ok(host.location.kind === 'postgres')
      url = host.location.url
      dropHost = host.drop
    })
    after(async () => {
      for (const { drop } of opened) await drop()
      await dropHost()
    })

    async function anEmpty(): Promise<Empty> {
      const empty = url === undefined ? emptyFile() : await emptyBeside(url)
      opened.push(empty)
      return empty
    }
    const schemaOf = ({ ask }: Empty) => Promise.all(SCHEMA[kind].map(ask))
    const recorded = ({ ask }: Empty) => ask('SELECT name, batch FROM knex_migrations ORDER BY id')

    it('up leaves a key on every table, which the account leads; twice changes nothing; down and up again is the same', async () => {
      const empty = await anEmpty()
      const nothing = await schemaOf(empty)
      await migrateUp(empty.target)
      const up = await schemaOf(empty)
      const keys = await empty.ask(PRIMARY_KEYS[kind])
      assert.ok(keys.length > 25)
      assert.deepEqual(
        keys.filter(({ first }) => first !== 'account_id').map(({ table }) => table),
        OF_NO_ACCOUNT,
      )
      // The account leads every index too, but for the doors and the work of all accounts (DESIGN 1, promise 4).
      const others = (await empty.ask(INDEXES[kind])).filter(({ first }) => first !== 'account_id')
      assert.deepEqual(others.map(({ name }) => name).sort(), [...DOORS, ...OF_ALL_ACCOUNTS].sort())

      const once = await recorded(empty)
      await migrateUp(empty.target)
      assert.deepEqual([await schemaOf(empty), await recorded(empty)], [up, once])
      await migrateDown(empty.target)
      assert.deepEqual(await schemaOf(empty), nothing)
      await migrateUp(empty.target)
      assert.deepEqual(await schemaOf(empty), up)
    })

    if (kind === 'postgres') {
      it('processes that start together on an empty database take turns, and each is ready', async () => {
        const empty = await anEmpty()
        const { target } = empty
        await Promise.all([1, 2, 3, 4].map(() => migrateUp(target)))
        assert.deepEqual(new Set((await recorded(empty)).map(({ batch }) => batch)), new Set([1]))
        assert.ok('url' in target)
        const db = openPostgres(target.url)
        await db.ready()
        await db.close()
      })

      it('a connection that ends in the middle fails the migration and leaves no lock behind', async () => {
        const { target, ask } = await anEmpty()
        await migrateUp(target)
        assert.ok('url' in target)
        const holder = new pg.Client(target.url)
        await holder.connect()
        await holder.query('BEGIN; LOCK TABLE knex_migrations')
        const failed = assert.rejects(migrateUp(target))
        const migrating = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
        while ((await ask(`SELECT 1 ${migrating}`)).length === 0) await nextTurn()
        await ask(`SELECT pg_terminate_backend(pid) ${migrating}`)
        await failed
        await holder.end()
        await migrateUp(target)
      })
    }
  })
})
