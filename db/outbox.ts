import type { Database } from './database.js'
import type { JsonColumn } from './dialect.js'
import { ensureFeed } from './feed.js'
import { statement } from './statement.js'

interface OpenRow {
  readonly account_id: string
  readonly id: string
}

interface Waiting {
  readonly id: string
  readonly subject: string
  readonly version: number
}

const ANY_OPEN = statement(`SELECT account_id, id FROM jobs WHERE state = 'open' AND kind = 'outbox' LIMIT 1`)
const LOCK_COUNTER = statement((d) => `SELECT last FROM feed_counters WHERE account_id = ?${d.forUpdate}`)
const OPEN_OF_ACCOUNT = statement(
  (d) => `SELECT id, subject, version FROM jobs${d.indexed('jobs_outbox')}
    WHERE account_id = ? AND state = 'open' AND kind = 'outbox' ORDER BY id LIMIT ?`,
)
const COLUMNS: JsonColumn[] = [
  ['id', 'text'],
  ['seq', 'integer'],
]
const STAMP = statement(
  (d) => `INSERT INTO feed (account_id, seq, job_id, subject, version, event_id, stamped_at)
    SELECT j.account_id, v.seq, j.id, j.subject, j.version, j.payload, CAST(? AS BIGINT)
    FROM ${d.rows(COLUMNS)} AS v ${d.join} jobs j ON j.account_id = ? AND j.id = v.id`,
)
const DONE = statement((d) => `DELETE FROM jobs WHERE account_id = ? AND id IN (SELECT value FROM ${d.list})`)
// A webhook whose target does not answer keeps its pauses, whatever happens meanwhile.
const WAKE_WEBHOOKS = statement(
  `UPDATE jobs SET run_at = ? WHERE account_id = ? AND state = 'open' AND run_at > ?
   AND id IN (SELECT id FROM webhooks WHERE account_id = ? AND enabled = 1 AND failures < ?)`,
)
const ADVANCE = statement(`UPDATE feed_counters SET last = ? WHERE account_id = ?`)

/** After so many rounds without a delivery a webhook is only tried now and then, with one delivery. */
export const WEBHOOK_FAILURES_TO_PAUSE = 3

/**
 * Move open outbox rows of one account into its feed, numbered. The counter's row lock makes one claimer per account.
 * Resolves to how many rows moved.
 */
export async function stampOutbox(db: Database, now: number, limit: number): Promise<number> {
  const some = await db.get<OpenRow>(ANY_OPEN, [])
  if (some === undefined) return 0
  const accountId = some.account_id
  return db.transaction(async (tx) => {
    await ensureFeed(tx, accountId)
    const counter = await tx.get<{ last: number }>(LOCK_COUNTER, [accountId])
    const rows = inOrder(await tx.all<Waiting>(OPEN_OF_ACCOUNT, [accountId, limit]))
    if (counter === undefined || rows.length === 0) return 0
    const stamps = rows.map(({ id }, index) => [id, counter.last + index + 1])
    await tx.run(STAMP, [now, JSON.stringify(stamps), accountId])
    await tx.run(DONE, [accountId, JSON.stringify(rows.map(({ id }) => id))])
    await tx.run(ADVANCE, [counter.last + rows.length, accountId])
    await tx.run(WAKE_WEBHOOKS, [now, accountId, now, accountId, WEBHOOK_FAILURES_TO_PAUSE])
    return rows.length
  })
}

/**
 * Ids are of the clock of the process that wrote the row, which may be ahead of another's; versions are of the subject.
 * So each subject's rows change places among themselves until their versions follow one another.
 */
function inOrder(rows: readonly Waiting[]): Waiting[] {
  const bySubject = new Map<string, Waiting[]>()
  for (const row of rows) {
    const own = bySubject.get(row.subject)
    if (own === undefined) bySubject.set(row.subject, [row])
    else own.push(row)
  }
  for (const own of bySubject.values()) own.sort((a, b) => a.version - b.version)
  return rows.map(({ subject }) => bySubject.get(subject)!.shift()!)
}
