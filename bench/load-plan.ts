import { activePatch, entraUser, userNameOf } from './people.js'

/** What a load process sends for a while, and from where in its series it goes on. */
export interface LoadPlan {
  readonly scenario: 'post' | 'get' | 'find' | 'patch'
  readonly baseUrl: string
  readonly token: string
  readonly connections: number
  readonly seconds: number
  /** SCIM ids of the people in the store; person `n` has the userName `userNameOf('seed', n)`. */
  readonly ids: readonly string[]
  /** Series of the userNames that a POST creates. */
  readonly series: string
  /** Requests of this scenario that were sent before. */
  readonly offset: number
}

export interface LoadReport {
  readonly answered: number
  /** Answers other than 2xx, timeouts, broken connections. */
  readonly failed: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Where the series goes on. */
  readonly offset: number
}

interface PlannedRequest {
  readonly method: 'POST' | 'GET' | 'PATCH'
  readonly path: string
  readonly body?: string
}

/** Request `number` of a plan; paths are relative to the base URL. */
export function requestOf({ scenario, ids, series }: LoadPlan, number: number): PlannedRequest {
  const person = scattered(number, ids.length)
  if (scenario === 'post') return { method: 'POST', path: '/Users', body: JSON.stringify(entraUser(series, number)) }
  if (scenario === 'get') return { method: 'GET', path: `/Users/${ids[person]}` }
  if (scenario === 'find') {
    const filter = encodeURIComponent(`userName eq "${userNameOf('seed', person)}"`)
    return { method: 'GET', path: `/Users?filter=${filter}` }
  }
  // Everyone is switched off in the first pass and on in the next, so every PATCH changes something.
  const active = Math.floor(number / ids.length) % 2 === 1
  return { method: 'PATCH', path: `/Users/${ids[person]}`, body: JSON.stringify(activePatch(active)) }
}

/** Visits everyone once per pass, in an order that follows no index: the prime is larger than the store. */
function scattered(number: number, count: number): number {
  return ((number % count) * 1_000_003) % count
}
