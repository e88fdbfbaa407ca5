import assert from 'node:assert/strict'
import { evaluate, grantFromDesired } from '../../accounts/evaluate.js'
import type { PreparedPolicy } from '../../accounts/evaluate-policy.js'
import type { EffectiveAccess, Grant, Person } from '../../accounts/evaluate-types.js'
import { access, aGrant, aPerson, aPolicy, aRule, productKeys, products } from './a-policy.js'

const SUPPORT = 'groups.display eq "Support"'
const SALES = 'groups.display eq "Sales"'

/** What somebody ends up with: sync's grants beside those that stood there before. */
function accessOf(policy: PreparedPolicy, person: Person, others: readonly Grant[] = []): EffectiveAccess {
  return access([...others, ...evaluate(policy, person).grants.map(grantFromDesired)])
}

/** The role that sync grants, as `source:key`, or undefined. */
function roleGrant(policy: PreparedPolicy, person: Person): string | undefined {
  const grant = evaluate(policy, person).grants.find(({ kind }) => kind === 'role')
  return grant && `${grant.source}:${grant.value.replace('role-', '')}`
}

/** The products that sync grants, as `source sourceId:key`. */
function productGrants(policy: PreparedPolicy, person: Person): string[] {
  return evaluate(policy, person)
    .grants.filter(({ kind }) => kind === 'product')
    .map(({ source, sourceId, value }) => `${source} ${sourceId}:${value.replace('product-', '')}`)
}

describe('2.8 test vectors', () => {
  const supportAndSales = aPolicy([aRule(1, SUPPORT, products('assist')), aRule(2, SALES, products('meet'))])

  it('2.8 row 1: in both groups, the products of both rules add up', () => {
    assert.deepEqual(productKeys(accessOf(supportAndSales, aPerson(['Support', 'Sales']))), ['assist', 'meet'])
  })

  it('2.8 row 2: out of Support, its product goes and the other stays', () => {
    assert.deepEqual(productKeys(accessOf(supportAndSales, aPerson(['Sales']))), ['meet'])
  })

  it('2.8 row 3: everyone gets Meet, and Admins the role', () => {
    const policy = aPolicy([
      aRule(1, null, products('meet')),
      aRule(2, 'groups.display eq "Admins"', { role: 'admin' }),
    ])
    const admin = accessOf(policy, aPerson(['Admins']))
    assert.deepEqual(admin.role, { id: 'role-admin', key: 'admin', source: 'rule', ruleId: 'rule-2' })
    assert.deepEqual(productKeys(admin), ['meet'])
    assert.equal(accessOf(policy, aPerson()).role.key, 'member')
  })

  it('2.8 row 4: no rules, member and no products', () => {
    const nobody = accessOf(aPolicy(), aPerson(['Sales']))
    assert.deepEqual(nobody.role, { id: 'role-member', key: 'member', source: 'default', ruleId: null })
    assert.equal(nobody.products.size, 0)
    assert.equal(nobody.override, false)
  })

  it('2.8 row 6: a product given by hand stays when the rule lets go of it', () => {
    const manual = [aGrant({ kind: 'product', value: 'product-meet' })]
    const policy = aPolicy([aRule(1, SALES, products('meet'))])
    for (const groups of [['Sales'], []]) {
      const { products: held, override } = accessOf(policy, aPerson(groups), manual)
      assert.equal(held.get('product-meet')?.source, 'manual')
      assert.equal(override, false)
    }
  })

  it('2.8 row 7: an override to member beats the rule that gives admin, and is flagged', () => {
    const manual = [aGrant({ kind: 'role', value: 'role-member' })]
    const policy = aPolicy([aRule(1, 'groups.display eq "IT"', { role: 'admin' })])
    const overridden = accessOf(policy, aPerson(['IT']), manual)
    assert.equal(overridden.role.key, 'member')
    assert.equal(overridden.role.source, 'manual')
    assert.equal(overridden.override, true)
  })

  it('2.8 row 8: a broken rule gives nothing, not even to those whom the rest of its condition names', () => {
    const condition = `${SALES} or title eq "Engineer"`
    const policy = aPolicy([aRule(1, condition, products('meet'), { state: 'broken' })])
    assert.deepEqual(evaluate(policy, aPerson(['Sales'], { title: 'Engineer' })), { grants: [], warnings: [] })
  })
})

