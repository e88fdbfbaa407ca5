import assert from 'node:assert/strict'
import type { Database, Param, Queries } from '../../db/database.js'
import { GROUPS, USERS } from '../../db/directory-search.js'
import { searchUnion } from '../../db/directory-union.js'
import { walkDirectory } from '../../db/directory-walk.js'
import { orderBySql } from '../../db/filter-order.js'
import { filterToSql } from '../../db/filter-sql.js'
import { openDatabase } from '../../db/open.js'
import { composed, type Statement } from '../../db/statement.js'
import { parseFilter, parsePath } from '../../filter/parse.js'
import { resolveFilter, resolveSortBy } from '../../filter/resolve.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { forEachDatabase, type TestDatabase } from '../harness/database.js'

const SCOPE = { accountId: 'a', connectionId: 'c' }
const SCHEMAS = { user: USER_SCHEMA, group: GROUP_SCHEMA } as const
const ROWS = 4_000

/** Filters that identity providers send, and what else has an index: how many rows each finds here. */
const FILTERS: readonly (readonly ['user' | 'group', filter: string, rows: number])[] = [
  ['user', 'userName eq "N5"', 1],
  ['user', 'externalId eq "e5"', 1],
  ['user', 'id eq "u5"', 1],
  ['user', 'displayName eq "d5"', 40],
  ['user', 'active eq "False"', 40],
  ['user', 'emails.value eq "m5"', 1],
  ['user', 'emails[type eq "work"].value eq "m5"', 1],
  ['user', 'emails[type eq "work" and value eq "m5"] and active eq true', 1],
  ['user', 'manager eq "u5"', 40],
  ['user', 'id eq "u7" and manager eq "u7"', 1],
  ['user', 'groups.value eq "g5"', 1],
  ['user', 'groups.display eq "g5" and title eq "x"', 0],
  ['user', 'id eq "u5" and groups.value eq "g5"', 1],
  ['user', 'meta.lastModified gt "1970-01-01T00:00:03.989Z"', 10],
  ['user', 'meta.lastModified le "1970-01-01T00:00:00.009Z"', 10],
  ['user', 'meta.lastModified eq "1970-01-01T00:00:00.009Z"', 1],
  ['user', 'userName sw "n399"', 11],
  ['user', 'externalId sw "e399"', 11],
  ['user', 'displayName sw "d57"', 40],
  ['user', 'emails.value sw "m399"', 11],
  ['user', 'userName eq "n5" or emails.value eq "m6"', 2],
  ['user', '(userName eq "n5" or externalId eq "e6" or emails[type eq "work"].value eq "m7") and active eq true', 3],
  ['group', 'displayName eq "G5"', 1],
  ['group', 'displayName sw "g399"', 11],
  ['group', 'externalId eq "x5"', 1],
  ['group', 'meta.lastModified ge "1970-01-01T00:00:03.990Z"', 10],
  ['group', 'id eq "g5" and members eq "u5"', 1],
  ['group', 'members.value eq "u5"', 1],
  ['group', 'members[value eq "u5" or value eq "u6"]', 2],
]

const ORDERS = [
  ['user', 'userName'],
  ['user', 'displayName'],
  ['user', 'meta.lastModified'],
  ['user', 'id'],
  ['group', 'displayName'],
  ['group', 'meta.lastModified'],
] as const

/** Orders with an index, and a key in the middle of them. */
const WALKS = [
  ['user', 'id', null],
  ['user', 'userName', 'n2000'],
  ['user', 'externalId', 'e2000'],
  ['user', 'displayName', 'd50'],
  ['user', 'active', 1],
  ['user', 'meta.lastModified', 2_000],
  ['group', 'id', null],
  ['group', 'displayName', 'g2000'],
  ['group', 'externalId', 'x2000'],
  ['group', 'meta.lastModified', 2_000],
] as const

