import type { Queries } from '../db/database.js'
import {
  eventsOfAccount,
  eventsOfRef,
  eventsOfRequest,
  eventsOfUsers,
  type Found,
  findFacets,
  type IdRange,
  newestOfFacets,
  newestOfSource,
  peopleByPrefix,
  readEvents,
} from '../db/event-search.js'
import { fold } from '../filter/fold.js'
import { idAt } from './id-at.js'
import { runOf, type SyncRun } from './sync-run.js'

export interface EventQuery {
  readonly userId?: string | undefined
  readonly connectionId?: readonly string[] | undefined
  readonly source?: readonly string[] | undefined
  readonly action?: readonly string[] | undefined
  readonly outcome?: readonly string[] | undefined
  readonly code?: readonly string[] | undefined
  readonly tokenId?: readonly string[] | undefined
  readonly httpStatus?: readonly number[] | undefined
  readonly ruleId?: string | undefined
  readonly groupId?: string | undefined
  readonly correlationId?: string | undefined
  /** An event: the consecutive requests of its connection to which it belongs. */
  readonly run?: string | undefined
  /** A request id, or the beginning of a person's userName, e-mail, name or externalId. */
  readonly q?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  /** Events that followed from others; undefined: shown where the query is about a person or names what it looks for. */
  readonly children?: boolean | undefined
  /** Only what came after this event. */
  readonly after?: string | undefined
  readonly cursor?: string | undefined
  readonly limit: number
}

/** `q` stands for at most so many people. */
const MAX_PEOPLE = 50
const FIRST_ID = ''
const LAST_ID = '~'

/** Ids of a page of the log, newest first, and where the next one begins. */
export interface FoundPage {
  readonly ids: readonly string[]
  readonly next: string | undefined
}

/**
 * Every filter reads an index and costs the page, not the log (DESIGN 4, Events). A page may be short, or empty, where few
 * events fit: `next` tells whether there is more to look at.
 */
export async function findEvents(q: Queries, accountId: string, query: EventQuery): Promise<FoundPage> {
  const run = query.run === undefined ? undefined : await runOf(q, accountId, query.run)
  const facets = facetQuery(query, run)
  const chosen = Object.values(facets).some((values) => values !== undefined)
  const sources = narrowSources(query)
  const facetIds = chosen || sources.length === 0 ? await findFacets(q, accountId, facets) : undefined
  const found = await search(q, accountId, query, facetIds, within(rangeOf(query), run))
  const ids = found.ids.slice(0, query.limit)
  return { ids, next: found.ids.length > query.limit ? ids.at(-1) : found.stoppedAt }
}

/** `events/count` goes no further. */
const MAX_COUNTED = 1_000
/** Pages of a search that finds little are short: so many of them are looked at. */
const MAX_PAGES = 10

/** How many events fit that came after another one; `more` where they were not all counted. */
export async function countEvents(
  q: Queries,
  accountId: string,
  query: Omit<EventQuery, 'limit' | 'cursor'>,
): Promise<{ readonly count: number; readonly more: boolean }> {
  let count = 0
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    const found = await findEvents(q, accountId, { ...query, cursor, limit: MAX_COUNTED - count })
    count += found.ids.length
    if (found.next === undefined) return { count, more: false }
    if (count === MAX_COUNTED) break
    cursor = found.next
  }
  return { count, more: true }
}

function facetQuery(query: EventQuery, run: SyncRun | undefined) {
  const children = query.children ?? defaultChildren(query)
  return {
    source: run === undefined ? query.source : ['scim'],
    action: query.action,
    outcome: query.outcome,
    code: query.code,
    connection_id: run === undefined ? query.connectionId : [run.connectionId],
    token_id: query.tokenId,
    http_status: query.httpStatus,
    child: children ? undefined : [0],
  }
}

