import type { Database, Queries, Tx } from './database.js'
import type { SamlKeyRow } from './saml-settings.js'
import { statement } from './statement.js'

/** An end that was announced, `days` before it came: of a certificate, by its fingerprint, or of metadata. */
export interface NoticeRow {
  readonly account_id: string
  readonly connection_id: string
  readonly subject: string
  readonly days: number
  readonly created_at: number
}

/** A connection with sign-in, as the look at what ends soon needs it. */
export interface SamlConnectionRow {
  readonly connection_id: string
  readonly name: string
  readonly mode: string
  /** JSON text. */
  readonly settings: string
}

const ACCOUNTS = statement(`SELECT DISTINCT account_id FROM saml_settings ORDER BY account_id`)
const CONNECTIONS = statement(
  (d) => `SELECT s.connection_id, c.name, c.mode, s.settings FROM saml_settings s
    ${d.join} connections c ON c.account_id = s.account_id AND c.id = s.connection_id WHERE s.account_id = ?`,
)
const KEYS = statement(`SELECT connection_id, certificate FROM saml_keys WHERE account_id = ?`)
const NOTICES = statement(`SELECT * FROM saml_notices WHERE account_id = ?`)
const INSERT = statement(
  `INSERT INTO saml_notices (account_id, connection_id, subject, days, created_at) VALUES (?, ?, ?, ?, ?)
   ON CONFLICT DO NOTHING`,
)
const DELETE = statement(
  `DELETE FROM saml_notices WHERE account_id = ? AND connection_id = ? AND subject = ? AND days = ?`,
)

/** For work of all accounts: those in which somebody signs in. */
export async function accountsWithSaml(db: Database): Promise<string[]> {
  return (await db.all<{ account_id: string }>(ACCOUNTS, [])).map((row) => row.account_id)
}

export function samlConnectionsOf(q: Queries, accountId: string): Promise<SamlConnectionRow[]> {
  return q.all(CONNECTIONS, [accountId])
}

/** Our own certificates in an account. */
export function certificatesOf(
  q: Queries,
  accountId: string,
): Promise<Pick<SamlKeyRow, 'connection_id' | 'certificate'>[]> {
  return q.all(KEYS, [accountId])
}

export function noticesOf(q: Queries, accountId: string): Promise<NoticeRow[]> {
  return q.all(NOTICES, [accountId])
}

/** Note that something was announced. Resolves to false where it was before. */
export async function insertNotice(tx: Tx, r: NoticeRow): Promise<boolean> {
  return (await tx.run(INSERT, [r.account_id, r.connection_id, r.subject, r.days, r.created_at])) === 1
}

export async function deleteNotice(tx: Tx, r: NoticeRow): Promise<void> {
  await tx.run(DELETE, [r.account_id, r.connection_id, r.subject, r.days])
}
