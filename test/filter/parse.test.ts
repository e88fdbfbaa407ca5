import assert from 'node:assert/strict'
import fc from 'fast-check'
import { type Filter, parse as parseElsewhere } from 'scim2-parse-filter'
import { FilterError, type FilterErrorCode } from '../../filter/errors.js'
import { parseFilter, parsePath } from '../../filter/parse.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import type { FilterNode } from '../../filter/syntax.js'
import { runs } from '../harness/effort.js'
import { someFilter } from './generate.js'
import { and, compare, not, or, PATHS, pr, READ, REFUSED, REFUSED_PATHS, valuePath } from './parse-cases.js'
import { printFilter, withoutPositions } from './print.js'

const refusedAs = (code: FilterErrorCode, position?: number) => (error: unknown) =>
  error instanceof FilterError && error.code === code && (position === undefined || error.position === position)

describe('reading a filter (RFC 7644 §3.4.2.2, checks 83–89)', () => {
  for (const [topic, cases] of Object.entries(READ)) {
    describe(topic, () => {
      for (const [text, tree] of cases) {
        it(`reads ${JSON.stringify(text)}`, () => assert.deepEqual(withoutPositions(parseFilter(text)), tree))
      }
    })
  }

  it('says where each attribute stands in the text, from 1', () => {
    const inner = { ...compare('type', 'eq', 'x'), path: { name: 'type', position: 17 } }
    assert.deepEqual(parseFilter('a pr and emails[type eq "x"]'), {
      kind: 'and',
      terms: [
        { kind: 'present', path: { name: 'a', position: 1 } },
        { kind: 'valuePath', path: { name: 'emails', filter: inner, position: 10 } },
      ],
    })
  })

  it('reads any tree from its own text', () => {
    fc.assert(
      fc.property(someFilter(USER_SCHEMA), (node) => {
        const text = printFilter(node)
        fc.pre(text.length <= 4096)
        assert.deepEqual(withoutPositions(parseFilter(text)), withoutPositions(node))
      }),
    )
  })
})

describe('refusing what is no filter (checks 96 and 100)', () => {
  for (const [text, position] of REFUSED) {
    it(`refuses ${JSON.stringify(text)} at position ${position}`, () => {
      assert.throws(() => parseFilter(text), refusedAs('filter_bad', position))
    })
  }

  it('says it in the words of PRODUCT 3.5', () => {
    assert.throws(() => parseFilter('a pr and'), {
      message: 'The filter could not be read at position 9: expected the name of an attribute.',
    })
  })
})

describe('the path of a PATCH operation (RFC 7644 §3.5.2, checks 140 and 142)', () => {
  for (const [text, path] of PATHS) {
    it(`reads ${text}`, () => assert.deepEqual(withoutPositions(parsePath(text)), path))
  }
  for (const [text, position] of REFUSED_PATHS) {
    it(`refuses ${JSON.stringify(text)} at position ${position}`, () => {
      assert.throws(() => parsePath(text), refusedAs('filter_bad', position))
    })
  }
})

