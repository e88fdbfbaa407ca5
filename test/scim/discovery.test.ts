import assert from 'node:assert/strict'
import type { Attribute } from '../../filter/attribute.js'
import { CONFIG_URN, RESOURCE_TYPE_URN, SCHEMA_URN } from '../../filter/schemas/discovery.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { ENTITLEMENT_URN, ROLE_URN } from '../../filter/schemas/entitlement.js'
import { GROUP_URN } from '../../filter/schemas/group.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'
import {
  findResourceType,
  findSchemaResource,
  resourceTypes,
  schemas,
  serviceProviderConfig,
} from '../../scim/discovery.js'
import { LIST_RESPONSE_URN } from '../../scim/list-response.js'
import type { Body } from '../harness/app.js'

const BASE = 'https://usher.example/scim/v2/c1'
const HERE = { baseUrl: BASE, userSchema: USER_SCHEMA }
const attributeOf = (urn: string, name: string, sub?: string) => {
  const attribute = findSchemaResource(HERE, urn)?.attributes.find((one) => one.name === name)
  return sub === undefined ? attribute : attribute?.subAttributes?.find((one) => one.name === sub)
}

type Listed = ReturnType<typeof resourceTypes>['Resources'][number]
const extensionsOf = ({ schemaExtensions }: Listed) => schemaExtensions.map(({ schema }) => schema)

const JSON_TYPES: Readonly<Record<string, string>> = { boolean: 'boolean', integer: 'number', complex: 'object' }

/** Every member is an attribute of its type, and nothing that is required is missing. */
function assertDescribed(value: Body, attributes: readonly Attribute[], place: string): void {
  for (const { name, required } of attributes) assert.ok(!required || name in value, `${place}.${name} is missing`)
  for (const [name, member] of Object.entries<Body>(value)) {
    // RFC 7643 §8.7.2 describes them to a depth of two, and its own have three.
    if (name === 'subAttributes' && place.endsWith('.subAttributes')) continue
    const found = attributes.find((one) => one.name === name)
    assert.ok(found, `${place}.${name} is not described`)
    assert.equal(Array.isArray(member), found.multiValued, `${place}.${name}`)
    for (const one of found.multiValued ? member : [member]) {
      assert.equal(typeof one, JSON_TYPES[found.type] ?? 'string', `${place}.${name}`)
      if (found.type === 'complex') assertDescribed(one, found.subAttributes ?? [], `${place}.${name}`)
    }
  }
}

