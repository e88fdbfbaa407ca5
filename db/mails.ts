import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A mail that was written. In its text `{link}` stands for what `sealed_link` holds. */
export interface MailRow {
  readonly account_id: string
  readonly id: string
  readonly kind: 'invitation' | 'reset'
  readonly user_id: string
  readonly recipient: string
  readonly subject: string
  readonly body: string
  /** Null once it was sent. */
  readonly sealed_link: string | null
  /** `kept`: the server sends no mail. */
  readonly state: 'queued' | 'sent' | 'kept' | 'failed'
  readonly failure: string | null
  readonly created_at: number
  readonly sent_at: number | null
}

const INSERT = statement(
  `INSERT INTO mails (account_id, id, kind, user_id, recipient, subject, body, sealed_link, state, created_at)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM mails WHERE account_id = ? AND id = ?`)
const PAGE = statement(`SELECT * FROM mails WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?`)
const SENT = statement(
  `UPDATE mails SET state = 'sent', sealed_link = NULL, sent_at = ?, failure = NULL WHERE account_id = ? AND id = ?`,
)
const FAILED = statement(
  `UPDATE mails SET state = 'failed', sealed_link = NULL, failure = ? WHERE account_id = ? AND id = ?`,
)

export async function insertMail(tx: Tx, m: Omit<MailRow, 'failure' | 'sent_at'>): Promise<void> {
  const who = [m.account_id, m.id, m.kind, m.user_id, m.recipient]
  await tx.run(INSERT, [...who, m.subject, m.body, m.sealed_link, m.state, m.created_at])
}

export function findMail(q: Queries, accountId: string, id: string): Promise<MailRow | undefined> {
  return q.get(FIND, [accountId, id])
}

/** The newest first, those before `before`. */
export function pageOfMails(q: Queries, accountId: string, before: string, limit: number): Promise<MailRow[]> {
  return q.all(PAGE, [accountId, before === '' ? '~' : before, limit])
}

export async function markSent(tx: Tx, { account_id, id }: MailRow, now: number): Promise<void> {
  await tx.run(SENT, [now, account_id, id])
}

export async function markFailed(tx: Tx, { account_id, id }: MailRow, failure: string): Promise<void> {
  await tx.run(FAILED, [failure, account_id, id])
}