/** A plain list shows what was done; what followed for other people is shown to those who ask for it. */
function defaultChildren(query: EventQuery): boolean {
  return narrowSources(query).length > 0 || query.action !== undefined || query.code !== undefined
}

const NARROW = ['correlationId', 'userId', 'ruleId', 'groupId', 'q'] as const

function narrowSources(query: EventQuery): (typeof NARROW)[number][] {
  return NARROW.filter((name) => query[name] !== undefined)
}

function rangeOf({ from, to, cursor, after = FIRST_ID }: EventQuery): IdRange {
  const end = to === undefined ? LAST_ID : idAt(to.getTime() + 1)
  const begin = from === undefined ? FIRST_ID : idAt(from.getTime())
  return {
    above: after > begin ? after : begin,
    below: cursor !== undefined && cursor < end ? cursor : end,
  }
}

function within({ above, below }: IdRange, run: SyncRun | undefined): IdRange {
  if (run === undefined) return { above, below }
  return {
    above: above > run.range.above ? above : run.range.above,
    below: below < run.range.below ? below : run.range.below,
  }
}

/**
 * The narrowest thing that the query names is the way into the log: a request, people, then a rule or group. The others
 * are conditions on what is found there.
 */
async function search(
  q: Queries,
  accountId: string,
  query: EventQuery,
  facetIds: readonly string[] | undefined,
  range: IdRange,
): Promise<Found> {
  const limit = query.limit + 1
  if (facetIds?.length === 0) return NOTHING
  if (narrowSources(query).length === 0) return ofFacets(q, accountId, facetIds ?? [], range, limit)
  const { requestId, userIds } = await peopleOrRequest(q, accountId, query)
  const refs = refsOf(query)
  if (requestId !== undefined) {
    const source = eventsOfRequest(q, accountId, requestId, range)
    return newestOfSource(q, accountId, source, { facetIds, userIds, refs }, limit)
  }
  if (userIds !== undefined) {
    if (userIds.length === 0) return NOTHING
    const source = eventsOfUsers(q, accountId, userIds, range, limit)
    return newestOfSource(q, accountId, source, { facetIds, refs }, limit)
  }
  const [ref = '', ...others] = refs
  return newestOfSource(q, accountId, eventsOfRef(q, accountId, ref, range), { facetIds, refs: others }, limit)
}

/** With more facets than this it is worth looking first whether the newest events fit anyway. */
const MANY_FACETS = 16

async function ofFacets(
  q: Queries,
  accountId: string,
  facetIds: readonly string[],
  range: IdRange,
  limit: number,
): Promise<Found> {
  if (facetIds.length > MANY_FACETS) {
    const found = await newestOfSource(q, accountId, eventsOfAccount(accountId, range), { facetIds }, limit)
    if (found.stoppedAt === undefined) return found
  }
  return newestOfFacets(q, accountId, facetIds, range, limit)
}

const NOTHING: Found = { ids: [] }

function refsOf({ ruleId, groupId }: EventQuery): string[] {
  return [...(ruleId === undefined ? [] : [`rule:${ruleId}`]), ...(groupId === undefined ? [] : [`group:${groupId}`])]
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whom and which request `userId`, `correlationId` and `q` mean together; undefined people are all people. */
async function peopleOrRequest(
  q: Queries,
  accountId: string,
  { userId, correlationId, q: text }: EventQuery,
): Promise<{ requestId: string | undefined; userIds: readonly string[] | undefined }> {
  const own = userId === undefined ? undefined : [userId]
  if (text === undefined) return { requestId: correlationId, userIds: own }
  const words = text.trim()
  if (correlationId === undefined && UUID.test(words)) {
    const id = words.toLowerCase()
    if ((await readEvents(q, accountId, [id])).length > 0) return { requestId: id, userIds: own }
  }
  const people = await peopleByPrefix(q, accountId, fold(words), MAX_PEOPLE)
  return { requestId: correlationId, userIds: own === undefined ? people : people.filter((id) => id === userId) }
}
