import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Document, ResourceSchema } from '../../filter/attribute.js'
import { FilterError } from '../../filter/errors.js'
import { evaluate } from '../../filter/evaluate.js'
import { parsePath } from '../../filter/parse.js'
import { resolveFilter, resolveSortBy } from '../../filter/resolve.js'
import type { Target } from '../../filter/resolved.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import type { FilterNode } from '../../filter/syntax.js'
import { someFilter, WIDE_SCHEMA } from '../filter/generate.js'
import { printFilter } from '../filter/print.js'
import { forEachDatabase } from '../harness/database.js'
import { runs } from '../harness/effort.js'
import { type ListedPart, useSearchable } from './filter-database.js'
import { groupResource, populate, userResource } from './filter-population.js'
import { inOrder, type Sortable } from './in-order.js'

/** FILTER_SEED repeats a run. */
const SEED = Number(process.env.FILTER_SEED ?? Date.now() % 1_000_000)
const NOT_STORED = new Set(['meta.location', 'meta.version', 'manager.$ref', 'groups.$ref', 'members.$ref'])

/** What may be sorted by: in columns and in documents, in all rows or in some, of every type, of one kind or of both. */
const ATTRIBUTES = [
  undefined,
  'id',
  'userName',
  'externalId',
  'displayName',
  'title',
  'active',
  'name.familyName',
  'manager',
  'manager.displayName',
  'meta.created',
  'meta.lastModified',
  'meta.resourceType',
  'emails',
  'emails.primary',
  'addresses.locality',
  'count',
  'share',
  'since',
  'flag',
  'exact',
]
const someOrder = fc.constantFrom('ascending' as const, 'descending' as const)
const someSizes = fc.array(fc.integer({ min: 2, max: 15 }), { minLength: 1, maxLength: 3 })
const kinds = [['user'], ['user'], ['group'], ['user', 'group']] as const

interface Case {
  readonly of: (typeof kinds)[number]
  readonly filter: FilterNode | null
  readonly sortBy: string | undefined
  readonly order: 'ascending' | 'descending'
  readonly sizes: readonly number[]
}

const someCase: fc.Arbitrary<Case> = fc.record({
  of: fc.constantFrom(...kinds),
  filter: fc.option(someFilter(WIDE_SCHEMA, {}, NOT_STORED)),
  sortBy: fc.constantFrom(...ATTRIBUTES),
  order: someOrder,
  sizes: someSizes,
})

forEachDatabase((database) => {
  describe(`lists by cursor and over all types, seed ${SEED} (RFC 9865, RFC 7644 §3.4.2.1)`, function () {
    this.timeout(60_000)
    const population = populate(SEED, 40, 12)
    const { walked, united } = useSearchable(database, population)
    const resources = {
      user: population.people.map((person) => userResource(person, population)),
      group: population.groups.map((group) => groupResource(group, population)),
    }
    const schemas: Record<'user' | 'group', ResourceSchema> = { user: WIDE_SCHEMA, group: GROUP_SCHEMA }

    /** The list in memory, and what the database is asked for it; undefined where nothing has the attribute. */
    function listOf({ of, filter, sortBy, order }: Case): { whole: string[]; parts: ListedPart[] } | undefined {
      const targets = of.map((kind) => (sortBy === undefined ? undefined : targetOf(sortBy, schemas[kind])))
      if (sortBy !== undefined && targets.every((target) => target === undefined)) return undefined
      const parts = of.map((resource, index): ListedPart => {
        const resolved = filter && resolveFilter(filter, schemas[resource], { unknown: 'no-value' })
        const target = targets[index]
        return { resource, ...(resolved && { filter: resolved }), ...(target && { sortBy: target }) }
      })
      const ascending = inOrder(parts.flatMap((part) => matching(resources[part.resource], part)))
      return { whole: order === 'ascending' ? ascending : ascending.toReversed(), parts }
    }

    function matching(all: readonly Document[], { filter, sortBy: target }: ListedPart): Sortable[] {
      return all.filter((one) => filter === undefined || evaluate(filter, one)).map((one) => ({ of: one, target }))
    }

    const titleOf = ({ filter, ...rest }: Case) =>
      `${JSON.stringify(rest)} ${filter === null ? '' : printFilter(filter)}`

    it('the pages of a walk are the whole list, each of it once, for any filter, order and size', async () => {
      let long = 0
      await fc.assert(
        fc.asyncProperty(someCase, async (one) => {
          const list = listOf(one)
          if (list === undefined) return
          if (list.whole.length > 5) long++
          assert.deepEqual(await walked(list.parts, one.order, one.sizes), list.whole, titleOf(one))
        }),
        { seed: SEED, numRuns: runs(database.kind === 'sqlite' ? 80 : 25) },
      )
      assert.ok(long > 5, `${long} lists were of more than one page`)
    })

    it('a page by index over all types is that part of the list, with the true total', async () => {
      const somePlace = fc.tuple(someCase, fc.nat({ max: 50 }))
      await fc.assert(
        fc.asyncProperty(somePlace, async ([drawn, offset]) => {
          const one = { ...drawn, of: kinds[3] }
          const list = listOf(one)
          if (list === undefined) return
          const limit = one.sizes[0]!
          const found = await united(list.parts, one.order, offset, limit)
          const expected = { total: list.whole.length, ids: list.whole.slice(offset, offset + limit) }
          assert.deepEqual(found, expected, titleOf(one))
        }),
        { seed: SEED, numRuns: runs(database.kind === 'sqlite' ? 60 : 25) },
      )
    })
  })
})

function targetOf(attribute: string, schema: ResourceSchema): Target | undefined {
  try {
    return resolveSortBy(parsePath(attribute), schema)
  } catch (error) {
    if (error instanceof FilterError) return undefined
    throw error
  }
}
