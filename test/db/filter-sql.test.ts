import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Document, ResourceSchema } from '../../filter/attribute.js'
import { evaluate } from '../../filter/evaluate.js'
import { resolveFilter } from '../../filter/resolve.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import type { FilterNode } from '../../filter/syntax.js'
import { someFilter, WIDE_SCHEMA } from '../filter/generate.js'
import { printFilter } from '../filter/print.js'
import { forEachDatabase } from '../harness/database.js'
import { runs } from '../harness/effort.js'
import { useSearchable } from './filter-database.js'
import { groupResource, idOf, populate, userResource } from './filter-population.js'

/** FILTER_SEED repeats a run. */
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
  {
    id: someGroupId,
    'members.value': someUserId,
    'members.type': fc.constantFrom('User', 'user', 'Group'),
    'meta.resourceType': fc.constantFrom('Group', 'User'),
  },
  NOT_STORED,
)

forEachDatabase((database) => {
  describe(`a filter as SQL and the same filter in memory, seed ${SEED} (RFC 7644 §3.4.2.2)`, function () {
    this.timeout(60_000)
    const population = populate(SEED, PEOPLE, GROUPS)
    const { found } = useSearchable(database, population)
    const users = population.people.map((person) => userResource(person, population))
    const groups = population.groups.map((group) => groupResource(group, population))

    const inMemory = (resources: readonly Document[], schema: ResourceSchema, node: FilterNode) => {
      const filter = resolveFilter(node, schema)
      const matching = resources.filter((resource) => evaluate(filter, resource))
      return matching.map(({ id }) => String(id)).sort()
    }

    const cases = runs(database.kind === 'sqlite' ? 300 : 200)

    it('choose the same users, for any filter over any attribute', async () => {
      let choosy = 0
      await fc.assert(
        fc.asyncProperty(userFilter, async (node) => {
          const ids = inMemory(users, WIDE_SCHEMA, node)
          assert.deepEqual(await found('user', WIDE_SCHEMA, node), ids, printFilter(node))
          if (ids.length > 0 && ids.length < PEOPLE) choosy++
        }),
        { seed: SEED, numRuns: cases },
      )
      assert.ok(choosy > cases / 5, `only ${choosy} of ${cases} filters chose some and left others`)
    })

    it('choose the same groups, for any filter over any attribute', async () => {
      await fc.assert(
        fc.asyncProperty(groupFilter, async (node) => {
          const ids = inMemory(groups, GROUP_SCHEMA, node)
          assert.deepEqual(await found('group', GROUP_SCHEMA, node), ids, printFilter(node))
        }),
        { seed: SEED, numRuns: cases / 2 },
      )
    })
  })
})
