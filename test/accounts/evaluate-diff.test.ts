import assert from 'node:assert/strict'
import { grantFromDesired } from '../../accounts/evaluate.js'
import { diffGrants } from '../../accounts/evaluate-diff.js'
import { type DesiredGrant, SOURCES_BY_STRENGTH } from '../../accounts/evaluate-types.js'
import { aGrant } from './a-policy.js'

const meet: DesiredGrant = {
  kind: 'product',
  value: 'product-meet',
  source: 'rule',
  sourceId: 'rule-1',
  features: { chat: true },
}

describe('diffGrants (2.8 step 5)', () => {
  it('adds what is missing', () => {
    assert.deepEqual(diffGrants([], [meet]), { add: [meet], remove: [], update: [] })
  })

  it('removes what sync no longer wants', () => {
    const stored = grantFromDesired(meet)
    assert.deepEqual(diffGrants([stored], []), { add: [], remove: [stored], update: [] })
  })

  it('has nothing to do for what is there, in whatever order its features stand', () => {
    const wanted = { ...meet, features: { chat: true, recording: false } }
    const stored = grantFromDesired({ ...meet, features: { recording: false, chat: true } })
    assert.deepEqual(diffGrants([stored], [wanted]), { add: [], remove: [], update: [] })
  })

  it('updates features and says what they were', () => {
    const before = grantFromDesired(meet)
    for (const features of [{ chat: false }, {}, { chat: true, recording: true }, { recording: true }]) {
      const after = { ...meet, features }
      assert.deepEqual(diffGrants([before], [after]), { add: [], remove: [], update: [{ before, after }] })
    }
  })

  it('replaces the grant when another rule gives the product', () => {
    const [stored, other] = [grantFromDesired(meet), { ...meet, sourceId: 'rule-2' }]
    assert.deepEqual(diffGrants([stored], [other]), { add: [other], remove: [stored], update: [] })
  })

  for (const source of SOURCES_BY_STRENGTH) {
    const sync = ['rule', 'attribute', 'default'].includes(source)
    it(`promise 3: a grant from ${source} is ${sync ? 'taken away' : 'left alone'}`, () => {
      const stored = aGrant({ kind: 'role', value: 'role-admin', source, sourceId: 'x' })
      assert.deepEqual(diffGrants([stored], []).remove, sync ? [stored] : [])
    })
  }
})
