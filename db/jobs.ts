import type { Database, Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface JobRow {
  readonly account_id: string
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly version: number
  readonly payload: string
  readonly state: 'open' | 'done' | 'failed'
  readonly run_at: number
  readonly attempts: number
  readonly locked_until: number | null
  readonly progress: string | null
  readonly failure: string | null
  readonly created_at: number
  readonly finished_at: number | null
}

export interface NewJob {
  readonly id: string
  readonly kind: string
  /** Jobs of one kind and subject run one after another, by version. */
  readonly subject: string
  readonly version: number
  readonly payload: string
  /** Milliseconds since 1970: not before this instant. */
  readonly runAt: number
}

const INSERT = statement(
  `INSERT INTO jobs (account_id, id, kind, subject, version, payload, state, run_at, attempts, created_at)
   VALUES (?, ?, ?, ?, ?, ?, 'open', ?, 0, ?)`,
)

export async function insertJob(tx: Tx, accountId: string, job: NewJob): Promise<void> {
  await tx.run(INSERT, [accountId, job.id, job.kind, job.subject, job.version, job.payload, job.runAt, job.runAt])
}

// One statement claims on both databases. A job whose worker died is claimable again when its lock has run out.
const CLAIM = statement(
  (d) => `UPDATE jobs SET locked_until = ?, attempts = attempts + 1
    WHERE (account_id, id) IN (
      SELECT j.account_id, j.id FROM jobs j
      WHERE j.state = 'open' AND j.kind <> 'outbox' AND j.kind = ? AND j.run_at <= ? AND (j.locked_until IS NULL OR j.locked_until < ?)
        AND NOT EXISTS (SELECT 1 FROM jobs o WHERE o.state = 'open' AND o.kind <> 'outbox' AND o.account_id = j.account_id
          AND o.kind = j.kind AND o.subject = j.subject AND o.version < j.version)
      ORDER BY j.run_at, j.account_id, j.id LIMIT ?${d.forUpdate === '' ? '' : `${d.forUpdate} OF j SKIP LOCKED`})
    RETURNING *`,
)

const ANY_DUE = statement(
  `SELECT 1 AS due FROM jobs WHERE state = 'open' AND kind <> 'outbox' AND kind = ? AND run_at <= ? LIMIT 1`,
)

/** Is anything due? A read, so that an idle worker writes nothing. */
export async function hasDueJobs(q: Queries, kind: string, now: number): Promise<boolean> {
  return (await q.get(ANY_DUE, [kind, now])) !== undefined
}

/** Claim up to `limit` due jobs of a kind until `lockedUntil`; nobody else gets them meanwhile. */
export function claimJobs(
  db: Database,
  kind: string,
  now: number,
  lockedUntil: number,
  limit: number,
): Promise<JobRow[]> {
  return db.transaction((tx) => tx.all<JobRow>(CLAIM, [lockedUntil, kind, now, now, limit]))
}

const CONTINUE = statement(
  `UPDATE jobs SET payload = ?, progress = ?, run_at = ?, locked_until = NULL, attempts = 0
   WHERE account_id = ? AND id = ? AND state = 'open'`,
)
const FINISH = statement(
  `UPDATE jobs SET state = ?, progress = ?, failure = ?, finished_at = ?, locked_until = NULL WHERE account_id = ? AND id = ?`,
)
const RETRY = statement(
  `UPDATE jobs SET run_at = ?, failure = ?, locked_until = NULL WHERE account_id = ? AND id = ? AND state = 'open'`,
)
const ENSURE = statement(
  `INSERT INTO jobs (account_id, id, kind, subject, version, payload, state, run_at, attempts, created_at)
   VALUES (?, ?, ?, ?, ?, ?, 'open', ?, 0, ?) ON CONFLICT (account_id, id) DO NOTHING`,
)

/** Make sure that a recurring job exists, whoever starts first. */
export async function ensureJob(tx: Tx, accountId: string, job: NewJob): Promise<void> {
  await tx.run(ENSURE, [accountId, job.id, job.kind, job.subject, job.version, job.payload, job.runAt, job.runAt])
}

const REOPEN = statement(
  `INSERT INTO jobs (account_id, id, kind, subject, version, payload, state, run_at, attempts, created_at)
   VALUES (?, ?, ?, ?, ?, ?, 'open', ?, 0, ?)
   ON CONFLICT (account_id, id) DO UPDATE SET state = 'open', run_at = excluded.run_at, attempts = 0, failure = NULL,
     finished_at = NULL`,
)

/** Have a recurring job run at this instant, whether it exists, has ended, or would run at another. */
export async function rescheduleJob(tx: Tx, accountId: string, job: NewJob): Promise<void> {
  await tx.run(REOPEN, [accountId, job.id, job.kind, job.subject, job.version, job.payload, job.runAt, job.runAt])
}

const FIND = statement(`SELECT * FROM jobs WHERE account_id = ? AND id = ?`)

/** Put a job that has more to do back, from where it stands. */
export async function continueJob(
  tx: Tx,
  job: Pick<JobRow, 'account_id' | 'id'>,
  payload: string,
  progress: string,
  now: number,
): Promise<void> {
  await tx.run(CONTINUE, [payload, progress, now, job.account_id, job.id])
}

export async function finishJob(
  tx: Tx,
  job: Pick<JobRow, 'account_id' | 'id'>,
  state: 'done' | 'failed',
  progress: string | null,
  failure: string | null,
  now: number,
): Promise<void> {
  await tx.run(FINISH, [state, progress, failure, now, job.account_id, job.id])
}

export async function retryJob(tx: Tx, job: Pick<JobRow, 'account_id' | 'id'>, at: number, why: string): Promise<void> {
  await tx.run(RETRY, [at, why, job.account_id, job.id])
}

export function findJob(q: Queries, accountId: string, id: string): Promise<JobRow | undefined> {
  return q.get(FIND, [accountId, id])
}
