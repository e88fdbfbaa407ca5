import { EVENT_URIS } from '../accounts/security-event.js'
import type { ResourceSchema, Schema } from '../filter/attribute.js'
import { CONFIG_URN, DISCOVERY_SCHEMAS, RESOURCE_TYPE_URN, SCHEMA_URN } from '../filter/schemas/discovery.js'
import { LICENSE_SCHEMA, ROLE_SCHEMA } from '../filter/schemas/entitlement.js'
import { GROUP_SCHEMA } from '../filter/schemas/group.js'
import { BULK_MAX_BYTES, BULK_MAX_OPERATIONS } from './bulk-request.js'
import { DEFAULT_PAGE_SIZE, listResponse, MAX_PAGE_SIZE } from './list-response.js'
import { CURSOR_SECONDS } from './page-cursor.js'

/** A kind of resource that this server has (RFC 7643 §6). */
interface ResourceType {
  readonly id: string
  readonly endpoint: string
  readonly description: string
  readonly schema: ResourceSchema
}

/** What a connection has: the schema of its users is that of its account. */
export interface Discovered {
  /** The base URI of the connection, without a slash at the end. */
  readonly baseUrl: string
  readonly userSchema: ResourceSchema
}

const typesOf = (userSchema: ResourceSchema): readonly ResourceType[] => [
  { id: 'User', endpoint: '/Users', description: 'User Account', schema: userSchema },
  { id: 'Group', endpoint: '/Groups', description: 'Group', schema: GROUP_SCHEMA },
  { id: 'Role', endpoint: '/Roles', description: 'Role', schema: ROLE_SCHEMA },
  { id: 'License', endpoint: '/Licenses', description: 'License', schema: LICENSE_SCHEMA },
]

const schemasOf = (userSchema: ResourceSchema): Schema[] => [
  ...typesOf(userSchema).flatMap(({ schema }) => [schema.core, ...schema.extensions]),
  ...DISCOVERY_SCHEMAS,
]

/**
 * What this server can do (RFC 7643 §5), and nothing it cannot: clients such as authentik believe it.
 * `baseUrl` is the base URI of the connection, without a slash at the end.
 */
export function serviceProviderConfig(baseUrl: string) {
  return {
    schemas: [CONFIG_URN],
    patch: { supported: true },
    bulk: { supported: true, maxOperations: BULK_MAX_OPERATIONS, maxPayloadSize: BULK_MAX_BYTES },
    filter: { supported: true, maxResults: MAX_PAGE_SIZE },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: true },
    // RFC 9865 §4.
    pagination: {
      cursor: true,
      index: true,
      defaultPaginationMethod: 'index',
      defaultPageSize: DEFAULT_PAGE_SIZE,
      maxPageSize: MAX_PAGE_SIZE,
      cursorTimeout: CURSOR_SECONDS,
    },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'A token of this connection in the Authorization header.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
      {
        type: 'oauth2',
        name: 'OAuth 2.0 Client Credentials',
        description: 'An access token from the token endpoint, for a client secret or a client assertion (RFC 7523).',
        specUri: 'https://www.rfc-editor.org/info/rfc6749',
        primary: false,
      },
    ],
    // RFC 9967 §3.2: requests are answered at once; webhooks and the feed tell of what changed.
    securityEvents: { asyncRequest: 'none', eventUris: EVENT_URIS },
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  }
}

/** Every ResourceType as a ListResponse, unpaged (RFC 7644 §4). */
export function resourceTypes({ baseUrl, userSchema }: Discovered) {
  return wholeList(typesOf(userSchema).map((type) => typeToResource(type, baseUrl)))
}

/** One ResourceType by its id, such as `User`. */
export function findResourceType({ baseUrl, userSchema }: Discovered, id: string) {
  const type = typesOf(userSchema).find((candidate) => candidate.id === id)
  return type && typeToResource(type, baseUrl)
}

/** Every Schema as a ListResponse, unpaged. */
export function schemas({ baseUrl, userSchema }: Discovered) {
  return wholeList(schemasOf(userSchema).map((schema) => schemaToResource(schema, baseUrl)))
}

/** One Schema by its URN, in any letter case. */
export function findSchemaResource({ baseUrl, userSchema }: Discovered, urn: string) {
  const schema = schemasOf(userSchema).find(({ id }) => id.toLowerCase() === urn.toLowerCase())
  return schema && schemaToResource(schema, baseUrl)
}

function wholeList<Resource>(resources: readonly Resource[]) {
  return listResponse({ resources, total: resources.length, startIndex: 1 })
}

function typeToResource({ id, endpoint, description, schema }: ResourceType, baseUrl: string) {
  return {
    schemas: [RESOURCE_TYPE_URN],
    id,
    name: id,
    endpoint,
    description,
    schema: schema.core.id,
    schemaExtensions: schema.extensions.map((extension) => ({ schema: extension.id, required: false })),
    meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/${id}` },
  }
}

function schemaToResource({ id, name, description, attributes }: Schema, baseUrl: string) {
  return {
    schemas: [SCHEMA_URN],
    id,
    name,
    description,
    attributes,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  }
}