forEachDatabase(({ kind, create }) => {
  describe('the plan of a filter, in one of two connections with thousands of rows (DESIGN 1, promise 6)', function () {
    this.timeout(30_000)
    let database: Database
    let drop: () => Promise<void>

    before(async () => {
      const made = await create()
      drop = made.drop
      database = await openDatabase(made.location)
      await fill(database, kind)
    })
    after(async () => {
      await database.close()
      await drop()
    })

    const query = (resource: 'user' | 'group', condition: string, order: string) =>
      `SELECT r.* FROM directory_${resource}s r WHERE r.account_id = ? AND r.connection_id = ? AND ${condition} ORDER BY ${order}`
    const planOf = async (text: string, params: readonly (string | number)[]) => {
      const explain = kind === 'sqlite' ? 'EXPLAIN QUERY PLAN' : 'EXPLAIN (COSTS OFF)'
      const rows = await database.all<Record<string, string>>(composed(`${explain} ${text}`), ['a', 'c', ...params])
      return rows.map((row) => row.detail ?? row['QUERY PLAN'])
    }

    for (const [resource, filter, expected] of FILTERS) {
      it(`${resource}: ${filter} walks no connection, nor does a page or the count of it`, async () => {
        const { text, params } = filterToSql(
          resolveFilter(parseFilter(filter), SCHEMAS[resource]),
          resource,
          kind,
          SCOPE,
        )
        const all = query(resource, text, 'r.id')
        const counted = all.replace('r.*', 'count(*)').replace(' ORDER BY r.id', '')
        const plans = [
          await planOf(all, params),
          await planOf(`${all} LIMIT ?`, [...params, 100]),
          await planOf(counted, params),
        ]
        for (const plan of plans) assert.deepEqual(plan.filter(walksConnection), [], plan.join('\n'))
        const rows = await database.all(composed(query(resource, text, 'r.id')), ['a', 'c', ...params])
        assert.equal(rows.length, expected)
      })
    }

    it('can tell a walk: a filter on an attribute that only the document holds is one', async () => {
      const { text, params } = filterToSql(resolveFilter(parseFilter('title eq "x"'), USER_SCHEMA), 'user', kind, SCOPE)
      const plan = await planOf(query('user', text, 'r.id'), params)
      assert.ok(plan.some(walksConnection), plan.join('\n'))
    })

    for (const [resource, attribute] of ORDERS) {
      for (const order of ['ascending', 'descending'] as const) {
        it(`${resource}s sorted by ${attribute}, ${order}, are read in the order of an index`, async () => {
          const by = orderBySql(resolveSortBy(parsePath(attribute), SCHEMAS[resource]), order, resource, kind)
          const plan = await planOf(`${query(resource, 'TRUE', by)} LIMIT 10`, [])
          assert.ok(!plan.some((line) => /TEMP B-TREE|^ *(->)? *Sort$|Seq Scan/.test(line!)), plan.join('\n'))
        })
      }
    }

    const explaining = (plans: string[][]): Queries => ({
      dialect: database.dialect,
      get: (statement, params) => database.get(statement, params),
      run: (statement, params) => database.run(statement, params),
      all: async <Row>({ sqlite, postgres }: Statement, params: readonly Param[]): Promise<Row[]> => {
        const [words, lines] =
          kind === 'sqlite' ? ['EXPLAIN QUERY PLAN', 'detail'] : ['EXPLAIN (COSTS OFF)', 'QUERY PLAN']
        const explained = { sqlite: `${words} ${sqlite}`, postgres: `${words} ${postgres}` }
        const rows = await database.all<Record<string, string>>(explained, params)
        plans.push(rows.map((row) => row[lines] ?? ''))
        return database.all({ sqlite, postgres }, params)
      },
    })

    for (const sortOrder of ['ascending', 'descending'] as const)
      it(`people and groups as one list, ${sortOrder}: both are read in the order of an index, by index and by cursor`, async () => {
        const plans: string[][] = []
        const tables = [{ table: USERS }, { table: GROUPS }]
        const queries = explaining(plans)
        const place = { tables, sortOrder, limit: 10 }
        const { rows } = await searchUnion(queries, ['a', 'c'], { ...place, offset: 0 })
        const steps = await walkDirectory(queries, ['a', 'c'], { ...place, after: { key: null, id: 'g500' } })
        assert.deepEqual([rows.length, steps.length], [10, 11])
        // To find rows by their ids a small table may be read whole.
        const ordered = plans.filter((lines) => !lines.some((line) => /json_each|jsonb_array_elements/.test(line)))
        assert.equal(ordered.length, 3)
        const [united = [], ...walked] = ordered
        // What each table gave is put in order: so many rows as the page and what is before it.
        assert.ok(united.filter((line) => SORTED.test(line)).length <= 2, united.join('\n'))
        const wrong = [
          ...united.filter((line) => /Seq Scan/.test(line)),
          ...walked.flat().filter((line) => SORTED.test(line)),
        ]
        assert.deepEqual(wrong, [], ordered.flat().join('\n'))
      })

    for (const [resource, attribute, key] of WALKS)
      for (const sortOrder of ['ascending', 'descending'] as const)
        it(`${resource}s by ${attribute}, ${sortOrder}, by cursor: a page from the middle is read from an index, in its order`, async () => {
          const plans: string[][] = []
          const sortBy = resolveSortBy(parsePath(attribute), SCHEMAS[resource])
          const steps = await walkDirectory(explaining(plans), ['a', 'c'], {
            tables: [{ table: resource === 'user' ? USERS : GROUPS, sortBy }],
            sortOrder,
            after: { key, id: `${resource[0]}1500` },
            limit: 10,
          })
          assert.equal(steps.length, 11)
          const wrong = plans.flat().filter((line) => walksConnection(line) || SORTED.test(line))
          assert.deepEqual(wrong, [], plans.flat().join('\n'))
        })
  })
})

