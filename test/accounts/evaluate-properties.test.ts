import assert from 'node:assert/strict'
import fc from 'fast-check'
import { evaluate, grantFromDesired } from '../../accounts/evaluate.js'
import { diffGrants } from '../../accounts/evaluate-diff.js'
import type { DesiredGrant, Effects, Grant, GrantChanges, Person, RoleRef } from '../../accounts/evaluate-types.js'
import { SOURCES_BY_STRENGTH, SYNC_SOURCES } from '../../accounts/evaluate-types.js'
import { compareRoles } from '../../accounts/roles.js'
import { access, aPerson, aPolicy, aRule, PRODUCTS, ROLES } from './a-policy.js'

const GROUPS = ['Sales', 'Support', 'IT', 'Legal', 'Ops']
const group = fc.constantFrom(...GROUPS)
const roleKey = fc.constantFrom(...ROLES.map(({ key }) => key))
const productKey = fc.constantFrom(...PRODUCTS.map(({ key }) => key))
const features = fc.dictionary(fc.constantFrom('chat', 'recording', 'remote'), fc.boolean(), { noNullPrototype: true })

const condition = fc.oneof(
  fc.constant(null),
  group.map((name) => `groups.display eq "${name}"`),
  group.map((name) => `not (groups.value eq "group-${name}")`),
  fc.tuple(group, group).map(([a, b]) => `groups.display eq "${a}" and groups.display eq "${b}"`),
  fc.constant('groups[display sw "s"] or title pr'),
)
const productEffect = fc.record({ key: productKey, features })
const effects: fc.Arbitrary<Effects> = fc.record(
  { role: roleKey, products: fc.array(productEffect, { maxLength: 3 }) },
  { requiredKeys: [] },
)
const rules = fc
  .array(fc.tuple(condition, effects, fc.boolean()), { maxLength: 9 })
  .map((made) => made.map(([text, given, enabled], index) => aRule(index + 1, text, given, { enabled })))
const switches = fc.record({
  acceptDirectRoles: fc.boolean(),
  acceptDirectEntitlements: fc.boolean(),
  directoryMayGrantSuperAdmin: fc.boolean(),
  defaults: effects,
})
const named = (key: fc.Arbitrary<string>) =>
  fc.array(fc.record({ value: fc.oneof(key, fc.string({ maxLength: 3 })), primary: fc.boolean() }), { maxLength: 4 })
const person: fc.Arbitrary<Person> = fc
  .tuple(fc.uniqueArray(group), named(roleKey), named(productKey), fc.boolean())
  .map(([groups, roles, entitlements, active]) => aPerson(groups, { roles, entitlements, active }))
const situation = fc.tuple(rules, switches, person)

const grant: fc.Arbitrary<Grant> = fc
  .record({
    what: fc.oneof(
      fc.record({ kind: fc.constant('role' as const), value: roleKey.map((key) => `role-${key}`) }),
      fc.record({ kind: fc.constant('product' as const), value: productKey.map((key) => `product-${key}`) }),
    ),
    source: fc.constantFrom(...SOURCES_BY_STRENGTH),
    sourceId: fc.constantFrom('', 'rule-1', 'rule-2', 'admin'),
    effect: fc.constantFrom('allow' as const, 'deny' as const),
    features,
    expiresAt: fc.constantFrom(null, 0, Number.MAX_SAFE_INTEGER),
  })
  .map(({ what, ...rest }) => ({ ...what, ...rest, reason: null }))
  // Sync writes grants that allow and have no end.
  .map((made) => (isSync(made) ? { ...made, effect: 'allow' as const, expiresAt: null } : made))
const storedGrants = fc.uniqueArray(grant, { selector: keyOf, maxLength: 12 })

function isSync({ source }: Pick<Grant, 'source'>): boolean {
  return (SYNC_SOURCES as readonly string[]).includes(source)
}

function keyOf({ kind, value, source, sourceId }: Pick<Grant, 'kind' | 'value' | 'source' | 'sourceId'>): string {
  return [kind, value, source, sourceId].join('|')
}

