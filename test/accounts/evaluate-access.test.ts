import assert from 'node:assert/strict'
import { SOURCES_BY_STRENGTH } from '../../accounts/evaluate-types.js'
import { access, aGrant, aProduct, NOW, PRODUCTS, productKeys, ROLES } from './a-policy.js'

const role = (key: string, given: Partial<Parameters<typeof aGrant>[0]> = {}) =>
  aGrant({ kind: 'role', value: `role-${key}`, ...given })
const product = (key: string, given: Partial<Parameters<typeof aGrant>[0]> = {}) =>
  aGrant({ kind: 'product', value: `product-${key}`, ...given })
const byRule = (place: number) => ({ source: 'rule', sourceId: `rule-${place}` }) as const

describe('effective role', () => {
  it('is member by default', () => {
    assert.deepEqual(access([]).role, { id: 'role-member', key: 'member', source: 'default', ruleId: null })
  })

  for (const [index, source] of SOURCES_BY_STRENGTH.entries())
    it(`from ${source} beats every weaker source`, () => {
      const weaker = SOURCES_BY_STRENGTH.slice(index + 1).map((other) => role('super_admin', { source: other }))
      const { role: held } = access([...weaker, role('editor', { source })])
      assert.equal(held.key, 'editor')
      assert.equal(held.source, source)
    })

  it('names the rule that decided, the first by priority and not by id', () => {
    const rules = [
      { id: 'a', priority: 2 },
      { id: 'b', priority: 1 },
    ]
    const grants = [role('admin', { source: 'rule', sourceId: 'a' }), role('editor', { source: 'rule', sourceId: 'b' })]
    assert.deepEqual(access(grants, { rules }).role, { id: 'role-editor', key: 'editor', source: 'rule', ruleId: 'b' })
  })

  it('is the highest of several from one source', () => {
    const grants = [role('member'), role('editor'), role('auditor')]
    assert.equal(access(grants).role.key, 'editor')
    assert.equal(access(grants.toReversed()).role.key, 'editor')
  })

  it('does not come from an expired override, which ends at its instant', () => {
    const rule = role('admin', byRule(1))
    assert.equal(access([rule, role('member', { expiresAt: NOW + 1 })]).role.key, 'member')
    const after = access([rule, role('member', { expiresAt: NOW })])
    assert.equal(after.role.key, 'admin')
    assert.equal(after.override, false)
  })

  it('does not come from a role that is gone', () => {
    assert.equal(access([role('pilot'), role('editor', byRule(1))]).role.key, 'editor')
  })

  it('is withheld by a deny', () => {
    const withheld = access([role('admin', byRule(1)), role('admin', { effect: 'deny' })])
    assert.equal(withheld.role.key, 'member')
    assert.equal(withheld.override, true)
  })

  it('needs an account with the role member (GA-25)', () => {
    assert.throws(() => access([], { roles: ROLES.filter(({ key }) => key !== 'member') }), /member/)
  })
})

describe('effective products', () => {
  it('show the strongest source, and a rule only where it is the strongest', () => {
    const sources = [product('meet', { source: 'default' }), product('meet', byRule(3)), product('meet', byRule(2))]
    const meet = access(sources).products.get('product-meet')
    assert.equal(meet?.source, 'rule')
    assert.equal(meet?.ruleId, 'rule-2')
    const given = access([...sources, product('meet', { source: 'attribute', sourceId: 'Meet' })])
    assert.equal(given.products.get('product-meet')?.source, 'attribute')
    assert.equal(given.products.get('product-meet')?.ruleId, null)
  })

  it('are withheld by a manual deny, which is an override where sync gives them', () => {
    const deny = product('meet', { effect: 'deny', reason: 'on leave' })
    const withheld = access([product('meet', byRule(1)), product('assist', byRule(1)), deny])
    assert.deepEqual(productKeys(withheld), ['assist'])
    assert.equal(withheld.override, true)
    assert.equal(access([deny]).override, false)
  })

  it('come back when the deny expires', () => {
    const deny = product('meet', { effect: 'deny', expiresAt: NOW - 1 })
    const back = access([product('meet', byRule(1)), deny])
    assert.deepEqual(productKeys(back), ['meet'])
    assert.equal(back.override, false)
  })

  it('leave out what is gone', () => {
    assert.equal(access([product('rocket', byRule(1))]).products.size, 0)
  })
})

describe('features: manual, then the first rule that names a key, then the product (DESIGN 4)', () => {
  const features = (...grants: ReturnType<typeof product>[]) => access(grants).products.get('product-meet')?.features

  it('are the defaults of the product where nothing names them', () => {
    assert.deepEqual(features(product('meet', byRule(1))), { recording: false, chat: true })
  })

  it('come key by key from the first rule that names each', () => {
    const first = product('meet', { ...byRule(1), features: { recording: true } })
    const second = product('meet', { ...byRule(2), features: { recording: false, chat: false } })
    assert.deepEqual(features(second, first), { recording: true, chat: false })
  })

  it('come from the manual grant before any rule', () => {
    const rule = product('meet', { ...byRule(1), features: { recording: true, chat: false } })
    assert.deepEqual(features(rule, product('meet', { features: { recording: false } })), {
      recording: false,
      chat: false,
    })
  })

  it('keep a key such as __proto__ as data', () => {
    const odd = JSON.parse('{"__proto__": true}') as Record<string, boolean>
    const merged = features(product('meet', { ...byRule(1), features: odd })) ?? {}
    assert.deepEqual(Object.keys(merged).sort(), ['__proto__', 'chat', 'recording'])
    assert.equal(Object.getPrototypeOf(merged), Object.prototype)
  })
})

