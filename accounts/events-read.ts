import type { Queries } from '../db/database.js'
import {
  type EventView,
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
import { findPayload } from '../db/events.js'
import { findTrace } from '../db/sign-in-traces.js'
import { fold } from '../filter/fold.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Actor, Change, Effect, HttpFacts, SignInFacts, Subject } from './events.js'
import { idAt } from './id-at.js'
import type { Page } from './page.js'
import type { Sealer } from './sealer.js'
import { aboutTrace } from './sign-in-log.js'
import { runOf, type SyncRun } from './sync-run.js'

/** An event as readers of the log see it (PRODUCT 2.9). */
export interface LogEvent {
  readonly id: string
  readonly time: Date
  readonly source: string
  readonly action: string
  readonly outcome: string
  readonly code?: string
  readonly message?: string
  readonly actor: Actor
  readonly subject: Subject | null
  readonly userId?: string
  readonly connectionId?: string
  readonly tokenId?: string
  /** The id of the request's own event; equal to `id` on that event itself. */
  readonly correlationId: string
  readonly http?: HttpFacts
  readonly changes: readonly Change[]
  readonly effects: readonly Effect[]
  readonly warnings: readonly { readonly code: string; readonly message: string }[]
  /** On sign-ins. */
  readonly signIn?: SignInFacts
}

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
  readonly cursor?: string | undefined
  readonly limit: number
}

/** `q` stands for at most so many people. */
const MAX_PEOPLE = 50
const FIRST_ID = ''
const LAST_ID = '~'

/** A page of the log, newest first. Every filter reads an index and costs the page, not the log (DESIGN 4, Events). */
export async function listEvents(
  q: Queries,
  accountId: string,
  query: EventQuery,
  seesPayload: boolean,
): Promise<Page<LogEvent>> {
  const run = query.run === undefined ? undefined : await runOf(q, accountId, query.run)
  const facets = facetQuery(query, run)
  const chosen = Object.values(facets).some((values) => values !== undefined)
  const sources = narrowSources(query)
  const facetIds = chosen || sources.length === 0 ? await findFacets(q, accountId, facets) : undefined
  const range = within(rangeOf(query), run)
  const found = await search(q, accountId, query, facetIds, range)
  const ids = found.ids.slice(0, query.limit)
  const items = (await readEvents(q, accountId, ids)).map((view) => eventFromView(view, seesPayload))
  const nextCursor = found.ids.length > query.limit ? ids.at(-1) : found.stoppedAt
  return nextCursor === undefined ? { items } : { items, nextCursor }
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

function rangeOf({ from, to, cursor }: EventQuery): IdRange {
  const end = to === undefined ? LAST_ID : idAt(to.getTime() + 1)
  return {
    above: from === undefined ? FIRST_ID : idAt(from.getTime()),
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

export interface LogEventDetail extends LogEvent {
  /** Redacted bodies, as text, while they are kept. */
  readonly payload: { readonly request: string | null; readonly response: string | null } | null
}

/** One event, with its payload for who may see it. Refuses: event_not_found. */
export async function getEvent(
  { db, sealer }: Pick<Deps, 'db' | 'sealer'>,
  accountId: string,
  id: string,
  seesPayload: boolean,
): Promise<LogEvent | LogEventDetail> {
  const [view] = await readEvents(db, accountId, [id])
  if (view === undefined) throw new AccountError('event_not_found', 'This account has no such event.')
  const event = eventFromView(view, seesPayload)
  if (!seesPayload) return event
  const payload = (await findPayload(db, accountId, id)) ?? (await answerOf(db, sealer, accountId, id))
  return { ...event, payload: payload ?? null }
}

/** What an identity provider answered, while it is kept. */
async function answerOf(q: Queries, sealer: Sealer, accountId: string, id: string): Promise<LogEventDetail['payload']> {
  const sealed = await findTrace(q, accountId, id)
  return sealed === undefined ? null : { request: sealer.open(sealed, aboutTrace(accountId, id)), response: null }
}

/** These events with all that they hold, for what leaves the account on its administrators' word. */
export async function readLogEvents(q: Queries, accountId: string, ids: readonly string[]): Promise<LogEvent[]> {
  if (ids.length === 0) return []
  return (await readEvents(q, accountId, [...new Set(ids)])).map((view) => eventFromView(view, true))
}

type Detail = Pick<LogEvent, 'message' | 'http'> & {
  readonly actor: Actor
  readonly subject?: Subject
  readonly changes?: readonly Change[]
  readonly effects?: readonly Effect[]
  readonly warnings?: LogEvent['warnings']
  readonly signIn?: SignInFacts
}

function eventFromView(view: EventView, seesPayload: boolean): LogEvent {
  const {
    message,
    actor,
    subject,
    http,
    changes = [],
    effects = [],
    warnings = [],
    signIn,
  } = JSON.parse(view.detail) as Detail
  return {
    id: view.id,
    time: new Date(view.occurred_at),
    source: view.source,
    action: view.action,
    outcome: view.outcome,
    ...(view.code === null ? {} : { code: view.code }),
    ...(message === undefined ? {} : { message }),
    actor,
    subject: subject ?? null,
    ...(view.user_id === null ? {} : { userId: view.user_id }),
    ...(view.connection_id === null ? {} : { connectionId: view.connection_id }),
    ...(view.token_id === null ? {} : { tokenId: view.token_id }),
    correlationId: view.parent_id ?? view.id,
    ...(http === undefined ? {} : { http }),
    changes: seesPayload ? changes : changes.map(masked),
    effects,
    warnings,
    ...(signIn !== undefined && { signIn }),
  }
}

const PRIVATE = /^(phoneNumbers|addresses)\b/

/** Phone numbers and addresses are for readers of payloads; e-mail and userName are what people search by (PRODUCT 2.9). */
function masked(change: Change): Change {
  if (!PRIVATE.test(change.attribute)) return change
  const mask = (value: unknown) => (value === null ? null : '•••')
  return { attribute: change.attribute, before: mask(change.before), after: mask(change.after) }
}
