import type { Dialect } from '../dialect.js'

/**
 * What is kept of sign-ins for administrators: the answer of the identity provider, encrypted, for seven days; test
 * sign-ins; attempts that are counted to limit them. And who may sign in how: by the domain, by the person.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE sign_in_traces (
    account_id ${text} NOT NULL,
    event_id ${text} NOT NULL,
    sealed_response ${text} NOT NULL,
    PRIMARY KEY (account_id, event_id)
  )`,

  `CREATE TABLE sign_in_tests (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    actor ${text} NOT NULL,
    event_id ${text},
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  `ALTER TABLE saml_requests ADD COLUMN test_id ${text}`,

  // What belongs to no account is counted under the empty one.
  `CREATE TABLE attempt_counts (
    account_id ${text} NOT NULL,
    subject ${text} NOT NULL,
    minute ${integer} NOT NULL,
    attempts ${integer} NOT NULL,
    PRIMARY KEY (account_id, subject, minute)
  )${clustered}`,
  `CREATE INDEX attempt_counts_minute ON attempt_counts (minute)`,

  // Few people have any, and they are looked for by the rule that gave it.
  `CREATE INDEX grants_assertion ON grants (account_id, source_id, user_id) WHERE source = 'assertion'`,

  `ALTER TABLE domains ADD COLUMN sso_required ${integer} NOT NULL DEFAULT 0`,
  // Null: as long as she has an address (PBX-20).
  `ALTER TABLE users ADD COLUMN web_login ${integer}`,
]

export const down = (): string[] => [
  'ALTER TABLE users DROP COLUMN web_login',
  'ALTER TABLE domains DROP COLUMN sso_required',
  'DROP INDEX grants_assertion',
  'DROP TABLE attempt_counts',
  'ALTER TABLE saml_requests DROP COLUMN test_id',
  'DROP TABLE sign_in_tests',
  'DROP TABLE sign_in_traces',
]
