import type { JobRow } from '../db/jobs.js'
import type { Deps } from './deps.js'
import type { EventDraft } from './events.js'

/** Who acts where nobody asked: background work. */
export const SYSTEM = { type: 'system', id: null, label: 'background work' } as const

/** What is of the installation, and of no customer, stands under no account. */
export const NO_ACCOUNT = ''

/** Background work came to its end: a child of the request that queued it. `people` is how many it went through. */
export function jobFinished(
  deps: Deps,
  job: Pick<JobRow, 'id' | 'kind'>,
  task: { readonly parentId: string; readonly connectionId: string },
  people: number,
): EventDraft {
  return {
    id: deps.newId(),
    parentId: task.parentId,
    source: 'system',
    action: 'job.finished',
    outcome: 'success',
    actor: SYSTEM,
    subject: { type: 'job', id: job.id, displayName: job.kind },
    connectionId: task.connectionId,
    effects: [{ kind: 'job', jobId: job.id, people }],
  }
}
