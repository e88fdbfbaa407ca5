import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import type { AnsweredRequest } from './scim-http.js'

/** What `/metrics` shows: the process, and SCIM requests by method, endpoint and status. */
export interface Metrics {
  readonly registry: Registry
  observe(fact: AnsweredRequest): void
}

const ENDPOINTS = new Set(['Users', 'Groups', 'ServiceProviderConfig', 'ResourceTypes', 'Schemas', 'Me'])

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
  return {
    registry,
    observe: ({ method, endpoint: named, status, durationMs }) => {
      // Whoever asks for nonsense must not be able to make a time series of it.
      const endpoint = ENDPOINTS.has(named) ? named : 'other'
      requests.inc({ method, endpoint, status })
      duration.observe({ method, endpoint }, durationMs / 1_000)
    },
  }
}
