import { checksOf } from '../check.js'
import type { Body } from '../client.js'
import { GROUP, holds, LIST_RESPONSE, same, USER } from '../lab.js'

const CHARACTERISTICS = ['name', 'type', 'multiValued', 'mutability', 'returned']

export const DISCOVERY = checksOf('RFC 7644 §4', [
  [
    175,
    'should',
    'discovery can be read without a token',
    async (lab) => {
      await lab.client.expect(200, 'GET', '/ServiceProviderConfig', { headers: { Authorization: undefined } })
    },
  ],
  [
    169,
    'must',
    'ServiceProviderConfig, ResourceTypes and Schemas are there, and each of their parts',
    async (lab) => {
      await lab.config()
      same((await lab.get('/ResourceTypes/User')).id ?? 'User', 'User', 'id of the resource type')
      same((await lab.get(`/Schemas/${USER}`)).id, USER, 'id of the schema')
      await lab.refused(404, [], 'GET', `/Schemas/${lab.word}`)
    },
  ],
  [
    170,
    'must',
    'ResourceTypes and Schemas are ListResponses with true totals',
    async (lab) => {
      for (const path of ['/ResourceTypes', '/Schemas']) {
        const list = await lab.get(path)
        holds(list.schemas.includes(LIST_RESPONSE), `schemas of ${path} lacks ${LIST_RESPONSE}`)
        same(list.totalResults, list.Resources.length, `totalResults of ${path}`)
      }
    },
  ],
  [
    171,
    'must',
    'a filter on them is 403',
    async (lab) => {
      for (const path of ['/ResourceTypes', '/Schemas'])
        await lab.refused(403, [], 'GET', `${path}?filter=${encodeURIComponent('id pr')}`)
    },
  ],
  [
    172,
    'must',
    'other methods than GET are 405',
    async (lab) => {
      for (const path of ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'])
        await lab.client.expect([404, 405], 'DELETE', path)
    },
  ],
  [
    173,
    'must',
    'ServiceProviderConfig has its members, numbers as numbers',
    async (lab) => {
      const config = await lab.config()
      for (const name of ['patch', 'bulk', 'filter', 'changePassword', 'sort', 'etag'])
        same(typeof config[name]?.supported, 'boolean', `the type of ${name}.supported`)
      for (const [name, member] of [
        ['bulk', 'maxOperations'],
        ['bulk', 'maxPayloadSize'],
        ['filter', 'maxResults'],
      ] as const)
        same(typeof config[name][member], 'number', `the type of ${name}.${member}`)
      holds(config.authenticationSchemes.length > 0, 'authenticationSchemes is empty')
      for (const scheme of config.authenticationSchemes)
        for (const member of ['type', 'name', 'description'])
          same(typeof scheme[member], 'string', `the type of authenticationSchemes.${member}`)
    },
  ],
  [
    176,
    'must',
    'a schema names its attributes with their characteristics',
    async (lab) => {
      const schema = await lab.get(`/Schemas/${USER}`)
      for (const member of ['id', 'name', 'description']) same(typeof schema[member], 'string', `the type of ${member}`)
      const walk = (attributes: Body[]): void => {
        for (const attribute of attributes) {
          for (const member of CHARACTERISTICS)
            holds(attribute[member] !== undefined, `${attribute.name} has no ${member}`)
          walk(attribute.subAttributes ?? [])
        }
      }
      walk(schema.attributes)
      holds(
        schema.attributes.some(({ name }: Body) => name === 'userName'),
        'userName is not in the schema',
      )
    },
  ],
  [
    177,
    'must',
    'a resource type has name, relative endpoint, schema, and extensions',
    async (lab) => {
      const { Resources } = await lab.get('/ResourceTypes')
      for (const [name, schema, endpoint] of [
        ['User', USER, '/Users'],
        ['Group', GROUP, '/Groups'],
      ] as const) {
        const type = Resources.find((one: Body) => one.name === name)
        same([type?.schema, type?.endpoint], [schema, endpoint], `schema and endpoint of ${name}`)
        for (const extension of type.schemaExtensions ?? [])
          same(typeof extension.required, 'boolean', 'the type of required')
      }
    },
  ],
  [
    178,
    'must',
    'meta.resourceType says what they are',
    async (lab) => {
      same((await lab.config()).meta?.resourceType, 'ServiceProviderConfig', 'of ServiceProviderConfig')
      same((await lab.get('/ResourceTypes/User')).meta?.resourceType, 'ResourceType', 'of a resource type')
      same((await lab.get(`/Schemas/${USER}`)).meta?.resourceType, 'Schema', 'of a schema')
    },
  ],
])

export const SECURITY = checksOf('RFC 7644 §7', [
  [
    183,
    'must',
    'one rule for letter case in look-up and uniqueness',
    async (lab) => {
      const userName = `${lab.word}.STRASSE.É@example.com`
      await lab.user({ userName })
      const other = userName.toLowerCase()
      const found = await lab.find('/Users', `userName eq "${other}"`)
      const { status, body } = await lab.client.send('POST', '/Users', { body: lab.userBody({ userName: other }) })
      if (status === 201) lab.adopt(`/Users/${body.id}`)
      same(found.length === 1, status === 409, 'found, and refused,')
    },
  ],
])
