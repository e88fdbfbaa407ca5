import { hash } from 'node:crypto'
import { grantableProducts, grantableRoles } from '../accounts/catalogue.js'
import type { Role } from '../accounts/custom-roles.js'
import type { Product } from '../accounts/products.js'
import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { ENTITLEMENT_URN, LICENSE_SCHEMA, ROLE_SCHEMA, ROLE_URN } from '../filter/schemas/entitlement.js'
import { ScimError } from './errors.js'
import { unlessKnown } from './etag.js'
import type { ScimReply, ScimRequest } from './exchange.js'
import { parseProjection } from './projection.js'
import type { Resource } from './resource.js'
import { shortList } from './short-list.js'

/** GET /Roles: the roles that a directory may give (SCIM.md 3). Read-only; administrators make them. */
export async function listRoles(request: ScimRequest): Promise<ScimReply> {
  return shortList(request, ROLE_SCHEMA, await roles(request), request.query)
}

/** GET /Roles/{id}. Refuses: 404. */
export async function readRole(request: ScimRequest): Promise<ScimReply> {
  return oneOf(request, ROLE_SCHEMA, await roles(request), 'role')
}

/** GET /Licenses: the products with their seats. */
export async function listLicenses(request: ScimRequest): Promise<ScimReply> {
  return shortList(request, LICENSE_SCHEMA, await licenses(request), request.query)
}

/** GET /Licenses/{id}. Refuses: 404. */
export async function readLicense(request: ScimRequest): Promise<ScimReply> {
  return oneOf(request, LICENSE_SCHEMA, await licenses(request), 'license')
}

function oneOf(
  { id, query, ifNoneMatch }: ScimRequest,
  schema: ResourceSchema,
  resources: readonly Resource[],
  what: string,
): ScimReply {
  const projection = parseProjection(query, schema)
  const resource = resources.find((one) => one.id === id)
  if (resource === undefined) throw new ScimError('not_found', `The ${what} ${id} is not known here.`)
  const { version, location } = resource.meta as { version: string; location: string }
  const text = JSON.stringify(projection.apply(resource))
  return unlessKnown({ status: 200, text, etag: version, location }, ifNoneMatch)
}

async function roles({ deps, connection, baseUrl }: ScimRequest): Promise<Resource[]> {
  const supported = connection.settings.acceptDirectRoles
  const found = await grantableRoles(deps, connection)
  return found.map((role) => roleToResource(role, supported, `${baseUrl}/Roles/${role.id}`))
}

function roleToResource(
  { id, key, name, permissions, createdAt }: Role,
  supported: boolean,
  location: string,
): Resource {
  const may = permissions.length === 0 ? 'No administrative rights.' : `May: ${permissions.join(', ')}.`
  const entry = { ...namesOf(id, key, name, 'Role', may), supported, limitedAssignmentsPermitted: false }
  return withMeta(
    { schemas: [ROLE_URN], ...entry },
    { resourceType: 'Role', created: createdAt.toISOString(), location },
  )
}

async function licenses({ deps, connection, baseUrl }: ScimRequest): Promise<Resource[]> {
  const products = await grantableProducts(deps, connection)
  const locationOf = ({ id }: Product) => `${baseUrl}/Licenses/${id}`
  const refer = (found: readonly Product[]) =>
    found.map((one) => ({ value: one.key, display: one.name, $ref: locationOf(one) }))
  return products.map((product) =>
    licenseToResource(product, {
      supported: connection.settings.acceptDirectEntitlements,
      location: locationOf(product),
      contains: refer(products.filter(({ key }) => product.includes.includes(key))),
      containedBy: refer(products.filter(({ includes }) => includes.includes(product.key))),
    }),
  )
}

interface LicenseFacts {
  readonly supported: boolean
  readonly location: string
  readonly contains: Json[]
  readonly containedBy: Json[]
}

function licenseToResource(product: Product, { supported, location, contains, containedBy }: LicenseFacts): Resource {
  const { id, key, name, seats, assigned, reserved, features, includes, createdAt, updatedAt } = product
  const parts = [
    includes.length === 0 ? '' : `Brings ${includes.join(', ')}. `,
    Object.keys(features).length === 0 ? '' : `Features: ${Object.keys(features).join(', ')}.`,
  ]
  const license: Resource = {
    schemas: [ENTITLEMENT_URN],
    ...namesOf(id, key, name, 'License', parts.join('').trim()),
    supported,
    limitedAssignmentsPermitted: true,
    totalAssignmentsPermitted: seats,
    totalAssignmentsUsed: assigned + reserved,
    ...(contains.length > 0 && { contains }),
    ...(containedBy.length > 0 && { containedBy }),
  }
  const instants = { created: createdAt.toISOString(), lastModified: updatedAt.toISOString() }
  return withMeta(license, { resourceType: 'License', ...instants, location })
}

const MAX_DESCRIPTION = 1_000

/** The names by which Okta, and those by which the draft of the IETF calls the same things. */
function namesOf(id: string, key: string, name: string, type: string, description: string): Document {
  const text = description.slice(0, MAX_DESCRIPTION)
  return { id, displayName: name, type, ...(text !== '' && { description: text }), value: key, display: name }
}

/** The version is a digest of what is shown: seats move without a change of the product (RFC 7644 §3.14). */
function withMeta(resource: Resource, meta: Document): Resource {
  const version = `W/"${hash('sha1', JSON.stringify(resource), 'base64url').slice(0, 12)}"`
  return { ...resource, meta: { ...meta, version } }
}