/** The last term alone is sorted among equals, which are few. */
const SORTED = /TEMP B-TREE FOR ORDER BY|^ *(->)? *Sort$/

/** Does a line of a plan say that all rows of a table or of a connection are looked at? */
function walksConnection(line: string | undefined): boolean {
  return /SCAN [rkmg]\b|\(account_id=\? AND connection_id=\?\)|Seq Scan|Cond: \(\(account_id = [^()]*\) AND \(connection_id = [^()]*\)\)$/.test(
    line ?? '',
  )
}

/** Connections `c` and `d` of account `a`: users u0…, each in group g0… of her number, managed by one of the first hundred. */
async function fill(database: Database, kind: TestDatabase['kind']): Promise<void> {
  const numbers = `WITH RECURSIVE numbers(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${ROWS - 1})`
  await database.transaction(async (tx) => {
    const insert = (into: string, select: string) => tx.run(composed(`INSERT INTO ${into} ${numbers} ${select}`), [])
    for (const c of ['c', 'd']) {
      await insert(
        `directory_users (account_id, connection_id, id, user_id, user_name_key, external_id, display_key,
          desired_active, manager_id, document, folded, rules_version, version, created_at, last_modified)`,
        `SELECT 'a', '${c}', 'u' || i, '${c}' || i, 'n' || i, 'e' || i, 'd' || (i % 100),
          CASE WHEN i % 100 = 0 THEN 0 ELSE 1 END, 'u' || (i % 100), '{}',
          '{"emails":[{"type":"work","value":"m' || i || '"}]}', 0, 1, i, i FROM numbers`,
      )
      await insert(
        'directory_emails (account_id, connection_id, value_key, directory_user_id, ordinal)',
        `SELECT 'a', '${c}', 'm' || i, 'u' || i, 0 FROM numbers`,
      )
      await insert(
        `directory_groups (account_id, connection_id, id, display_name, display_key, external_id, version, created_at, last_modified)`,
        `SELECT 'a', '${c}', 'g' || i, 'G' || i, 'g' || i, 'x' || i, 1, i, i FROM numbers`,
      )
      await insert(
        'directory_members (account_id, connection_id, group_id, directory_user_id)',
        `SELECT 'a', '${c}', 'g' || i, 'u' || i FROM numbers`,
      )
    }
  })
  if (kind === 'postgres') await database.run(composed('ANALYZE'), [])
}
