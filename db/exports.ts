import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A file that somebody asked for, and how far it is. */
export interface ExportRow {
  readonly account_id: string
  readonly id: string
  readonly kind: string
  readonly format: string
  /** JSON text. */
  readonly filter: string
  /** Does it show what only readers of payloads may see? */
  readonly sees_payload: number
  readonly state: string
  readonly row_count: number
  readonly parts: number
  /** JSON text of who asked for it. */
  readonly author: string
  readonly author_id: string | null
  /** In milliseconds. */
  readonly created_at: number
  readonly finished_at: number | null
}

const INSERT = statement(
  `INSERT INTO exports (account_id, id, kind, format, filter, sees_payload, state, row_count, parts, author, author_id, created_at)
   VALUES (?, ?, ?, ?, ?, ?, 'running', 0, 0, ?, ?, ?)`,
)
const FIND = statement(`SELECT * FROM exports WHERE account_id = ? AND id = ?`)
const LOCK = statement((d) => `SELECT * FROM exports WHERE account_id = ? AND id = ?${d.forUpdate}`)
const RUNNING = statement(`SELECT count(*) AS total FROM exports WHERE account_id = ? AND state = 'running'`)
const ADVANCE = statement(`UPDATE exports SET row_count = ?, parts = ? WHERE account_id = ? AND id = ?`)
const END = statement(
  `UPDATE exports SET state = ?, finished_at = ? WHERE account_id = ? AND id = ? AND state = 'running'`,
)
const ADD_PART = statement(`INSERT INTO export_parts (account_id, export_id, part, content) VALUES (?, ?, ?, ?)`)
const PART = statement(`SELECT content FROM export_parts WHERE account_id = ? AND export_id = ? AND part = ?`)
const DROP_PARTS = statement(
  `DELETE FROM export_parts WHERE account_id = ? AND export_id = ? AND part IN (
     SELECT part FROM export_parts WHERE account_id = ? AND export_id = ? ORDER BY part LIMIT ?)`,
)
const OLDEST = statement(`SELECT id FROM exports WHERE account_id = ? AND id < ? ORDER BY id LIMIT 1`)
const DELETE = statement(`DELETE FROM exports WHERE account_id = ? AND id = ?`)

export async function insertExport(
  tx: Tx,
  r: Omit<ExportRow, 'state' | 'row_count' | 'parts' | 'finished_at'>,
): Promise<void> {
  const words = [r.account_id, r.id, r.kind, r.format, r.filter, r.sees_payload]
  await tx.run(INSERT, [...words, r.author, r.author_id, r.created_at])
}

export function findExport(q: Queries, accountId: string, id: string): Promise<ExportRow | undefined> {
  return q.get(FIND, [accountId, id])
}

export function lockExport(tx: Tx, accountId: string, id: string): Promise<ExportRow | undefined> {
  return tx.get(LOCK, [accountId, id])
}

/** An account has few exports: they are kept for a day. */
export async function runningExports(q: Queries, accountId: string): Promise<number> {
  return (await q.get<{ total: number }>(RUNNING, [accountId]))?.total ?? 0
}

/** Add a piece to the file of a locked export. */
export async function addExportPart(tx: Tx, row: ExportRow, content: string, rows: number): Promise<void> {
  await tx.run(ADD_PART, [row.account_id, row.id, row.parts, content])
  await tx.run(ADVANCE, [row.row_count + rows, row.parts + 1, row.account_id, row.id])
}

/** Resolves to whether it was running until now. */
export async function endExport(
  tx: Tx,
  accountId: string,
  id: string,
  state: 'finished' | 'failed' | 'cancelled',
  now: number,
): Promise<boolean> {
  return (await tx.run(END, [state, now, accountId, id])) > 0
}

export async function exportPart(q: Queries, accountId: string, id: string, part: number): Promise<string | undefined> {
  return (await q.get<{ content: string }>(PART, [accountId, id, part]))?.content
}

/** Delete up to `limit` pieces of a file; resolves to how many there were. */
export function dropExportParts(tx: Tx, accountId: string, id: string, limit: number): Promise<number> {
  return tx.run(DROP_PARTS, [accountId, id, accountId, id, limit])
}

/** The oldest export with an id from before another. */
export async function oldestExport(q: Queries, accountId: string, before: string): Promise<string | undefined> {
  return (await q.get<{ id: string }>(OLDEST, [accountId, before]))?.id
}

export async function deleteExport(tx: Tx, accountId: string, id: string): Promise<void> {
  await tx.run(DELETE, [accountId, id])
}
