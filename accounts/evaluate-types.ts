import type { Document, ResourceSchema } from '../filter/attribute.js'

/** What a grant gives: a role, or a product whose license follows from it. */
export type GrantKind = 'role' | 'product'

/** Sources that sync writes, and may therefore take away again (PRODUCT 2.1). */
export const SYNC_SOURCES = ['attribute', 'rule', 'default'] as const
export type SyncSource = (typeof SYNC_SOURCES)[number]

/** Every source, the strongest first: where several grant the same thing, this order says which one is shown and wins. */
export const SOURCES_BY_STRENGTH = [
  'manual',
  'attribute',
  'rule',
  'assertion',
  'import',
  'invitation',
  'default',
] as const
export type GrantSource = (typeof SOURCES_BY_STRENGTH)[number]

/** Switches of a product, feature key → on or off. */
export type Features = Readonly<Record<string, boolean>>

/** What sync wants to stand in the table of grants. Unique by kind, value, source and sourceId. */
export interface DesiredGrant {
  readonly kind: GrantKind
  /** Id of the role or of the product. */
  readonly value: string
  readonly source: SyncSource
  /** Id of the rule, or the text with which the directory named the role or product, or '' for a connection default. */
  readonly sourceId: string
  /** Only what this source switches; {} for a role. */
  readonly features: Features
}

/** A stored grant of any source. `deny` withholds the value from every other source (an override, PRODUCT 2.6). */
export interface Grant {
  readonly kind: GrantKind
  readonly value: string
  readonly source: GrantSource
  readonly sourceId: string
  readonly effect: 'allow' | 'deny'
  readonly features: Features
  readonly reason: string | null
  /** Milliseconds since the epoch; from this instant on the grant has no effect. Null: no end. */
  readonly expiresAt: number | null
}

/** A role as decisions see it. Custom roles stand in the account's order by `rank`, the higher role first. */
export interface RoleRef {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly rank: number
  readonly system: boolean
}

export interface ProductRef {
  readonly id: string
  readonly key: string
  readonly name: string
  /** Keys of the products that come with this one (a bundle, PBX-04). */
  readonly includes: readonly string[]
  /** Every feature the product has, with its default. */
  readonly features: Features
}

export interface ProductEffect {
  readonly key: string
  readonly features?: Features
}

/** What a rule, or a connection by default, gives. Roles and products are named by their keys. */
export interface Effects {
  readonly role?: string
  readonly products?: readonly ProductEffect[]
}

/** A mapping rule (PRODUCT 2.8). `condition` is the text of a SCIM filter; null or blank means everyone. */
export interface RuleDefinition {
  readonly id: string
  /** 1 comes first. */
  readonly priority: number
  readonly enabled: boolean
  readonly state: 'ok' | 'broken'
  readonly condition: string | null
  readonly effects: Effects
}

/** Everything besides the person on which the evaluation of one connection depends. */
export interface Policy {
  /** What conditions may ask about. */
  readonly userSchema: ResourceSchema
  readonly rules: readonly RuleDefinition[]
  readonly defaults: Effects
  readonly roles: readonly RoleRef[]
  readonly products: readonly ProductRef[]
  readonly acceptDirectRoles: boolean
  readonly acceptDirectEntitlements: boolean
  readonly directoryMayGrantSuperAdmin: boolean
}

/** A directory user as rules see her: the canonical document and her groups of this connection, active or not. */
export interface Person {
  readonly document: Document
  readonly groups: readonly { readonly id: string; readonly display: string }[]
}

/**
 * Something the evaluation could not do, by a code of PRODUCT 3.5. `ruleId` is null where the directory's own attribute or
 * the connection default named the value. `known` are the keys that would have been understood.
 */
export type EvaluationWarning =
  | {
      readonly code: 'unknown_role'
      readonly value: string
      readonly known: readonly string[]
      readonly ruleId: string | null
    }
  | {
      readonly code: 'unknown_entitlement'
      readonly value: string
      readonly known: readonly string[]
      readonly ruleId: string | null
    }
  | { readonly code: 'role_not_grantable'; readonly value: string; readonly ruleId: string | null }
  | { readonly code: 'rule_broken'; readonly ruleId: string }

/** At most one role, any number of products; a field that nothing sets has no grant (member, no products). */
export interface DesiredGrants {
  readonly grants: readonly DesiredGrant[]
  readonly warnings: readonly EvaluationWarning[]
}

/** Where an effective role or product comes from. `ruleId` is set exactly when `source` is `rule` or `assertion`. */
export interface Origin {
  readonly source: GrantSource
  readonly ruleId: string | null
}

export interface EffectiveRole extends Origin {
  readonly id: string
  readonly key: string
}

export interface EffectiveProduct extends Origin {
  readonly features: Features
  /** Id of the bundle whose seat this product shares, or null where it takes a seat of its own pool (PBX-04). */
  readonly viaBundle: string | null
}

export interface EffectiveAccess {
  readonly role: EffectiveRole
  /** By product id. */
  readonly products: ReadonlyMap<string, EffectiveProduct>
  /** A manual grant contradicts what the directory and its rules would give (PRODUCT 2.3, flag `override`). */
  readonly override: boolean
}

export interface AccessInput {
  /** Stored grants of every source; desired ones read as grants through `grantFromDesired`. */
  readonly grants: readonly Grant[]
  readonly roles: readonly RoleRef[]
  readonly products: readonly ProductRef[]
  /** Rules of the user's connection, for their order alone; empty for a local user. */
  readonly rules: readonly Pick<RuleDefinition, 'id' | 'priority'>[]
  /** The user has a live link, so that a manual role is an override when it differs from the directory's. */
  readonly directoryManaged: boolean
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** How the stored grants of sync become the desired ones. */
export interface GrantChanges {
  readonly add: readonly DesiredGrant[]
  readonly remove: readonly Grant[]
  /** Same key, other features. */
  readonly update: readonly { readonly before: Grant; readonly after: DesiredGrant }[]
}
