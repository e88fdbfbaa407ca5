import assert from 'node:assert/strict'
import { orderBySql } from '../../db/filter-order.js'
import type { ResourceSchema } from '../../filter/attribute.js'
import { FilterError } from '../../filter/errors.js'
import { parsePath } from '../../filter/parse.js'
import { resolveSortBy } from '../../filter/resolve.js'
import type { Target } from '../../filter/resolved.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import { WIDE_SCHEMA } from '../filter/generate.js'
import { forEachDatabase } from '../harness/database.js'
import { useSearchable } from './filter-database.js'
import { groupResource, populate, userResource } from './filter-population.js'
import { inOrder } from './in-order.js'

const SEED = Number(process.env.FILTER_SEED ?? Date.now() % 1_000_000)

/** `userName` in a column, others in the document; of every type, with one value and with many. */
const USER_ATTRIBUTES = [
  'id',
  'userName',
  'externalId',
  'displayName',
  'title',
  'profileUrl',
  'active',
  'name.familyName',
  'manager',
  'manager.displayName',
  'department',
  'meta.created',
  'meta.lastModified',
  'meta.resourceType',
  'emails',
  'emails.type',
  'roles.display',
  'addresses.locality',
  'phoneNumbers',
  'count',
  'share',
  'since',
  'flag',
  'exact',
  'tags',
  'numbers',
  'desk.floor',
  'devices.bought',
  'emails.primary',
]
const GROUP_ATTRIBUTES = ['id', 'displayName', 'externalId', 'meta.lastModified', 'meta.resourceType']

forEachDatabase((database) => {
  describe(`sorting, seed ${SEED} (RFC 7644 §3.4.2.3)`, () => {
    const population = populate(SEED, 60, 20)
    const { kind } = database
    const { sorted } = useSearchable(database, population)
    const lists = [
      ['user', WIDE_SCHEMA, USER_ATTRIBUTES, population.people.map((person) => userResource(person, population))],
      ['group', GROUP_SCHEMA, GROUP_ATTRIBUTES, population.groups.map((group) => groupResource(group, population))],
    ] as const

    for (const [resource, schema, attributes, resources] of lists) {
      for (const attribute of attributes) {
        it(`orders ${resource}s by ${attribute} as memory does, both ways, the missing last and first`, async () => {
          const target = targetOf(attribute, schema)
          const ascending = inOrder(resources.map((of) => ({ of, target })))
          assert.deepEqual(await sorted(resource, orderBySql(target, 'ascending', resource, kind)), ascending)
          const descending = ascending.toReversed()
          assert.deepEqual(await sorted(resource, orderBySql(target, 'descending', resource, kind)), descending)
        })
      }
    }

    for (const [resource, attribute] of [
      ['user', 'meta.location'],
      ['user', 'groups.display'],
      ['group', 'members'],
    ] as const) {
      it(`refuses to order ${resource}s by ${attribute}, which no row holds`, () => {
        const target = targetOf(attribute, resource === 'user' ? WIDE_SCHEMA : GROUP_SCHEMA)
        assert.throws(() => orderBySql(target, 'ascending', resource, kind), { code: 'sort_bad' })
      })
    }

    it('refuses to order by a complex attribute without value, or by one that is unknown', () => {
      assert.throws(() => targetOf('name', WIDE_SCHEMA), isAttributeError)
      assert.throws(() => targetOf('password', WIDE_SCHEMA), isAttributeError)
      assert.throws(() => targetOf('emails[type eq "work"]', WIDE_SCHEMA), isAttributeError)
    })
  })
})

function targetOf(attribute: string, schema: ResourceSchema): Target {
  return resolveSortBy(parsePath(attribute), schema)
}

function isAttributeError(error: unknown): boolean {
  return error instanceof FilterError && error.code === 'filter_attribute'
}
