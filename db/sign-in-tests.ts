import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A sign-in that an administrator tries out. */
export interface SignInTestRow {
  readonly account_id: string
  readonly id: string
  readonly connection_id: string
  /** Who asked for it, as JSON. */
  readonly actor: string
  /** The event that tells how it ended; null before. */
  readonly event_id: string | null
  readonly created_at: number
  readonly expires_at: number
}

const INSERT = statement(
  `INSERT INTO sign_in_tests (account_id, id, connection_id, actor, event_id, created_at, expires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM sign_in_tests WHERE account_id = ? AND id = ? AND connection_id = ?`)
const FINISH = statement(
  `UPDATE sign_in_tests SET event_id = ? WHERE account_id = ? AND id = ? AND connection_id = ? AND event_id IS NULL
   RETURNING *`,
)

export async function insertTest(tx: Tx, r: SignInTestRow): Promise<void> {
  const { account_id, id, connection_id, actor, event_id, created_at, expires_at } = r
  await tx.run(INSERT, [account_id, id, connection_id, actor, event_id, created_at, expires_at])
}

export function findTest(
  q: Queries,
  accountId: string,
  connectionId: string,
  id: string,
): Promise<SignInTestRow | undefined> {
  return q.get(FIND, [accountId, id, connectionId])
}

/** Say how a test ended, once. Undefined where it had ended. */
export function finishTest(
  tx: Tx,
  accountId: string,
  connectionId: string,
  id: string,
  eventId: string,
): Promise<SignInTestRow | undefined> {
  return tx.get(FINISH, [eventId, accountId, id, connectionId])
}
