import type { Document, ResourceSchema } from '../filter/attribute.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { USER_URN } from '../filter/schemas/user.js'
import { attributeTable, findSlot } from './attribute-table.js'
import { canonicalAttributes, checkRequired } from './canonical-value.js'
import { isObject, memberOf } from './json-object.js'
import { objectOfSchema } from './resource-body.js'

/** What a POST or PUT says about a user. */
export interface UserResource {
  /** The desired state in canonical form; `active` is true where it was not sent. */
  readonly document: Document
  /** False where `active` was not sent: a PUT then keeps the stored value (an attribute not sent never means false). */
  readonly activeSent: boolean
}

/**
 * Read the body of POST or PUT /Users (RFC 7644 §3.3, §3.5.1). Unknown attributes and URNs, readOnly ones, `password`,
 * null and empty lists are dropped; names ignore case; equal documents have equal JSON.
 * Throws ScimError: bad_json, bad_schema, attr_missing, attr_type, attr_too_long, attr_primary.
 */
export function parseUserResource(body: unknown, userSchema: ResourceSchema): UserResource {
  const table = attributeTable(userSchema)
  const sent = canonicalAttributes(table, objectOfSchema(body, USER_URN))
  checkRequired(table, sent)
  if (sent.active !== undefined) return { document: sent, activeSent: true }
  return { document: canonicalAttributes(table, { ...sent, active: true }), activeSent: false }
}

/** Names in the extension of the account that it does not have, where they come with a value. */
export function unknownAttributes(body: unknown, userSchema: ResourceSchema): string[] {
  const sent = isObject(body) ? memberOf(body, ACCOUNT_URN) : undefined
  if (!isObject(sent)) return []
  const known = findSlot(attributeTable(userSchema), ACCOUNT_URN)?.parts
  return Object.keys(sent).filter((name) => sent[name] !== null && (known === undefined || !findSlot(known, name)))
}

/** The body read for the attributes that a connection has: again only where those changed in between. */
export function userReader(body: unknown): (userSchema: ResourceSchema) => UserResource {
  let last: { readonly userSchema: ResourceSchema; readonly resource: UserResource } | undefined
  return (userSchema) => {
    if (last?.userSchema !== userSchema) last = { userSchema, resource: parseUserResource(body, userSchema) }
    return last.resource
  }
}
