import { lockAccount } from '../db/accounts.js'
import type { Queries, Tx } from '../db/database.js'
import { ensureFeed, lastOfFeed } from '../db/feed.js'
import { hurryDeliveries } from '../db/webhook-deliveries.js'
import { findWebhook, insertWebhook, lockWebhook, updateWebhook, type WebhookRow, webhooksOf } from '../db/webhooks.js'

import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { type Subject, writeEvents } from './events.js'
import { feedCursor } from './feed-cursor.js'
import type { FeedEvent, FeedMode } from './security-event.js'
import { wakeWebhook } from './webhook-schedule.js'
import { newWebhookSecret } from './webhook-signature.js'

/** Where what changes is sent, without its secret. */
export interface Webhook {
  readonly id: string
  readonly url: string
  readonly description: string
  /** An empty list stands for all. */
  readonly events: readonly FeedEvent[]
  readonly mode: FeedMode
  readonly enabled: boolean
  readonly disabledReason: WebhookRow['disabled_reason']
  readonly failingSince: Date | null
  readonly lastDeliveredAt: Date | null
  readonly lastError: string | null
  /** The place in the feed up to which changes were taken over. */
  readonly cursor: string
  /** Until when the secret before the last change signs too. */
  readonly previousSecretUntil: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface WebhookInput {
  readonly url?: string | undefined
  readonly description?: string | undefined
  readonly events?: readonly FeedEvent[] | undefined
  readonly mode?: FeedMode | undefined
  readonly enabled?: boolean | undefined
  readonly version?: number | undefined
}

/** Who acts on a webhook, and whether she may see values of attributes. */
export interface WebhookActor {
  readonly actor: Administrator
  readonly maySeeValues: boolean
}

const MAX_WEBHOOKS = 20
const HOUR_MS = 3_600_000

export async function listWebhooks({ db, now }: Deps, accountId: string): Promise<Webhook[]> {
  return (await webhooksOf(db, accountId)).map((row) => webhookFromRow(row, now()))
}

/** Refuses: webhook_not_found. */
export async function getWebhook({ db, now }: Deps, accountId: string, id: string): Promise<Webhook> {
  return webhookFromRow(await existing(db, accountId, id), now())
}

async function existing(q: Queries, accountId: string, id: string): Promise<WebhookRow> {
  return (await findWebhook(q, accountId, id)) ?? refuseUnknown()
}

/** Alone with it until the end of the transaction. Refuses: webhook_not_found. */
export async function lockedWebhook(tx: Tx, accountId: string, id: string): Promise<WebhookRow> {
  return (await lockWebhook(tx, accountId, id)) ?? refuseUnknown()
}

function refuseUnknown(): never {
  throw new AccountError('webhook_not_found', 'This account has no such webhook.')
}

/**
 * Add a webhook: it is sent what changes from now on. This answer is the only place where its secret can be read.
 * Refuses: webhook_url, webhook_limit, forbidden.
 */
export function createWebhook(
  deps: Deps,
  by: WebhookActor,
  accountId: string,
  input: WebhookInput & { readonly url: string },
): Promise<Webhook & { secret: string }> {
  const secret = newWebhookSecret()
  const id = deps.newId()
  return deps.db.transaction(async (tx) => {
    await lockAccount(tx, accountId)
    if ((await webhooksOf(tx, accountId)).length >= MAX_WEBHOOKS)
      throw new AccountError('webhook_limit', `An account has at most ${MAX_WEBHOOKS} webhooks. Remove one first.`)
    const now = deps.now()
    await ensureFeed(tx, accountId)
    const fresh: WebhookRow = {
      ...{ account_id: accountId, id, url: '', description: '', events: '[]', mode: 'notice', enabled: 1 },
      ...{ disabled_reason: null, sealed_secret: sealed(deps, id, secret), sealed_previous: null },
      ...{ previous_until: null, position: await lastOfFeed(tx, accountId), failures: 0, failing_since: null },
      ...{ last_delivered_at: null, last_error: null, version: 1 },
      ...{ created_at: now.getTime(), updated_at: now.getTime(), deleted_at: null },
    }
    const row = revised(deps, by, fresh, input)
    await insertWebhook(tx, row)
    await note(deps, tx, by.actor, row, 'webhook.created', changesBetween(undefined, shown(row)))
    await wakeWebhook(tx, accountId, id, now.getTime())
    return { ...webhookFromRow(row, now), secret }
  })
}

/**
 * Change a webhook. Enabled again it goes on where it stopped, with what is kept of the feed.
 * Refuses: webhook_not_found, webhook_url, version_mismatch, forbidden.
 */
export function reviseWebhook(
  deps: Deps,
  by: WebhookActor,
  accountId: string,
  id: string,
  input: WebhookInput,
): Promise<Webhook> {
  return deps.db.transaction(async (tx) => {
    const before = await lockedWebhook(tx, accountId, id)
    if (input.version !== undefined && input.version !== before.version)
      throw new AccountError('version_mismatch', 'The webhook changed in between. Read it again.')
    const after = revised(deps, by, before, input)
    const now = deps.now()
    if (JSON.stringify(after) === JSON.stringify(before)) {
      await note(deps, tx, by.actor, before, 'webhook.updated', [], 'no_change')
      return webhookFromRow(before, now)
    }
    const row = { ...after, version: before.version + 1, updated_at: now.getTime() }
    await updateWebhook(tx, row)
    await note(deps, tx, by.actor, row, 'webhook.updated', changesBetween(shown(before), shown(row)))
    if (isReset(before, row)) await hurryDeliveries(tx, row, now.getTime())
    await wakeWebhook(tx, accountId, id, now.getTime())
    return webhookFromRow(row, now)
  })
}

function revised(deps: Deps, { maySeeValues }: WebhookActor, row: WebhookRow, input: WebhookInput): WebhookRow {
  const { url = row.url, description = row.description, mode = row.mode, enabled = row.enabled === 1 } = input
  if (mode === 'full' && !maySeeValues)
    throw new AccountError('forbidden', 'Values of attributes need the permission logs.payload.')
  if (url !== row.url) checkUrl(deps, url)
  const events = input.events === undefined ? row.events : JSON.stringify([...new Set(input.events)].sort())
  const after: WebhookRow = {
    ...row,
    ...{ url, description, mode, events, enabled: enabled ? 1 : 0 },
    disabled_reason: enabled ? null : (row.disabled_reason ?? 'administrator'),
  }
  return isReset(row, after) ? { ...after, failures: 0, failing_since: null, last_error: null } : after
}

/** Enabled again or sent elsewhere: what was before says nothing about it. */
function isReset(before: WebhookRow, after: WebhookRow): boolean {
  return after.enabled === 1 && (before.enabled === 0 || before.url !== after.url)
}

/** Throws AccountError webhook_url. Where its name leads is looked at when something is sent. */
function checkUrl({ webhookTargets }: Deps, url: string): void {
  const target = URL.canParse(url) ? new URL(url) : undefined
  const named = target !== undefined && target.username === '' && target.password === '' && target.hash === ''
  const refusal = named ? webhookTargets.refusalOf(url) : 'it is an address without user name, password and fragment'
  if (refusal !== undefined) throw new AccountError('webhook_url', `Nothing is sent to this address: ${refusal}.`)
}

/** What the log shows. The query of an address may hold a secret of the receiver. */
function shown({ url, description, events, mode, enabled }: WebhookRow) {
  const { origin, pathname } = new URL(url)
  return { url: origin + pathname, description, events, mode, enabled: enabled === 1 }
}

/** Remove a webhook: nothing is sent any more. Refuses: webhook_not_found. */
export async function removeWebhook(deps: Deps, actor: Administrator, accountId: string, id: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const row = await lockedWebhook(tx, accountId, id)
    const nothing = { sealed_secret: '', sealed_previous: null, enabled: 0, deleted_at: deps.now().getTime() } as const
    await updateWebhook(tx, { ...row, ...nothing })
    await note(deps, tx, actor, row, 'webhook.deleted', [])
    await wakeWebhook(tx, accountId, id, deps.now().getTime())
  })
}

