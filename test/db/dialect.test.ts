import assert from 'node:assert/strict'
import type { Database, Param } from '../../db/database.js'
import { openDatabase } from '../../db/open.js'
import { statement } from '../../db/statement.js'
import { UniqueViolation } from '../../db/unique-violation.js'
import { forEachDatabase } from '../harness/database.js'
import { sortedForPeople } from './filter-database.js'

/** Texts that quoting, encoding or sorting might spoil. */
const TEXTS = ['', ' ', '?', '$1', `'"\\`, '{"a":[1]}', '[]', 'null', 'É', 'é', 'ß', '\u{1F469}', '\u0001\n', '%_']
/** Beyond 32 bits, below 2^53: instants and versions. */
const NUMBERS = [0, -1, 2 ** 31, Date.UTC(2026, 0, 1), Number.MAX_SAFE_INTEGER]

const LIST = statement((d) => `SELECT value FROM ${d.list}`)
const TYPED = [
  ['name', 'text'],
  ['size', 'integer'],
] as const
const ROWS = statement((d) => `SELECT v.name, v.size FROM ${d.rows(TYPED)} AS v`)
const ADD_DOMAINS = statement(
  (d) => `INSERT INTO domains (account_id, name, state, txt_token, created_at)
    SELECT ?, name, 'open', 't', size FROM ${d.rows(TYPED)} AS v WHERE true ON CONFLICT DO NOTHING`,
)
const ADD_DOMAIN = statement(
  `INSERT INTO domains (account_id, name, state, txt_token, created_at, verified_at) VALUES (?, ?, ?, 't', 0, 0)`,
)
const DOMAINS = statement('SELECT name, created_at FROM domains WHERE account_id = ? ORDER BY name')
const BETWEEN = statement('SELECT name FROM domains WHERE account_id = ? AND name >= ? AND name < ? ORDER BY name')
const JSON_PATH = statement((d) => `SELECT ${d.json('settings')} ->> 'key' AS value FROM accounts WHERE account_id = ?`)
const ADD_ACCOUNT = statement(
  `INSERT INTO accounts (account_id, name, settings, version, created_at, updated_at) VALUES (?, 'A', ?, 1, 0, 0)`,
)

forEachDatabase((kind) => {
  describe('what is written once means the same on both databases (DESIGN 4, One SQL text)', () => {
    let db: Database
    let drop: () => Promise<void>
    before(async () => {
      const made = await kind.create()
      db = await openDatabase(await sortedForPeople(made.location))
      drop = made.drop
    })
    after(async () => {
      await db.close()
      await drop()
    })

    const run = (text: typeof LIST, ...params: Param[]) => db.transaction((tx) => tx.run(text, params))

    it('a list of texts is one parameter, and comes back as it went in', async () => {
      const rows = await db.all<{ value: string }>(LIST, [JSON.stringify(TEXTS)])
      assert.deepEqual(
        rows.map(({ value }) => value),
        TEXTS,
      )
      assert.deepEqual(await db.all(LIST, ['[]']), [])
    })

    it('a set of rows is one parameter: texts, numbers and nulls keep their kind', async () => {
      const expected = [
        ...TEXTS.map((name) => ({ name, size: null })),
        ...NUMBERS.map((size) => ({ name: null, size })),
      ]
      const rows = await db.all(ROWS, [JSON.stringify(expected.map(({ name, size }) => [name, size]))])
      assert.deepEqual(rows, expected)
    })

    it('columns compare byte by byte: A, Z, a, z, É; ranges too', async () => {
      const sorted = ['A', 'Z', 'a', 'ab', 'b', 'z', 'É', 'é', '\u{1F469}']
      const rows = JSON.stringify(sorted.toReversed().map((name, size) => [name, size]))
      assert.equal(await run(ADD_DOMAINS, 'sorted', rows), sorted.length)
      const names = async (text: typeof LIST, ...params: Param[]) =>
        (await db.all<{ name: string }>(text, ['sorted', ...params])).map(({ name }) => name)
      assert.deepEqual(await names(DOMAINS), sorted)
      assert.deepEqual(await names(BETWEEN, 'a', 'b'), ['a', 'ab'])
    })

    it('ON CONFLICT DO NOTHING writes the rest and counts what it wrote', async () => {
      const add = (...names: string[]) => run(ADD_DOMAINS, 'conflict', JSON.stringify(names.map((name) => [name, 0])))
      assert.equal(await add('a', 'b'), 2)
      assert.equal(await add('b', 'c', 'c'), 1)
      assert.equal((await db.all(DOMAINS, ['conflict'])).length, 3)
    })

    it('two rows with one key name the column, whichever index they break', async () => {
      const clash = (column: string) => (error: unknown) => error instanceof UniqueViolation && error.column === column
      await run(ADD_DOMAIN, 'one', 'x.example', 'verified')
      await assert.rejects(run(ADD_DOMAIN, 'one', 'x.example', 'open'), clash('domains.name'))
      await assert.rejects(run(ADD_DOMAIN, 'two', 'x.example', 'verified'), clash('domains.name'))
    })

    it('JSON in a column is read by key: texts as texts, what is missing as null', async () => {
      const cases: [settings: object, value: string | null][] = [
        [{ key: `É'"` }, `É'"`],
        [{ key: null }, null],
        [{ other: 1 }, null],
      ]
      for (const [index, [settings, value]] of cases.entries()) {
        await run(ADD_ACCOUNT, `json${index}`, JSON.stringify(settings))
        assert.deepEqual(await db.get(JSON_PATH, [`json${index}`]), { value })
      }
    })
  })
})
