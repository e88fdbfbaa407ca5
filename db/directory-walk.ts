import { compareText } from '../filter/compare-text.js'
import type { ResolvedFilter, Target } from '../filter/resolved.js'
import type { Queries } from './database.js'
import { type DirectoryTable, type Scope, whereOf } from './directory-search.js'
import { type Fragment, raw, sql } from './filter-fragment.js'
import { type SortKey, sortKey } from './filter-order.js'
import { composed } from './statement.js'

/** A place in a sorted list: behind the row with this sort key and id. `key` is null where the row has no such value. */
export interface Position {
  readonly key: string | number | null
  readonly id: string
}

/** One of the tables that are listed together, with filter and order as its schema reads them. */
export interface ListedTable {
  readonly table: DirectoryTable
  readonly filter?: ResolvedFilter
  /** Undefined where the list is in the order of ids, or this table has no such attribute. */
  readonly sortBy?: Target
}

export interface Walk {
  readonly tables: readonly ListedTable[]
  readonly sortOrder: 'ascending' | 'descending'
  /** From the beginning where undefined. */
  readonly after: Position | undefined
  readonly limit: number
}

/** A row on the way, with the place behind it. */
export interface Step {
  readonly table: DirectoryTable
  readonly position: Position
  readonly row: unknown
}

/** Texts of documents may be long, and a position travels in a URL: what agrees so far is in the order of ids. */
const KEY_CHARACTERS = 512

/**
 * Rows behind a position, found by comparing keys (RFC 9865): a page costs the same wherever it is, and who comes or goes
 * in between moves nobody else. Rows with a key and rows without one are two stretches, so that each is read in the
 * order of an index. One row more than `limit` is returned where there is one.
 */
export async function walkDirectory(q: Queries, scope: Scope, walk: Walk): Promise<Step[]> {
  const keyed = walk.tables.map((one) => ({ ...one, key: keyOf(one, q) }))
  const sorted = keyed.some(({ key }) => key !== undefined)
  const steps: Step[] = []
  for (const stretch of stretchesOf(walk, sorted)) {
    const missing = walk.limit + 1 - steps.length
    if (missing <= 0) break
    const found: Step[][] = []
    for (const one of keyed) found.push(await read(q, scope, one, walk.sortOrder, stretch, missing))
    steps.push(...merged(found, walk.sortOrder).slice(0, missing))
  }
  return steps
}

interface Keyed extends ListedTable {
  readonly key: SortKey | undefined
}

/** A part of the list: `keyed` rows have a sort key, `bare` ones have none. */
interface Stretch {
  readonly part: 'keyed' | 'bare'
  readonly after: Position | undefined
}

/** What is left of the list, in order: the missing come last when ascending, first when descending (RFC 7644 §3.4.2.3). */
function stretchesOf({ sortOrder, after }: Walk, sorted: boolean): Stretch[] {
  if (!sorted) return [{ part: 'bare', after }]
  const parts = sortOrder === 'ascending' ? (['keyed', 'bare'] as const) : (['bare', 'keyed'] as const)
  if (after === undefined) return parts.map((part) => ({ part, after: undefined }))
  const begun = parts.indexOf(after.key === null ? 'bare' : 'keyed')
  return parts.slice(begun).map((part, index) => ({ part, after: index === 0 ? after : undefined }))
}

/** The id is the order of every list, so it is no key. */
function keyOf({ table, sortBy }: ListedTable, q: Queries): SortKey | undefined {
  if (sortBy === undefined) return undefined
  const key = sortKey(sortBy, table.resource, q.dialect.name)
  return key.kind !== 'fixed' && key.expression === 'r.id' ? undefined : key
}

async function read(
  q: Queries,
  scope: Scope,
  { table, filter, key }: Keyed,
  order: Walk['sortOrder'],
  { part, after }: Stretch,
  limit: number,
): Promise<Step[]> {
  const expression = key === undefined ? undefined : keySql(key)
  const isKeyed = part === 'keyed'
  const never = isKeyed ? expression === undefined : expression !== undefined && !isNullable(key)
  if (never) return []
  const [sign, direction] = order === 'ascending' ? ['>', 'ASC'] : ['<', 'DESC']
  const behind = isKeyed ? keyedBehind(expression!, isNullable(key), sign, after) : bareBehind(expression, sign, after)
  const where = whereOf(q, table, scope, filter)
  const sorting = isKeyed ? `${expression} ${direction}, r.id ${direction}` : `r.id ${direction}`
  const text = `SELECT ${table.columns}, ${isKeyed ? expression : 'NULL'} AS sort_key FROM ${table.name} r
    WHERE ${where.text}${behind.text} ORDER BY ${sorting} LIMIT ?`
  const rows = await q.all<Read>(composed(text), [...where.params, ...behind.params, limit])
  // PostgreSQL sends a numeric as text.
  const isNumber = isKeyed && key?.kind === 'number'
  return rows.map(({ sort_key, ...row }) => {
    return { table, position: { key: isNumber ? Number(sort_key) : sort_key, id: row.id }, row }
  })
}

interface Read {
  readonly id: string
  readonly sort_key: string | number | null
}

function keyedBehind(expression: string, nullable: boolean, sign: string, after: Position | undefined): Fragment {
  const present = raw(nullable ? ` AND ${expression} IS NOT NULL` : '')
  if (after === undefined || after.key === null) return present
  return sql`${present} AND (${raw(expression)}, r.id) ${raw(sign)} (${after.key}, ${after.id})`
}

function bareBehind(expression: string | undefined, sign: string, after: Position | undefined): Fragment {
  const missing = raw(expression === undefined ? '' : ` AND ${expression} IS NULL`)
  return after === undefined ? missing : sql`${missing} AND r.id ${raw(sign)} ${after.id}`
}

function keySql(key: SortKey): string {
  if (key.kind === 'fixed') return `CAST('${key.value}' AS TEXT)`
  return key.kind === 'text' && key.fromDocument ? `substr(${key.expression}, 1, ${KEY_CHARACTERS})` : key.expression
}

function isNullable(key: SortKey | undefined): boolean {
  return key !== undefined && key.kind !== 'fixed' && key.nullable
}

/** Lists that are each in order, as one. */
function merged(lists: readonly Step[][], order: Walk['sortOrder']): Step[] {
  const [only] = lists
  if (lists.length === 1) return only!
  const sign = order === 'ascending' ? 1 : -1
  return lists
    .flat()
    .sort((a, b) => sign * (compareKeys(a.position, b.position) || compareText(a.position.id, b.position.id)))
}

function compareKeys({ key: a }: Position, { key: b }: Position): number {
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  return Number(a) - Number(b)
}
