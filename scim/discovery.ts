import { EVENT_URIS } from '../accounts/security-event.js'
import type { ResourceSchema, Schema } from '../filter/attribute.js'
import { LICENSE_SCHEMA, ROLE_SCHEMA } from '../filter/schemas/entitlement.js'
import { GROUP_SCHEMA } from '../filter/schemas/group.js'
import { USER_SCHEMA } from '../filter/schemas/user.js'
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

const RESOURCE_TYPES: readonly ResourceType[] = [
  { id: 'User', endpoint: '/Users', description: 'User Account', schema: USER_SCHEMA },
  { id: 'Group', endpoint: '/Groups', description: 'Group', schema: GROUP_SCHEMA },
  { id: 'Role', endpoint: '/Roles', description: 'Role', schema: ROLE_SCHEMA },
  { id: 'License', endpoint: '/Licenses', description: 'License', schema: LICENSE_SCHEMA },
]

const SCHEMAS: readonly Schema[] = RESOURCE_TYPES.flatMap(({ schema }) => [schema.core, ...schema.extensions])

/**
 * What this server can do (RFC 7643 §5), and nothing it cannot: clients such as authentik believe it.
 * `baseUrl` is the base URI of the connection, without a slash at the end.
 */
export function serviceProviderConfig(baseUrl: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
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
export function resourceTypes(baseUrl: string) {
  return wholeList(RESOURCE_TYPES.map((type) => typeToResource(type, baseUrl)))
}

/** One ResourceType by its id, such as `User`. */
export function findResourceType(baseUrl: string, id: string) {
  const type = RESOURCE_TYPES.find((candidate) => candidate.id === id)
  return type && typeToResource(type, baseUrl)
}

/** Every Schema as a ListResponse, unpaged. */
export function schemas(baseUrl: string) {
  return wholeList(SCHEMAS.map((schema) => schemaToResource(schema, baseUrl)))
}

/** One Schema by its URN, in any letter case. */
export function findSchemaResource(baseUrl: string, urn: string) {
  const schema = SCHEMAS.find(({ id }) => id.toLowerCase() === urn.toLowerCase())
  return schema && schemaToResource(schema, baseUrl)
}

function wholeList<Resource>(resources: readonly Resource[]) {
  return listResponse({ resources, total: resources.length, startIndex: 1 })
}

function typeToResource({ id, endpoint, description, schema }: ResourceType, baseUrl: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
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
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  }
}
