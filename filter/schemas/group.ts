import type { ResourceSchema, Schema } from '../attribute.js'
import { COMMON_ATTRIBUTES } from './common.js'
import { attribute, complex, readOnly, text } from './define.js'

export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group'

/**
 * The Group (RFC 7643 §4.2, §8.7.1), as we keep it: displayName is required (erratum 5368) and unique in a connection,
 * members are Users only, `members.display` exists (erratum 6011) and is made at read, and `members.value` is
 * case-exact because it holds an id.
 */
const GROUP: Schema = {
  id: GROUP_URN,
  name: 'Group',
  description: 'Group',
  attributes: [
    text('displayName', 'The name of the group.', { required: true, uniqueness: 'server' }),
    complex(
      'members',
      'The members of the group.',
      [
        text('value', 'The id of the member.', { caseExact: true, mutability: 'immutable' }),
        attribute('$ref', 'reference', 'The URI of the member.', { mutability: 'immutable', referenceTypes: ['User'] }),
        text('type', 'The kind of member.', { mutability: 'immutable', canonicalValues: ['User'] }),
        text('display', 'The name of the member.', readOnly),
      ],
      { multiValued: true },
    ),
  ],
}

/** Everything a Group may hold. */
export const GROUP_SCHEMA: ResourceSchema = { common: COMMON_ATTRIBUTES, core: GROUP, extensions: [] }
