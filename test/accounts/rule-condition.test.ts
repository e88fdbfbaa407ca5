import assert from 'node:assert/strict'
import {
  compileCondition,
  conditionUsesGroups,
  groupsNamedBy,
  type NamedGroups,
  resourceForConditions,
} from '../../accounts/rule-condition.js'
import { FilterError } from '../../filter/errors.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { aPerson } from './a-policy.js'

const ADA = aPerson(['Sales', 'Straße'], {
  title: 'Head of Sales',
  userName: 'Ada@Example.com',
  externalId: 'A1',
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  roles: [{ value: 'Editor' }],
  entitlements: [{ value: 'meet' }],
  [ENTERPRISE_URN]: { department: 'EMEA North', manager: { value: 'boss-1' } },
})

describe('rule conditions (2.8)', () => {
  const CASES: [condition: string | null, matches: boolean][] = [
    [null, true],
    ['', true],
    ['  \n', true],
    ['groups.display eq "sales"', true],
    ['groups.value eq "group-Sales"', true],
    ['groups.value eq "GROUP-SALES"', false],
    ['groups eq "group-Sales"', true],
    ['groups[display eq "Sales" and value eq "group-Sales"]', true],
    ['groups[display eq "Sales" and value eq "group-Straße"]', false],
    ['groups pr', true],
    ['groups.display eq "Support"', false],
    [`groups.display eq "Sales" and ${ENTERPRISE_URN}:department sw "EMEA"`, true],
    [`${ENTERPRISE_URN}:manager.value eq "boss-1"`, true],
    ['department eq "emea north"', true],
    ['roles.value eq "editor"', true],
    ['entitlements.value eq "MEET"', true],
    ['emails[type eq "work"].value ew "@example.com"', true],
    ['userName eq "ADA@EXAMPLE.COM"', true],
    ['externalId eq "a1"', false],
    ['active eq true', true],
    ['not (groups.display eq "Sales")', false],
    ['title co "sales" or groups.display eq "Support"', true],
  ]
  for (const [condition, matches] of CASES)
    it(`${JSON.stringify(condition)} ${matches ? 'holds' : 'does not hold'}`, () => {
      assert.equal(compileCondition(condition, USER_SCHEMA).matches(resourceForConditions(ADA, USER_SCHEMA)), matches)
    })

  it('sees no groups of the document itself, only current memberships', () => {
    const person = aPerson([], { groups: [{ value: 'group-Sales', display: 'Sales' }] })
    assert.equal(compileCondition('groups pr', USER_SCHEMA).matches(resourceForConditions(person, USER_SCHEMA)), false)
  })

  const REFUSED: [condition: string, code: string][] = [
    ['title eq', 'filter_bad'],
    ['(title eq "x"', 'filter_bad'],
    ['salary gt 100', 'filter_attribute'],
    ['password eq "x"', 'filter_attribute'],
    ['active eq "perhaps"', 'filter_type'],
    ['id eq "1"', 'filter_attribute'],
    ['meta.created gt "2026-01-01T00:00:00Z"', 'filter_attribute'],
    ['manager.displayName eq "Bo"', 'filter_attribute'],
    ['groups.$ref pr', 'filter_attribute'],
    ['groups[type eq "direct"]', 'filter_attribute'],
  ]
  for (const [condition, code] of REFUSED)
    it(`${condition} is refused with ${code}`, () => {
      assert.throws(
        () => compileCondition(condition, USER_SCHEMA),
        (error) => error instanceof FilterError && error.code === code,
      )
    })
})

describe('groups that a condition names (2.8, broken rules)', () => {
  const none = { ids: [], displays: [] }
  const CASES: [condition: string | null, named: NamedGroups, usesGroups: boolean][] = [
    [null, none, false],
    ['title eq "x"', none, false],
    ['roles.value eq "G1"', none, false],
    ['groups.value eq "G1"', { ids: ['G1'], displays: [] }, true],
    ['groups eq "G1"', { ids: ['G1'], displays: [] }, true],
    ['groups.display eq "SALES É"', { ids: [], displays: ['sales é'] }, true],
    ['groups[value eq "G1" or display eq "Sales"]', { ids: ['G1'], displays: ['sales'] }, true],
    ['groups[display eq "Sales"].value eq "G1"', { ids: ['G1'], displays: ['sales'] }, true],
    ['not (groups.value eq "G1")', { ids: ['G1'], displays: [] }, true],
    ['groups[not (value eq "G1")]', { ids: ['G1'], displays: [] }, true],
    [
      'groups.value eq "G1" or (title pr and groups.value eq "G2") or groups.value eq "G1"',
      { ids: ['G1', 'G2'], displays: [] },
      true,
    ],
    ['groups.display sw "Sales"', none, true],
    ['groups.value ne "G1"', none, true],
    ['groups pr', none, true],
    ['groups[display pr]', none, true],
    ['groups.value eq null', none, true],
  ]
  for (const [condition, named, usesGroups] of CASES)
    it(`${JSON.stringify(condition)} names ${[...named.ids, ...named.displays].join(', ') || 'none'}`, () => {
      assert.deepEqual(groupsNamedBy(condition, USER_SCHEMA), named)
      assert.equal(conditionUsesGroups(condition, USER_SCHEMA), usesGroups)
    })
})

describe('compiled conditions', () => {
  it('are parsed once per text while in use, and forgotten when 2,000 others came since', () => {
    const [used, forgotten] = [
      compileCondition('title eq "used"', USER_SCHEMA),
      compileCondition('title eq "forgotten"', USER_SCHEMA),
    ]
    assert.equal(compileCondition('title eq "used"', USER_SCHEMA), used)
    for (let count = 0; count < 2_000; count++) {
      compileCondition(`title eq "${count}"`, USER_SCHEMA)
      if (count % 500 === 0) compileCondition('title eq "used"', USER_SCHEMA)
    }
    assert.equal(compileCondition('title eq "used"', USER_SCHEMA), used)
    assert.notEqual(compileCondition('title eq "forgotten"', USER_SCHEMA), forgotten)
  })
})
