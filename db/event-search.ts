import type { Param, Queries } from './database.js'
import { composed, statement } from './statement.js'

/** The words by which facets are chosen; a list is an alternative, an undefined one does not matter. */
export interface FacetQuery {
  readonly source?: readonly string[] | undefined
  readonly action?: readonly string[] | undefined
  readonly outcome?: readonly string[] | undefined
  readonly code?: readonly string[] | undefined
  readonly connection_id?: readonly string[] | undefined
  readonly token_id?: readonly string[] | undefined
  readonly http_status?: readonly number[] | undefined
  readonly child?: readonly number[] | undefined
}

const FACET_COLUMNS = [
  'source',
  'action',
  'outcome',
  'code',
  'connection_id',
  'token_id',
  'http_status',
  'child',
] as const

/** Ids of the facets of an account that fit. Facets are few: combinations of words, not events. */
export async function findFacets(q: Queries, accountId: string, query: FacetQuery): Promise<string[]> {
  const params: Param[] = [accountId]
  let text = 'SELECT id FROM event_facets WHERE account_id = ?'
  for (const column of FACET_COLUMNS) {
    const values = query[column]
    if (values === undefined) continue
    text += ` AND ${column} IN (${values.map(() => '?').join(', ')})`
    params.push(...values)
  }
  const rows = await q.all<{ id: string }>(composed(`${text} ORDER BY id`), params)
  return rows.map((row) => row.id)
}

/** Ids strictly between two ids; UUIDv7 sort by time, so this is a window of time too. */
export interface IdRange {
  readonly above: string
  readonly below: string
}

/** Ranges read by one statement: SQLite takes at most 500 parts of a compound, and plans take time. */
const MAX_PARTS = 100

/** What a page of a search found. */
export interface Found {
  /** Newest first. */
  readonly ids: readonly string[]
  /** Set where the search stopped before its end: go on below this id. */
  readonly stoppedAt?: string
}

/** The newest events of these facets: one short range of the index per facet, merged. */
export async function newestOfFacets(
  q: Queries,
  accountId: string,
  facetIds: readonly string[],
  { above, below }: IdRange,
  limit: number,
): Promise<Found> {
  const part = `SELECT id FROM (SELECT id FROM events WHERE account_id = ? AND facet_id = ? AND id > ? AND id < ?
    ORDER BY id DESC LIMIT ?) AS part`
  const found: string[] = []
  for (let start = 0; start < facetIds.length; start += MAX_PARTS) {
    const chunk = facetIds.slice(start, start + MAX_PARTS)
    const text = `SELECT id FROM (${chunk.map(() => part).join(' UNION ALL ')}) AS parts ORDER BY id DESC LIMIT ?`
    const params = chunk.flatMap((facetId): Param[] => [accountId, facetId, above, below, limit])
    const rows = await q.all<{ id: string }>(composed(text), [...params, limit])
    found.push(...rows.map((row) => row.id))
  }
  return { ids: found.sort((a, b) => (a < b ? 1 : -1)).slice(0, limit) }
}

/** The oldest event of these facets in a range. */
export async function oldestOfFacets(
  q: Queries,
  accountId: string,
  facetIds: readonly string[],
  { above, below }: IdRange,
): Promise<string | undefined> {
  const part = `SELECT id FROM (SELECT id FROM events WHERE account_id = ? AND facet_id = ? AND id > ? AND id < ?
    ORDER BY id LIMIT 1) AS part`
  const found: string[] = []
  for (let start = 0; start < facetIds.length; start += MAX_PARTS) {
    const chunk = facetIds.slice(start, start + MAX_PARTS)
    const text = `SELECT id FROM (${chunk.map(() => part).join(' UNION ALL ')}) AS parts ORDER BY id LIMIT 1`
    const row = await q.get<{ id: string }>(
      composed(text),
      chunk.flatMap((facetId): Param[] => [accountId, facetId, above, below]),
    )
    if (row !== undefined) found.push(row.id)
  }
  return found.sort()[0]
}

/** At most so many events of one person, rule, group or request are looked at for one page. */
const MAX_SCANNED = 500

/** A narrow way into the log: `text` selects id and facet_id, newest first, at most `size` of them. */
export interface Source {
  readonly text: string
  readonly params: readonly Param[]
  readonly size: number
}

/** Events of these people: a range of the index over people each, the shorter the more people there are. */
export function eventsOfUsers(
  q: Queries,
  accountId: string,
  userIds: readonly string[],
  range: IdRange,
  limit: number,
): Source {
  const size = Math.max(limit, Math.ceil((2 * MAX_SCANNED) / (userIds.length + 1)))
  const part = `SELECT id, facet_id FROM (SELECT id, facet_id FROM events${q.dialect.indexed('events_user')}
    WHERE account_id = ? AND user_id = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ?) AS part`
  return {
    text: `SELECT id, facet_id FROM (${userIds.map(() => part).join(' UNION ALL ')}) AS parts ORDER BY id DESC LIMIT ?`,
    params: [...userIds.flatMap((userId) => [accountId, userId, range.above, range.below, size]), size],
    size,
  }
}

/** The newest events of the account, of whatever kind. */
export function eventsOfAccount(accountId: string, { above, below }: IdRange): Source {
  return {
    text: `SELECT id, facet_id FROM events WHERE account_id = ? AND id > ? AND id < ?
      ORDER BY id DESC LIMIT ${MAX_SCANNED}`,
    params: [accountId, above, below],
    size: MAX_SCANNED,
  }
}

