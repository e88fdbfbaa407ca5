import pg from 'pg'
import type { Database } from '../../db/database.js'
import { GROUPS, USERS } from '../../db/directory-search.js'
import { searchUnion } from '../../db/directory-union.js'
import { type ListedTable, type Walk, walkDirectory } from '../../db/directory-walk.js'
import type { FilterScope } from '../../db/filter-search.js'
import { filterToSql } from '../../db/filter-sql.js'
import { type DatabaseLocation, openDatabase } from '../../db/open.js'
import { composed } from '../../db/statement.js'
import type { ResourceSchema } from '../../filter/attribute.js'
import { parseFilter } from '../../filter/parse.js'
import { resolveFilter } from '../../filter/resolve.js'
import type { FilterNode } from '../../filter/syntax.js'
import type { TestDatabase } from '../harness/database.js'
import { type Population, store } from './filter-population.js'

type Kind = TestDatabase['kind']

/** One of the tables of a list. */
export type ListedPart = Omit<ListedTable, 'table'> & { readonly resource: Resource }
type Resource = 'user' | 'group'

const TABLES = { user: 'directory_users', group: 'directory_groups' } as const

let accounts = 0

/** An account that holds one population, with the connection that is searched. */
export function useSearchable(kept: TestDatabase, population: Population) {
  const { kind } = kept
  const scope: FilterScope = { accountId: `account-${++accounts}`, connectionId: 'connection-1' }
  let database: Database

  before(async () => {
    places[kind] ??= findPlace(kept)
    database = await openDatabase(await places[kind])
    await store(database, scope, population)
  })
  after(() => database.close())

  /** The ids that a query over one table finds, in its order. */
  const select = async (resource: Resource, condition: string, params: readonly (string | number)[], order: string) => {
    const text = `SELECT r.id FROM ${TABLES[resource]} r
      WHERE r.account_id = ? AND r.connection_id = ? AND ${condition} ORDER BY ${order}`
    const rows = await database.all<{ id: string }>(composed(text), [scope.accountId, scope.connectionId, ...params])
    return rows.map(({ id }) => id)
  }

  const tablesOf = (parts: readonly ListedPart[]): ListedTable[] =>
    parts.map(({ resource, ...rest }) => ({ table: resource === 'user' ? USERS : GROUPS, ...rest }))
  const place = [scope.accountId, scope.connectionId] as const

  return {
    /** The ids of a list, walked page by page; `sizes` are the sizes of its pages, in turn. */
    walked: async (parts: readonly ListedPart[], sortOrder: Walk['sortOrder'], sizes: readonly number[]) => {
      const ids: string[] = []
      for (let after: Walk['after'], page = 0, ended = false; !ended; page++) {
        const limit = sizes[page % sizes.length]!
        const steps = await walkDirectory(database, place, { tables: tablesOf(parts), sortOrder, after, limit })
        ids.push(...steps.slice(0, limit).map(({ position }) => position.id))
        // What a cursor holds is text on its way.
        after = JSON.parse(JSON.stringify(steps[limit - 1]?.position ?? null)) ?? undefined
        ended = steps.length <= limit
      }
      return ids
    },
    /** The ids of a list over several tables, by index. */
    united: async (parts: readonly ListedPart[], sortOrder: Walk['sortOrder'], offset: number, limit: number) => {
      const search = { tables: tablesOf(parts), sortOrder, offset, limit }
      const { total, rows } = await searchUnion(database, place, search)
      return { total, ids: rows.map(({ row }) => (row as { id: string }).id) }
    },
    sorted: (resource: Resource, order: string) => select(resource, 'TRUE', [], order),
    found: (resource: Resource, schema: ResourceSchema, filter: FilterNode | string) => {
      const node = typeof filter === 'string' ? parseFilter(filter) : filter
      const { text, params } = filterToSql(resolveFilter(node, schema), resource, kind, scope)
      return select(resource, text, params, 'r.id')
    },
  }
}

/** One database of each kind for all suites about filters: accounts keep them apart. */
const places: Partial<Record<Kind, Promise<DatabaseLocation>>> = {}
const drops: (() => Promise<void>)[] = []

async function findPlace({ kind, create }: TestDatabase): Promise<DatabaseLocation> {
  const { location, drop } = await create()
  // What PostgreSQL holds goes with its server, which may have stopped before the last hook.
  if (kind === 'sqlite') drops.push(drop)
  return sortedForPeople(location)
}

after(async () => {
  for (const drop of drops) await drop()
})

let made = 0

/**
 * On PostgreSQL, another database beside the test's own, whose default is to sort as people do (a before B, É near e).
 * Installations are made so; a comparison that forgot to ask for bytes shows only there.
 */
export async function sortedForPeople(location: DatabaseLocation): Promise<DatabaseLocation> {
  if (location.kind !== 'postgres') return location
  const url = new URL(location.url)
  const name = `${url.pathname.slice(1)}_people_${++made}`
  const client = new pg.Client(location.url)
  await client.connect()
  await client.query(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`,
  )
  await client.end()
  url.pathname = name
  return { kind: 'postgres', url: url.href }
}
