import type { Event } from '../../api/schema.js'

/** What followed from an event, in a number: the key of its text below `short`. */
export interface Followed {
  readonly kind: string
  readonly count: number
  /** What holds now, where the text says so: a role or a status. */
  readonly after?: string
}

type Effect = Event['effects'][number]

const HOLDS_SEAT = new Set(['assigned', 'reserved'])
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0)
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** Effects added up, the most important first; what came to nothing is left out. */
export function countsOf({ effects }: Pick<Event, 'effects'>): Followed[] {
  const of = (kind: string) => effects.filter((effect) => effect.kind === kind)
  const how = (kind: string, test: (effect: Effect) => boolean) => of(kind).filter(test).length
  const sum = (kind: string, field: string) => of(kind).reduce((total, effect) => total + numberOf(effect[field]), 0)
  const held = ({ before }: Effect) => HOLDS_SEAT.has(textOf(before))
  const holds = ({ after }: Effect) => HOLDS_SEAT.has(textOf(after))
  const counts: Followed[] = [
    ...of('status').map(({ after }) => ({ kind: 'status', count: 1, after: textOf(after) })),
    ...of('role').map(({ after }) => ({ kind: 'role', count: 1, after: textOf(after) })),
    { kind: 'licensesGiven', count: how('license', (effect) => holds(effect) && !held(effect)) },
    { kind: 'licensesWaiting', count: how('license', ({ after }) => after === 'waiting') },
    { kind: 'seatsFreed', count: how('license', (effect) => held(effect) && !holds(effect)) },
    { kind: 'licensesTaken', count: how('license', (effect) => !held(effect) && effect.after === null) },
    { kind: 'sessions', count: sum('session', 'ended') },
    { kind: 'invitations', count: sum('invitation', 'revoked') },
    { kind: 'groupsAdded', count: how('group', ({ change }) => change === 'added') },
    { kind: 'groupsRemoved', count: how('group', ({ change }) => change === 'removed') },
    { kind: 'membersAdded', count: sum('members', 'added') },
    { kind: 'membersRemoved', count: sum('members', 'removed') },
    { kind: 'grants', count: of('grant').length },
    { kind: 'rulesBroken', count: how('rule', ({ state }) => state === 'broken') },
    ...of('job').map(({ people }) => ({ kind: people === null ? 'job' : 'people', count: numberOf(people) })),
    ...of('expiry').map(({ days }) => ({ kind: numberOf(days) > 0 ? 'days' : 'ended', count: numberOf(days) || 1 })),
  ]
  return counts.filter(({ kind, count }) => count > 0 || kind === 'job')
}
