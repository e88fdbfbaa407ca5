import type { Query } from '../../api/client.js'
import { CHIPS, type Chip, type View } from './views.js'

/** What an address holds behind `?`, as the router has it. */
type Search = Readonly<Record<string, string | undefined>>

const HOUR_MS = 3_600_000

/** How far back a list reaches; `all` is everything that is kept, `own` reads `from` and `to`. */
export const RANGES = { '1h': HOUR_MS, '24h': 24 * HOUR_MS, '7d': 168 * HOUR_MS, '30d': 720 * HOUR_MS } as const
export type Range = keyof typeof RANGES | 'all' | 'own'
export const RANGE_NAMES: readonly Range[] = ['1h', '24h', '7d', '30d', 'all', 'own']

/** Filters that each stand in the address under the name that the API has for them. */
export const PLAIN = [
  'q',
  'connectionId',
  'outcome',
  'action',
  'code',
  'ruleId',
  'groupId',
  'tokenId',
  'httpStatus',
  'source',
  'userId',
  'correlationId',
  'run',
] as const
export type PlainFilter = (typeof PLAIN)[number]

/** With one of these the question is about one thing, and all sources and times answer it (PRODUCT 3.1 (1)). */
const ABOUT_ONE = ['userId', 'correlationId', 'run'] as const

export type EventsQuery = Query<'GET /accounts/{accountId}/events'>

const isAboutOne = (search: Search): boolean => ABOUT_ONE.some((name) => search[name] !== undefined)

export function chipOf(view: View, search: Search): Chip {
  return view.chips.find((chip) => chip === search.show) ?? 'main'
}

/** The range of an address: own where it has ends, a day where it says nothing. */
export function rangeOf(search: Search): Range {
  if (search.from !== undefined || search.to !== undefined) return 'own'
  const named = RANGE_NAMES.find((name) => name === search.range)
  return named ?? (isAboutOne(search) ? 'all' : '24h')
}

/** Ends of the range as the API takes them; `now` in milliseconds. */
export function endsOf(search: Search, now: number): { readonly from?: string; readonly to?: string } {
  const range = rangeOf(search)
  if (range === 'all') return {}
  if (range !== 'own') return { from: new Date(now - RANGES[range]).toISOString() }
  const { from, to } = search
  return { ...(isInstant(from) && { from }), ...(isInstant(to) && { to }) }
}

function isInstant(text: string | undefined): text is string {
  return text !== undefined && !Number.isNaN(Date.parse(text))
}

/** What the API is asked for an address. */
export function queryOf(view: View, search: Search, now: number): EventsQuery {
  const plain = Object.fromEntries(
    PLAIN.flatMap((name) => (search[name] === undefined || search[name] === '' ? [] : [[name, search[name]]])),
  )
  if ((search.q?.trim().length ?? 0) < 2) delete plain.q
  const outcome = CHIPS[chipOf(view, search)]
  const everySource =
    search.source === 'any' || (view.name === 'log' && search.source === undefined && asksWide(search))
  return {
    ...plain,
    ...endsOf(search, now),
    ...(search.outcome === undefined && outcome !== undefined && search.run === undefined
      ? { outcome: outcome.join(',') }
      : {}),
    source: everySource ? undefined : (search.source ?? view.sources.join(',')),
  }
}

/** Who looks for a person or a request wants to see whatever there is of it. */
function asksWide(search: Search): boolean {
  return isAboutOne(search) || (search.q?.trim().length ?? 0) >= 2
}

/** Filters that somebody chose, in the order of the page. */
export function chosenFilters(search: Search): (PlainFilter | 'range')[] {
  const plain = PLAIN.filter((name) => search[name] !== undefined && search[name] !== '')
  const hasRange = search.range !== undefined || search.from !== undefined || search.to !== undefined
  return hasRange ? [...plain, 'range'] : [...plain]
}

/** The changes of an address that take a filter away. */
export function without(filter: PlainFilter | 'range'): Search {
  return filter === 'range' ? { range: undefined, from: undefined, to: undefined } : { [filter]: undefined }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
const WHOLE_HEX = /^[0-9a-f]{32}$/i

/** The id of an event, where a text is one: as `X-Request-Id` has it, or as the page of a refused sign-in shows it. */
export function eventIdIn(text: string): string | undefined {
  const words = text.trim().toLowerCase()
  if (UUID.test(words)) return words
  if (!WHOLE_HEX.test(words)) return undefined
  return words.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** The rest of an address that the panel and the list share: everything but what the panel alone needs. */
export function hasFilters(search: Search): boolean {
  return chosenFilters(search).length > 0 || (search.show !== undefined && search.show !== 'main')
}
