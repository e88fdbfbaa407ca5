/** The kinds of value an attribute can hold (RFC 7643 §2.3). */
export type AttributeType =
  | 'string'
  | 'boolean'
  | 'decimal'
  | 'integer'
  | 'dateTime'
  | 'binary'
  | 'reference'
  | 'complex'

/** One attribute with every characteristic that RFC 7643 §7 defines, spelled as it travels in `/Schemas`. */
export interface Attribute {
  readonly name: string
  readonly type: AttributeType
  readonly multiValued: boolean
  readonly description: string
  readonly required: boolean
  readonly caseExact: boolean
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly'
  readonly returned: 'always' | 'never' | 'default' | 'request'
  readonly uniqueness: 'none' | 'server' | 'global'
  readonly canonicalValues?: readonly string[]
  readonly referenceTypes?: readonly string[]
  readonly subAttributes?: readonly Attribute[]
}

/** A schema as RFC 7643 §7 describes it: an id (a URN) and its attributes. */
export interface Schema {
  readonly id: string
  readonly name: string
  readonly description: string
  readonly attributes: readonly Attribute[]
}

/**
 * What a resource of one type may hold: the common attributes (`id`, `externalId`, `meta`, RFC 7643 §3.1), the core
 * schema, and the extensions, whose values stand in a document under their URN.
 */
export interface ResourceSchema {
  readonly common: readonly Attribute[]
  readonly core: Schema
  readonly extensions: readonly Schema[]
}

/** A JSON value as it stands in a stored document. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** A document: attributes under their canonical names, extension attributes under the URN of their schema. */
export type Document = { [attribute: string]: Json }
