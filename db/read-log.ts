import type { Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { statement } from './statement.js'

export interface ReadRow {
  readonly accountId: string
  readonly connectionId: string
  readonly tokenId: string
  readonly id: string
  readonly occurredAt: number
  /** JSON text of the request. */
  readonly detail: string
}

export interface TokenUse {
  readonly accountId: string
  readonly connectionId: string
  readonly tokenId: string
  readonly occurredAt: number
  readonly address: string
}

const COLUMNS: JsonColumn[] = [
  ['account_id', 'text'],
  ['id', 'text'],
  ['connection_id', 'text'],
  ['token_id', 'text'],
  ['occurred_at', 'integer'],
  ['detail', 'text'],
]
const NAMES = COLUMNS.map(([name]) => name).join(', ')
const INSERT = statement((d) => `INSERT INTO read_log (${NAMES}) SELECT ${NAMES} FROM ${d.rows(COLUMNS)} AS v`)
const COUNT = statement(
  `INSERT INTO read_counts (account_id, connection_id, hour, reads) VALUES (?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id, hour) DO UPDATE SET reads = read_counts.reads + excluded.reads`,
)
const USED = statement(
  `UPDATE scim_tokens SET last_used_at = ?, last_used_ip = ? WHERE account_id = ? AND connection_id = ? AND id = ?`,
)

const HOUR_MS = 3_600_000

/** Write a batch of reads, add them to the counts of their hours, and note which tokens were used. */
export async function writeReads(tx: Tx, reads: readonly ReadRow[], uses: readonly TokenUse[]): Promise<void> {
  if (reads.length > 0) {
    const rows = reads.map((r) => [r.accountId, r.id, r.connectionId, r.tokenId, r.occurredAt, r.detail])
    await tx.run(INSERT, [JSON.stringify(rows)])
  }
  for (const { accountId, connectionId, hour, count } of countsOf(reads)) {
    await tx.run(COUNT, [accountId, connectionId, hour, count])
  }
  for (const use of [...uses].sort((a, b) => (a.tokenId < b.tokenId ? -1 : 1))) {
    await tx.run(USED, [use.occurredAt, use.address, use.accountId, use.connectionId, use.tokenId])
  }
}

function countsOf(reads: readonly ReadRow[]) {
  const counts = new Map<string, { accountId: string; connectionId: string; hour: number; count: number }>()
  for (const { accountId, connectionId, occurredAt } of reads) {
    const hour = Math.floor(occurredAt / HOUR_MS) * HOUR_MS
    const key = `${connectionId} ${hour}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { accountId, connectionId, hour, count: 1 })
    else known.count += 1
  }
  return [...counts.values()].sort((a, b) => (a.connectionId < b.connectionId ? -1 : 1))
}
