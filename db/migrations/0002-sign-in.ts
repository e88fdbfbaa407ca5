import type { Dialect } from '../dialect.js'

/**
 * Sign-in through SAML: settings and keys per connection, requests that wait for their answer, answers that wait for the
 * browser, assertions that were used, and who an identifier is. What expires is removed by the clock.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE saml_settings (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    settings ${text} NOT NULL,
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id)
  )${clustered}`,

  `CREATE TABLE saml_keys (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    sealed_key ${text} NOT NULL,
    certificate ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )${clustered}`,

  `CREATE TABLE saml_requests (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    browser_hash ${text} NOT NULL,
    target ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id)
  )${clustered}`,
  `CREATE INDEX saml_requests_expiry ON saml_requests (expires_at)`,

  `CREATE TABLE saml_arrivals (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id_hash ${text} NOT NULL,
    response ${text} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, id_hash)
  )${clustered}`,
  `CREATE INDEX saml_arrivals_expiry ON saml_arrivals (expires_at)`,

  `CREATE TABLE saml_used_assertions (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    assertion_id ${text} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, assertion_id)
  )${clustered}`,
  `CREATE INDEX saml_used_assertions_expiry ON saml_used_assertions (expires_at)`,

  `CREATE TABLE saml_links (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    identifier ${text} NOT NULL,
    user_id ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, identifier)
  )${clustered}`,
  `CREATE INDEX saml_links_user ON saml_links (account_id, user_id)`,

  // Single logout names a person as her identity provider does.
  `CREATE INDEX sessions_name ON sessions (account_id, connection_id, name_id) WHERE ended_at IS NULL`,
]

export const down = (): string[] => [
  'DROP INDEX sessions_name',
  ...['saml_links', 'saml_used_assertions', 'saml_arrivals', 'saml_requests', 'saml_keys', 'saml_settings'].map(
    (table) => `DROP TABLE ${table}`,
  ),
]