describe('discovery (RFC 7644 §4, RFC 7643 §5 to §7)', () => {
  it('tells the truth in ServiceProviderConfig, with numbers as numbers (checks 173, 174)', () => {
    const config = serviceProviderConfig(BASE)
    assert.deepEqual(
      [config.patch, config.bulk, config.filter, config.changePassword, config.sort, config.etag],
      [
        { supported: true },
        { supported: true, maxOperations: 1_000, maxPayloadSize: 4_194_304 },
        { supported: true, maxResults: 1000 },
        { supported: false },
        { supported: true },
        { supported: true },
      ],
    )
    // RFC 7643 §5 names the types, and which members a scheme has to have.
    const schemes = config.authenticationSchemes
    assert.deepEqual(
      schemes.map(({ type, primary }) => [type, primary]),
      [
        ['oauthbearertoken', true],
        ['oauth2', false],
      ],
    )
    for (const { name, description, specUri } of schemes) assert.ok(name && description && URL.canParse(specUri))
    assert.deepEqual(config.meta, { resourceType: 'ServiceProviderConfig', location: `${BASE}/ServiceProviderConfig` })
  })

  it('lists the resource types with relative endpoints and their extensions (checks 170, 177, 178)', () => {
    const list = resourceTypes(HERE)
    assert.deepEqual([list.schemas, list.totalResults, list.itemsPerPage], [[LIST_RESPONSE_URN], 4, 4])
    assert.deepEqual(
      list.Resources.map(({ id, endpoint, schema, schemaExtensions, meta }) => ({
        id,
        endpoint,
        schema,
        schemaExtensions,
        meta,
      })),
      [
        {
          id: 'User',
          endpoint: '/Users',
          schema: USER_URN,
          schemaExtensions: [{ schema: ENTERPRISE_URN, required: false }],
          meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/User` },
        },
        {
          id: 'Group',
          endpoint: '/Groups',
          schema: GROUP_URN,
          schemaExtensions: [],
          meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/Group` },
        },
        {
          id: 'Role',
          endpoint: '/Roles',
          schema: ROLE_URN,
          schemaExtensions: [],
          meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/Role` },
        },
        {
          id: 'License',
          endpoint: '/Licenses',
          schema: ENTITLEMENT_URN,
          schemaExtensions: [],
          meta: { resourceType: 'ResourceType', location: `${BASE}/ResourceTypes/License` },
        },
      ],
    )
    assert.deepEqual(findResourceType(HERE, 'Group'), list.Resources[1])
    assert.equal(findResourceType(HERE, 'Device'), undefined)
  })

  it('lists the schemas and finds each by its URN, in any case (check 176)', () => {
    const list = schemas(HERE)
    assert.deepEqual(
      list.Resources.map(({ id }) => id),
      [USER_URN, ENTERPRISE_URN, GROUP_URN, ROLE_URN, ENTITLEMENT_URN, CONFIG_URN, RESOURCE_TYPE_URN, SCHEMA_URN],
    )
    assert.deepEqual(findSchemaResource(HERE, GROUP_URN.toUpperCase()), list.Resources[2])
    assert.deepEqual(list.Resources[0]?.meta, { resourceType: 'Schema', location: `${BASE}/Schemas/${USER_URN}` })
    assert.equal(findSchemaResource(HERE, 'urn:none'), undefined)
  })

  it('gives every attribute all its characteristics, in camelCase, and nothing null', () => {
    const wanted = [
      'name',
      'type',
      'multiValued',
      'description',
      'required',
      'caseExact',
      'mutability',
      'returned',
      'uniqueness',
    ]
    for (const { attributes } of schemas(HERE).Resources)
      for (const attribute of attributes.flatMap((one) => [one, ...(one.subAttributes ?? [])])) {
        for (const name of wanted) assert.ok(name in attribute, `${attribute.name} has no ${name}`)
        assert.ok(!/null|undefined/.test(JSON.stringify(attribute)))
        assert.equal(attribute.type === 'complex', attribute.subAttributes !== undefined, attribute.name)
      }
  })

  it('lists no password and no common attribute (check 44)', () => {
    const namesIn = (of: readonly { readonly attributes: readonly Attribute[] }[]) =>
      of.flatMap(({ attributes }) => attributes.map(({ name }) => name.toLowerCase()))
    const all = schemas(HERE).Resources
    for (const name of ['password', 'meta', 'externalid', 'schemas']) assert.ok(!namesIn(all).includes(name), name)
    // Of what describes a server, RFC 7643 §8.7.2 has it in its schema.
    const described = new Set(resourceTypes(HERE).Resources.flatMap((one) => [one.schema, ...extensionsOf(one)]))
    assert.equal(described.size, 5)
    assert.ok(!namesIn(all.filter(({ id }) => described.has(id))).includes('id'))
  })

  it('describes its own resources, with every member that they have (RFC 7643 §8.7.2)', () => {
    const config: Body = serviceProviderConfig(BASE)
    const all: Body[] = [config, ...resourceTypes(HERE).Resources, ...schemas(HERE).Resources]
    for (const resource of all) {
      const { attributes } = findSchemaResource(HERE, resource.schemas[0])!
      const { schemas: _schemas, meta: _meta, ...own } = resource
      assertDescribed(own, attributes, resource.schemas[0])
    }
  })

  it('has the characteristics that RFC 7643 §8.7.1 and its errata give', () => {
    const characteristics = (urn: string, name: string, sub?: string) => {
      const { type, required, caseExact, mutability, uniqueness } = attributeOf(urn, name, sub)!
      return [type, required, caseExact, mutability, uniqueness].join(' ')
    }
    assert.equal(characteristics(USER_URN, 'userName'), 'string true false readWrite server')
    assert.equal(characteristics(USER_URN, 'active'), 'boolean false false readWrite none')
    assert.equal(characteristics(USER_URN, 'groups'), 'complex false false readOnly none')
    assert.equal(characteristics(USER_URN, 'groups', 'value'), 'string false true readOnly none')
    assert.equal(characteristics(USER_URN, 'photos', 'value'), 'reference false true readWrite none')
    assert.equal(characteristics(USER_URN, 'x509Certificates', 'value'), 'binary false true readWrite none')
    assert.equal(characteristics(ENTERPRISE_URN, 'manager', 'value'), 'string false true readWrite none')
    assert.equal(characteristics(ENTERPRISE_URN, 'manager', 'displayName'), 'string false false readOnly none')
    assert.equal(characteristics(GROUP_URN, 'displayName'), 'string true false readWrite server')
    assert.equal(characteristics(GROUP_URN, 'members', 'value'), 'string false true immutable none')
    assert.equal(characteristics(GROUP_URN, 'members', 'display'), 'string false false readOnly none')
    assert.deepEqual(attributeOf(USER_URN, 'emails', 'type')?.canonicalValues, ['work', 'home', 'other'])
  })
})
