import { createHash } from 'node:crypto'
import type { Tx } from '../db/database.js'
import { type EventRow, insertEvents, insertFacet, insertPayload, insertRefs } from '../db/events.js'
import type { EndReason } from '../db/sessions.js'
import type { Deps } from './deps.js'
import type { EventAction } from './event-actions.js'
import { keptText } from './kept-text.js'
import type { CheckResult } from './sign-in-checks.js'

export type EventSource = 'scim' | 'sso' | 'admin' | 'self' | 'system'
export type Outcome = 'success' | 'warning' | 'no_change' | 'failure' | 'held' | 'observed'

/** Who did it. `label` is the sentence part that the log shows: `token ····ab12 of Okta production`. */
export interface Actor {
  readonly type: 'operator' | 'user' | 'token' | 'system' | 'unknown'
  readonly id: string | null
  readonly label: string
}

/** Whom or what it was about, as named at that time. */
export interface Subject {
  readonly type:
    | 'account'
    | 'attribute'
    | 'connection'
    | 'domain'
    | 'group'
    | 'job'
    | 'product'
    | 'role'
    | 'rule'
    | 'secret'
    | 'signing_key'
    | 'token'
    | 'user'
    | 'webhook'
  readonly id: string | null
  readonly scimId?: string
  readonly userName?: string
  readonly externalId?: string
  readonly email?: string | null
  readonly displayName?: string
}

export interface Change {
  readonly attribute: string
  readonly before: unknown
  readonly after: unknown
}

/** What followed: `ruleId` is the rule that decided it. */
export type Effect =
  | { readonly kind: 'status'; readonly before: string | null; readonly after: string; readonly reason: string | null }
  | {
      readonly kind: 'role'
      readonly before: string | null
      readonly after: string
      readonly source: string
      readonly ruleId?: string
    }
  | {
      readonly kind: 'license'
      readonly product: string
      readonly before: string | null
      readonly after: string | null
      readonly source?: string
      readonly ruleId?: string
    }
  | {
      readonly kind: 'grant'
      readonly product: string
      readonly change: 'added' | 'removed' | 'changed'
      readonly source: string
      readonly ruleId?: string
    }
  | {
      readonly kind: 'group'
      readonly groupId: string
      readonly displayName: string
      readonly change: 'added' | 'removed'
    }
  | { readonly kind: 'members'; readonly added: number; readonly removed: number }
  | { readonly kind: 'session'; readonly ended: number; readonly reason?: EndReason }
  | { readonly kind: 'invitation'; readonly revoked: number }
  | { readonly kind: 'job'; readonly jobId: string; readonly people: number | null }
  | {
      readonly kind: 'expiry'
      readonly of: 'idp' | 'sp' | 'metadata' | 'token' | 'secret'
      readonly sha256?: string
      readonly at: string
      readonly days: number
    }
  | { readonly kind: 'rule'; readonly ruleId: string; readonly state: 'ok' | 'broken' }

/** The request as HTTP saw it; `path` without the values of its query. */
export interface HttpFacts {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly scimType?: string
  readonly durationMs: number
  readonly address: string
  readonly userAgent?: string
}

/** A sign-in as the log shows it: what was claimed, which check failed, and what was expected in place of what came. */
export interface SignInFacts {
  readonly flow: 'sp' | 'idp' | 'password'
  readonly nameId?: string
  readonly expected?: string
  readonly received?: string
  /** Milliseconds that the clock of the identity provider is ahead of ours. */
  readonly skewMs?: number
  /** How old the assertion was when it came. */
  readonly assertionAgeMs?: number
  /** What held, in the order in which it was looked at; what did not hold comes last. */
  readonly checks?: readonly CheckResult[]
  /** SHA-256 of the certificate whose signature was verified, hex. */
  readonly certificate?: string
  /** Names of the attributes that came, without their values. */
  readonly attributes?: readonly string[]
}