/** Events that name a rule (`rule:<id>`) or a group (`group:<id>`). */
export function eventsOfRef(q: Queries, accountId: string, ref: string, { above, below }: IdRange): Source {
  return {
    text: `SELECT e.id, e.facet_id FROM (SELECT event_id FROM event_refs
        WHERE account_id = ? AND ref = ? AND event_id > ? AND event_id < ?
        ORDER BY event_id DESC LIMIT ${MAX_SCANNED}) AS r
      ${q.dialect.join} events e ON e.account_id = ? AND e.id = r.event_id ORDER BY e.id DESC`,
    params: [accountId, ref, above, below, accountId],
    size: MAX_SCANNED,
  }
}

/** The event of a request and its children, by correlation id. */
export function eventsOfRequest(q: Queries, accountId: string, id: string, { above, below }: IdRange): Source {
  return {
    text: `SELECT id, facet_id FROM (
        SELECT id, facet_id FROM events WHERE account_id = ? AND id = ? AND id > ? AND id < ?
        UNION ALL
        SELECT id, facet_id FROM (SELECT id, facet_id FROM events${q.dialect.indexed('events_parent')}
          WHERE account_id = ? AND parent_id = ? AND id > ? AND id < ? ORDER BY id DESC LIMIT ${MAX_SCANNED}) AS children
      ) AS both_kinds ORDER BY id DESC LIMIT ${MAX_SCANNED}`,
    params: [accountId, id, above, below, accountId, id, above, below],
    size: MAX_SCANNED,
  }
}

/** What else an event of a narrow source has to be; an undefined one does not matter. */
export interface Narrowing {
  readonly facetIds?: readonly string[] | undefined
  readonly userIds?: readonly string[] | undefined
  readonly refs?: readonly string[] | undefined
}

/**
 * The newest events of a narrow source that are also of these facets, these people and name all of these refs. Where few
 * of them fit, the search stops at the end of the source and says where, so that a page never costs more than that.
 */
export async function newestOfSource(
  q: Queries,
  accountId: string,
  { text, params, size }: Source,
  narrowing: Narrowing,
  limit: number,
): Promise<Found> {
  const where = narrowed(q, accountId, narrowing)
  // The last row tells how far the source was read, and how many events it gave.
  const page = composed(`WITH source AS MATERIALIZED (${text}),
      page AS (SELECT id FROM source WHERE ${where.text} ORDER BY id DESC LIMIT ?)
    SELECT id, NULL AS scanned FROM page UNION ALL SELECT min(id), count(*) FROM source`)
  const rows = await q.all<{ id: string | null; scanned: number | null }>(page, [...params, ...where.params, limit])
  const ids = rows
    .flatMap(({ id, scanned }) => (scanned === null && id !== null ? [id] : []))
    .sort()
    .reverse()
  const end = rows.find(({ scanned }) => scanned !== null)
  const stopped = ids.length < limit && end?.id != null && (end.scanned ?? 0) >= size
  return stopped && end?.id != null ? { ids, stoppedAt: end.id } : { ids }
}

function narrowed(q: Queries, accountId: string, { facetIds, userIds, refs = [] }: Narrowing): Omit<Source, 'size'> {
  const terms = ['true']
  const params: Param[] = []
  if (facetIds !== undefined) {
    terms.push(`facet_id IN (SELECT value FROM ${q.dialect.list})`)
    params.push(JSON.stringify(facetIds))
  }
  if (userIds !== undefined) {
    terms.push(`EXISTS (SELECT 1 FROM events u WHERE u.account_id = ? AND u.id = source.id
      AND u.user_id IN (SELECT value FROM ${q.dialect.list}))`)
    params.push(accountId, JSON.stringify(userIds))
  }
  for (const ref of refs) {
    terms.push(`EXISTS (SELECT 1 FROM event_refs r WHERE r.account_id = ? AND r.ref = ? AND r.event_id = source.id)`)
    params.push(accountId, ref)
  }
  return { text: terms.join(' AND '), params }
}

/** An event with its facet, whole. */
export interface EventView {
  readonly id: string
  readonly parent_id: string | null
  readonly user_id: string | null
  readonly occurred_at: number
  /** JSON text. */
  readonly detail: string
  readonly source: string
  readonly action: string
  readonly outcome: string
  readonly code: string | null
  readonly connection_id: string | null
  readonly token_id: string | null
}

const VIEW = `e.id, e.parent_id, e.user_id, e.occurred_at, e.detail,
  f.source, f.action, f.outcome, f.code, f.connection_id, f.token_id`
const READ_MANY = statement(
  (d) => `SELECT ${VIEW} FROM ${d.list} ${d.join} events e ON e.account_id = ? AND e.id = value
    ${d.join} event_facets f ON f.account_id = e.account_id AND f.id = e.facet_id ORDER BY e.id DESC`,
)

/** These events, newest first. */
export function readEvents(q: Queries, accountId: string, ids: readonly string[]): Promise<EventView[]> {
  return q.all(READ_MANY, [JSON.stringify(ids), accountId])
}

const PEOPLE = statement(
  `SELECT DISTINCT user_id FROM (SELECT user_id FROM user_terms
     WHERE account_id = ? AND term >= ? AND term < ? ORDER BY term LIMIT ?) AS found LIMIT ?`,
)

/** People one of whose folded texts starts with `prefix`, at most `limit`. */
export async function peopleByPrefix(q: Queries, accountId: string, prefix: string, limit: number): Promise<string[]> {
  const rows = await q.all<{ user_id: string }>(PEOPLE, [accountId, prefix, behindPrefix(prefix), limit * 10, limit])
  return rows.map((row) => row.user_id)
}

/** The first text behind all texts that start with `prefix`, as columns compare: byte by byte. */
export function behindPrefix(prefix: string): string {
  return `${prefix}\u{10FFFF}`
}
