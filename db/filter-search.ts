import type { Comparison, ResolvedFilter, Target } from '../filter/resolved.js'
import type { Operator } from '../filter/syntax.js'
import { compareSql } from './filter-compare.js'
import type { FilterDialect } from './filter-dialect.js'
import { type Fragment, raw, sql } from './filter-fragment.js'
import { MANAGER, nameOf } from './filter-resource.js'

/** The connection whose rows are searched. Its ids are parameters of every sub-select, so that each finds its index. */
export interface FilterScope {
  readonly accountId: string
  readonly connectionId: string
}

/** A SELECT of the ids that an index finds: all that match the filter and, where it is `exact`, no others. */
export interface Search {
  readonly select: Fragment
  readonly exact: boolean
  /** How much it may find: one key, a range of keys, or any part of the index. */
  readonly breadth: 0 | 1 | 2
}

export interface SearchContext {
  readonly resource: 'user' | 'group'
  readonly dialect: FilterDialect
  readonly scope: FilterScope
}

/** Where ids stand beside a key in an index, under the alias `k`. */
interface Key {
  readonly id: string
  readonly from: string
  readonly column: string
  /** The index is narrow: to walk all of it is still better than to open every document. */
  readonly walk?: boolean
}

const column = (table: string, name: string): Key => ({ id: 'k.id', from: `${table} k`, column: `k.${name}` })

const MEMBERS_OF_GROUPS = `directory_groups k {join} directory_members m
  ON m.account_id = k.account_id AND m.connection_id = k.connection_id AND m.group_id = k.id`

const KEYS: Readonly<Record<'user' | 'group', Readonly<Record<string, Key>>>> = {
  user: {
    id: column('directory_users', 'id'),
    userName: column('directory_users', 'user_name_key'),
    externalId: column('directory_users', 'external_id'),
    displayName: column('directory_users', 'display_key'),
    [`${MANAGER}.value`]: column('directory_users', 'manager_id'),
    'emails.value': { id: 'k.directory_user_id', from: 'directory_emails k', column: 'k.value_key', walk: true },
    'groups.value': { id: 'm.directory_user_id', from: MEMBERS_OF_GROUPS, column: 'k.id' },
    'groups.display': { id: 'm.directory_user_id', from: MEMBERS_OF_GROUPS, column: 'k.display_key' },
  },
  group: {
    id: column('directory_groups', 'id'),
    displayName: column('directory_groups', 'display_key'),
    externalId: column('directory_groups', 'external_id'),
    'members.value': { id: 'k.group_id', from: 'directory_members k', column: 'k.directory_user_id' },
  },
}

const BREADTHS: Readonly<Partial<Record<Operator, Search['breadth']>>> = { eq: 0, sw: 1, co: 2, ew: 2 }

/**
 * How an index narrows a filter down; undefined where none does. `owner` is the attribute whose element the filter is about.
 * SQLite, which knows nothing of how many rows an account has, would rather walk them all in the order of the list;
 * a list of ids from a sub-select leaves it no choice, and PostgreSQL sees through it.
 */
export function findSearch(filter: ResolvedFilter, context: SearchContext, owner?: Target): Search | undefined {
  switch (filter.kind) {
    case 'compare':
      return searchKey(filter, context, owner)
    case 'some': {
      const search = findSearch(filter.filter, context, filter.target)
      return search && inexact(search)
    }
    case 'and':
      return narrowest(filter.terms, context, owner)
    case 'or':
      return union(filter.terms, context, owner)
    default:
      return undefined
  }
}

function searchKey(comparison: Comparison, { resource, dialect, scope }: SearchContext, owner: Target | undefined) {
  const name = nameOf(comparison.target)
  const key = KEYS[resource][owner === undefined ? name : `${nameOf(owner)}.${name}`]
  const breadth = BREADTHS[comparison.op]
  if (key === undefined || breadth === undefined || (breadth === 2 && key.walk !== true)) return undefined
  const condition = compareSql({ kind: 'text', expression: key.column }, comparison, dialect)
  const from = raw(key.from.replace('{join}', dialect.join))
  const select = sql`SELECT ${raw(key.id)} FROM ${from}
    WHERE k.account_id = ${scope.accountId} AND k.connection_id = ${scope.connectionId} AND ${condition}`
  return { select, exact: true, breadth }
}

function narrowest(terms: readonly ResolvedFilter[], context: SearchContext, owner: Target | undefined) {
  const searches = terms.flatMap((term) => findSearch(term, context, owner) ?? [])
  const [first] = searches.sort((one, other) => one.breadth - other.breadth)
  return first && inexact(first)
}

function inexact({ select, breadth }: Search): Search {
  return { select, exact: false, breadth }
}

function union(terms: readonly ResolvedFilter[], context: SearchContext, owner: Target | undefined) {
  const searches = terms.map((term) => findSearch(term, context, owner))
  return searches.reduce((all, next) => {
    if (all === undefined || next === undefined) return undefined
    const breadth = all.breadth > next.breadth ? all.breadth : next.breadth
    return { select: sql`${all.select} UNION ALL ${next.select}`, exact: all.exact && next.exact, breadth }
  })
}
