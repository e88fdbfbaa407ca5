import type { Attribute, ResourceSchema } from '../../filter/attribute.js'
import type { PatchOperation } from '../patch-op.js'

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

/** The resource that a PATCH is about. */
export interface PatchSubject {
  readonly schema: ResourceSchema
  /** Its own id. */
  readonly id: string
}

/** A pure rewrite of one PATCH operation into those that the engine knows; none where it is to have no effect. */
export interface OperationQuirk {
  readonly name: string
  rewrite(operation: PatchOperation, subject: PatchSubject): readonly PatchOperation[]
}
