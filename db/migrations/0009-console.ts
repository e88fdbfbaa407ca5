import type { Dialect } from '../dialect.js'

/**
 * What the console shows at a glance: requests counted by five minutes, lists of people in other orders, who holds which
 * role or product, what came to wrong addresses, and files that were asked for.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  // Folded and without accents; 64 characters of it, which is enough for an order.
  `ALTER TABLE users ADD COLUMN name_key ${text} NOT NULL DEFAULT ''`,
  `UPDATE users SET name_key = substr(lower(display_name), 1, 64)`,
  `CREATE INDEX users_name ON users (account_id, name_key, id)`,
  `CREATE INDEX users_sign_in ON users (account_id, (COALESCE(last_sign_in_at, 0)), id)`,
  `CREATE INDEX users_role ON users (account_id, role_id, id) WHERE deleted_at IS NULL`,
  `CREATE INDEX users_overridden ON users (account_id, id) WHERE overridden = 1`,
  `CREATE INDEX licenses_product ON licenses (account_id, product_id, state, user_id)`,
  `CREATE INDEX match_requests_open ON match_requests (account_id, connection_id, id) WHERE state = 'open'`,
  `CREATE INDEX read_log_connection ON read_log (account_id, connection_id, occurred_at)`,

  // slot is the instant at which five minutes began. Refused are those that came without a valid token.
  `CREATE TABLE request_counts (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    slot ${integer} NOT NULL,
    requests ${integer} NOT NULL,
    failures ${integer} NOT NULL,
    refused ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, slot)
  )${clustered}`,

  // Requests below /scim that led nowhere. Where the address names no connection, both ids are empty.
  `CREATE TABLE stray_requests (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    address ${text} NOT NULL,
    minute ${integer} NOT NULL,
    path ${text} NOT NULL,
    method ${text} NOT NULL,
    user_agent ${text},
    attempts ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, address, minute, path)
  )${clustered}`,
  `CREATE INDEX stray_requests_minute ON stray_requests (minute)`,

  `CREATE TABLE exports (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    kind ${text} NOT NULL,
    format ${text} NOT NULL,
    filter ${text} NOT NULL,
    sees_payload ${integer} NOT NULL,
    state ${text} NOT NULL,
    row_count ${integer} NOT NULL,
    total ${integer},
    parts ${integer} NOT NULL,
    author ${text} NOT NULL,
    author_id ${text},
    created_at ${integer} NOT NULL,
    finished_at ${integer},
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  `CREATE TABLE export_parts (
    account_id ${text} NOT NULL,
    export_id ${text} NOT NULL,
    part ${integer} NOT NULL,
    content ${text} NOT NULL,
    PRIMARY KEY (account_id, export_id, part)
  )`,
]

export const down = (): string[] => [
  `DELETE FROM jobs WHERE kind = 'export'`,
  'DROP TABLE export_parts',
  'DROP TABLE exports',
  'DROP TABLE stray_requests',
  'DROP TABLE request_counts',
  ...[
    'read_log_connection',
    'match_requests_open',
    'licenses_product',
    'users_overridden',
    'users_role',
    'users_sign_in',
    'users_name',
  ].map((index) => `DROP INDEX ${index}`),
  'ALTER TABLE users DROP COLUMN name_key',
]