describe('filters made to hurt (check 100, DESIGN 6)', () => {
  const hostile: readonly (readonly [what: string, text: string, code: FilterErrorCode])[] = [
    ['28 line breaks behind an open quote', `userName eq "${'\n'.repeat(28)}`, 'filter_bad'],
    ['4,000 line breaks behind an open quote', `userName eq "${'\n'.repeat(4000)}`, 'filter_bad'],
    ['26 escaped line breaks behind an open quote', `userName eq "${'\\n'.repeat(26)}`, 'filter_bad'],
    ['2,000 backslashes behind an open quote', `userName eq "${'\\'.repeat(2000)}`, 'filter_bad'],
    ['5,000 opening brackets', '('.repeat(5000), 'filter_too_large'],
    ['4,000 opening brackets', '('.repeat(4000), 'filter_too_large'],
    ['21 opening brackets', `${'('.repeat(21)}a pr${')'.repeat(21)}`, 'filter_too_large'],
    ['1,000 times not', `${'not('.repeat(1000)}`, 'filter_too_large'],
    ['1,000 square brackets', 'a['.repeat(1000), 'filter_bad'],
    ['101 comparisons', Array.from({ length: 101 }, () => 'a pr').join(' or '), 'filter_too_large'],
    [
      '101 comparisons in brackets',
      `a[${Array.from({ length: 101 }, () => 'b pr').join(' and ')}]`,
      'filter_too_large',
    ],
    ['4,097 characters', `a eq "${'x'.repeat(4090)}"`, 'filter_too_large'],
    ['16 megabytes', 'a'.repeat(16 * 1024 * 1024), 'filter_too_large'],
    ['4,000 colons', ':'.repeat(4000), 'filter_bad'],
    ['4,000 dots', `a${'.'.repeat(4000)}`, 'filter_bad'],
    ['a long number', `a eq ${'1'.repeat(4000)}`, 'filter_bad'],
    ['spaces', ' '.repeat(4000), 'filter_bad'],
  ]
  for (const [what, text, code] of hostile) {
    for (const [name, parse] of [
      ['filter', parseFilter],
      ['path', parsePath],
    ] as const) {
      it(`refuses ${what} as a ${name} within 50 ms`, () => {
        const start = performance.now()
        assert.throws(() => parse(text), FilterError)
        assert.ok(performance.now() - start < 50)
        if (name === 'filter') assert.throws(() => parse(text), refusedAs(code))
      })
    }
  }

  it('reads a filter at every limit', () => {
    const terms = Array.from({ length: 99 }, (_, index) => `a${index} pr`).join(' or ')
    const nested = `${'('.repeat(20)}b pr${')'.repeat(20)}`
    const tree = parseFilter(`${terms} or ${nested}`)
    assert.equal(tree.kind === 'or' && tree.terms.length, 100)
    const text = 'x'.repeat(4096 - 'a eq ""'.length)
    assert.deepEqual(withoutPositions(parseFilter(`a eq "${text}"`)), compare('a', 'eq', text))
  })

  it('never throws anything but a FilterError, whatever the text', () => {
    const token = fc.constantFrom(
      'a',
      'emails',
      'eq',
      'pr',
      'and',
      'or',
      'not',
      '(',
      ')',
      '[',
      ']',
      '.',
      ':',
      '"',
      '\\',
      ' ',
      '\n',
      '1',
      '-',
      'true',
      'null',
      '"x"',
      '\ud800',
      '\0',
      '__proto__',
      'urn:x:2.0:y',
      '$ref',
      'é',
      '😀',
    )
    const text = fc.array(token, { maxLength: 30 }).map((tokens) => tokens.join(''))
    fc.assert(
      fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 60 })), (garbage) => {
        for (const parse of [parseFilter, parsePath]) {
          try {
            parse(garbage)
          } catch (error) {
            assert.ok(error instanceof FilterError, String(error))
            assert.ok(error.position >= 1 && error.position <= garbage.length + 1)
          }
        }
      }),
      { numRuns: runs(200) },
    )
  })
})

describe('another parser, scim2-parse-filter, for the grammar that it gets right (DEPENDENCIES 3.1)', () => {
  const name = fc.constantFrom('a', 'userName', 'name.familyName', 'urn:ietf:params:scim:schemas:core:2.0:User:title')
  const value = fc.constantFrom('x', 'two words', '', "it's", 7, 1.5, true, false, null)
  const op = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
  const leaf = fc.oneof(
    fc.tuple(name, op, value).map(([path, operator, literal]) => `${path} ${operator} ${JSON.stringify(literal)}`),
    name.map((path) => `${path} pr`),
  )
  const { filter } = fc.letrec<{ filter: string; element: string }>((tie) => ({
    element: fc.oneof(
      { maxDepth: 2 },
      leaf,
      fc.tuple(leaf, leaf).map((pair) => pair.join(' and ')),
    ),
    filter: fc.oneof(
      { maxDepth: 4 },
      leaf,
      tie('element').map((inside) => `emails[${inside}]`),
      fc.array(tie('filter'), { minLength: 2, maxLength: 4 }).map((terms) => terms.join(' and ')),
      fc.array(tie('filter'), { minLength: 2, maxLength: 4 }).map((terms) => terms.join(' or ')),
      tie('filter').map((inside) => `(${inside})`),
      tie('filter').map((inside) => `not (${inside})`),
    ),
  }))

  it('reads the same tree', () => {
    fc.assert(
      fc.property(filter, (text) => {
        fc.pre(text.length <= 4096)
        assert.deepEqual(withoutPositions(parseFilter(text)), fromElsewhere(parseElsewhere(text)))
      }),
      { numRuns: runs(200) },
    )
  })

  function fromElsewhere(filter: Filter): FilterNode {
    if ('filters' in filter) return (filter.op === 'and' ? and : or)(...filter.filters.map(fromElsewhere))
    if ('filter' in filter) return not(fromElsewhere(filter.filter))
    if ('valFilter' in filter) return valuePath(filter.attrPath, fromElsewhere(filter.valFilter))
    const path = pathFromElsewhere(filter.attrPath)
    return 'compValue' in filter ? compare(path, filter.op, filter.compValue) : pr(path)
  }

  function pathFromElsewhere(text: string) {
    const colon = text.lastIndexOf(':')
    const [attribute = '', sub] = text.slice(colon + 1).split('.')
    return {
      ...(colon < 0 ? {} : { urn: text.slice(0, colon) }),
      name: attribute,
      ...(sub === undefined ? {} : { sub }),
    }
  }
})
