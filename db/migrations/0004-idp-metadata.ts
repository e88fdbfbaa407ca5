import type { Dialect } from '../dialect.js'

/**
 * The metadata of identity providers over their life: what was fetched and waits for approval, how fetching goes, and which
 * ends of certificates were announced. Connections whose metadata has an address are looked after from now on; the job of
 * one that has none ends by itself.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE saml_refresh (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    pending ${text},
    pending_since ${integer},
    discarded ${text},
    tried_at ${integer},
    succeeded_at ${integer},
    failures ${integer} NOT NULL,
    failure ${text},
    asked_at ${integer},
    PRIMARY KEY (account_id, connection_id)
  )${clustered}`,

  `CREATE TABLE saml_notices (
    account_id ${text} NOT NULL,
    connection_id ${text} NOT NULL,
    subject ${text} NOT NULL,
    days ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    PRIMARY KEY (account_id, connection_id, subject, days)
  )${clustered}`,

  `INSERT INTO jobs (account_id, id, kind, subject, version, payload, state, run_at, attempts, created_at)
   SELECT account_id, connection_id, 'saml-refresh', connection_id, 1, '{}', 'open', updated_at, 0, updated_at FROM saml_settings`,
]

export const down = (): string[] => [
  `DELETE FROM jobs WHERE kind IN ('saml-refresh', 'saml-expiry')`,
  'DROP TABLE saml_notices',
  'DROP TABLE saml_refresh',
]
