import type { Database, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { ensureFeed, lockFeed } from './feed.js'
import { listsBy } from './lists-by.js'
import { statement } from './statement.js'

interface OpenRow {
  readonly account_id: string
  readonly id: string
}

interface Waiting {
  readonly id: string
  readonly subject: string
  readonly version: number
  readonly payload: string
}

/** A place in the feed, before it has its number. */
interface Entry {
  readonly jobId: string
  readonly subject: string
  readonly version: number
  readonly eventId: string
}

interface Child {
  readonly id: string
  readonly parent_id: string
  readonly user_id: string
}

/** The subject of a row that stands for many people: its payload lists pairs of an event and a person. */
export const ACCESS_SUBJECT = 'access'

/** Places that are given at a time. */
const MAX_ENTRIES = 5_000

const ANY_OPEN = statement(`SELECT account_id, id FROM jobs WHERE state = 'open' AND kind = 'outbox' LIMIT 1`)
const OPEN_OF_ACCOUNT = statement(
  (d) => `SELECT id, subject, version, payload FROM jobs${d.indexed('jobs_outbox')}
    WHERE account_id = ? AND state = 'open' AND kind = 'outbox' ORDER BY id LIMIT ?`,
)
// What followed for other people stands in the log beside the event of the request, so a request writes one row for all.
const CHILDREN = statement(
  (d) => `SELECT e.id, e.parent_id, e.user_id FROM ${d.list}
    ${d.join} events e${d.indexed('events_parent')} ON e.account_id = ? AND e.parent_id = value
    ${d.join} event_facets f ON f.account_id = e.account_id AND f.id = e.facet_id
    WHERE f.source = 'scim' AND f.action = 'user.access_changed' AND e.user_id IS NOT NULL ORDER BY e.id LIMIT ?`,
)
const COLUMNS: JsonColumn[] = [
  ['seq', 'integer'],
  ['job_id', 'text'],
  ['subject', 'text'],
  ['version', 'integer'],
  ['event_id', 'text'],
]
const STAMP = statement(
  (d) => `INSERT INTO feed (account_id, seq, job_id, subject, version, event_id, stamped_at)
    SELECT ?, seq, job_id, subject, version, event_id, CAST(? AS BIGINT) FROM ${d.rows(COLUMNS)} AS v`,
)
const DONE = statement((d) => `DELETE FROM jobs WHERE account_id = ? AND id IN (SELECT value FROM ${d.list})`)
// A webhook whose target does not answer keeps its pauses, whatever happens meanwhile.
const WAKE_WEBHOOKS = statement(
  `UPDATE jobs SET run_at = ? WHERE account_id = ? AND state = 'open' AND run_at > ?
   AND id IN (SELECT id FROM webhooks WHERE account_id = ? AND enabled = 1 AND failures < ?)`,
)
const FORGET_UNUSED = statement(`DELETE FROM feed_counters WHERE account_id = ? AND last = 0`)
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
    const last = await lockFeed(tx, accountId)
    const open = inOrder(await tx.all<Waiting>(OPEN_OF_ACCOUNT, [accountId, limit]))
    if (last === undefined || open.length === 0) {
      // What was open went with its account (db/self-tests.ts), whose counter is not to come back.
      await tx.run(FORGET_UNUSED, [accountId])
      return 0
    }
    const { rows, entries } = await entriesOf(tx, accountId, open)
    const stamps = entries.map(({ jobId, subject, version, eventId }, index) => {
      return [last + index + 1, jobId, subject, version, eventId]
    })
    await tx.run(STAMP, [accountId, now, JSON.stringify(stamps)])
    await tx.run(DONE, [accountId, JSON.stringify(rows.map(({ id }) => id))])
    await tx.run(ADVANCE, [last + entries.length, accountId])
    await tx.run(WAKE_WEBHOOKS, [now, accountId, now, accountId, WEBHOOK_FAILURES_TO_PAUSE])
    return rows.length
  })
}

/** The places of these rows, or of the first half of them where they would be too many. */
async function entriesOf(
  tx: Tx,
  accountId: string,
  rows: readonly Waiting[],
): Promise<{ readonly rows: readonly Waiting[]; readonly entries: readonly Entry[] }> {
  const ids = rows.flatMap(({ subject, payload }) => (subject === ACCESS_SUBJECT ? [] : [payload]))
  const children = await tx.all<Child>(CHILDREN, [JSON.stringify(ids), accountId, MAX_ENTRIES])
  if (children.length === MAX_ENTRIES && rows.length > 1)
    return entriesOf(tx, accountId, rows.slice(0, Math.floor(rows.length / 2)))
  const others = listsBy(children, (child) => child.parent_id)
  const entries = rows.flatMap((row): Entry[] => {
    if (row.subject === ACCESS_SUBJECT) {
      const told = JSON.parse(row.payload) as [eventId: string, userId: string][]
      return told.map(([eventId, subject]) => ({ jobId: row.id, subject, version: row.version, eventId }))
    }
    const own = { jobId: row.id, subject: row.subject, version: row.version, eventId: row.payload }
    return [
      own,
      ...(others.get(row.payload) ?? []).map(({ id, user_id }) => ({
        jobId: row.id,
        subject: user_id,
        version: 0,
        eventId: id,
      })),
    ]
  })
  return { rows, entries }
}

/**
 * Ids are of the clock of the process that wrote the row, which may be ahead of another's; versions are of the subject.
 * So each subject's rows change places among themselves until their versions follow one another.
 */
function inOrder(rows: readonly Waiting[]): Waiting[] {
  const bySubject = listsBy(rows, (row) => row.subject)
  for (const own of bySubject.values()) own.sort((a, b) => a.version - b.version)
  return rows.map(({ subject }) => bySubject.get(subject)!.shift()!)
}