function sortedByKey<T extends DesiredGrant | Grant>(grants: readonly T[]): T[] {
  return [...grants].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** What the table of grants holds afterwards. */
function apply(stored: readonly Grant[], { add, remove, update }: GrantChanges): Grant[] {
  const gone = new Set([...remove, ...update.map(({ before }) => before)])
  const written = [...add, ...update.map(({ after }) => after)].map(grantFromDesired)
  return [...stored.filter((one) => !gone.has(one)), ...written]
}

describe('evaluation, whatever the situation', () => {
  it('gives the same to the same person, in whatever order groups and rules come', () => {
    fc.assert(
      fc.property(situation, ([made, given, who]) => {
        const once = evaluate(aPolicy(made, given), who)
        assert.deepEqual(evaluate(aPolicy(made, given), who), once)
        const turned = { ...who, groups: who.groups.toReversed() }
        assert.deepEqual(evaluate(aPolicy(made.toReversed(), given), turned), once)
      }),
    )
  })

  it('does not look at active', () => {
    fc.assert(
      fc.property(situation, ([made, given, who]) => {
        const policy = aPolicy(made, given)
        const both = [true, false].map((active) => evaluate(policy, { ...who, document: { ...who.document, active } }))
        assert.deepEqual(both[0], both[1])
      }),
    )
  })

  it('wants each grant once, one role at most, and super_admin only with the switch', () => {
    fc.assert(
      fc.property(situation, ([made, given, who]) => {
        const { grants } = evaluate(aPolicy(made, given), who)
        assert.equal(new Set(grants.map(keyOf)).size, grants.length)
        const roles = grants.filter(({ kind }) => kind === 'role')
        assert.ok(roles.length <= 1)
        if (!given.directoryMayGrantSuperAdmin) assert.ok(roles.every(({ value }) => value !== 'role-super_admin'))
      }),
    )
  })

  it('is not moved by the order of direct roles, and takes the highest where none is primary (trap 14)', () => {
    fc.assert(
      fc.property(fc.uniqueArray(roleKey, { minLength: 1 }), (keys) => {
        const policy = aPolicy([], { acceptDirectRoles: true, directoryMayGrantSuperAdmin: true })
        const grantOf = (order: string[]) =>
          evaluate(policy, aPerson([], { roles: order.map((value) => ({ value })) })).grants[0]?.value
        const highest = ROLES.filter(({ key }) => keys.includes(key)).sort(compareRoles)[0] as RoleRef
        assert.equal(grantOf(keys), highest.id)
        assert.equal(grantOf(keys.toReversed()), highest.id)
      }),
    )
  })
})

describe('applying the difference, whatever was stored', () => {
  it('leaves exactly the desired grants of sync, and every other grant as it was', () => {
    fc.assert(
      fc.property(situation, storedGrants, ([made, given, who], stored) => {
        const desired = evaluate(aPolicy(made, given), who).grants
        const after = apply(stored, diffGrants(stored, desired))
        assert.deepEqual(sortedByKey(after.filter(isSync)), sortedByKey(desired.map(grantFromDesired)))
        assert.deepEqual(
          after.filter((one) => !isSync(one)),
          stored.filter((one) => !isSync(one)),
        )
      }),
    )
  })

  it('has nothing left to do the second time', () => {
    fc.assert(
      fc.property(situation, storedGrants, ([made, given, who], stored) => {
        const desired = evaluate(aPolicy(made, given), who).grants
        const after = apply(stored, diffGrants(stored, desired))
        assert.deepEqual(diffGrants(after, desired), { add: [], remove: [], update: [] })
      }),
    )
  })
})

describe('effective access, whatever the grants', () => {
  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(storedGrants, (stored) => {
        assert.deepEqual(access(stored.toReversed()), access(stored))
      }),
    )
  })

  it('never includes what a live deny withholds', () => {
    fc.assert(
      fc.property(storedGrants, (stored) => {
        const { products } = access(stored)
        for (const { kind, value, effect, expiresAt } of stored)
          if (kind === 'product' && effect === 'deny' && expiresAt !== 0) assert.equal(products.has(value), false)
      }),
    )
  })

  it('changes nothing for a manual role when sync changes its mind', () => {
    fc.assert(
      fc.property(roleKey, situation, (key, [made, given, who]) => {
        const manual: Grant = {
          kind: 'role',
          value: `role-${key}`,
          source: 'manual',
          sourceId: '',
          effect: 'allow',
          features: {},
          reason: 'test',
          expiresAt: null,
        }
        const held = access([manual, ...evaluate(aPolicy(made, given), who).grants.map(grantFromDesired)])
        assert.equal(held.role.key, key)
        assert.equal(held.role.source, 'manual')
      }),
    )
  })
})
