import type { DirectoryGroupRow } from '../db/directory-groups.js'
import { allMembersOf, membersOf } from '../db/directory-members.js'
import {
  countRows,
  type DirectoryTable,
  GROUPS,
  rowsById,
  type Scope,
  SIZES,
  type SizedRow,
  searchDirectory,
  USERS,
} from '../db/directory-search.js'
import { searchUnion, type TableRow } from '../db/directory-union.js'
import { findManagerNames, type StoredDirectoryUser } from '../db/directory-users.js'
import { type ListedTable, type Position, walkDirectory } from '../db/directory-walk.js'
import { listsBy } from '../db/lists-by.js'
import type { ResolvedFilter, Target } from '../filter/resolved.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { type DirectoryUser, directoryUserFromRow, groupRefsOfMany } from './directory-user.js'
import { type DirectoryGroup, directoryGroupFromRow } from './provision-group.js'

export type { Position }

/** One kind of thing in a list, with filter and order as its schema reads them. */
export interface ListedKind {
  readonly kind: 'user' | 'group'
  readonly filter?: ResolvedFilter
  readonly sortBy?: Target
  /** Whether groups of a user or members of a group are shown. */
  readonly wantsRelated: boolean
}

/** `after` is undefined on the first page. */
export type Paging =
  | { readonly kind: 'index'; readonly offset: number }
  | { readonly kind: 'cursor'; readonly after: Position | undefined }

export interface DirectoryList {
  readonly kinds: readonly ListedKind[]
  readonly sortOrder: 'ascending' | 'descending'
  readonly paging: Paging
  /** The most things to return; 0 asks for the total alone. */
  readonly limit: number
}

export type DirectoryItem =
  | { readonly kind: 'user'; readonly user: DirectoryUser }
  | { readonly kind: 'group'; readonly group: DirectoryGroup }

export interface DirectoryPage {
  readonly items: readonly DirectoryItem[]
  /** Undefined behind the first page of a walk by cursor: it was told there, and would be counted anew. */
  readonly total: number | undefined
  /** The place behind this page of a walk; undefined where nothing follows. */
  readonly next: Position | undefined
}

/** Members that are read with one statement, and how many a page has at the most, unless its first group has more. */
const READ_AT_ONCE = 10_000
export const MAX_LISTED_MEMBERS = 100_000

/** Up to this limit people are read with their documents; beyond it a page ends once those have so many bytes. */
const SHORT_PAGE = 100
export const MAX_LISTED_BYTES = 33_554_432

/**
 * A page of the people and groups of a connection; local users never appear in it. More than one kind makes one list.
 * Where groups have very many members, or people very long documents, the page ends before `limit` and another follows
 * (RFC 7644 §3.4.2.4).
 * Throws FilterError: filter_attribute, sort_bad.
 */
export async function listDirectory(deps: Deps, connection: Connection, list: DirectoryList): Promise<DirectoryPage> {
  const found =
    list.paging.kind === 'index' ? await byIndex(deps, connection, list) : await byCursor(deps, connection, list)
  const page = await withDocuments(deps, connection, found)
  const items = await itemsOf(deps, connection, list, page.rows)
  const last = page.rows[items.length - 1]
  return { ...page, items, next: items.length < page.rows.length ? last?.position : page.next }
}

interface RowPage extends Omit<DirectoryPage, 'items'> {
  /** `position` where one walks by cursor. */
  readonly rows: readonly (TableRow & { readonly position?: Position })[]
}

async function byIndex(deps: Deps, connection: Connection, list: DirectoryList): Promise<RowPage> {
  const { sortOrder, limit } = list
  const offset = list.paging.kind === 'index' ? list.paging.offset : 0
  const [only, ...others] = tablesOf(list)
  const scope = scopeOf(connection)
  if (only === undefined || others.length > 0) {
    return {
      ...(await searchUnion(deps.db, scope, { tables: tablesOf(list), sortOrder, offset, limit })),
      next: undefined,
    }
  }
  const { table, ...one } = only
  const { total, rows } = await searchDirectory(deps.db, table, scope, { ...one, sortOrder, offset, limit })
  return { total, rows: rows.map((row) => ({ table, row })), next: undefined }
}

async function byCursor(deps: Deps, connection: Connection, list: DirectoryList): Promise<RowPage> {
  const { sortOrder, limit } = list
  const after = list.paging.kind === 'cursor' ? list.paging.after : undefined
  const tables = tablesOf(list)
  const steps =
    limit === 0 ? [] : await walkDirectory(deps.db, scopeOf(connection), { tables, sortOrder, after, limit })
  const rows = steps.slice(0, limit)
  const isWhole = limit > 0 && steps.length <= limit
  const counted = async () => (isWhole ? rows.length : await countAll(deps, connection, tables))
  return {
    rows,
    total: after === undefined ? await counted() : undefined,
    next: steps.length > limit ? rows.at(-1)?.position : undefined,
  }
}

async function countAll({ db }: Deps, connection: Connection, tables: readonly ListedTable[]): Promise<number> {
  let total = 0
  for (const { table, filter } of tables) total += await countRows(db, table, scopeOf(connection), filter)
  return total
}

