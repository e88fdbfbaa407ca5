import { z } from 'zod'
import { EVENT_ACTIONS, type EventAction } from '../../accounts/event-actions.js'
import { getEvent, type LogEvent, listEvents } from '../../accounts/events-read.js'
import { countEvents } from '../../accounts/find-events.js'
import { remedyOf } from '../sign-in/codes.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { ActorSchema, Id, Instant, listOf, many, PageQuery, Time } from './schemas.js'

const Source = z.enum(['scim', 'sso', 'admin', 'self', 'system'])
const Action = z.enum(Object.keys(EVENT_ACTIONS) as [EventAction, ...EventAction[]])
const Outcome = z.enum(['success', 'warning', 'no_change', 'failure', 'held', 'observed'])
const Code = z.string().regex(/^[a-z0-9_]{1,64}$/, 'a code such as no_seat')

export const EventSchema = z
  .object({
    id: Id,
    time: Time,
    source: Source,
    action: Action,
    outcome: Outcome,
    code: Code.optional(),
    message: z.string().optional(),
    actor: ActorSchema,
    subject: z.looseObject({ type: z.string(), id: z.string().nullable() }).nullable(),
    userId: Id.optional(),
    connectionId: Id.optional(),
    tokenId: Id.optional(),
    correlationId: Id.meta({ description: 'Id of the event of the request; equal to X-Request-Id of its answer.' }),
    http: z
      .looseObject({
        method: z.string(),
        path: z.string(),
        status: z.int(),
        durationMs: z.number(),
        address: z.string(),
      })
      .optional(),
    changes: z.array(z.object({ attribute: z.string(), before: z.unknown(), after: z.unknown() })),
    effects: z.array(z.looseObject({ kind: z.string() })),
    warnings: z.array(z.object({ code: z.string(), message: z.string() })),
    signIn: z
      .looseObject({
        flow: z.enum(['sp', 'idp']),
        nameId: z.string().optional(),
        checks: z.array(z.object({ check: z.string(), passed: z.boolean() })).optional(),
        expected: z.string().optional(),
        received: z.string().optional(),
        skewMs: z.number().optional().meta({ description: 'How far the clock of the identity provider is ahead.' }),
        assertionAgeMs: z.number().optional(),
        certificate: z.string().optional().meta({ description: 'SHA-256 of the one that verified the signature.' }),
        attributes: z.array(z.string()).optional().meta({ description: 'Names, without values.' }),
        remedy: z.string().optional().meta({ description: 'What an administrator does about it.' }),
      })
      .optional(),
  })
  .meta({ id: 'Event', description: 'What happened, by whom, to whom, and what followed.' })

const EventDetailSchema = EventSchema.extend({
  steps: z
    .array(
      z.object({
        step: z.string().meta({
          description: 'received, token, understood, found, compared, rules, applied; of a sign-in its checks.',
        }),
        result: z.enum(['passed', 'failed', 'skipped', 'warning']),
        params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])),
      }),
    )
    .meta({ description: 'What was done and checked on the way, in order; empty for what was one act.' }),
  rules: z
    .array(
      z.object({
        id: Id,
        connectionId: Id.nullable(),
        priority: z.int().nullable(),
        condition: z.string().nullable(),
        note: z.string().nullable(),
        deleted: z.boolean(),
      }),
    )
    .meta({ description: 'The rules that effects name, as they are now; of a removed one what the log knows.' }),
  payload: z
    .object({ request: z.string().nullable(), response: z.string().nullable() })
    .nullable()
    .optional()
    .meta({ description: 'Redacted bodies while they are kept; only with the permission logs.payload.' }),
}).meta({ id: 'EventDetail' })

/** What the log can be narrowed by; an export takes the same. */
export const eventFilters = {
  userId: Id.optional(),
  connectionId: many(Id),
  source: many(Source),
  action: many(Action),
  outcome: many(Outcome),
  code: many(Code),
  tokenId: many(Id),
  httpStatus: many(
    z
      .string()
      .regex(/^[1-5]\d\d$/, 'an HTTP status')
      .transform(Number),
  ),
  ruleId: Id.optional(),
  groupId: Id.optional(),
  correlationId: Id.optional(),
  run: Id.optional().meta({ description: 'An event: the sync run of its connection to which it belongs.' }),
  q: z.string().trim().min(2, 'at least 2 characters').max(256).optional().meta({
    description: 'A request id, or the beginning of userName, e-mail, a name or externalId, in any case.',
  }),
  from: Instant.optional(),
  to: Instant.optional(),
  children: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional()
    .meta({
      description:
        'Events that followed for other people. Not given: shown where a person, request, rule, group, action or code is asked for.',
    }),
}

const EventQuery = PageQuery.omit({ cursor: true }).extend({
  cursor: z.string().max(128).optional(),
  ...eventFilters,
})

/** The remedy is said when it is read, so that it is always the one of this release. */
export function withRemedy<T extends LogEvent>(event: T): T {
  const { code, signIn } = event
  const remedy = code === undefined || signIn === undefined ? undefined : remedyOf(code, signIn)
  return remedy === undefined ? event : { ...event, signIn: { ...signIn, remedy } }
}

export const EVENT_ROUTES = [
  route({
    method: 'get',
    path: '/accounts/{accountId}/events',
    tag: 'Events',
    summary: 'Search the log, newest first',
    requires: 'logs.view',
    query: EventQuery,
    answer: listOf(EventSchema),
    run: async ({ deps, administrator, params, query }) => {
      const page = await listEvents(deps.db, params.accountId, query, holds(administrator, 'logs.payload'))
      return { ...page, items: page.items.map(withRemedy) }
    },
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/events/count',
    tag: 'Events',
    summary: 'Count events that fit, at most 1,000',
    requires: 'logs.view',
    query: z.strictObject({
      ...eventFilters,
      after: Id.optional().meta({ description: 'An event: only those that came after it.' }),
    }),
    answer: z.object({ count: z.int(), more: z.boolean().meta({ description: 'They were not all counted.' }) }),
    run: ({ deps, params, query }) => countEvents(deps.db, params.accountId, query),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/events/{eventId}',
    tag: 'Events',
    summary: 'Read an event with its steps and rules, and its payload for who may see payloads',
    requires: 'logs.view',
    answer: EventDetailSchema,
    run: async ({ deps, administrator, params }) =>
      withRemedy(await getEvent(deps, params.accountId, params.eventId, holds(administrator, 'logs.payload'))),
  }),
]
