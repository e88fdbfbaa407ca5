import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { SCIM_ROUTES } from '../scim/routes.js'
import type { AnsweredRequest } from './scim-http.js'

/** What `/metrics` shows: the process, and SCIM requests by method, endpoint and status. */
export interface Metrics {
  readonly registry: Registry
  observe(fact: AnsweredRequest): void
}

const METHODS = new Set(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
const ENDPOINTS = new Set(SCIM_ROUTES.map(({ endpoint }) => endpoint))

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'usher_scim_requests_total',
    help: 'SCIM requests answered.',
    labelNames: ['method', 'endpoint', 'status'],
    registers: [registry],
  })
  const duration = new Histogram({
    name: 'usher_scim_request_duration_seconds',
    help: 'Time from the arrival of a SCIM request to its answer.',
    labelNames: ['method', 'endpoint'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
  // A child per combination of labels, looked up once: the library hashes the labels at every call otherwise.
  const children = new Map<string, { count(): void; time(seconds: number): void }>()
  const childFor = (method: string, endpoint: string, status: number) => {
    const key = `${method} ${endpoint} ${status}`
    const known = children.get(key)
    if (known !== undefined) return known
    const counter = requests.labels({ method, endpoint, status })
    const histogram = duration.labels({ method, endpoint })
    const child = { count: () => counter.inc(), time: (seconds: number) => histogram.observe(seconds) }
    children.set(key, child)
    return child
  }
  return {
    registry,
    observe: ({ method, endpoint, status, durationMs }) => {
      // Whoever asks for nonsense must not be able to make a time series of it.
      const child = childFor(
        METHODS.has(method) ? method : 'other',
        ENDPOINTS.has(endpoint) ? endpoint : 'other',
        status,
      )
      child.count()
      child.time(durationMs / 1_000)
    },
  }
}
