import { z } from 'zod'
import { getHealth } from '../../accounts/connection-health.js'
import { HEALTH_REASONS, HEALTH_STATES, type HealthReasonCode } from '../../accounts/health-reasons.js'
import { readOverview } from '../../accounts/overview.js'
import { IdpKind, Mode } from './connections.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { Id, Key, Time } from './schemas.js'

const ReasonCode = z.enum(Object.keys(HEALTH_REASONS) as [HealthReasonCode, ...HealthReasonCode[]])

const HealthSchema = z
  .object({
    connectionId: Id,
    name: z.string(),
    idpKind: IdpKind,
    mode: Mode,
    state: z.enum(HEALTH_STATES),
    reasons: z
      .array(
        z.object({
          code: ReasonCode,
          params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
        }),
      )
      .meta({ description: 'Worst first; the first one decides the state.' }),
    lastRequestAt: Time.optional(),
    lastSuccessAt: Time.optional(),
    lastChangeAt: Time.optional(),
    users: z.int(),
    groups: z.int(),
    requests24h: z.int(),
    failures24h: z.int().meta({ description: 'Refused tokens count among them.' }),
    failuresByHour: z
      .array(z.object({ hour: Time, requests: z.int(), failures: z.int() }))
      .meta({ description: '24 hours, oldest first; the last one is under way.' }),
    token: z
      .object({ id: Id, last4: z.string(), expiresAt: Time, daysLeft: z.int() })
      .optional()
      .meta({ description: 'The live token that was used last, else the one that lasts longest.' }),
    certificate: z
      .object({ sha256: z.string(), notAfter: Time, daysLeft: z.int() })
      .optional()
      .meta({ description: 'The certificate of the identity provider that lasts longest.' }),
  })
  .meta({ id: 'ConnectionHealth', description: 'How a connection is, and why.' })

const OverviewSchema = z
  .object({
    users: z.object({ active: z.int(), invited: z.int(), suspended: z.int() }),
    seats: z
      .array(
        z.object({
          productId: Id,
          key: Key,
          name: z.string(),
          seats: z.int(),
          assigned: z.int(),
          reserved: z.int(),
          waiting: z.int(),
        }),
      )
      .meta({ description: 'Empty for who may not see licenses.' }),
    invitationsOlderThan7Days: z.int(),
    overrides: z.int(),
    openMatchRequests: z.int(),
    connections: z.array(HealthSchema).meta({ description: 'Empty for who may not see connections.' }),
  })
  .meta({ id: 'Overview' })

export const OVERVIEW_ROUTES = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/overview',
    tag: 'Overview',
    summary: 'What needs attention: people, seats, and the health of every connection',
    requires: 'users.view',
    answer: OverviewSchema,
    run: ({ deps, administrator, params }) =>
      readOverview(deps, params.accountId, {
        seats: holds(administrator, 'licenses.view'),
        connections: holds(administrator, 'connections.view'),
      }),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/connections/{connectionId}/health',
    tag: 'Connections',
    summary: 'How a connection is, and why',
    requires: 'connections.view',
    answer: HealthSchema,
    run: ({ deps, administrator, params }) =>
      getHealth(deps, params.accountId, params.connectionId, holds(administrator, 'users.view')),
  }),
]
