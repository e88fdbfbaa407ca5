import assert from 'node:assert/strict'
import { unknownEntitlements } from '../../accounts/evaluate-attributes.js'
import type { Document } from '../../filter/attribute.js'
import { PRODUCTS } from './a-policy.js'

describe('unknownEntitlements (2.8 step 3, unknown_entitlement)', () => {
  const CASES: [title: string, document: Document, unknown: string[]][] = [
    ['none where the document has no entitlements', {}, []],
    ['none where every one names a product', { entitlements: [{ value: 'MEET' }, { value: 'Go Assist' }] }, []],
    ['none where display names it', { entitlements: [{ value: '17', display: 'connect' }] }, []],
    ['none for an element that names nothing', { entitlements: [{ primary: true }] }, []],
    [
      'each unknown text once, in the order of the document',
      { entitlements: [{ value: 'rocket' }, { value: 'meet' }, { value: 'ark' }, { value: 'rocket' }] },
      ['rocket', 'ark'],
    ],
    ['the value where value and display are both unknown', { entitlements: [{ value: 'x', display: 'y' }] }, ['x']],
    ['display where there is no value', { entitlements: [{ display: 'y' }] }, ['y']],
    ['texts that are names of object members', { entitlements: [{ value: '__proto__' }] }, ['__proto__']],
  ]
  for (const [title, document, unknown] of CASES)
    it(title, () => assert.deepEqual(unknownEntitlements(document, PRODUCTS), unknown))
})
