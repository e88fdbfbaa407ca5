import type { Tx } from '../db/database.js'
import {
  addExportPart,
  deleteExport,
  dropExportParts,
  type ExportRow,
  endExport,
  lockExport,
  oldestExport,
} from '../db/exports.js'
import { continueJob, finishJob, type JobRow } from '../db/jobs.js'
import { getAccount } from './accounts.js'
import { csvLine } from './csv.js'
import type { Deps } from './deps.js'
import { listEvents } from './events-read.js'
import { cellsOf, EVENT_COLUMNS, namesOf, USER_COLUMNS } from './export-rows.js'
import type { EventQuery } from './find-events.js'
import { idAt, isId, timeOfId } from './id-at.js'
import { listUsers, type UserListFilter } from './list-users.js'
import type { Page } from './page.js'

export const EXPORT_JOB = 'export'

const CHUNK = 500
/** Beyond this a file helps nobody, and the feed is the better way. */
const MAX_ROWS = 500_000
const MAX_ATTEMPTS = 5
const DAY_MS = 86_400_000

interface Task {
  /** Where the next rows begin. */
  readonly cursor: string
  /** The piece that comes next: who comes with an older one has lost the job to somebody else. */
  readonly part: number
}

/** One chunk of a file. A worker that dies repeats a chunk that was not committed, and nothing else. */
export async function runExportChunk(deps: Deps, job: JobRow): Promise<void> {
  const { account_id: accountId, id } = job
  const task = JSON.parse(job.payload) as Task
  const now = deps.now().getTime()
  const row = await deps.db.transaction((tx) => lockExport(tx, accountId, id))
  if (row === undefined || row.state !== 'running') return giveUp(deps, job)
  if (job.attempts > MAX_ATTEMPTS) {
    await deps.db.transaction((tx) => endExport(tx, accountId, id, 'failed', now))
    return giveUp(deps, job)
  }
  const chunk = await nextChunk(deps, row, task)
  const stopped = await deps.db.transaction(async (tx) => {
    const locked = await lockExport(tx, accountId, id)
    if (locked?.state !== 'running') return true
    if (locked.parts !== task.part) return false
    await addExportPart(tx, locked, chunk.text, chunk.rows)
    await advance(deps, tx, job, locked, chunk)
    return false
  })
  if (stopped) await giveUp(deps, job)
}

interface Chunk {
  readonly text: string
  readonly rows: number
  readonly next: string | undefined
  /** How far it is, from 0 to 1. */
  readonly done: number
}

async function advance(deps: Deps, tx: Tx, job: JobRow, row: ExportRow, chunk: Chunk): Promise<void> {
  const now = deps.now().getTime()
  const progress = JSON.stringify({ rows: row.row_count + chunk.rows, done: chunk.done })
  if (chunk.next !== undefined && row.row_count + chunk.rows < MAX_ROWS)
    return continueJob(tx, job, JSON.stringify({ cursor: chunk.next, part: row.parts + 1 }), progress, now)
  await endExport(tx, row.account_id, row.id, 'finished', now)
  await finishJob(tx, job, 'done', progress, null, now)
}

/** Nobody waits for this file any more: its pieces go. */
async function giveUp(deps: Deps, job: JobRow): Promise<void> {
  await dropParts(deps, job.account_id, job.id)
  const now = deps.now().getTime()
  await deps.db.transaction((tx) =>
    finishJob(tx, job, 'done', job.progress, 'nobody waits for this file any more', now),
  )
}

async function dropParts({ db }: Deps, accountId: string, id: string): Promise<void> {
  while ((await db.transaction((tx) => dropExportParts(tx, accountId, id, 20))) > 0);
}

async function nextChunk(deps: Deps, row: ExportRow, { cursor, part }: Task): Promise<Chunk> {
  const createdAt = new Date(row.created_at)
  const heading = part === 0 ? headingOf(row) : ''
  if (row.kind === 'users') {
    const filter = JSON.parse(row.filter) as UserListFilter
    const query = { ...filter, sort: 'created', cursor, limit: CHUNK } as const
    const page = await listUsers(deps.db, row.account_id, query, createdAt)
    const { createdAt: begin } = await getAccount(deps.db, row.account_id)
    const done = share(begin.getTime(), row.created_at, page.nextCursor)
    return { ...textOf(row, heading, page, (user) => cellsOf(USER_COLUMNS, user)), next: page.nextCursor, done }
  }
  const { from, to, ...filter } = JSON.parse(row.filter) as EventQuery & { from?: string; to?: string }
  const end = to === undefined ? createdAt : new Date(to)
  const begin = from === undefined ? undefined : new Date(from)
  const query = { ...filter, from: begin, to: end, cursor: cursor === '' ? undefined : cursor, limit: CHUNK }
  const page = await listEvents(deps.db, row.account_id, query, row.sees_payload === 1)
  const first = begin ?? (await getAccount(deps.db, row.account_id)).createdAt
  const done = 1 - share(first.getTime(), end.getTime(), page.nextCursor)
  const next = page.nextCursor
  return {
    ...textOf(row, heading, page, (event) => cellsOf(EVENT_COLUMNS, event)),
    next,
    done: next === undefined ? 1 : done,
  }
}

/** Where between two instants an id lies. */
function share(begin: number, end: number, id: string | undefined): number {
  if (id === undefined || !isId(id) || end <= begin) return 1
  return Math.round(Math.min(1, Math.max(0, (timeOfId(id) - begin) / (end - begin))) * 100) / 100
}

function textOf<Row>(
  { format }: ExportRow,
  heading: string,
  { items }: Page<Row>,
  cells: (row: Row) => string[],
): Pick<Chunk, 'text' | 'rows'> {
  const lines = items.map((item) => (format === 'csv' ? csvLine(cells(item)) : `${JSON.stringify(item)}\n`))
  return { text: heading + lines.join(''), rows: items.length }
}

/** What was asked for and when, and in CSV the names of the columns. */
function headingOf({ kind, format, filter, created_at }: ExportRow): string {
  const about = { kind, filter: JSON.parse(filter) as unknown, createdAt: new Date(created_at).toISOString() }
  if (format === 'jsonl') return `${JSON.stringify({ export: about })}\n`
  const names = kind === 'users' ? namesOf(USER_COLUMNS) : namesOf(EVENT_COLUMNS)
  return csvLine([`# ${JSON.stringify(about)}`]) + csvLine(names)
}

/** Files are kept for a day. */
export async function forgetExports(deps: Deps, accountId: string): Promise<void> {
  const before = idAt(deps.now().getTime() - DAY_MS)
  for (;;) {
    const id = await oldestExport(deps.db, accountId, before)
    if (id === undefined) return
    await dropParts(deps, accountId, id)
    await deps.db.transaction((tx) => deleteExport(tx, accountId, id))
  }
}
