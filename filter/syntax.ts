/** The comparison operators of RFC 7644 §3.4.2.2, as they stand in the tree: lower case. */
export type Operator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

/** A value as it was written in the filter. */
export type Literal = string | number | boolean | null

/**
 * An attribute as it was written, in a filter or as the path of a PATCH operation (RFC 7644 §3.5.2):
 * `urn:name`, `urn:name.sub`, `urn:name[filter]`, `urn:name[filter].sub`, the URN being optional.
 * Nothing is looked up yet. `position` is where the path starts, counted from 1.
 */
export interface AttributePathNode {
  readonly urn?: string
  readonly name: string
  readonly filter?: FilterNode
  readonly sub?: string
  readonly position: number
}

/**
 * A filter as it was written. `and` and `or` hold two terms or more and are flat as far as no parentheses were
 * written. `valuePath` is `name[filter]` by itself; `name[filter].sub eq 1` is a `compare` whose path has a filter.
 */
export type FilterNode =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly FilterNode[] }
  | { readonly kind: 'not'; readonly term: FilterNode }
  | { readonly kind: 'present'; readonly path: AttributePathNode }
  | { readonly kind: 'compare'; readonly path: AttributePathNode; readonly op: Operator; readonly value: Literal }
  | { readonly kind: 'valuePath'; readonly path: AttributePathNode }
