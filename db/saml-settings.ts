import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface SamlSettingsRow {
  readonly account_id: string
  readonly connection_id: string
  /** JSON text. */
  readonly settings: string
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

export interface SamlKeyRow {
  readonly account_id: string
  readonly connection_id: string
  /** Later keys sort behind earlier ones. */
  readonly id: string
  /** The private key, encrypted. */
  readonly sealed_key: string
  /** PEM. */
  readonly certificate: string
  readonly created_at: number
}

const FIND = statement(`SELECT * FROM saml_settings WHERE account_id = ? AND connection_id = ?`)
const UPSERT = statement(
  `INSERT INTO saml_settings (account_id, connection_id, settings, version, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id) DO UPDATE SET
     settings = excluded.settings, version = excluded.version, updated_at = excluded.updated_at`,
)
const KEYS = statement(`SELECT * FROM saml_keys WHERE account_id = ? AND connection_id = ? ORDER BY id DESC`)
const INSERT_KEY = statement(
  `INSERT INTO saml_keys (account_id, connection_id, id, sealed_key, certificate, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
)
const DELETE_KEY = statement(`DELETE FROM saml_keys WHERE account_id = ? AND connection_id = ? AND id = ?`)

const FIND_OF_ACCOUNT = statement(
  (d) => `SELECT c.id FROM saml_settings s
    ${d.join} connections c ON c.account_id = s.account_id AND c.id = s.connection_id AND c.mode = 'live'
    WHERE s.account_id = ? ORDER BY s.connection_id LIMIT 1`,
)

/** The oldest live connection of an account with sign-in. */
export async function findSignInOfAccount(q: Queries, accountId: string): Promise<string | undefined> {
  return (await q.get<{ id: string }>(FIND_OF_ACCOUNT, [accountId]))?.id
}

export function findSamlSettings(
  q: Queries,
  accountId: string,
  connectionId: string,
): Promise<SamlSettingsRow | undefined> {
  return q.get(FIND, [accountId, connectionId])
}

export async function saveSamlSettings(tx: Tx, r: SamlSettingsRow): Promise<void> {
  await tx.run(UPSERT, [r.account_id, r.connection_id, r.settings, r.version, r.created_at, r.updated_at])
}

/** The keys of a connection, the newest first. */
export function samlKeysOf(q: Queries, accountId: string, connectionId: string): Promise<SamlKeyRow[]> {
  return q.all(KEYS, [accountId, connectionId])
}

export async function insertSamlKey(tx: Tx, r: SamlKeyRow): Promise<void> {
  await tx.run(INSERT_KEY, [r.account_id, r.connection_id, r.id, r.sealed_key, r.certificate, r.created_at])
}

export async function deleteSamlKey(tx: Tx, { account_id, connection_id, id }: SamlKeyRow): Promise<void> {
  await tx.run(DELETE_KEY, [account_id, connection_id, id])
}
