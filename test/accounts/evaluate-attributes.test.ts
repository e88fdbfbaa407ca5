import assert from 'node:assert/strict'
import { evaluate } from '../../accounts/evaluate.js'
import { unknownEntitlements } from '../../accounts/evaluate-attributes.js'
import type { PreparedPolicy } from '../../accounts/evaluate-policy.js'
import type { Person } from '../../accounts/evaluate-types.js'
import type { Document } from '../../filter/attribute.js'
import { aPerson, aPolicy, aRule, PRODUCTS, productGrants, products, roleGrant } from './a-policy.js'

describe('2.8 step 3: direct roles', () => {
  const accepting = aPolicy([aRule(1, null, { role: 'admin' })], { acceptDirectRoles: true })
  const trusting = aPolicy([], { acceptDirectRoles: true, directoryMayGrantSuperAdmin: true })
  const withRoles = (...roles: { [name: string]: string | boolean }[]): Person => aPerson([], { roles })

  it('count only where the connection accepts them', () => {
    const person = withRoles({ value: 'editor' }, { value: 'no such role' })
    assert.deepEqual(evaluate(aPolicy(), person), { grants: [], warnings: [] })
    assert.equal(roleGrant(aPolicy([], { acceptDirectRoles: true }), person), 'attribute:editor')
  })

  const CASES: [title: string, policy: PreparedPolicy, roles: { [name: string]: string | boolean }[], role: string][] =
    [
      ['beat the role of a rule, even downwards', accepting, [{ value: 'member' }], 'attribute:member'],
      ['match the key without case', accepting, [{ value: 'EDITOR' }], 'attribute:editor'],
      ['match the name of the role', accepting, [{ value: 'content EDITOR' }], 'attribute:editor'],
      [
        'match display where value names nothing',
        accepting,
        [{ value: '0b1c', display: 'Editor' }],
        'attribute:editor',
      ],
      ['prefer value to display', accepting, [{ value: 'auditor', display: 'editor' }], 'attribute:auditor'],
      ['leave it to the rules where none is known', accepting, [{ value: 'pilot' }], 'rule:admin'],
      ['leave it to the rules where the list names nothing', accepting, [{ primary: true }], 'rule:admin'],
      [
        'trap 12: unwrapped JSON text is a role like any other',
        accepting,
        [{ value: 'admin', display: 'Admin' }],
        'attribute:admin',
      ],
      ['trap 13: the one primary role', accepting, [{ value: 'member', primary: true }], 'attribute:member'],
      [
        'trap 14: admin, later member: admin stays',
        accepting,
        [{ value: 'admin' }, { value: 'member' }],
        'attribute:admin',
      ],
      ['trap 14: in the other order as well', accepting, [{ value: 'member' }, { value: 'admin' }], 'attribute:admin'],
      [
        'take primary before a higher one',
        accepting,
        [{ value: 'admin' }, { value: 'editor', primary: true }],
        'attribute:editor',
      ],
      [
        'take the highest where primary names nothing',
        accepting,
        [{ value: 'member' }, { value: 'editor' }, { value: 'pilot', primary: true }],
        'attribute:editor',
      ],
      [
        'take the highest where primary is not grantable',
        accepting,
        [{ value: 'editor' }, { value: 'super_admin', primary: true }],
        'attribute:editor',
      ],
      [
        'order custom roles as the account does',
        accepting,
        [{ value: 'auditor' }, { value: 'editor' }],
        'attribute:editor',
      ],
      ['put custom roles below admin', accepting, [{ value: 'auditor' }, { value: 'admin' }], 'attribute:admin'],
      [
        'give super_admin with the switch, above all',
        trusting,
        [{ value: 'admin' }, { value: 'super_admin' }],
        'attribute:super_admin',
      ],
      ['never give super_admin without it', accepting, [{ value: 'Super admin' }], 'rule:admin'],
    ]
  for (const [title, policy, roles, expected] of CASES)
    it(title, () => assert.equal(roleGrant(policy, withRoles(...roles)), expected))

  it('warn of each unknown role once, with those that exist', () => {
    const { warnings } = evaluate(accepting, withRoles({ value: 'pilot' }, { value: 'pilot' }, { value: 'editor' }))
    const known = ['super_admin', 'admin', 'editor', 'auditor', 'member']
    assert.deepEqual(warnings, [{ code: 'unknown_role', value: 'pilot', known, ruleId: null }])
  })

  it('warn of a super_admin that the switch does not allow', () => {
    const { warnings } = evaluate(accepting, withRoles({ value: 'super_admin' }))
    assert.deepEqual(warnings, [{ code: 'role_not_grantable', value: 'super_admin', ruleId: null }])
  })

  it('remember the text that named the role', () => {
    const [grant] = evaluate(accepting, withRoles({ value: '0b1c', display: 'Content Editor' })).grants
    assert.equal(grant?.sourceId, 'Content Editor')
  })

  it('remember the same text in whatever order two name one role, so that no grant is replaced', () => {
    const texts = [{ value: 'editor' }, { value: 'EDITOR' }]
    for (const roles of [texts, texts.toReversed()])
      assert.equal(evaluate(accepting, withRoles(...roles)).grants[0]?.sourceId, 'EDITOR')
  })
})

describe('2.8 step 3: direct entitlements', () => {
  const rules = [aRule(1, null, products('meet'))]
  const accepting = aPolicy(rules, { acceptDirectEntitlements: true })
  const entitled = aPerson([], {
    entitlements: [{ value: 'ASSIST' }, { value: 'x', display: 'Go Connect' }, { value: 'assist' }, { value: 'meet' }],
  })

  it('count only where the connection accepts them', () => {
    assert.deepEqual(productGrants(aPolicy(rules), entitled), ['rule rule-1:meet'])
  })

  it('add to what rules give, each product once', () => {
    assert.deepEqual(productGrants(accepting, entitled).sort(), [
      'attribute ASSIST:assist',
      'attribute Go Connect:connect',
      'attribute meet:meet',
      'rule rule-1:meet',
    ])
  })

  it('warn of a product that is gone since', () => {
    const { grants, warnings } = evaluate(accepting, aPerson([], { entitlements: [{ value: 'rocket' }] }))
    assert.deepEqual(
      grants.map(({ sourceId }) => sourceId),
      ['rule-1'],
    )
    const known = ['meet', 'assist', 'connect', 'suite']
    assert.deepEqual(warnings, [{ code: 'unknown_entitlement', value: 'rocket', known, ruleId: null }])
  })
})

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
