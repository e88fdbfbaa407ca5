import type { Dialect } from '../dialect.js'

/**
 * A way in that needs no identity provider: passwords, second factors with their recovery codes, browsers in which somebody
 * signed in before, links that work once, what a sign-in waits for between two pages, and mails.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `ALTER TABLE users ADD COLUMN language ${text}`,

  // email_key follows that of the user (db/users.ts).
  `CREATE TABLE passwords (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    email_key ${text} NOT NULL,
    hash ${text} NOT NULL,
    changed_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, user_id)
  )${clustered}`,
  // Door: who signs in by password says an address, and no account.
  `CREATE INDEX passwords_email ON passwords (email_key, account_id, user_id)`,

  `CREATE TABLE second_factors (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    sealed_secret ${text} NOT NULL,
    last_step ${integer} NOT NULL,
    failures ${integer} NOT NULL,
    blocked_until ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, user_id)
  )${clustered}`,

  `CREATE TABLE recovery_codes (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    code_hash ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    used_at ${integer},
    PRIMARY KEY (account_id, user_id, code_hash)
  )${clustered}`,

  `CREATE TABLE known_devices (
    account_id ${text} NOT NULL,
    user_id ${text} NOT NULL,
    device_hash ${text} NOT NULL,
    last_used_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, user_id, device_hash)
  )${clustered}`,
  `CREATE INDEX known_devices_age ON known_devices (last_used_at)`,

  // A link that sets up a server without any account belongs to account ''; one that makes an owner to user ''.
  `CREATE TABLE one_time_links (
    account_id ${text} NOT NULL,
    id_hash ${text} NOT NULL,
    kind ${text} NOT NULL,
    user_id ${text} NOT NULL,
    created_at ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    used_at ${integer},
    PRIMARY KEY (account_id, id_hash)
  )${clustered}`,
  // Door: the hash of a link leads to its account.
  `CREATE UNIQUE INDEX one_time_links_hash ON one_time_links (id_hash)`,
  `CREATE INDEX one_time_links_user ON one_time_links (account_id, user_id)`,
  `CREATE INDEX one_time_links_expiry ON one_time_links (expires_at)`,

  `CREATE TABLE sign_in_steps (
    account_id ${text} NOT NULL,
    id_hash ${text} NOT NULL,
    kind ${text} NOT NULL,
    user_id ${text},
    sealed ${text} NOT NULL,
    attempts ${integer} NOT NULL,
    expires_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, id_hash)
  )${clustered}`,
  // Door: the hash of a cookie leads to its account.
  `CREATE UNIQUE INDEX sign_in_steps_hash ON sign_in_steps (id_hash)`,
  `CREATE INDEX sign_in_steps_expiry ON sign_in_steps (expires_at)`,

  // sealed_link is what stands in the text for {link}.
  `CREATE TABLE mails (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    kind ${text} NOT NULL,
    user_id ${text} NOT NULL,
    recipient ${text} NOT NULL,
    subject ${text} NOT NULL,
    body ${text} NOT NULL,
    sealed_link ${text},
    state ${text} NOT NULL,
    failure ${text},
    created_at ${integer} NOT NULL,
    sent_at ${integer},
    PRIMARY KEY (account_id, id)
  )`,
  `CREATE INDEX mails_user ON mails (account_id, user_id)`,
]

export const down = (): string[] => [
  `DELETE FROM jobs WHERE kind = 'mail'`,
  ...['mails', 'sign_in_steps', 'one_time_links', 'known_devices', 'recovery_codes', 'second_factors', 'passwords'].map(
    (table) => `DROP TABLE ${table}`,
  ),
  'ALTER TABLE users DROP COLUMN language',
]
