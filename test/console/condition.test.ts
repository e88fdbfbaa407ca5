import assert from 'node:assert/strict'
import { compileCondition as compile } from '../../accounts/rule-condition.js'
import { ATTRIBUTES, findAmong, ownAttribute } from '../../console/pages/rules/attributes.js'
import {
  type Built,
  builtFromFilter,
  EVERYONE,
  filterFromBuilt,
  OPERATORS,
  operatorsFor,
} from '../../console/pages/rules/condition.js'
import { parseFilter } from '../../filter/parse.js'
import { resolveFilter } from '../../filter/resolve.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'

const compileCondition = (text: string | null) => compile(text, USER_SCHEMA)

const DEPARTMENT = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department'
const HOSTILE = [
  'Sales',
  'a "quoted" \\ word',
  '<b>&amp;</b>',
  'שלום\u202e',
  '👩‍🚒',
  'tab\tand\nline',
  ') or (',
  'true',
  '',
]

/** Filters, and what the builder shows of them: rows, or undefined where only the text says it. */
const READ: readonly (readonly [string | null, Built | undefined])[] = [
  [null, EVERYONE],
  ['  ', EVERYONE],
  ['groups.display eq "Sales"', { join: 'and', clauses: [{ path: 'groups.display', operator: 'eq', value: 'Sales' }] }],
  ['NOT (Title PR)', { join: 'and', clauses: [{ path: 'title', operator: 'not_pr', value: '' }] }],
  ['active eq False', { join: 'and', clauses: [{ path: 'active', operator: 'eq', value: false }] }],
  ['active eq "True"', { join: 'and', clauses: [{ path: 'active', operator: 'eq', value: true }] }],
  ['department ne "IT"', { join: 'and', clauses: [{ path: DEPARTMENT, operator: 'not_eq', value: 'IT' }] }],
  [
    'title co "a" OR nickName sw "b"',
    {
      join: 'or',
      clauses: [
        { path: 'title', operator: 'co', value: 'a' },
        { path: 'nickName', operator: 'sw', value: 'b' },
      ],
    },
  ],
  ['emails[type eq "work" and value ew "@acme.example"]', undefined],
  ['emails.value ne "a@b.example"', undefined],
  ['title eq "a" and title eq "b" or title eq "c"', undefined],
  ['(title eq "a")', undefined],
  ['title gt "a"', undefined],
  ['title eq word', undefined],
  ['title eq', undefined],
  ['title eq "open', undefined],
  ['and and and', undefined],
  ['title eq "a" or', undefined],
  ['not title eq "a"', undefined],
]

describe('the condition builder of a rule (PRODUCT 2.8, RFC 7644 §3.4.2.2)', () => {
  for (const [text, rows] of READ)
    it(`${rows === undefined ? 'leaves as text' : 'shows as rows'}: ${text ?? 'everyone'}`, () => {
      assert.deepEqual(builtFromFilter(text), rows)
    })

  for (const attribute of ATTRIBUTES) {
    const { name, path, type, several } = attribute
    it(`${name}: every operator makes a filter that the server takes, and comes back as it was`, () => {
      for (const operator of operatorsFor(attribute))
        for (const value of type === 'boolean' ? [true, false] : HOSTILE.filter((one) => one !== '')) {
          const built: Built = {
            join: 'and',
            clauses: [{ path, operator, value: operator.endsWith('pr') ? '' : value }],
          }
          const text = filterFromBuilt(built)
          compileCondition(text)
          assert.deepEqual(builtFromFilter(text), built)
        }
    })

    it(`${name} has as many values as the schema says`, () => {
      const filter = resolveFilter(parseFilter(`${path} pr`), USER_SCHEMA)
      assert.equal(filter.kind, 'present')
      assert.equal(filter.kind === 'present' && filter.target.attribute.multiValued, several)
    })
  }

  it('shows attributes that the account adds, by their name or with their URN', () => {
    const region = { id: '', version: 1, description: '', createdAt: '', updatedAt: '' }
    const own = [
      ownAttribute({ ...region, name: 'region', type: 'choice', choices: ['EMEA'], path: 'urn:x:region' }),
      ownAttribute({ ...region, name: 'badge', type: 'number', choices: null, path: 'urn:x:badge' }),
    ].flatMap((one) => one ?? [])
    const rows = { join: 'and', clauses: [{ path: 'urn:x:region', operator: 'eq', value: 'EMEA' }] }
    for (const text of ['region eq "EMEA"', 'URN:X:Region eq "EMEA"'])
      assert.deepEqual(builtFromFilter(text, findAmong(own)), rows)
    assert.equal(builtFromFilter('badge gt 5', findAmong(own)), undefined)
    assert.equal(builtFromFilter('region co "EM"', findAmong(own)), undefined, 'a choice is chosen whole')
  })

  it('joins rows by one word, which the server reads as one level', () => {
    for (const join of ['and', 'or'] as const) {
      const clauses = OPERATORS.map((operator) => ({
        path: 'title',
        operator,
        value: operator.endsWith('pr') ? '' : 'x',
      }))
      const text = filterFromBuilt({ join, clauses })
      const tree = parseFilter(text ?? '')
      assert.equal(tree.kind, join)
      assert.equal('terms' in tree && tree.terms.length, OPERATORS.length)
      assert.deepEqual(builtFromFilter(text), { join, clauses })
    }
  })

  it('asks the same of people as the filter it was read from', () => {
    const people = [{}, { title: 'Head' }, { title: 'head of it' }, { title: '' }, { active: false }, { active: true }]
    for (const text of ['title ne "Head"', 'not (title co "IT")', 'active eq "False"', 'title pr and active eq True']) {
      const built = builtFromFilter(text)
      assert.ok(built)
      const [before, after] = [compileCondition(text), compileCondition(filterFromBuilt(built))]
      assert.deepEqual(
        people.map((person) => after.matches(person)),
        people.map((person) => before.matches(person)),
      )
    }
  })
})
