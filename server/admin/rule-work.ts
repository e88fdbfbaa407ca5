import { z } from 'zod'
import { getJob } from '../../accounts/jobs-read.js'
import { reapplyToConnections, reapplyToUser } from '../../accounts/reapply.js'
import { previewRule } from '../../accounts/rule-preview.js'
import { Condition, EffectsInput, Priority } from './connections.js'
import { route } from './route.js'
import { Features, Id, Key, MAX_LIMIT, Time } from './schemas.js'

const Audience = z
  .strictObject({ userId: Id.optional(), groupId: Id.optional(), everyone: z.literal(true).optional() })
  .refine((who) => Object.values(who).filter((value) => value !== undefined).length === 1, {
    error: 'exactly one of userId, groupId and everyone',
  })

const Cell = z.union([z.string(), Features, z.null()])
const Change = z.enum(['gain', 'lose', 'change', 'seat'])
const SeatState = z.enum(['pending', 'reserved', 'assigned', 'waiting']).nullable()
const PoolState = z.object({ used: z.int(), waiting: z.int() })
const Field = z.enum(['role', 'product'])

const PreviewSchema = z
  .object({
    people: z.int().meta({ description: 'How many people were looked at.' }),
    counts: z.array(z.object({ field: Field, product: Key.optional(), change: Change, people: z.int() })),
    pools: z
      .array(z.object({ product: Key, seats: z.int(), now: PoolState, after: PoolState }))
      .meta({ description: 'Pools of which seats would move. Exact where `who` is everyone.' }),
    items: z.array(
      z.object({
        userId: Id,
        scimId: Id,
        userName: z.string(),
        displayName: z.string(),
        field: Field,
        product: Key.optional(),
        change: Change.meta({ description: '`seat`: she keeps the product, and only the state of its seat changes.' }),
        now: Cell,
        after: Cell,
        seat: z.object({ now: SeatState, after: SeatState }).optional(),
        ruleId: Id.optional().meta({ description: '`draft` for a rule that is not stored.' }),
      }),
    ),
    complete: z.boolean().meta({ description: 'False: there are more cells than `items`; `counts` counts all.' }),
  })
  .meta({ id: 'RulePreview' })

const JobsSchema = z.object({ jobIds: z.array(Id) })

export const RULE_WORK_ROUTES = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/connections/{connectionId}/rules/preview',
    tag: 'Rules',
    summary: 'Who would gain and lose what, and who would wait; nothing is written',
    requires: 'rules.manage',
    status: 200,
    body: z.strictObject({
      ruleId: Id.optional().meta({ description: 'A stored rule: tried as if it were on, changed by `rule`.' }),
      remove: z.boolean().optional().meta({ description: 'Try without the rule `ruleId`.' }),
      rule: z
        .strictObject({
          priority: Priority.optional(),
          enabled: z.boolean().optional(),
          condition: Condition.optional(),
          effects: EffectsInput.optional(),
        })
        .optional(),
      who: Audience,
      limit: z.int().min(1).max(MAX_LIMIT).default(100),
    }),
    answer: PreviewSchema,
    run: ({ deps, administrator, params, body: { who, limit, ...trial } }) =>
      previewRule(deps, administrator, params.accountId, params.connectionId, { trial, who, limit }),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/connections/{connectionId}/reapply',
    tag: 'Rules',
    summary: 'Run the rules again for everyone of a connection',
    requires: 'rules.manage',
    status: 202,
    answer: JobsSchema,
    run: ({ deps, administrator, params }) =>
      reapplyToConnections(deps, administrator, params.accountId, params.connectionId),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/reapply',
    tag: 'Rules',
    summary: 'Run the rules again for everyone',
    requires: 'rules.manage',
    status: 202,
    answer: JobsSchema,
    run: ({ deps, administrator, params }) => reapplyToConnections(deps, administrator, params.accountId, undefined),
  }),
  route({
    method: 'post',
    path: '/accounts/{accountId}/users/{userId}/reapply',
    tag: 'Rules',
    summary: 'Run the rules again for one person',
    requires: 'rules.manage',
    status: 200,
    answer: z.object({ userId: Id, effects: z.array(z.looseObject({ kind: z.string() })) }),
    run: ({ deps, administrator, params }) => reapplyToUser(deps, administrator, params.accountId, params.userId),
  }),
  route({
    method: 'get',
    path: '/accounts/{accountId}/jobs/{jobId}',
    tag: 'Jobs',
    summary: 'How far background work has come',
    requires: 'logs.view',
    answer: z
      .object({
        id: Id,
        kind: z.string(),
        state: z.enum(['open', 'done', 'failed']),
        progress: z.looseObject({}).nullable(),
        failure: z.string().nullable(),
        attempts: z.int(),
        createdAt: Time,
        finishedAt: Time.nullable(),
      })
      .meta({ id: 'Job' }),
    run: ({ deps, params }) => getJob(deps.db, params.accountId, params.jobId),
  }),
]
