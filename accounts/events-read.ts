import type { Queries } from '../db/database.js'
import { type EventView, readEvents } from '../db/event-search.js'
import { findPayload } from '../db/events.js'
import { findTrace } from '../db/sign-in-traces.js'
import { turn } from '../db/turns.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type EventStep, rulesNamedIn, stepsOf } from './event-steps.js'
import type { Actor, Change, Effect, HttpFacts, SignInFacts, Subject } from './events.js'
import { type EventQuery, findEvents } from './find-events.js'
import { type NamedRule, readNamedRules } from './named-rules.js'
import type { Page } from './page.js'
import type { Sealer } from './sealer.js'
import { aboutTrace } from './sign-in-log.js'

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

/** Events that are read at a time, and the characters after which a page ends: what changed may be of any length. */
export const EVENTS_AT_ONCE = 100
export const MAX_PAGE_CHARACTERS = 33_554_432

/** A page of the log, newest first. Where very much changed it ends before its limit. */
export async function listEvents(
  q: Queries,
  accountId: string,
  query: EventQuery,
  seesPayload: boolean,
): Promise<Page<LogEvent>> {
  const { ids, next } = await findEvents(q, accountId, query)
  const views: EventView[] = []
  let read = 0
  for (let characters = 0; read < ids.length && characters < MAX_PAGE_CHARACTERS; read += EVENTS_AT_ONCE) {
    const some = await readEvents(q, accountId, ids.slice(read, read + EVENTS_AT_ONCE))
    for (const { detail } of some) characters += detail.length
    views.push(...some)
    if (read + EVENTS_AT_ONCE < ids.length) await turn()
  }
  const nextCursor = read < ids.length ? ids[read - 1] : next
  const items = views.map((view) => eventFromView(view, seesPayload))
  return nextCursor === undefined ? { items } : { items, nextCursor }
}

export interface LogEventDetail extends LogEvent {
  /** What was done and checked on the way, in order. */
  readonly steps: readonly EventStep[]
  /** The rules that its effects name. */
  readonly rules: readonly NamedRule[]
  /** Redacted bodies, as text, while they are kept; only for who may see them. */
  readonly payload?: { readonly request: string | null; readonly response: string | null } | null
}

/** One event with its steps and rules, and its payload for who may see it. Refuses: event_not_found. */
export async function getEvent(
  { db, sealer }: Pick<Deps, 'db' | 'sealer'>,
  accountId: string,
  id: string,
  seesPayload: boolean,
): Promise<LogEventDetail> {
  const [view] = await readEvents(db, accountId, [id])
  if (view === undefined) throw new AccountError('event_not_found', 'This account has no such event.')
  const event = eventFromView(view, seesPayload)
  const rules = await readNamedRules(db, accountId, rulesNamedIn(event))
  const detail = { ...event, steps: stepsOf(event), rules }
  if (!seesPayload) return detail
  const payload = (await findPayload(db, accountId, id)) ?? (await answerOf(db, sealer, accountId, id))
  return { ...detail, payload: payload ?? null }
}

/** What an identity provider answered, while it is kept. */
async function answerOf(
  q: Queries,
  sealer: Sealer,
  accountId: string,
  id: string,
): Promise<LogEventDetail['payload'] | null> {
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