function tablesOf({ kinds, limit }: DirectoryList): ListedTable[] {
  const people: DirectoryTable = limit > SHORT_PAGE ? SIZES : USERS
  return kinds.map(({ kind, filter, sortBy }) => ({
    table: kind === 'user' ? people : GROUPS,
    ...(filter && { filter }),
    ...(sortBy && { sortBy }),
  }))
}

function scopeOf({ accountId, id }: Connection): Scope {
  return [accountId, id]
}

/** The page with documents in place of their sizes, as many as fit. Who went in between is left out. */
async function withDocuments({ db }: Deps, connection: Connection, page: RowPage): Promise<RowPage> {
  const fitting = fittingOf(page.rows)
  const ids = fitting.flatMap(({ table, row }) => (table === SIZES ? (row as SizedRow).id : []))
  if (ids.length === 0) return page
  const documents = new Map((await rowsById(db, USERS, scopeOf(connection), ids)).map((row) => [row.id, row]))
  const rows = fitting.flatMap((one) => {
    if (one.table !== SIZES) return one
    const row = documents.get((one.row as SizedRow).id)
    return row === undefined ? [] : { ...one, table: USERS, row }
  })
  return { ...page, rows, next: fitting.length < page.rows.length ? fitting.at(-1)?.position : page.next }
}

function fittingOf(rows: RowPage['rows']): RowPage['rows'] {
  let bytes = 0
  const beyond = rows.findIndex(({ table, row }, index) => {
    if (table === SIZES) bytes += (row as SizedRow).bytes
    return bytes > MAX_LISTED_BYTES && index > 0
  })
  return beyond === -1 ? rows : rows.slice(0, beyond)
}

async function itemsOf(
  deps: Deps,
  connection: Connection,
  { kinds }: DirectoryList,
  rows: readonly TableRow[],
): Promise<DirectoryItem[]> {
  const wants = new Map(kinds.map(({ kind, wantsRelated }) => [kind, wantsRelated]))
  const rowsOf = <Row>(table: DirectoryTable<Row>) =>
    rows.filter((one) => one.table === table).map(({ row }) => row as Row)
  const users = await usersFromRows(deps, connection, rowsOf(USERS), wants.get('user') ?? false)
  const groups = await groupsFromRows(deps, connection, rowsOf(GROUPS), wants.get('group') ?? false)
  const [nextUser, nextGroup] = [users.values(), groups.values()]
  const items: DirectoryItem[] = []
  for (const { table } of rows) {
    if (table === USERS) items.push({ kind: 'user', user: nextUser.next().value! })
    else {
      const group = nextGroup.next().value
      if (group === undefined) break
      items.push({ kind: 'group', group })
    }
  }
  return items
}

async function usersFromRows(
  { db }: Deps,
  connection: Connection,
  rows: readonly StoredDirectoryUser[],
  wantsGroups: boolean,
): Promise<DirectoryUser[]> {
  const { accountId, id } = connection
  const ids = rows.map((row) => row.id)
  const groups = await groupRefsOfMany(db, accountId, id, wantsGroups ? ids : [])
  const managers = await managerNamesOf(db, accountId, id, rows)
  return rows.map((row) => {
    const managerName = row.manager_id === null ? null : (managers.get(row.manager_id) ?? null)
    return directoryUserFromRow(row, groups.get(row.id) ?? [], managerName, connection)
  })
}

/** Groups in the order of their rows; those at the end are left out where all would have too many members. */
async function groupsFromRows(
  deps: Deps,
  connection: Connection,
  rows: readonly DirectoryGroupRow[],
  wantsMembers: boolean,
): Promise<DirectoryGroup[]> {
  if (!wantsMembers || rows.length === 0) return rows.map((row) => directoryGroupFromRow(row, undefined))
  const ids = rows.map((row) => row.id)
  const found = await membersOf(deps.db, connection.accountId, connection.id, ids, READ_AT_ONCE)
  if (found === undefined) return largeGroupsFromRows(deps, connection, rows)
  const members = listsBy(found, (row) => row.group_id)
  return rows.map((row) => directoryGroupFromRow(row, members.get(row.id) ?? []))
}

async function largeGroupsFromRows(
  { db }: Deps,
  { accountId, id }: Connection,
  rows: readonly DirectoryGroupRow[],
): Promise<DirectoryGroup[]> {
  const groups: DirectoryGroup[] = []
  let count = 0
  for (const row of rows) {
    const members = await allMembersOf(db, accountId, id, row.id)
    count += members.length
    if (groups.length > 0 && count > MAX_LISTED_MEMBERS) break
    groups.push(directoryGroupFromRow(row, members))
  }
  return groups
}

/** Nobody in most pages of most directories has one: then it costs nothing. */
async function managerNamesOf(
  db: Deps['db'],
  accountId: string,
  connectionId: string,
  rows: readonly StoredDirectoryUser[],
): Promise<ReadonlyMap<string, string | null>> {
  const ids = new Set(rows.flatMap((row) => row.manager_id ?? []))
  return ids.size === 0 ? new Map() : findManagerNames(db, accountId, connectionId, [...ids])
}
