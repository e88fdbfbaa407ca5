import type { Queries } from '../db/database.js'
import { findJob } from '../db/jobs.js'
import { AccountError } from './errors.js'

/** Background work as administrators see it. */
export interface Job {
  readonly id: string
  readonly kind: string
  readonly state: 'open' | 'done' | 'failed'
  /** How far it came, such as `{ people: 500 }`. */
  readonly progress: Readonly<Record<string, unknown>> | null
  readonly failure: string | null
  readonly attempts: number
  readonly createdAt: Date
  readonly finishedAt: Date | null
}

/** Refuses: job_not_found. */
export async function getJob(q: Queries, accountId: string, id: string): Promise<Job> {
  const row = await findJob(q, accountId, id)
  if (row === undefined) throw new AccountError('job_not_found', 'This account has no such job.')
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    progress: row.progress === null ? null : (JSON.parse(row.progress) as Record<string, unknown>),
    failure: row.failure,
    attempts: row.attempts,
    createdAt: new Date(row.created_at),
    finishedAt: row.finished_at === null ? null : new Date(row.finished_at),
  }
}