/** One event to be written. Children carry `parentId`, the correlation id of their request (PRODUCT 2.9). */
export interface EventDraft {
  readonly id: string
  readonly parentId?: string
  /** False for what has a parent and is a request all the same. */
  readonly isChild?: false
  readonly source: EventSource
  readonly action: EventAction
  readonly outcome: Outcome
  readonly code?: string
  readonly message?: string
  readonly actor: Actor
  readonly subject?: Subject
  /** The account user in whose timeline it stands. */
  readonly userId?: string
  readonly connectionId?: string
  readonly tokenId?: string
  /** Directory groups that it concerns, by id. */
  readonly groupIds?: readonly string[]
  readonly http?: HttpFacts
  readonly changes?: readonly Change[]
  readonly effects?: readonly Effect[]
  /** Everything else that was noticed, by code. */
  readonly warnings?: readonly { readonly code: string; readonly message: string }[]
  readonly signIn?: SignInFacts
  /** Bodies, already redacted. */
  readonly payload?: { readonly request?: string | undefined; readonly response?: string | undefined }
}

/** Write events inside the transaction that they describe, so that log and data cannot disagree (DESIGN 1). */
export async function writeEvents(deps: Deps, tx: Tx, accountId: string, drafts: readonly EventDraft[]): Promise<void> {
  const occurredAt = deps.now().getTime()
  const facets = new Map<string, EventDraft>()
  const refs: [ref: string, eventId: string][] = []
  const rows = drafts.map((draft): EventRow => {
    const facetId = facetIdOf(draft)
    facets.set(facetId, draft)
    for (const ref of refsOf(draft)) refs.push([ref, draft.id])
    return rowOf(draft, facetId, occurredAt)
  })
  for (const [facetId, draft] of facets) await rememberFacet(deps, tx, accountId, facetId, draft)
  await insertEvents(tx, accountId, rows)
  if (refs.length > 0) await insertRefs(tx, accountId, refs)
  for (const { id, payload } of drafts) {
    if (payload === undefined) continue
    const { request = null, response } = payload
    await insertPayload(tx, accountId, id, request, response === undefined ? null : keptText(response))
  }
}

function rowOf(draft: EventDraft, facetId: string, occurredAt: number): EventRow {
  const { id, parentId, userId, message, actor, subject, http, changes, effects, warnings, signIn } = draft
  return {
    id,
    parentId: parentId ?? null,
    facetId,
    userId: userId ?? null,
    occurredAt,
    detail: JSON.stringify({ message, actor, subject, http, changes, effects, warnings, signIn }),
  }
}

/** The words an event is filtered by, as one key. Equal words give the same id in every process. */
function facetKeyOf(draft: EventDraft): string {
  const { source, action, outcome, code, connectionId, tokenId, http } = draft
  return JSON.stringify([source, action, outcome, code, connectionId, tokenId, http?.status, childFlagOf(draft)])
}

function childFlagOf({ parentId, isChild }: EventDraft): 0 | 1 {
  return parentId === undefined || isChild === false ? 0 : 1
}

const facetIds = new Map<string, string>()
const MAX_FACET_IDS = 20_000
const MAX_KNOWN_FACETS = 100_000

function facetIdOf(draft: EventDraft): string {
  const key = facetKeyOf(draft)
  const known = facetIds.get(key)
  if (known !== undefined) return known
  const id = createHash('sha256').update(key).digest('base64url').slice(0, 16)
  if (facetIds.size >= MAX_FACET_IDS) facetIds.clear()
  facetIds.set(key, id)
  return id
}

async function rememberFacet(deps: Deps, tx: Tx, accountId: string, id: string, draft: EventDraft): Promise<void> {
  const mark = `${accountId} ${id}`
  if (deps.knownFacets.has(mark)) return
  await insertFacet(tx, accountId, {
    id,
    key: facetKeyOf(draft),
    source: draft.source,
    action: draft.action,
    outcome: draft.outcome,
    code: draft.code ?? null,
    connectionId: draft.connectionId ?? null,
    tokenId: draft.tokenId ?? null,
    httpStatus: draft.http?.status ?? null,
    child: childFlagOf(draft),
  })
  tx.afterCommit(() => {
    if (deps.knownFacets.size >= MAX_KNOWN_FACETS) deps.knownFacets.clear()
    deps.knownFacets.add(mark)
  })
}

function refsOf(draft: EventDraft): Set<string> {
  const refs = new Set(draft.groupIds?.map((id) => `group:${id}`))
  for (const effect of draft.effects ?? []) {
    if ('ruleId' in effect && effect.ruleId !== undefined) refs.add(`rule:${effect.ruleId}`)
    if (effect.kind === 'group') refs.add(`group:${effect.groupId}`)
  }
  return refs
}
