import { lockAccount } from '../db/accounts.js'
import type { Queries } from '../db/database.js'
import {
  type ExportRow,
  endExport,
  exportPart,
  findExport,
  insertExport,
  lockExport,
  runningExports,
} from '../db/exports.js'
import { findJob, insertJob } from '../db/jobs.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type Actor, writeEvents } from './events.js'
import { EXPORT_JOB } from './export-job.js'
import type { EventQuery } from './find-events.js'
import type { UserListFilter } from './list-users.js'

export type ExportFormat = 'csv' | 'jsonl'

/** What a file is asked for: what a list of the same filter shows. */
export type ExportOrder =
  | { readonly kind: 'events'; readonly format: ExportFormat; readonly filter: Omit<EventQuery, 'limit' | 'cursor'> }
  | { readonly kind: 'users'; readonly format: ExportFormat; readonly filter: UserListFilter }

/** A file that is being made, or was. */
export interface Export {
  readonly id: string
  readonly kind: ExportOrder['kind']
  readonly format: ExportFormat
  readonly state: 'running' | 'finished' | 'failed' | 'cancelled'
  readonly rows: number
  /** From 0 to 1, as far as it can be told. */
  readonly progress: number
  readonly filter: Readonly<Record<string, unknown>>
  readonly createdAt: Date
  readonly by: Actor
}

/** So many are made at a time for one account. */
const MAX_RUNNING = 5

/** Who asked for a file: nobody else gets it. */
function authorOf({ actor }: Administrator): string {
  return `${actor.type} ${actor.id ?? ''}`
}

/** Begin to make a file, in the background; it is kept for a day. Refuses: export_limit. */
export async function startExport(
  deps: Deps,
  administrator: Administrator,
  accountId: string,
  { kind, format, filter }: ExportOrder,
  seesPayload: boolean,
): Promise<{ readonly id: string }> {
  const id = deps.newId()
  const now = deps.now().getTime()
  await deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if ((await runningExports(tx, accountId)) >= MAX_RUNNING)
      throw new AccountError('export_limit', `At most ${MAX_RUNNING} files are made at a time. Wait, or cancel one.`)
    const text = JSON.stringify(filter)
    await insertExport(tx, {
      ...{ account_id: accountId, id, kind, format, filter: text, sees_payload: seesPayload ? 1 : 0 },
      ...{ author: JSON.stringify(administrator.actor), author_id: authorOf(administrator), created_at: now },
    })
    const payload = JSON.stringify({ cursor: '', part: 0 })
    await insertJob(tx, accountId, { id, kind: EXPORT_JOB, subject: id, version: 1, payload, runAt: now })
    const changes = changesBetween<object>(undefined, { kind, format, filter: JSON.parse(text) as object })
    const subject = { type: 'account', id: accountId } as const
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, administrator, { action: 'export.created', subject, changes }),
    ])
    tx.afterCommit(() => deps.wakeWorker())
  })
  return { id }
}

/** Refuses: export_not_found, for everybody but who asked for it. */
export async function getExport(
  q: Queries,
  administrator: Administrator,
  accountId: string,
  id: string,
): Promise<Export> {
  const row = await ownExport(q, administrator, accountId, id)
  const job = await findJob(q, accountId, id)
  const { done = 0 } = job?.progress == null ? {} : (JSON.parse(job.progress) as { done?: number })
  return {
    id,
    kind: row.kind as Export['kind'],
    format: row.format as ExportFormat,
    state: row.state as Export['state'],
    rows: row.row_count,
    progress: row.state === 'finished' ? 1 : done,
    filter: JSON.parse(row.filter) as Export['filter'],
    createdAt: new Date(row.created_at),
    by: JSON.parse(row.author) as Actor,
  }
}

async function ownExport(q: Queries, administrator: Administrator, accountId: string, id: string): Promise<ExportRow> {
  const row = await findExport(q, accountId, id)
  if (row === undefined || row.author_id !== authorOf(administrator)) throw exportNotFound()
  return row
}

function exportNotFound(): AccountError {
  return new AccountError('export_not_found', 'You have no such export. Files are kept for a day.')
}

/** Stop making a file, and give up what there is of it. Refuses: export_not_found. */
export async function cancelExport(
  deps: Deps,
  administrator: Administrator,
  accountId: string,
  id: string,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await lockExport(tx, accountId, id)
    await ownExport(tx, administrator, accountId, id)
    await endExport(tx, accountId, id, 'cancelled', deps.now().getTime())
  })
}

/** A file on its way out. */
export interface ExportFile {
  readonly name: string
  readonly type: string
  readonly parts: AsyncIterable<string>
}

const TYPES = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson; charset=utf-8' } as const

/** The file of a finished export, piece by piece. Refuses: export_not_found, export_not_finished. */
export async function openExport(
  q: Queries,
  administrator: Administrator,
  accountId: string,
  id: string,
): Promise<ExportFile> {
  const row = await ownExport(q, administrator, accountId, id)
  if (row.state !== 'finished')
    throw new AccountError('export_not_finished', `This export is ${row.state}. Its file is there once it is finished.`)
  const day = new Date(row.created_at).toISOString().slice(0, 10)
  const format = row.format as ExportFormat
  return { name: `${row.kind}-${day}.${format}`, type: TYPES[format], parts: partsOf(q, row) }
}

async function* partsOf(q: Queries, { account_id, id, parts }: ExportRow): AsyncGenerator<string> {
  for (let part = 0; part < parts; part++) yield (await exportPart(q, account_id, id, part)) ?? ''
}
