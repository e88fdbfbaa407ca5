import { runBulk } from './bulk.js'
import { BULK_MAX_BYTES } from './bulk-request.js'
import { listLicenses, listRoles, readLicense, readRole } from './catalogue.js'
import * as discovery from './discovery.js'
import { ScimError } from './errors.js'
import type { ScimHandler, ScimReply, ScimRequest } from './exchange.js'
import { createGroup, deleteGroup, patchGroup, readGroup, replaceGroup } from './groups.js'
import { listAll, listGroups, listUsers } from './lists.js'
import { queryOfSearchRequest } from './search-request.js'
import { createUser, deleteUser, patchUser, readUser, replaceUser } from './users.js'

export type ScimMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One endpoint and method of RFC 7644 §3.2. */
export interface ScimRoute {
  readonly method: ScimMethod
  /** What stands behind the base URI, before the id: `Users`, `Users/.search`. */
  readonly endpoint: string
  /** Whether an id follows it. */
  readonly withId: boolean
  /** `discovery` tells what the server can do and needs no token; a `read` and a `search`, which has a body, write nothing. */
  readonly kind: 'discovery' | 'read' | 'search' | 'write'
  /** The largest body in bytes. */
  readonly maxBodyBytes: number
  readonly handler: ScimHandler
}

const MIB = 1_048_576

type Row = readonly [ScimMethod, string, ScimRoute['kind'], ScimHandler, maxBodyBytes?: number]

const ROWS: readonly Row[] = [
  ['POST', '/Users', 'write', createUser],
  ['GET', '/Users', 'read', listUsers],
  ['GET', '/Users/{id}', 'read', readUser],
  ['PUT', '/Users/{id}', 'write', replaceUser],
  ['PATCH', '/Users/{id}', 'write', patchUser],
  ['DELETE', '/Users/{id}', 'write', deleteUser],
  ['POST', '/Users/.search', 'search', searching(listUsers)],
  ['POST', '/Groups', 'write', createGroup],
  ['GET', '/Groups', 'read', listGroups],
  ['GET', '/Groups/{id}', 'read', readGroup],
  ['PUT', '/Groups/{id}', 'write', replaceGroup, 16 * MIB],
  ['PATCH', '/Groups/{id}', 'write', patchGroup, 16 * MIB],
  ['DELETE', '/Groups/{id}', 'write', deleteGroup],
  ['POST', '/Groups/.search', 'search', searching(listGroups)],
  ['POST', '/Bulk', 'write', (request) => runBulk(request, findRoute), BULK_MAX_BYTES],
  ['GET', '/Roles', 'read', listRoles],
  ['GET', '/Roles/{id}', 'read', readRole],
  ['POST', '/Roles/.search', 'search', searching(listRoles)],
  ['GET', '/Licenses', 'read', listLicenses],
  ['GET', '/Licenses/{id}', 'read', readLicense],
  ['POST', '/Licenses/.search', 'search', searching(listLicenses)],
  ['GET', '/', 'read', listAll],
  ['POST', '/.search', 'search', searching(listAll)],
  ['GET', '/ServiceProviderConfig', 'discovery', ({ baseUrl }) => ok(discovery.serviceProviderConfig(baseUrl))],
  [
    'GET',
    '/ResourceTypes',
    'discovery',
    (request) => ok(unfiltered(request.query, discovery.resourceTypes(discovered(request)))),
  ],
  [
    'GET',
    '/ResourceTypes/{id}',
    'discovery',
    (request) => ok(discovery.findResourceType(discovered(request), request.id), request.id),
  ],
  ['GET', '/Schemas', 'discovery', (request) => ok(unfiltered(request.query, discovery.schemas(discovered(request))))],
  [
    'GET',
    '/Schemas/{id}',
    'discovery',
    (request) => ok(discovery.findSchemaResource(discovered(request), request.id), request.id),
  ],
  ...(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const).map((method): Row => [method, '/Me', 'read', me]),
]

/** Every route of the protocol; the isolation and hostile-input tests walk it. */
export const SCIM_ROUTES: readonly ScimRoute[] = ROWS.map(([method, path, kind, handler, maxBodyBytes = MIB]) => ({
  method,
  endpoint: path.slice(1).replace(/\/\{id\}$/, ''),
  withId: path.endsWith('/{id}'),
  kind,
  maxBodyBytes,
  handler,
}))

const BY_KEY = new Map(SCIM_ROUTES.map((route) => [keyOf(route.method, route.endpoint, route.withId), route]))

function keyOf(method: string, endpoint: string, withId: boolean): string {
  return `${method} ${endpoint} ${withId}`
}

/** Methods in the order in which `Allow` lists them. */
const METHODS: readonly ScimMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** What a path means under the base URI: a route, the methods that it has in place of this one, or nothing. */
export function findRoute(method: string, endpoint: string, withId: boolean): ScimRoute | ScimMethod[] | undefined {
  const route = BY_KEY.get(keyOf(method, endpoint, withId))
  if (route !== undefined) return route
  const others = METHODS.filter((one) => BY_KEY.has(keyOf(one, endpoint, withId)))
  return others.length === 0 ? undefined : others
}

/** POST /.search (RFC 7644 §3.4.3): the same list, asked for by a body. */
function searching(list: ScimHandler): ScimHandler {
  return (request) => list({ ...request, query: queryOfSearchRequest(request.body) })
}

function discovered({ baseUrl, connection }: ScimRequest): discovery.Discovered {
  return { baseUrl, userSchema: connection.userSchema }
}

function ok(resource: object | undefined, id = ''): ScimReply {
  if (resource === undefined) throw new ScimError('not_found', `There is no ${id} here.`)
  return { status: 200, text: JSON.stringify(resource) }
}

/** Discovery cannot be filtered (RFC 7644 §4). */
function unfiltered<T>(query: URLSearchParams, resource: T): T {
  if (query.has('filter')) throw new ScimError('forbidden', 'Discovery endpoints cannot be filtered.')
  return resource
}

/** A provisioning token stands for no user (RFC 7644 §3.11). */
function me(): never {
  throw new ScimError('not_implemented', 'A provisioning token stands for no user, so /Me is not offered.')
}
