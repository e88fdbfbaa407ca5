import type { Attribute } from '../attribute.js'
import { attribute, complex, readOnly, text } from './define.js'

/** The attributes of every resource (RFC 7643 §3.1). They belong to no schema, so `/Schemas` does not list them. */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  text('id', 'The identifier this server gave the resource.', {
    required: true,
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  text('externalId', 'The identifier the client gave the resource.', { caseExact: true }),
  complex(
    'meta',
    'Facts about the resource itself.',
    [
      text('resourceType', 'The name of the resource type.', { ...readOnly, caseExact: true }),
      attribute('created', 'dateTime', 'When the resource was made.', readOnly),
      attribute('lastModified', 'dateTime', 'When the resource last changed.', readOnly),
      attribute('location', 'reference', 'The URI of the resource.', { ...readOnly, referenceTypes: ['uri'] }),
      text('version', 'The version of the resource, as in its ETag.', { ...readOnly, caseExact: true }),
    ],
    readOnly,
  ),
]
