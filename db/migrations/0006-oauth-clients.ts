import type { Dialect } from '../dialect.js'

/**
 * The sign-in of SCIM clients: the secrets of a connection's OAuth client, the outside issuer that it trusts in their
 * place, the access tokens that it was given, the assertions that it has used; and when the end of a token or a secret
 * is announced next.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE client_secrets (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    hash ${text} NOT NULL,
    last4 ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    revoked_at ${integer},
    last_used_at ${integer},
    last_used_ip ${text},
    notice_at ${integer},
    PRIMARY KEY (account_id, connection_id, id)
  )${clustered}`,
  `CREATE INDEX client_secrets_notice ON client_secrets (notice_at) WHERE notice_at IS NOT NULL`,

  // Of a token that exists already, the last 60 days are announced as for every other.
  `ALTER TABLE scim_tokens ADD COLUMN notice_at ${integer}`,
  `UPDATE scim_tokens SET notice_at = expires_at - 5184000000 WHERE revoked_at IS NULL`,
  `CREATE INDEX scim_tokens_notice ON scim_tokens (notice_at) WHERE notice_at IS NOT NULL`,

  // id is another whenever one of the four settings changes: what was given under the old ones ends.
  `CREATE TABLE client_federations (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    id ${text} NOT NULL,
    issuer ${text} NOT NULL,
    jwks_url ${text} NOT NULL,
    subject ${text} NOT NULL,
    audience ${text} NOT NULL,
    jwks ${text},
    jwks_fetched_at ${integer},
    jwks_tried_at ${integer},
    jwks_failure ${text},
    last_used_at ${integer},
    last_used_ip ${text},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id)
  )`,

  // credential_id is the secret or the federation for which the token was given.
  `CREATE TABLE access_tokens (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    credential_id ${text} NOT NULL,
    hash ${text} NOT NULL,
    last4 ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, credential_id, hash)
  )${clustered}`,
  // Door: the hash of a token leads to its connection and account.
  `CREATE UNIQUE INDEX access_tokens_hash ON access_tokens (hash)`,
  `CREATE INDEX access_tokens_expiry ON access_tokens (expires_at)`,

  `CREATE TABLE used_client_assertions (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    assertion_hash ${text} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, assertion_hash)
  )${clustered}`,
  `CREATE INDEX used_client_assertions_expiry ON used_client_assertions (expires_at)`,
]

export const down = (): string[] => [
  ...['used_client_assertions', 'access_tokens', 'client_federations'].map((table) => `DROP TABLE ${table}`),
  'DROP INDEX scim_tokens_notice',
  'ALTER TABLE scim_tokens DROP COLUMN notice_at',
  'DROP TABLE client_secrets',
]
