import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const INSERT = statement(`INSERT INTO sign_in_traces (account_id, event_id, sealed_response) VALUES (?, ?, ?)`)
const FIND = statement(`SELECT sealed_response FROM sign_in_traces WHERE account_id = ? AND event_id = ?`)

/** Keep the answer of an identity provider, encrypted, with the event of the sign-in. */
export async function insertTrace(tx: Tx, accountId: string, eventId: string, sealed: string): Promise<void> {
  await tx.run(INSERT, [accountId, eventId, sealed])
}

export async function findTrace(q: Queries, accountId: string, eventId: string): Promise<string | undefined> {
  return (await q.get<{ sealed_response: string }>(FIND, [accountId, eventId]))?.sealed_response
}
