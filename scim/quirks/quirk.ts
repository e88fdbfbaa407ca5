import type { Attribute } from '../../filter/attribute.js'

/**
 * A rewrite of one attribute's value, as some IdP sends it, into the form that the RFC defines. It is pure, applies to
 * POST, PUT and PATCH alike, and leaves what it does not know as it is, so that the type check can refuse it. Applied to
 * its own result it changes nothing.
 */
export interface ValueQuirk {
  readonly name: string
  concerns(attribute: Attribute): boolean
  rewrite(value: unknown): unknown
}