describe('2.8 rules', () => {
  it('step 1: a disabled rule does not count', () => {
    const policy = aPolicy([aRule(1, null, products('meet'), { enabled: false }), aRule(2, null, products('assist'))])
    assert.deepEqual(productGrants(policy, aPerson()), ['rule rule-2:assist'])
  })

  it('step 2: the first rule that sets a role wins, in whatever order the rules come', () => {
    const rules = [
      aRule(3, null, { role: 'admin' }),
      aRule(1, null, products('meet')),
      aRule(2, null, { role: 'editor' }),
    ]
    assert.equal(roleGrant(aPolicy(rules), aPerson()), 'rule:editor')
    assert.equal(roleGrant(aPolicy(rules.toReversed()), aPerson()), 'rule:editor')
  })

  it('step 2: every rule that gives a product has its own grant', () => {
    const policy = aPolicy([aRule(1, null, products('meet')), aRule(2, null, products('meet', 'assist'))])
    assert.deepEqual(productGrants(policy, aPerson()), ['rule rule-1:meet', 'rule rule-2:meet', 'rule rule-2:assist'])
  })

  it('a rule that names one product twice grants it once, the first mention of a feature counting', () => {
    const effects = {
      products: [
        { key: 'meet', features: { chat: false } },
        { key: 'meet', features: { chat: true, recording: true } },
      ],
    }
    const [grant, ...others] = evaluate(aPolicy([aRule(1, null, effects)]), aPerson()).grants
    assert.deepEqual(grant?.features, { chat: false, recording: true })
    assert.deepEqual(others, [])
  })

  it('hold for an inactive user too', () => {
    const policy = aPolicy([aRule(1, SALES, products('meet'))])
    assert.deepEqual(productGrants(policy, aPerson(['Sales'], { active: false })), ['rule rule-1:meet'])
  })

  it('an effect whose role or product is gone is left out and said', () => {
    const policy = aPolicy([aRule(1, null, { role: 'pilot', ...products('rocket', 'meet') })])
    const { grants, warnings } = evaluate(policy, aPerson())
    assert.deepEqual(
      grants.map(({ value }) => value),
      ['product-meet'],
    )
    assert.deepEqual(
      warnings.map((warning) => [warning.code, warning.ruleId, 'value' in warning && warning.value]),
      [
        ['unknown_role', 'rule-1', 'pilot'],
        ['unknown_entitlement', 'rule-1', 'rocket'],
      ],
    )
  })

  it('a rule whose condition cannot be read counts as broken and leaves the others alone', () => {
    const policy = aPolicy([aRule(1, 'title eq', products('meet')), aRule(2, null, products('assist'))])
    assert.deepEqual(productGrants(policy, aPerson()), ['rule rule-2:assist'])
    assert.deepEqual(evaluate(policy, aPerson()).warnings, [{ code: 'rule_broken', ruleId: 'rule-1' }])
  })

  it('2.6: super_admin comes from a rule only with the switch of the account', () => {
    const rules = [aRule(1, null, { role: 'super_admin' }), aRule(2, null, { role: 'editor' })]
    assert.equal(roleGrant(aPolicy(rules), aPerson()), 'rule:editor')
    assert.deepEqual(evaluate(aPolicy(rules), aPerson()).warnings, [
      { code: 'role_not_grantable', value: 'super_admin', ruleId: 'rule-1' },
    ])
    assert.equal(roleGrant(aPolicy(rules, { directoryMayGrantSuperAdmin: true }), aPerson()), 'rule:super_admin')
  })
})

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
        [{ value: 'editor' }, { value: 'auditor' }],
        'attribute:auditor',
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
    const known = ['super_admin', 'admin', 'auditor', 'editor', 'member']
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

describe('2.8 step 4: connection defaults', () => {
  const defaults = { role: 'editor', products: [{ key: 'meet', features: { recording: true } }] }

  it('stand in for everything that nothing sets', () => {
    assert.deepEqual(evaluate(aPolicy([], { defaults }), aPerson()).grants, [
      { kind: 'role', value: 'role-editor', source: 'default', sourceId: '', features: {} },
      { kind: 'product', value: 'product-meet', source: 'default', sourceId: '', features: { recording: true } },
    ])
  })

  it('stand in field by field', () => {
    const roleOnly = aPolicy([aRule(1, null, { role: 'admin' })], { defaults })
    assert.equal(roleGrant(roleOnly, aPerson()), 'rule:admin')
    assert.deepEqual(productGrants(roleOnly, aPerson()), ['default :meet'])
    const productOnly = aPolicy([aRule(1, null, products('assist'))], { defaults })
    assert.equal(roleGrant(productOnly, aPerson()), 'default:editor')
    assert.deepEqual(productGrants(productOnly, aPerson()), ['rule rule-1:assist'])
  })

  it('give way to accepted direct roles and entitlements', () => {
    const policy = aPolicy([], { defaults, acceptDirectRoles: true, acceptDirectEntitlements: true })
    const person = aPerson([], { roles: [{ value: 'auditor' }], entitlements: [{ value: 'assist' }] })
    assert.equal(roleGrant(policy, person), 'attribute:auditor')
    assert.deepEqual(productGrants(policy, person), ['attribute assist:assist'])
  })

  it('do not give super_admin without the switch, and say so only where they matter', () => {
    const policy = aPolicy([aRule(1, SALES, { role: 'editor', ...products('meet') })], {
      defaults: { role: 'super_admin' },
    })
    const refused = [{ code: 'role_not_grantable', value: 'super_admin', ruleId: null }]
    assert.deepEqual(evaluate(policy, aPerson()), { grants: [], warnings: refused })
    assert.deepEqual(evaluate(policy, aPerson(['Sales'])).warnings, [])
  })
})
