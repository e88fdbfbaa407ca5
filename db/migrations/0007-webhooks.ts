import type { Dialect } from '../dialect.js'

/** Where what changes in an account is sent, and what became of each change. A delivery is a place in the feed. */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE webhooks (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    url ${text} NOT NULL,
    description ${text} NOT NULL,
    events ${text} NOT NULL,
    mode ${text} NOT NULL,
    enabled ${integer} NOT NULL,
    disabled_reason ${text},
    sealed_secret ${text} NOT NULL,
    sealed_previous ${text},
    previous_until ${integer},
    position ${integer} NOT NULL,
    failures ${integer} NOT NULL,
    failing_since ${integer},
    last_delivered_at ${integer},
    last_error ${text},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    deleted_at ${integer},
    PRIMARY KEY (account_id, id)
  )`,

  `CREATE TABLE webhook_deliveries (
    account_id ${text} NOT NULL,
    webhook_id ${text} NOT NULL,
    seq ${integer} NOT NULL,
    event_id ${text} NOT NULL,
    subject ${text} NOT NULL,
    state ${text} NOT NULL,
    attempts ${integer} NOT NULL,
    next_at ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    last_at ${integer},
    status ${integer},
    error ${text},
    PRIMARY KEY (account_id, webhook_id, seq)
  )${clustered}`,
  `CREATE INDEX webhook_deliveries_open ON webhook_deliveries (account_id, webhook_id, seq) WHERE state = 'open'`,
  // Of one subject the oldest goes first, so every other one is looked up here.
  `CREATE INDEX webhook_deliveries_subject ON webhook_deliveries (account_id, webhook_id, subject, seq) WHERE state = 'open'`,
]

export const down = (): string[] => [
  `DELETE FROM jobs WHERE kind = 'webhook'`,
  'DROP TABLE webhook_deliveries',
  'DROP TABLE webhooks',
]
