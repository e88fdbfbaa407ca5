import type { Attribute } from './attribute.js'
import type { Operator } from './syntax.js'

/**
 * Where a value stands in a document: under `extension` (the URN of an extension schema) or at the top, then
 * `attribute`, then `sub` where the attribute is complex. Inside the filter of a `some`, where the search is in one
 * element, `attribute` is a sub-attribute of the element.
 */
export interface Target {
  readonly extension?: string
  readonly attribute: Attribute
  readonly sub?: Attribute
}

/**
 * A comparison whose value fits its attribute. `value` is what is compared: folded where the attribute ignores case,
 * UTC with milliseconds where it is a dateTime. `literal` is the same value as it was written. A multi-valued
 * attribute matches if one of its elements does; `ne` also matches where there is no value (RFC 7644 §3.4.2.2).
 */
export interface Comparison {
  readonly kind: 'compare'
  readonly target: Target
  readonly op: Operator
  readonly value: string | number | boolean
  readonly literal: string | number | boolean
}

/**
 * A filter whose attributes are known. `some` holds if one element of the attribute matches all of its filter; an
 * attribute with one complex value counts as a list of one. `constant` stands for an attribute without value.
 */
export type ResolvedFilter =
  | { readonly kind: 'and' | 'or'; readonly terms: readonly ResolvedFilter[] }
  | { readonly kind: 'not'; readonly term: ResolvedFilter }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'present'; readonly target: Target }
  | { readonly kind: 'some'; readonly target: Target; readonly filter: ResolvedFilter }
  | Comparison

/** A PATCH path whose attributes are known; `filter` chooses elements of `attribute` (see `elementMatches`). */
export interface ResolvedPath extends Target {
  readonly filter?: ResolvedFilter
}
