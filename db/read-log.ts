import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** Reads of one connection that were kept together: they arrived within a second or two of each other. */
export interface ReadBatch {
  readonly accountId: string
  readonly connectionId: string
  readonly id: string
  /** When the first of them arrived, in milliseconds. */
  readonly occurredAt: number
  readonly count: number
  /** JSON text: a list of reads. */
  readonly reads: string
}

export interface TokenUse {
  readonly accountId: string
  readonly connectionId: string
  readonly tokenId: string
  readonly occurredAt: number
  readonly address: string
}

const INSERT = statement(
  `INSERT INTO read_log (account_id, id, connection_id, occurred_at, reads) VALUES (?, ?, ?, ?, ?)`,
)
const COUNT = statement(
  `INSERT INTO read_counts (account_id, connection_id, hour, reads) VALUES (?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id, hour) DO UPDATE SET reads = read_counts.reads + excluded.reads`,
)
// Secrets and federations note their use at the token endpoint: with their ids there is no row here.
const USED = statement(
  `UPDATE scim_tokens SET last_used_at = ?, last_used_ip = ? WHERE account_id = ? AND connection_id = ? AND id = ?`,
)

const LATEST = statement(
  (d) => `SELECT id, occurred_at, reads FROM read_log${d.indexed('read_log_connection')}
    WHERE account_id = ? AND connection_id = ? ORDER BY occurred_at DESC LIMIT ?`,
)

const HOUR_MS = 3_600_000

/** The newest batches of reads of a connection. */
export function latestReads(
  q: Queries,
  accountId: string,
  connectionId: string,
  limit: number,
): Promise<{ id: string; occurred_at: number; reads: string }[]> {
  return q.all(LATEST, [accountId, connectionId, limit])
}

/** Write batches of reads, add them to the counts of their hours, and note which tokens were used. */
export async function writeReads(tx: Tx, batches: readonly ReadBatch[], uses: readonly TokenUse[]): Promise<void> {
  for (const { accountId, connectionId, id, occurredAt, count, reads } of batches) {
    await tx.run(INSERT, [accountId, id, connectionId, occurredAt, reads])
    await tx.run(COUNT, [accountId, connectionId, Math.floor(occurredAt / HOUR_MS) * HOUR_MS, count])
  }
  for (const { occurredAt, address, accountId, connectionId, tokenId } of uses) {
    await tx.run(USED, [occurredAt, address, accountId, connectionId, tokenId])
  }
}
