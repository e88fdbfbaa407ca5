import type { JobRow } from '../../db/jobs.js'
import { ACCESS_SUBJECT } from '../../db/outbox.js'
import { grouped, type Rows } from './invariants.js'

interface EventRow {
  readonly id: string
  readonly parent_id: string | null
  readonly facet_id: string
  readonly user_id: string | null
  readonly detail: string
}

interface FacetRow {
  readonly id: string
  readonly source: string
  readonly action: string
  readonly outcome: string
}

/** A change that was told, or is yet to be told, to the outside. */
interface Told {
  readonly subject: string
  readonly version: number
  readonly eventId: string
}

/** The log tells of what happened, and the feed of every change exactly once, in the order of its subject. */
export async function logViolations(rows: Rows): Promise<string[]> {
  const events = await rows<EventRow>('events')
  const facets = new Map((await rows<FacetRow>('event_facets')).map((facet) => [facet.id, facet]))
  const ids = new Set(events.map(({ id }) => id))
  const feed = (await rows<FeedRow>('feed')).sort((a, b) => a.seq - b.seq)
  const outbox = (await rows<JobRow>('jobs')).filter(({ kind, state }) => kind === 'outbox' && state === 'open')
  const told: Told[] = [
    ...feed.map(({ subject, version, event_id: eventId }) => ({ subject, version, eventId })),
    ...outbox.flatMap(toldBy),
  ]
  return [
    ...events.filter(({ facet_id }) => !facets.has(facet_id)).map(({ id }) => `event ${id} cannot be found: no facet`),
    ...events
      .filter(({ parent_id }) => parent_id !== null && !ids.has(parent_id))
      .map(({ id, parent_id }) => `event ${id} has no parent ${parent_id}`),
    ...told.filter(({ eventId }) => !ids.has(eventId)).map(({ eventId }) => `the feed names no event: ${eventId}`),
    ...untold(events, facets, told),
    ...(await disordered(rows, feed)),
  ]
}

interface FeedRow {
  readonly seq: number
  readonly subject: string
  readonly version: number
  readonly event_id: string
}

/** Every request of a directory that changed a person or group is told once, and no other. */
function untold(events: readonly EventRow[], facets: ReadonlyMap<string, FacetRow>, told: readonly Told[]): string[] {
  const byEvent = grouped(told, ({ eventId }) => eventId)
  return events.flatMap(({ id, parent_id, facet_id, detail }) => {
    const facet = facets.get(facet_id)
    if (facet?.source !== 'scim' || parent_id !== null) return []
    const changed = /^(user|group)\./.test(facet.action) && /^(success|warning)$/.test(facet.outcome)
    const { subject } = JSON.parse(detail) as { subject?: { id: string | null } }
    const found = byEvent.get(id) ?? []
    const right = found.length === Number(changed) && found.every((one) => one.subject === subject?.id)
    return right ? [] : [`${facet.action} ${facet.outcome} ${id} is told ${found.length} times`]
  })
}

/** What a row of the outbox will tell: of itself, or of many people at once. */
function toldBy({ subject, version, payload }: JobRow): Told[] {
  if (subject !== ACCESS_SUBJECT) return [{ subject, version, eventId: payload }]
  const pairs = JSON.parse(payload) as [eventId: string, userId: string][]
  return pairs.map(([eventId, userId]) => ({ subject: userId, version, eventId }))
}

/** Numbers without gaps; versions of one subject only rise. */
async function disordered(rows: Rows, feed: readonly FeedRow[]): Promise<string[]> {
  const [counter] = await rows<{ last: number }>('feed_counters')
  const gaps =
    feed.some(({ seq }, index) => seq !== (feed[0]?.seq ?? 1) + index) ||
    (counter?.last ?? 0) !== (feed.at(-1)?.seq ?? 0)
  const versions = new Map<string, number>()
  // What follows for other people has no version of theirs.
  const versioned = feed.filter(({ version }) => version > 0)
  const fallen = versioned.filter(({ subject, version }) => {
    const before = versions.get(subject) ?? 0
    versions.set(subject, version)
    return version <= before
  })
  return [
    ...(gaps ? [`the feed has gaps: ${feed.length} rows, the last is ${counter?.last}`] : []),
    ...fallen.map(({ subject, version }) => `the feed tells version ${version} of ${subject} behind a later one`),
  ]
}
