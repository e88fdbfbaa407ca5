import assert from 'node:assert/strict'
import { FilterError } from '../../filter/errors.js'
import { parseFilter } from '../../filter/parse.js'
import { ScimError, scimErrorBody, scimErrorFromFilter } from '../../scim/errors.js'

describe('the SCIM Error message (RFC 7644 §3.12)', () => {
  it('carries the status as text, the keyword and the detail', () =>
    assert.deepEqual(scimErrorBody(new ScimError('attr_missing', 'Attribute userName is required.')), {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '400',
      scimType: 'invalidValue',
      detail: 'Attribute userName is required.',
    }))

  it('leaves the keyword out where there is none', () => {
    assert.deepEqual(scimErrorBody(new ScimError('version_mismatch', 'Read it again.')), {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: '412',
      detail: 'Read it again.',
    })
    assert.equal('scimType' in scimErrorBody({ status: 409, message: 'x' }), false)
  })

  it('tells a bad filter as invalidFilter', () => {
    assert.throws(
      () => parseFilter('userName eq "x'),
      (error) => {
        assert.ok(error instanceof FilterError)
        const { code, status, scimType, message } = scimErrorFromFilter(error)
        assert.deepEqual([code, status, scimType, message], ['filter_bad', 400, 'invalidFilter', error.message])
        return true
      },
    )
  })
})
