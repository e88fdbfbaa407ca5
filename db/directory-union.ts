import type { Param, Queries } from './database.js'
import { countRows, type DirectoryTable, rowsById, type Scope, whereOf } from './directory-search.js'
import type { ListedTable } from './directory-walk.js'
import { orderBySql, type SortKey, sortKey } from './filter-order.js'
import { composed } from './statement.js'

export interface UnionSearch {
  readonly tables: readonly ListedTable[]
  readonly sortOrder: 'ascending' | 'descending'
  readonly offset: number
  readonly limit: number
}

/** A row with the table that it is from. */
export interface TableRow {
  readonly table: DirectoryTable
  readonly row: unknown
}

/** Several tables as one list, by index (RFC 7644 §3.4.2.1): ids of the page first, then the rows of each table. */
export async function searchUnion(
  q: Queries,
  scope: Scope,
  search: UnionSearch,
): Promise<{ total: number; rows: TableRow[] }> {
  let total = 0
  for (const { table, filter } of search.tables) total += await countRows(q, table, scope, filter)
  if (search.limit === 0 || search.offset >= total) return { total, rows: [] }
  const places = await placesOf(q, scope, search)
  const rows = new Map<string, TableRow>()
  for (const { table } of search.tables) {
    const ids = places.filter(({ kind }) => kind === table.resource).map(({ id }) => id)
    for (const row of await rowsById(q, table, scope, ids)) rows.set((row as { id: string }).id, { table, row })
  }
  return { total, rows: places.flatMap(({ id }) => rows.get(id) ?? []) }
}

interface Place {
  readonly kind: DirectoryTable['resource']
  readonly id: string
}

/** Each table gives no more than could be on the page, in the order of its own index; only those are put in one order. */
function placesOf(q: Queries, scope: Scope, search: UnionSearch): Promise<Place[]> {
  const { tables, sortOrder, offset, limit } = search
  const params: Param[] = []
  const keys = tables.map(({ table, sortBy }) => sortBy && sortKey(sortBy, table.resource, q.dialect.name))
  const missing = `CAST(NULL AS ${TYPES[keys.find((key) => key !== undefined)?.kind ?? 'text']})`
  const [direction, nulls] = sortOrder === 'ascending' ? ['ASC', 'LAST'] : ['DESC', 'FIRST']
  const selects = tables.map(({ table, filter, sortBy }, index) => {
    const where = whereOf(q, table, scope, filter)
    params.push(...where.params, offset + limit)
    const order = sortBy && orderBySql(sortBy, sortOrder, table.resource, q.dialect.name)
    return `SELECT * FROM (SELECT '${table.resource}' AS kind, r.id AS id, ${keySql(keys[index]) ?? missing} AS sort_key
      FROM ${table.name} r WHERE ${where.text} ORDER BY ${order ?? `r.id ${direction}`} LIMIT ?) AS ${table.resource}s`
  })
  const byKey = keys.every((key) => key === undefined) ? '' : `sort_key ${direction} NULLS ${nulls}, `
  const text = `SELECT kind, id FROM (${selects.join(' UNION ALL ')}) AS listed
    ORDER BY ${byKey}id ${direction} LIMIT ? OFFSET ?`
  return q.all(composed(text), [...params, limit, offset])
}

/** A table without the attribute has to say of which type the value is that it does not have. */
const TYPES = { text: 'TEXT', fixed: 'TEXT', number: 'NUMERIC', boolean: 'BIGINT', instant: 'BIGINT' } as const

function keySql(key: SortKey | undefined): string | undefined {
  return key?.kind === 'fixed' ? `CAST('${key.value}' AS TEXT)` : key?.expression
}
