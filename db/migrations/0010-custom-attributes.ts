import type { Dialect } from '../dialect.js'

/**
 * Attributes that an account adds to its users. Each connection keeps a copy of their definitions, because every request
 * reads its connection anyway. Who is deleted keeps its name and type: values of it may still stand in documents.
 */
export const up = ({ text, integer, clustered }: Dialect): string[] => [
  `CREATE TABLE custom_attributes (
    account_id ${text} NOT NULL,
    id ${text} NOT NULL,
    name ${text} NOT NULL,
    name_key ${text} NOT NULL,
    type ${text} NOT NULL,
    description ${text} NOT NULL,
    choices ${text},
    version ${integer} NOT NULL,
    created_at ${integer} NOT NULL,
    updated_at ${integer} NOT NULL,
    deleted_at ${integer},
    PRIMARY KEY (account_id, id)
  )${clustered}`,
  // Names ignore case (RFC 7643 §2.1).
  `CREATE UNIQUE INDEX custom_attributes_name ON custom_attributes (account_id, name_key)`,
  `ALTER TABLE connections ADD COLUMN extension ${text}`,
]

export const down = (): string[] => ['ALTER TABLE connections DROP COLUMN extension', 'DROP TABLE custom_attributes']
