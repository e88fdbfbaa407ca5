import type { Attribute, ResourceSchema } from '../attribute.js'
import { fold } from '../fold.js'
import { attribute, text } from './define.js'
import { USER_SCHEMA } from './user.js'

/**
 * The extension of the User in which an account puts attributes of its own (RFC 7643 §3.3). One URN for all accounts,
 * in the form that identity providers ask for: docs/decisions/account-extension.md.
 */
export const ACCOUNT_URN = 'urn:ietf:params:scim:schemas:extension:usher:2.0:User'

export const ACCOUNT_ATTRIBUTE_TYPES = ['text', 'number', 'boolean', 'date', 'choice'] as const

/** An attribute that an account has defined. */
export interface AccountAttribute {
  readonly name: string
  readonly type: (typeof ACCOUNT_ATTRIBUTE_TYPES)[number]
  readonly description: string
  /** Of the type `choice` alone: what it may be, in any letter case. */
  readonly choices?: readonly string[]
}

/** The User with the attributes of an account beside the standard ones; without any, the standard one itself. */
export function userSchemaWith(attributes: readonly AccountAttribute[]): ResourceSchema {
  if (attributes.length === 0) return USER_SCHEMA
  const extension = {
    id: ACCOUNT_URN,
    name: 'AccountUser',
    description: 'Attributes of the account',
    attributes: attributes.map(scimAttribute),
  }
  return { ...USER_SCHEMA, extensions: [...USER_SCHEMA.extensions, extension] }
}

function scimAttribute({ name, type, description, choices }: AccountAttribute): Attribute {
  switch (type) {
    case 'number':
      return attribute(name, 'decimal', description)
    case 'boolean':
      return attribute(name, 'boolean', description)
    case 'date':
      return attribute(name, 'dateTime', description)
    default:
      return text(name, description, choices === undefined ? {} : { canonicalValues: choices })
  }
}

/**
 * Names that mean something already, folded: attributes of the User, which would be found in place of this one where no
 * URN is written; words of the filter language; and what every object of JavaScript has.
 */
const RESERVED: ReadonlySet<string> = new Set(
  [
    ...[...USER_SCHEMA.common, ...[USER_SCHEMA.core, ...USER_SCHEMA.extensions].flatMap((one) => one.attributes)].map(
      ({ name }) => name,
    ),
    ...['schemas', 'password', 'and', 'or', 'not', 'pr', 'eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'],
    ...Object.getOwnPropertyNames(Object.prototype),
  ].map(fold),
)

export function isReservedName(name: string): boolean {
  return RESERVED.has(fold(name))
}
