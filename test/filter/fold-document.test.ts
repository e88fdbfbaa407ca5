import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Document } from '../../filter/attribute.js'
import { foldDocument } from '../../filter/fold-document.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { someDocument, WIDE_SCHEMA } from './generate.js'

const EXTRA = WIDE_SCHEMA.extensions[1]!.id

describe('a document as filters see it (DESIGN 4, Case)', () => {
  it('is folded where case does not matter, and as it was elsewhere', () => {
    const document: Document = {
      userName: 'ÀDA',
      externalId: 'ÀDA',
      active: true,
      name: { familyName: 'ΟΔΟΣ' },
      profileUrl: 'http://A',
      emails: [{ value: 'A@B', type: 'Work', primary: true }],
      x509Certificates: [{ value: 'QUJD', display: 'QUJD' }],
      [ENTERPRISE_URN]: { department: 'EMEA', manager: { value: 'M1', displayName: 'Grace' } },
    }
    assert.deepEqual(foldDocument(document, USER_SCHEMA), {
      userName: 'àda',
      externalId: 'ÀDA',
      active: true,
      name: { familyName: 'οδοσ' },
      profileUrl: 'http://A',
      emails: [{ value: 'a@b', type: 'work', primary: true }],
      x509Certificates: [{ value: 'QUJD', display: 'qujd' }],
      [ENTERPRISE_URN]: { department: 'emea', manager: { value: 'M1', displayName: 'grace' } },
    })
  })

  it('has times in UTC with milliseconds, lists of plain values, and numbers as they are', () => {
    const extra = {
      since: '2026-01-02T03:04:05+01:00',
      count: 5,
      share: 0.1,
      tags: ['A', 'b'],
      exact: 'A',
      numbers: [1],
    }
    const folded = foldDocument({ [EXTRA]: extra }, WIDE_SCHEMA)
    assert.deepEqual(folded, { [EXTRA]: { ...extra, since: '2026-01-02T02:04:05.000Z', tags: ['a', 'b'] } })
  })

  it('leaves a time that is none as it is, where no comparison can find it as a time', () => {
    assert.deepEqual(foldDocument({ [EXTRA]: { since: 'Tuesday' } }, WIDE_SCHEMA), { [EXTRA]: { since: 'Tuesday' } })
  })

  it('holds nothing that the schema does not name, and __proto__ is only a name', () => {
    const document = JSON.parse('{"userName":"A","foo":"A","__proto__":{"x":1},"name":{"foo":"A"},"urn:x":{"a":"A"}}')
    const folded = foldDocument(document, USER_SCHEMA)
    assert.deepEqual(folded, { userName: 'a', name: {} })
    assert.equal(Object.getPrototypeOf(folded), Object.prototype)
  })

  it('replaces what no database stores as text', () => {
    const document = { title: 'a\0b\ud800', displayName: '😀', externalId: 'A\0' }
    assert.deepEqual(foldDocument(document, USER_SCHEMA), {
      title: 'a\ufffdb\ufffd',
      displayName: '😀',
      externalId: 'A\ufffd',
    })
  })

  it('is the same when it is folded again, and the document stays as it was', () => {
    fc.assert(
      fc.property(someDocument, (document) => {
        const before = JSON.stringify(document)
        const folded = foldDocument(document, WIDE_SCHEMA)
        assert.deepEqual(foldDocument(folded, WIDE_SCHEMA), folded)
        assert.equal(JSON.stringify(document), before)
      }),
    )
  })
})
