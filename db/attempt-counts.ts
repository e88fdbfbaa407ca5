import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const FIND = statement(`SELECT attempts FROM attempt_counts WHERE account_id = ? AND subject = ? AND minute = ?`)
const ADD = statement(
  `INSERT INTO attempt_counts (account_id, subject, minute, attempts) VALUES (?, ?, ?, 1)
   ON CONFLICT (account_id, subject, minute) DO UPDATE SET attempts = attempt_counts.attempts + 1
   RETURNING attempts`,
)
const FORGET = statement(`DELETE FROM attempt_counts WHERE minute < ?`)

/** What is counted, in which minute: the instant at which it began, in milliseconds. Without an account that is ''. */
export interface Attempted {
  readonly accountId: string
  readonly subject: string
  readonly minute: number
}

export async function attemptsOf(q: Queries, { accountId, subject, minute }: Attempted): Promise<number> {
  return (await q.get<{ attempts: number }>(FIND, [accountId, subject, minute]))?.attempts ?? 0
}

/** Count one more; resolves to how many they are now. */
export async function addAttempt(tx: Tx, { accountId, subject, minute }: Attempted): Promise<number> {
  return (await tx.get<{ attempts: number }>(ADD, [accountId, subject, minute]))?.attempts ?? 1
}

/** Forget what was counted before an instant. */
export async function deleteOldAttempts(tx: Tx, before: number): Promise<void> {
  await tx.run(FORGET, [before])
}