/**
 * Give it a new secret; the one before signs too for `overlapHours` more, so that the receiver need not change at the same
 * moment. Shown here alone. Refuses: webhook_not_found.
 */
export function rotateWebhookSecret(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  { overlapHours }: { readonly overlapHours: number },
): Promise<Webhook & { secret: string }> {
  const secret = newWebhookSecret()
  return deps.db.transaction(async (tx) => {
    const before = await lockedWebhook(tx, accountId, id)
    const now = deps.now()
    const previous = overlapHours > 0
    const row = {
      ...before,
      sealed_secret: sealed(deps, id, secret),
      sealed_previous: previous ? before.sealed_secret : null,
      previous_until: previous ? now.getTime() + overlapHours * HOUR_MS : null,
      version: before.version + 1,
      updated_at: now.getTime(),
    }
    await updateWebhook(tx, row)
    await note(deps, tx, actor, row, 'webhook.secret_rotated', [])
    return { ...webhookFromRow(row, now), secret }
  })
}

/** The secrets that sign now, the newest first. */
export function secretsOf({ sealer }: Deps, row: WebhookRow, now: number): string[] {
  const { sealed_secret, sealed_previous, previous_until } = row
  const previous = sealed_previous !== null && previous_until !== null && previous_until > now
  return [sealed_secret, ...(previous ? [sealed_previous] : [])].map((text) => sealer.open(text, aboutSecret(row.id)))
}

function sealed({ sealer }: Deps, id: string, secret: string): string {
  return sealer.seal(secret, aboutSecret(id))
}

const aboutSecret = (id: string): string => `webhook secret ${id}`

type WebhookAction =
  | 'webhook.created'
  | 'webhook.updated'
  | 'webhook.deleted'
  | 'webhook.secret_rotated'
  | 'webhook.replayed'

/** What an administrator did to a webhook, in the log. */
export async function note(
  deps: Deps,
  tx: Tx,
  actor: Administrator,
  row: WebhookRow,
  action: WebhookAction,
  changes: ReturnType<typeof changesBetween>,
  outcome: 'success' | 'no_change' = 'success',
): Promise<void> {
  await writeEvents(deps, tx, row.account_id, [
    adminEvent(deps, actor, { action, outcome, subject: webhookSubject(row), changes }),
  ])
}

export function webhookSubject({ id, url, description }: WebhookRow): Subject {
  return { type: 'webhook', id, displayName: description === '' ? new URL(url).host : description }
}

function webhookFromRow(row: WebhookRow, now: Date): Webhook {
  const instant = (value: number | null): Date | null => (value === null ? null : new Date(value))
  const overlaps = row.previous_until !== null && row.previous_until > now.getTime()
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    events: JSON.parse(row.events) as FeedEvent[],
    mode: row.mode,
    enabled: row.enabled === 1,
    disabledReason: row.disabled_reason,
    failingSince: instant(row.failing_since),
    lastDeliveredAt: instant(row.last_delivered_at),
    lastError: row.last_error,
    cursor: feedCursor(row.account_id, row.position),
    previousSecretUntil: overlaps ? instant(row.previous_until) : null,
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}
