import type { Dialect } from '../dialect.js'

/**
 * Keys that sign tokens of sessions: of the installation and of no account. Sessions get a name that is no secret, and
 * where they began; what expired is found by when it did.
 */
export const up = (dialect: Dialect): string[] => [
  // The generation is the key, so that of two processes that make the next one only one does.
  `CREATE TABLE signing_keys (
    generation ${dialect.integer} NOT NULL PRIMARY KEY,
    id ${dialect.text} NOT NULL,
    public_jwk ${dialect.text} NOT NULL,
    sealed_key ${dialect.text} NOT NULL,
    created_at ${dialect.integer} NOT NULL,
    signs_from ${dialect.integer} NOT NULL,
    retires_at ${dialect.integer}
  )`,

  ...SESSION_ID[dialect.name],
  `ALTER TABLE sessions ADD COLUMN address ${dialect.text}`,
  `ALTER TABLE sessions ADD COLUMN user_agent ${dialect.text}`,
  `CREATE INDEX sessions_expiry ON sessions (expires_at)`,
]

/** A process of the release before inserts no id, so the database gives one; beside SQLite there is no other process. */
const SESSION_ID = {
  sqlite: [`ALTER TABLE sessions ADD COLUMN id TEXT`, `UPDATE sessions SET id = lower(hex(randomblob(16)))`],
  postgres: [`ALTER TABLE sessions ADD COLUMN id TEXT COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text`],
} as const satisfies Record<Dialect['name'], readonly string[]>

export const down = (): string[] => [
  'DROP INDEX sessions_expiry',
  ...['user_agent', 'address', 'id'].map((column) => `ALTER TABLE sessions DROP COLUMN ${column}`),
  'DROP TABLE signing_keys',
]
