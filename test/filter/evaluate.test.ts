import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Document, Json } from '../../filter/attribute.js'
import { compareText } from '../../filter/compare-text.js'
import { elementMatches, evaluate, evaluateFolded } from '../../filter/evaluate.js'
import { foldDocument } from '../../filter/fold-document.js'
import { parseFilter, parsePath } from '../../filter/parse.js'
import { resolveFilter, resolvePath } from '../../filter/resolve.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { runs } from '../harness/effort.js'
import { ADA, MATCHES } from './evaluate-cases.js'
import { someDocument, someFilter, someText, WIDE_SCHEMA } from './generate.js'
import { TEXT_CASES } from './text-cases.js'

const matches = (filter: string, document: Document) => {
  return evaluate(resolveFilter(parseFilter(filter), USER_SCHEMA), document)
}

describe('a filter over a document (RFC 7644 §3.4.2.2)', () => {
  for (const [topic, { yes, no }] of Object.entries(MATCHES)) {
    describe(topic, () => {
      for (const filter of yes) it(`${filter} matches`, () => assert.equal(matches(filter, ADA), true))
      for (const filter of no) it(`${filter} does not match`, () => assert.equal(matches(filter, ADA), false))
    })
  }

  describe('89, 90, 183: texts', () => {
    for (const [stored, op, value, holds] of TEXT_CASES) {
      it(`${JSON.stringify(stored)} ${op} ${JSON.stringify(value)} ${holds ? 'holds' : 'does not hold'}`, () => {
        assert.equal(matches(`title ${op} ${JSON.stringify(value)}`, { title: stored }), holds)
        assert.equal(matches(`emails.value ${op} ${JSON.stringify(value)}`, { emails: [{ value: stored }] }), holds)
      })
    }
  })

  it('sees no value where the document has another shape, and never throws', () => {
    const odd: readonly Json[] = [null, 5, 'x', [], {}, [null], ['x'], [[{ value: 'x' }]], { value: 'x' }, true]
    for (const value of odd) {
      assert.equal(matches('emails.value eq "x"', { emails: value }), false)
      assert.equal(matches('emails[value eq "x"]', { emails: value }), false)
      assert.equal(matches('title eq "x"', { title: value }), value === 'x')
      assert.equal(matches('name.familyName eq "x"', { name: value }), false)
      assert.equal(matches('name pr', { name: value }), false)
      assert.equal(matches('active eq true', { active: value }), value === true)
      assert.equal(matches('department eq "x"', { [USER_SCHEMA.extensions[0]!.id]: value }), false)
    }
  })

  it('gives a folded document the same answer as the document', () => {
    fc.assert(
      fc.property(someFilter(WIDE_SCHEMA), someDocument, (node, document) => {
        const filter = resolveFilter(node, WIDE_SCHEMA)
        assert.equal(evaluateFolded(filter, foldDocument(document, WIDE_SCHEMA)), evaluate(filter, document))
      }),
      { numRuns: runs(200) },
    )
  })

  it('a filter and its negation never agree', () => {
    fc.assert(
      fc.property(someFilter(WIDE_SCHEMA), someDocument, (node, document) => {
        const answer = evaluate(resolveFilter(node, WIDE_SCHEMA), document)
        assert.equal(evaluate(resolveFilter({ kind: 'not', term: node }, WIDE_SCHEMA), document), !answer)
      }),
    )
  })
})

describe('the elements that a PATCH path chooses (RFC 7644 §3.5.2)', () => {
  const chosen = (path: string, elements: readonly Json[]) => {
    const { filter } = resolvePath(parsePath(path), USER_SCHEMA)
    return elements.map((element) => elementMatches(filter!, element))
  }

  it('are those that match all of the filter', () => {
    const emails = [
      { type: 'Work', value: 'a' },
      { type: 'work', value: 'b', primary: true },
      { value: 'b' },
      'b',
      null,
    ]
    assert.deepEqual(chosen('emails[type eq "work"]', emails), [true, true, false, false, false])
    assert.deepEqual(chosen('emails[type eq "work" and value eq "B"]', emails), [false, true, false, false, false])
    assert.deepEqual(chosen('emails[primary eq "True"].value', emails), [false, true, false, false, false])
    assert.deepEqual(chosen('emails[type ne "work"]', emails), [false, false, true, false, false])
    assert.deepEqual(chosen('manager[value eq "M"]', [{ value: 'M' }, { value: 'm' }]), [true, false])
  })
})

describe('the order of texts', () => {
  it('is that of their bytes in UTF-8, as in the databases', () => {
    fc.assert(
      fc.property(someText, someText, (one, other) => {
        assert.equal(Math.sign(compareText(one, other)), Buffer.compare(Buffer.from(one), Buffer.from(other)))
      }),
      { numRuns: runs(300) },
    )
  })
})
