import type { ResolvedFilter, Target } from '../filter/resolved.js'
import type { Param, Queries } from './database.js'
import type { DirectoryGroupRow } from './directory-groups.js'
import { COLUMNS, type StoredDirectoryUser } from './directory-users.js'
import { orderBySql } from './filter-order.js'
import { filterToSql } from './filter-sql.js'
import { composed } from './statement.js'

/** A page of a list: which rows, in which order, from where. */
export interface DirectorySearch {
  readonly filter?: ResolvedFilter
  readonly sortBy?: Target
  readonly sortOrder: 'ascending' | 'descending'
  /** Rows to pass over. */
  readonly offset: number
  /** The most rows to return; 0 asks for the total alone. */
  readonly limit: number
}

export interface Found<Row> {
  readonly total: number
  readonly rows: readonly Row[]
}

/** A table that lists are read from. */
export interface DirectoryTable<Row = unknown> {
  readonly name: 'directory_users' | 'directory_groups'
  readonly resource: 'user' | 'group'
  readonly columns: string
  /** The type of its rows; there is no value. */
  readonly row?: Row
}

/** One of `SIZES`. */
export interface SizedRow {
  readonly id: string
  readonly bytes: number
}

/** People of a connection. */
export const USERS: DirectoryTable<StoredDirectoryUser> = {
  name: 'directory_users',
  resource: 'user',
  columns: COLUMNS,
}
/** People without their documents, which may be long: how many bytes each has, for who reads no more than so many. */
export const SIZES: DirectoryTable<SizedRow> = {
  name: 'directory_users',
  resource: 'user',
  columns: 'r.id, octet_length(r.document) AS bytes',
}
export const GROUPS: DirectoryTable<DirectoryGroupRow> = {
  name: 'directory_groups',
  resource: 'group',
  columns: 'r.*',
}

export type Scope = readonly [accountId: string, connectionId: string]

/**
 * One table by index. The total costs a count only where the page does not tell it, and a page far down is read from the
 * nearer end; a filter runs in SQL and never reads more rows into the process than the page it returns.
 */
export async function searchDirectory<Row>(
  q: Queries,
  table: DirectoryTable<Row>,
  scope: Scope,
  search: DirectorySearch,
): Promise<Found<Row>> {
  const { offset, limit, filter } = search
  if (limit > 0 && offset === 0) {
    const rows = await page<Row>(q, table, scope, search, false)
    return rows.length < limit
      ? { total: rows.length, rows }
      : { total: await countRows(q, table, scope, filter), rows }
  }
  const total = await countRows(q, table, scope, filter)
  if (limit === 0 || offset >= total) return { total, rows: [] }
  const size = Math.min(limit, total - offset)
  if (offset <= total / 2) return { total, rows: await page<Row>(q, table, scope, search, true) }
  const fromEnd = { ...search, sortOrder: OPPOSITE[search.sortOrder], offset: total - offset - size, limit: size }
  return { total, rows: (await page<Row>(q, table, scope, fromEnd, true)).reverse() }
}

const OPPOSITE = { ascending: 'descending', descending: 'ascending' } as const

export interface Condition {
  readonly text: string
  readonly params: readonly Param[]
}

/** Which rows `r` of a table are in a list. */
export function whereOf(
  q: Queries,
  table: DirectoryTable,
  [accountId, connectionId]: Scope,
  filter: ResolvedFilter | undefined,
): Condition {
  const text = 'r.account_id = ? AND r.connection_id = ?'
  if (filter === undefined) return { text, params: [accountId, connectionId] }
  const sql = filterToSql(filter, table.resource, q.dialect.name, { accountId, connectionId })
  return { text: `${text} AND (${sql.text})`, params: [accountId, connectionId, ...sql.params] }
}

export async function countRows(
  q: Queries,
  table: DirectoryTable,
  scope: Scope,
  filter: ResolvedFilter | undefined,
): Promise<number> {
  const where = whereOf(q, table, scope, filter)
  const text = `SELECT count(*) AS total FROM ${table.name} r WHERE ${where.text}`
  return (await q.get<{ total: number }>(composed(text), where.params))?.total ?? 0
}

/** `far` reads ids first, from the index alone, and whole rows only for the page. */
async function page<Row>(
  q: Queries,
  table: DirectoryTable,
  scope: Scope,
  search: DirectorySearch,
  far: boolean,
): Promise<Row[]> {
  const where = whereOf(q, table, scope, search.filter)
  const order = orderOf(q, table, search)
  const ids = far
    ? `r.id IN (SELECT r.id FROM ${table.name} r WHERE ${where.text} ORDER BY ${order} LIMIT ? OFFSET ?)`
    : ''
  const text = far
    ? `SELECT ${table.columns} FROM ${table.name} r
       WHERE r.account_id = ? AND r.connection_id = ? AND ${ids} ORDER BY ${order}`
    : `SELECT ${table.columns} FROM ${table.name} r WHERE ${where.text} ORDER BY ${order} LIMIT ?`
  const params = far ? [...scope, ...where.params, search.limit, search.offset] : [...where.params, search.limit]
  return q.all<Row>(composed(text), params)
}

function orderOf(q: Queries, { resource }: DirectoryTable, { sortBy, sortOrder }: DirectorySearch): string {
  if (sortBy !== undefined) return orderBySql(sortBy, sortOrder, resource, q.dialect.name)
  return `r.id ${sortOrder === 'ascending' ? 'ASC' : 'DESC'}`
}

/** Rows by their ids, in no order. */
export async function rowsById<Row>(
  q: Queries,
  { name, columns }: DirectoryTable<Row>,
  [accountId, connectionId]: Scope,
  ids: readonly string[],
): Promise<Row[]> {
  if (ids.length === 0) return []
  const { list, join } = q.dialect
  const text = `SELECT ${columns} FROM ${list} ${join} ${name} r
    ON r.account_id = ? AND r.connection_id = ? AND r.id = value`
  return q.all(composed(text), [JSON.stringify(ids), accountId, connectionId])
}
