import type { Attribute, Schema } from '../attribute.js'
import { attribute, complex, readOnly, text } from './define.js'

// What the resources of discovery themselves look like (RFC 7643 §8.7.2, with the members of RFC 9865 §4 and RFC 9967 §3).
// Clients such as the Keycloak plug-in scim2-storage read them before anything else.

export const CONFIG_URN = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'
export const RESOURCE_TYPE_URN = 'urn:ietf:params:scim:schemas:core:2.0:ResourceType'
export const SCHEMA_URN = 'urn:ietf:params:scim:schemas:core:2.0:Schema'

const demanded = { ...readOnly, required: true } as const
const list = { ...readOnly, multiValued: true } as const
const exact = { ...readOnly, caseExact: true } as const

type Traits = Parameters<typeof attribute>[3]

const flag = (name: string, description: string, traits: Traits = demanded): Attribute =>
  attribute(name, 'boolean', description, traits)
const count = (name: string, description: string, traits: Traits = demanded): Attribute =>
  attribute(name, 'integer', description, traits)
const uri = (name: string, description: string, traits: Traits = readOnly): Attribute =>
  attribute(name, 'reference', description, { ...traits, referenceTypes: ['uri'] })

const supported = flag('supported', 'Whether it is supported.')
const option = (name: string, description: string, ...more: Attribute[]): Attribute =>
  complex(name, description, [supported, ...more], demanded)

const CONFIG: Schema = {
  id: CONFIG_URN,
  name: 'Service Provider Configuration',
  description: 'What this server can do',
  attributes: [
    uri('documentationUri', 'Where people read about it.'),
    option('patch', 'Changing parts of a resource.'),
    option(
      'bulk',
      'Many operations in one request.',
      count('maxOperations', 'How many operations a request may have.'),
      count('maxPayloadSize', 'How many bytes a request may have.'),
    ),
    option('filter', 'Searching.', count('maxResults', 'How many resources an answer has at most.')),
    option('changePassword', 'Setting passwords.'),
    option('sort', 'Sorting.'),
    option('etag', 'Versions of resources.'),
    complex(
      'pagination',
      'Ways to page through a list.',
      [
        flag('cursor', 'Whether lists can be read by cursor.'),
        flag('index', 'Whether lists can be read by index.'),
        text('defaultPaginationMethod', 'Which of them it is where nothing is asked.', readOnly),
        count('defaultPageSize', 'Resources of a page where nothing is asked.', readOnly),
        count('maxPageSize', 'Resources of a page at most.', readOnly),
        count('cursorTimeout', 'Seconds for which a cursor is good.', readOnly),
      ],
      readOnly,
    ),
    complex(
      'authenticationSchemes',
      'Ways for a client to say who it is.',
      [
        text('type', 'The kind of scheme.', {
          ...demanded,
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        text('name', 'Its name.', demanded),
        text('description', 'What it is, for people to read.', demanded),
        uri('specUri', 'Where it is specified.'),
        uri('documentationUri', 'Where people read about it.'),
        flag('primary', 'Whether it is the preferred one.', readOnly),
      ],
      { ...demanded, multiValued: true },
    ),
    complex(
      'securityEvents',
      'What is told of changes as Security Event Tokens.',
      [
        text('asyncRequest', 'Whether requests are answered later.', readOnly),
        uri('eventUris', 'The kinds of events that there are.', list),
      ],
      readOnly,
    ),
  ],
}

const RESOURCE_TYPE: Schema = {
  id: RESOURCE_TYPE_URN,
  name: 'Resource Type',
  description: 'A kind of resource and where it is',
  attributes: [
    text('id', 'Its id, which is its name.', readOnly),
    text('name', 'Its name.', demanded),
    text('description', 'What it is, for people to read.', readOnly),
    uri('endpoint', 'Its path below the base URI.', demanded),
    uri('schema', 'The URI of its core schema.', demanded),
    complex(
      'schemaExtensions',
      'The extensions that its resources may have.',
      [
        uri('schema', 'The URI of the extension.', demanded),
        flag('required', 'Whether every resource has to have it.'),
      ],
      list,
    ),
  ],
}

/** The characteristics of an attribute (RFC 7643 §7). Sub-attributes have none below them. */
const characteristics = (below: readonly Attribute[]): readonly Attribute[] => [
  text('name', 'Its name.', { ...demanded, caseExact: true }),
  text('type', 'The kind of its values.', {
    ...demanded,
    canonicalValues: ['string', 'boolean', 'decimal', 'integer', 'dateTime', 'reference', 'complex', 'binary'],
  }),
  ...below,
  flag('multiValued', 'Whether it has many values.'),
  text('description', 'What it is, for people to read.', exact),
  flag('required', 'Whether it has to have a value.'),
  text('canonicalValues', 'Values that are usual.', { ...list, caseExact: true }),
  flag('caseExact', 'Whether upper and lower case differ.', readOnly),
  text('mutability', 'Whether it can be written.', {
    ...exact,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  text('returned', 'Whether it is in answers.', {
    ...exact,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  text('uniqueness', 'Where no two may have the same value.', {
    ...exact,
    canonicalValues: ['none', 'server', 'global'],
  }),
  text('referenceTypes', 'What a reference may lead to.', { ...list, caseExact: true }),
]

const SCHEMA: Schema = {
  id: SCHEMA_URN,
  name: 'Schema',
  description: 'The attributes of a resource or of an extension',
  attributes: [
    uri('id', 'Its URI.', demanded),
    text('name', 'Its name.', readOnly),
    text('description', 'What it describes, for people to read.', readOnly),
    complex(
      'attributes',
      'Its attributes.',
      characteristics([complex('subAttributes', 'The parts of a complex attribute.', characteristics([]), list)]),
      { ...demanded, multiValued: true },
    ),
  ],
}

/** The schemas of the resources that describe this server. */
export const DISCOVERY_SCHEMAS: readonly Schema[] = [CONFIG, RESOURCE_TYPE, SCHEMA]
