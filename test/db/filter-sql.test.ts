import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Database } from '../../db/database.js'
import { filterToSql } from '../../db/filter-sql.js'
import { openDatabase } from '../../db/open.js'
import { composed } from '../../db/statement.js'
import type { Document, ResourceSchema } from '../../filter/attribute.js'
import { evaluate } from '../../filter/evaluate.js'
import { resolveFilter } from '../../filter/resolve.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import type { FilterNode } from '../../filter/syntax.js'
import { someFilter, WIDE_SCHEMA } from '../filter/generate.js'
import { printFilter } from '../filter/print.js'
import { forEachDatabase } from '../harness/database.js'
import { groupResource, idOf, populate, SCOPE, store, userResource } from './filter-population.js'

const SEED = Number(process.env.FILTER_SEED ?? Date.now() % 1_000_000)
const PEOPLE = 40
const GROUPS = 8

const someUserId = fc.nat({ max: PEOPLE - 1 }).map((index) => idOf('user', index))
const someGroupId = fc.nat({ max: GROUPS - 1 }).map((index) => idOf('group', index))

/** What is made at read from addresses of the server, and so cannot be searched by. */
const NOT_STORED = new Set(['meta.location', 'meta.version', 'manager.$ref', 'groups.$ref', 'members.$ref'])

const userFilter = someFilter(
  WIDE_SCHEMA,
  {
    id: someUserId,
    'manager.value': someUserId,
    'groups.value': someGroupId,
    'groups.type': fc.constantFrom('direct', 'Direct', 'indirect'),
    'meta.resourceType': fc.constantFrom('User', 'user', 'Group'),
  },
  NOT_STORED,
)
const groupFilter = someFilter(
  GROUP_SCHEMA,
  { id: someGroupId, 'members.value': someUserId, 'meta.resourceType': fc.constantFrom('Group', 'User') },
  NOT_STORED,
)

forEachDatabase(({ kind, create }) => {
  describe(`filters as SQL against filters in memory (seed ${SEED})`, function () {
    this.timeout(60_000)
    const population = populate(SEED, PEOPLE, GROUPS)
    let database: Database
    let drop: () => Promise<void>

    before(async () => {
      const made = await create()
      drop = made.drop
      database = await openDatabase(made.location)
      await store(database, population)
    })
    after(async () => {
      await database.close()
      await drop()
    })

    const idsFromSql = async (resource: 'user' | 'group', schema: ResourceSchema, node: FilterNode) => {
      const { text, params } = filterToSql(resolveFilter(node, schema), resource, kind, SCOPE)
      const table = resource === 'user' ? 'directory_users' : 'directory_groups'
      const rows = await database.all<{ id: string }>(
        composed(
          `SELECT r.id FROM ${table} r WHERE r.account_id = ? AND r.connection_id = ? AND ${text} ORDER BY r.id`,
        ),
        [SCOPE.accountId, SCOPE.connectionId, ...params],
      )
      return rows.map(({ id }) => id)
    }
    const idsInMemory = (resources: readonly Document[], schema: ResourceSchema, node: FilterNode) => {
      const filter = resolveFilter(node, schema)
      return resources.filter((resource) => evaluate(filter, resource)).map(({ id }) => String(id))
    }
    const users = population.people.map((person) => userResource(person, population))
    const groups = population.groups.map((group) => groupResource(group, population))

    it('finds the same users for any filter over any attribute', async () => {
      let found = 0
      await fc.assert(
        fc.asyncProperty(userFilter, async (node) => {
          const inMemory = idsInMemory(users, WIDE_SCHEMA, node).sort()
          assert.deepEqual(await idsFromSql('user', WIDE_SCHEMA, node), inMemory, printFilter(node))
          if (inMemory.length > 0 && inMemory.length < PEOPLE) found++
        }),
        { seed: SEED, numRuns: 1_000 },
      )
      assert.ok(found > 200, `only ${found} of 1,000 filters chose some users and not others`)
    })

    it('finds the same groups for any filter over any attribute', async () => {
      await fc.assert(
        fc.asyncProperty(groupFilter, async (node) => {
          const inMemory = idsInMemory(groups, GROUP_SCHEMA, node).sort()
          assert.deepEqual(await idsFromSql('group', GROUP_SCHEMA, node), inMemory, printFilter(node))
        }),
        { seed: SEED, numRuns: 300 },
      )
    })
  })
})
