import type { Attribute, AttributeType } from '../attribute.js'

type Traits = Partial<Omit<Attribute, 'name' | 'type' | 'description'>>

/** One attribute; what `traits` leaves out has the default of RFC 7643 §2.2 (references and binary are case-exact). */
export function attribute(name: string, type: AttributeType, description: string, traits: Traits = {}): Attribute {
  return {
    name,
    type,
    multiValued: false,
    description,
    required: false,
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...traits,
  }
}

export const text = (name: string, description: string, traits?: Traits): Attribute =>
  attribute(name, 'string', description, traits)

export const complex = (name: string, description: string, subAttributes: readonly Attribute[], traits?: Traits) =>
  attribute(name, 'complex', description, { ...traits, subAttributes })

export const readOnly = { mutability: 'readOnly' } as const satisfies Traits

/** What `plural` needs beyond name and description. */
interface Plural {
  /** The sub-attribute `value`; text unless said otherwise. `none` where the attribute has no such member. */
  readonly value?: Attribute | 'none'
  /** Canonical values of `type`; others are allowed (RFC 7643 §2.4). */
  readonly types?: readonly string[]
  /** Sub-attributes in place of `display`. */
  readonly parts?: readonly Attribute[]
}

/** A multi-valued complex attribute with the usual sub-attributes `value`, `display`, `type`, `primary` (RFC 7643 §2.4). */
export function plural(name: string, description: string, { value, types, parts }: Plural = {}): Attribute {
  return complex(
    name,
    description,
    [
      ...(value === 'none' ? [] : [value ?? text('value', 'The value itself.')]),
      ...(parts ?? [text('display', 'A name for the value, for people to read.')]),
      text('type', 'What the value is for.', types ? { canonicalValues: types } : {}),
      attribute('primary', 'boolean', 'Whether this is the preferred value; true at most once.'),
    ],
    { multiValued: true },
  )
}
