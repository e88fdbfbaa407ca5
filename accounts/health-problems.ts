import type { NewestOfFacet } from '../db/connection-health.js'
import type { Queries } from '../db/database.js'
import {
  type EventView,
  eventsOfUsers,
  newestOfFacets,
  newestOfSource,
  peopleByPrefix,
  readEvents,
} from '../db/event-search.js'
import { listsBy } from '../db/lists-by.js'
import { fold } from '../filter/fold.js'
import { receivedEnd } from './authenticate-token.js'
import type { Subject } from './events.js'
import { idAt, timeOfId } from './id-at.js'

const DAY_MS = 86_400_000
const RECENT_MS = 15 * 60_000
/** So many of the newest events of a kind are looked at. */
const MAX_EVENTS = 100
/** Failures of one person from which on she is shown. */
const FAILURES_OF_PERSON = 3
const MAX_PEOPLE = 5
const LAST_ID = '~'

/** What went wrong in the last day, from the newest events of it. */
export interface Problems {
  readonly mostFrequent: { readonly code: string | null; readonly codeCount: number }
  readonly people: readonly { readonly userName: string | null; readonly failures: number; readonly code: string }[]
  readonly refusal: { readonly at: number; readonly code: string; readonly last4: string | null } | undefined
  readonly warnings: { readonly count: number; readonly code: string | null; readonly more: boolean }
}

export async function latestProblems(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
  now: number,
): Promise<Problems> {
  const failures = await eventsOf(q, accountId, facets, now, ({ action }) => action === 'request.refused')
  const warnings = await eventsOf(q, accountId, facets, now, ({ outcome }) => outcome === 'warning')
  const recent = failures.filter(({ id }) => timeOfId(id) >= now - RECENT_MS)
  const [code, codeCount] = mostFrequent(recent)
  return {
    mostFrequent: { code, codeCount },
    people: await failingPeople(q, accountId, facets, failures),
    refusal: await latestRefusal(q, accountId, facets),
    warnings: { count: warnings.length, code: mostFrequent(warnings)[0], more: warnings.length === MAX_EVENTS },
  }
}

/** The newest events of the last day that fit; combinations without one in that day are not looked at. */
async function eventsOf(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
  now: number,
  fits: (facet: NewestOfFacet) => boolean,
): Promise<EventView[]> {
  const above = idAt(now - DAY_MS)
  const chosen = facets.filter((facet) => facet.source === 'scim' && fits(facet) && (facet.newest ?? '') > above)
  const ids = chosen.map(({ id }) => id)
  const found = await newestOfFacets(q, accountId, ids, { above, below: LAST_ID }, MAX_EVENTS)
  return found.ids.length === 0 ? [] : readEvents(q, accountId, found.ids)
}

function mostFrequent(events: readonly EventView[]): [code: string | null, count: number] {
  const counted = [...listsBy(events, ({ code }) => code ?? '')].map(([code, list]) => [code, list.length] as const)
  const [first] = counted.sort((a, b) => b[1] - a[1])
  return first === undefined || first[0] === '' ? [null, 0] : [first[0], first[1]]
}

/** People of whom three requests failed and none went well since. */
async function failingPeople(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
  failures: readonly EventView[],
): Promise<Problems['people']> {
  const people: { userName: string | null; failures: number; code: string }[] = []
  const facetIds = facets.filter(({ outcome }) => outcome !== 'failure').map(({ id }) => id)
  for (const [key, own] of listsBy(failures, personOf)) {
    const [newest] = own
    if (key === '' || newest === undefined || own.length < FAILURES_OF_PERSON) continue
    if (await wentWellSince(q, accountId, newest, facetIds)) continue
    people.push({ userName: subjectOf(newest).userName ?? null, failures: own.length, code: newest.code ?? '' })
    if (people.length === MAX_PEOPLE) break
  }
  return people
}

/** Whoever was refused as a new person is looked for by her name. */
async function wentWellSince(
  q: Queries,
  accountId: string,
  failure: EventView,
  facetIds: readonly string[],
): Promise<boolean> {
  const name = fold(subjectOf(failure).userName ?? '')
  const named = name === '' ? [] : await peopleByPrefix(q, accountId, name, MAX_PEOPLE)
  const userIds = [...new Set([...(failure.user_id === null ? [] : [failure.user_id]), ...named])]
  if (userIds.length === 0) return false
  const source = eventsOfUsers(q, accountId, userIds, { above: failure.id, below: LAST_ID }, MAX_EVENTS)
  return (await newestOfSource(q, accountId, source, { facetIds }, 1)).ids.length > 0
}

function subjectOf({ detail }: EventView): Partial<Subject> {
  return (JSON.parse(detail) as { subject?: Subject }).subject ?? {}
}

/** By her name in the directory; a refused create has no user yet. */
function personOf(view: EventView): string {
  const { type, userName } = subjectOf(view)
  return type === 'user' ? (userName ?? view.user_id ?? '') : ''
}

const REFUSED: readonly string[] = ['token.refused', 'client.refused']

async function latestRefusal(
  q: Queries,
  accountId: string,
  facets: readonly NewestOfFacet[],
): Promise<Problems['refusal']> {
  const [id] = facets
    .flatMap(({ action, newest }) => (newest !== null && REFUSED.includes(action) ? [newest] : []))
    .sort()
    .reverse()
  const [view] = id === undefined ? [] : await readEvents(q, accountId, [id])
  if (view === undefined) return undefined
  const { message = '' } = JSON.parse(view.detail) as { message?: string }
  return { at: timeOfId(view.id), code: view.code ?? view.action, last4: receivedEnd(message) }
}
