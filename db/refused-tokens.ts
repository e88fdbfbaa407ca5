import type { Tx } from './database.js'
import { statement } from './statement.js'

const COUNT = statement(
  `INSERT INTO refused_tokens (account_id, connection_id, address, code, minute, event_id, attempts)
   VALUES (?, ?, ?, ?, ?, ?, 1)
   ON CONFLICT (account_id, connection_id, address, code, minute) DO UPDATE SET attempts = refused_tokens.attempts + 1
   RETURNING attempts`,
)

export interface Refusal {
  readonly accountId: string
  readonly connectionId: string
  readonly address: string
  /** What was refused, and why: `token.refused token_unknown`. */
  readonly code: string
  /** When the minute began, in milliseconds. */
  readonly minute: number
  /** The event of the first one. */
  readonly eventId: string
}

/** Add a refusal to those of its minute; resolves to how many they are now. */
export async function countRefusal(tx: Tx, r: Refusal): Promise<number> {
  const keys = [r.accountId, r.connectionId, r.address, r.code, r.minute, r.eventId]
  return (await tx.get<{ attempts: number }>(COUNT, keys))?.attempts ?? 1
}
