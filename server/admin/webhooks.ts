import { z } from 'zod'
import type { Administrator } from '../../accounts/administrator.js'
import { listDeliveries, replayWebhook } from '../../accounts/replay-webhook.js'
import { FEED_EVENTS, type FeedEvent } from '../../accounts/security-event.js'
import {
  createWebhook,
  getWebhook,
  listWebhooks,
  removeWebhook,
  reviseWebhook,
  rotateWebhookSecret,
  type WebhookActor,
} from '../../accounts/webhooks.js'
import { Cursor } from './feed.js'
import { holds } from './gate.js'
import { route } from './route.js'
import { ExpectedVersion, Id, listOf, PageQuery, Time, text, Version } from './schemas.js'

const Url = text(2048).meta({ description: 'https, without user name, password and fragment.' })
const Description = text(256, 0)
const Mode = z.enum(['notice', 'full'])
const Events = z
  .array(z.enum(Object.keys(FEED_EVENTS) as [FeedEvent, ...FeedEvent[]]))
  .max(20)
  .meta({ description: 'Kinds of events that are sent; an empty list stands for all.' })

const WebhookSchema = z
  .object({
    id: Id,
    url: z.string(),
    description: z.string(),
    events: Events,
    mode: Mode,
    enabled: z.boolean(),
    disabledReason: z.enum(['administrator', 'gone', 'failing']).nullable(),
    failingSince: Time.nullable(),
    lastDeliveredAt: Time.nullable(),
    lastError: z.string().nullable(),
    cursor: z.string().meta({ description: 'Place in the feed up to which changes were taken over.' }),
    previousSecretUntil: Time.nullable().meta({ description: 'Until when the secret before signs too.' }),
    version: Version,
    createdAt: Time,
    updatedAt: Time,
  })
  .meta({ id: 'Webhook', description: 'Where what changes in the account is sent.' })

const NewWebhookSchema = WebhookSchema.extend({
  secret: z.string().meta({ description: 'Shown here alone; verify signatures with it (Standard Webhooks).' }),
}).meta({ id: 'WebhookWithSecret' })

const DeliverySchema = z
  .object({
    id: z.string().meta({ description: 'Also a cursor of the feed, which points behind this change.' }),
    eventId: Id,
    subjectId: Id,
    state: z.enum(['open', 'delivered', 'failed', 'skipped']),
    attempts: z.int(),
    status: z.int().nullable(),
    error: z.string().nullable(),
    lastAttemptAt: Time.nullable(),
    nextAttemptAt: Time.nullable(),
  })
  .meta({ id: 'WebhookDelivery', description: 'What became of one change at one webhook.' })

const WEBHOOKS = '/accounts/{accountId}/webhooks'
const WEBHOOK = `${WEBHOOKS}/{webhookId}`
const common = { tag: 'Webhooks', requires: 'settings.manage' } as const

const actorOf = (actor: Administrator): WebhookActor => ({ actor, maySeeValues: holds(actor, 'logs.payload') })

export const WEBHOOK_ROUTES = [
  route({
    ...common,
    method: 'post',
    path: WEBHOOKS,
    summary: 'Add a webhook, which is sent what changes from now on; `full` also needs logs.payload',
    status: 201,
    body: z.strictObject({
      url: Url,
      description: Description.optional(),
      events: Events.optional(),
      mode: Mode.optional(),
      enabled: z.boolean().optional(),
    }),
    answer: NewWebhookSchema,
    run: ({ deps, administrator, params, body }) => createWebhook(deps, actorOf(administrator), params.accountId, body),
  }),
  route({
    ...common,
    method: 'get',
    path: WEBHOOKS,
    summary: 'List webhooks, oldest first',
    answer: listOf(WebhookSchema),
    run: async ({ deps, params }) => ({ items: await listWebhooks(deps, params.accountId) }),
  }),
  route({
    ...common,
    method: 'get',
    path: WEBHOOK,
    summary: 'Read a webhook',
    answer: WebhookSchema,
    run: ({ deps, params }) => getWebhook(deps, params.accountId, params.webhookId),
  }),
  route({
    ...common,
    method: 'patch',
    path: WEBHOOK,
    summary: 'Change a webhook; enabled again it goes on where it stopped',
    body: z.strictObject({
      url: Url.optional(),
      description: Description.optional(),
      events: Events.optional(),
      mode: Mode.optional(),
      enabled: z.boolean().optional(),
      version: ExpectedVersion,
    }),
    answer: WebhookSchema,
    run: ({ deps, administrator, params, body }) =>
      reviseWebhook(deps, actorOf(administrator), params.accountId, params.webhookId, body),
  }),
  route({
    ...common,
    method: 'delete',
    path: WEBHOOK,
    summary: 'Remove a webhook',
    run: ({ deps, administrator, params }) => removeWebhook(deps, administrator, params.accountId, params.webhookId),
  }),
  route({
    ...common,
    method: 'post',
    path: `${WEBHOOK}/secret`,
    summary: 'Give it a new secret; the one before signs too for `overlapHours` (24) more',
    status: 201,
    body: z.strictObject({ overlapHours: z.int().min(0).max(168).default(24) }),
    answer: NewWebhookSchema,
    run: ({ deps, administrator, params, body }) =>
      rotateWebhookSecret(deps, administrator, params.accountId, params.webhookId, body),
  }),
  route({
    ...common,
    method: 'get',
    path: `${WEBHOOK}/deliveries`,
    summary: 'List what became of each change, newest first',
    query: PageQuery.extend({ cursor: Cursor.optional() }),
    answer: listOf(DeliverySchema),
    run: ({ deps, params, query }) => listDeliveries(deps, params.accountId, params.webhookId, query),
  }),
  route({
    ...common,
    method: 'post',
    path: `${WEBHOOK}/replay`,
    summary: 'Send again everything behind a cursor of the feed (`from`), or one delivery (`deliveryId`)',
    status: 204,
    body: z
      .strictObject({ from: Cursor.optional(), deliveryId: Cursor.optional() })
      .refine(({ from, deliveryId }) => (from === undefined) !== (deliveryId === undefined), {
        error: 'either from or deliveryId',
      }),
    run: ({ deps, administrator, params, body }) =>
      replayWebhook(deps, administrator, params.accountId, params.webhookId, body),
  }),
]
