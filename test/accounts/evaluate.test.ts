import assert from 'node:assert/strict'
import { evaluate, grantFromDesired } from '../../accounts/evaluate.js'
import type { PreparedPolicy } from '../../accounts/evaluate-policy.js'
import type { EffectiveAccess, Grant, Person } from '../../accounts/evaluate-types.js'
import { access, aGrant, aPerson, aPolicy, aRule, productGrants, productKeys, products, roleGrant } from './a-policy.js'

const SUPPORT = 'groups.display eq "Support"'
const SALES = 'groups.display eq "Sales"'

/** What somebody ends up with: sync's grants beside those that stood there before. */
function accessOf(policy: PreparedPolicy, person: Person, others: readonly Grant[] = []): EffectiveAccess {
  return access([...others, ...evaluate(policy, person).grants.map(grantFromDesired)])
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
      aRule(3, null, { role: 'admin' }, { id: 'rule-a' }),
      aRule(1, null, products('meet')),
      aRule(2, null, { role: 'editor' }, { id: 'rule-b' }),
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
