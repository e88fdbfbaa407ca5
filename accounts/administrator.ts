import type { Deps } from './deps.js'
import type { Actor, Change, EventDraft } from './events.js'
import type { ActingRole } from './roles.js'

/** The request of the admin API through which an act came. */
export interface AdminRequest {
  /** Correlation id: the id of the act's event, and `X-Request-Id`. */
  readonly id: string
  readonly method: string
  /** Without the values of its query. */
  readonly path: string
  /** The status that the act answers where it succeeds. */
  readonly status: number
  readonly startedAt: Date
  readonly address: string
  readonly userAgent?: string
}

/** Who administers: the operator of the server, or an administrator of one account with her role. */
export interface Administrator {
  readonly actor: Actor
  readonly role: ActingRole
  /** The one account that she may see; null for the operator, who sees all. */
  readonly accountId: string | null
  /** The session by which she is signed in; undefined for the operator. */
  readonly sessionId?: string
  readonly request: AdminRequest
}

type AdminDraft = Omit<EventDraft, 'id' | 'source' | 'actor' | 'http' | 'outcome'> &
  Partial<Pick<EventDraft, 'outcome'>>

/** The parent event of an administrator's act; its id is the request's. */
export function adminEvent(deps: Deps, administrator: Administrator, draft: AdminDraft): EventDraft {
  const { id, method, path, status, startedAt, address, userAgent } = administrator.request
  const durationMs = Math.max(0, deps.now().getTime() - startedAt.getTime())
  const http = { method, path, status, durationMs, address, ...(userAgent === undefined ? {} : { userAgent }) }
  return { outcome: 'success', ...draft, id, source: 'admin', actor: administrator.actor, http }
}

/** What differs between two flat records, attribute by attribute; values are compared as JSON. */
export function changesBetween<T extends object>(before: T | undefined, after: T): Change[] {
  return Object.entries(after).flatMap(([attribute, value]) => {
    const old: unknown = before === undefined ? null : ((before as Record<string, unknown>)[attribute] ?? null)
    const now: unknown = value ?? null
    return JSON.stringify(old) === JSON.stringify(now) ? [] : [{ attribute, before: old, after: now }]
  })
}