describe('bundles (PBX-04)', () => {
  it('bring each included product on the seat of the bundle, with its rule', () => {
    const { products } = access([product('suite', byRule(4))])
    assert.deepEqual(
      [...products],
      [
        ['product-suite', { source: 'rule', ruleId: 'rule-4', features: { portal: true }, viaBundle: null }],
        [
          'product-meet',
          { source: 'rule', ruleId: 'rule-4', features: { recording: false, chat: true }, viaBundle: 'product-suite' },
        ],
        [
          'product-assist',
          { source: 'rule', ruleId: 'rule-4', features: { remote: true }, viaBundle: 'product-suite' },
        ],
      ],
    )
  })

  it('leave a product that is granted by itself on its own seat, whatever its source', () => {
    const { products } = access([product('suite'), product('meet', { source: 'default' })])
    assert.equal(products.get('product-meet')?.viaBundle, null)
    assert.equal(products.get('product-meet')?.source, 'default')
    assert.equal(products.get('product-assist')?.viaBundle, 'product-suite')
  })

  it('take their products with them', () => {
    const deny = product('suite', { effect: 'deny' })
    assert.deepEqual(productKeys(access([product('suite', byRule(1)), product('meet', byRule(2)), deny])), ['meet'])
  })

  it('do not bring a product that is withheld, and withholding it is an override', () => {
    const deny = product('meet', { effect: 'deny' })
    const withheld = access([product('suite', byRule(1)), deny])
    assert.deepEqual(productKeys(withheld), ['assist', 'suite'])
    assert.equal(withheld.override, true)
  })

  it('that share a product leave it to the stronger grant', () => {
    const products = [...PRODUCTS, aProduct('office', { includes: ['meet'] })]
    const grants = [product('suite', byRule(2)), product('office', byRule(1))]
    for (const order of [grants, grants.toReversed()])
      assert.equal(access(order, { products }).products.get('product-meet')?.viaBundle, 'product-office')
  })

  it('may contain bundles, even each other', () => {
    const products = [
      aProduct('outer', { includes: ['inner'] }),
      aProduct('inner', { includes: ['leaf', 'outer', 'no such product'] }),
      aProduct('leaf'),
    ]
    const held = access([product('outer')], { products })
    assert.deepEqual(productKeys(held), ['inner', 'leaf', 'outer'])
    assert.equal(held.products.get('product-leaf')?.viaBundle, 'product-outer')
    assert.equal(held.products.get('product-outer')?.viaBundle, null)
  })
})

describe('flag override (2.3, 2.8 step 6)', () => {
  const CASES: [title: string, grants: ReturnType<typeof aGrant>[], managed: boolean, override: boolean][] = [
    ['a manual role other than the rule gives', [role('member'), role('admin', byRule(1))], true, true],
    ['a manual role that the rule gives as well', [role('admin'), role('admin', byRule(1))], true, false],
    [
      'a manual role other than the connection default',
      [role('admin'), role('editor', { source: 'default' })],
      true,
      true,
    ],
    ['a manual role where a directory gives none', [role('admin')], true, true],
    ['manual member where a directory gives none', [role('member')], true, false],
    ['a manual role of a local user', [role('admin')], false, false],
    ['a manual product beside others', [product('meet'), product('assist', byRule(1))], true, false],
    ['an imported role', [role('editor', { source: 'import' }), role('admin', byRule(1))], true, false],
    ['an expired manual role', [role('member', { expiresAt: NOW }), role('admin', byRule(1))], true, false],
    [
      'a feature switched the other way',
      [product('meet', { features: { chat: false } }), product('meet', { ...byRule(1), features: { chat: true } })],
      true,
      true,
    ],
    [
      'a feature that no rule names',
      [
        product('meet', { features: { chat: false } }),
        product('meet', { ...byRule(1), features: { recording: true } }),
      ],
      true,
      false,
    ],
    [
      'a feature as the first rule has it, whatever the second says',
      [
        product('meet', { features: { chat: false } }),
        product('meet', { ...byRule(1), features: { chat: false } }),
        product('meet', { ...byRule(2), features: { chat: true } }),
      ],
      true,
      false,
    ],
  ]
  for (const [title, grants, directoryManaged, override] of CASES)
    it(`${title}: ${override ? 'raised' : 'not raised'}`, () =>
      assert.equal(access(grants, { directoryManaged }).override, override))
})
