/** Answers of the admin API, as far as the demo reads them. All of it stands in /api/v1/openapi.json. */

export interface List<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string
}

export interface Effects {
  readonly role?: string
  readonly products?: readonly { readonly key: string }[]
}

export interface Connection {
  readonly id: string
  readonly name: string
  readonly scimBaseUrl: string
  readonly defaults: Effects
}

export interface Rule {
  readonly id: string
  readonly priority: number
  /** Null means everyone. */
  readonly condition: string | null
  readonly effects: Effects
  readonly note: string | null
}

export interface Product {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly seats: number
  readonly assigned: number
  readonly reserved: number
  readonly waiting: number
}

export interface License {
  readonly product: string
  readonly state: 'pending' | 'reserved' | 'assigned' | 'waiting'
  readonly source: string
  readonly ruleId?: string
  /** The bundle whose seat it shares. */
  readonly via?: string
  readonly waitingSince?: string
}

export interface User {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
  readonly status: string
  readonly statusReason?: string
  readonly role: { readonly key: string; readonly source: string; readonly ruleId?: string }
  readonly licenses: readonly License[]
  /** The connection that manages her, or null for a local user. */
  readonly connectionId: string | null
}

export interface UserDetail extends User {
  readonly directoryUser: { readonly id: string; readonly userName: string } | null
}

export interface Change {
  readonly attribute: string
  readonly before: unknown
  readonly after: unknown
}

/** One effect of an event; which members there are depends on `kind`. */
export interface Effect {
  readonly kind: string
  readonly before?: string | null
  readonly after?: string | null
  readonly reason?: string | null
  readonly product?: string
  readonly source?: string
  readonly ruleId?: string
  readonly displayName?: string
  readonly change?: string
}

export interface LogEvent {
  readonly id: string
  readonly time: string
  readonly action: string
  readonly outcome: string
  readonly code?: string
  readonly message?: string
  readonly actor: { readonly label: string }
  readonly subject: {
    readonly type: string
    readonly userName?: string
    readonly displayName?: string
    readonly email?: string | null
  } | null
  readonly userId?: string
  readonly connectionId?: string
  readonly correlationId: string
  readonly http?: {
    readonly method: string
    readonly path: string
    readonly status: number
    readonly scimType?: string
  }
  readonly changes: readonly Change[]
  readonly effects: readonly Effect[]
}

export interface MatchRequest {
  readonly id: string
  readonly connectionId: string
  readonly userId: string
  readonly cause: string
  readonly incoming: { readonly userName: string }
  readonly state: string
}
