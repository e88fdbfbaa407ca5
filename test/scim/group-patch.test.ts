import assert from 'node:assert/strict'
import { atOnce } from '../../db/pace.js'
import { GROUP_URN } from '../../filter/schemas/group.js'
import type { ScimErrorCode, ScimType } from '../../scim/errors.js'
import { type GroupPatch, parseGroupPatch } from '../../scim/group-patch.js'
import { parsePatchOp } from '../../scim/patch-op.js'
import { recorded } from '../idp/recorded.js'
import { patchBody } from './bodies.js'
import { assertRefused } from './refusal.js'

const OWN_ID = '01920000-0000-7000-8000-00000000000a'
const planOf = (body: unknown): GroupPatch => atOnce(parseGroupPatch(atOnce(parsePatchOp(body)), { id: OWN_ID }))
const plan = (...operations: unknown[]): GroupPatch => planOf(patchBody(...operations))

type Row = [title: string, operation: Record<string, unknown>, members: GroupPatch['members']]

const M1 = { $ref: null, value: 'M1' }

const ROWS: Row[] = [
  ['add a list', { op: 'Add', path: 'members', value: [M1, { value: 'M2' }] }, [{ kind: 'add', ids: ['M1', 'M2'] }]],
  ['add one object', { op: 'add', path: 'members', value: M1 }, [{ kind: 'add', ids: ['M1'] }]],
  ['add a bare id', { op: 'add', path: 'members', value: 'M1' }, [{ kind: 'add', ids: ['M1'] }]],
  ['add bare ids', { op: 'add', path: 'members', value: ['M1', 'M2'] }, [{ kind: 'add', ids: ['M1', 'M2'] }]],
  ['add doubles once', { op: 'add', path: 'members', value: [M1, M1] }, [{ kind: 'add', ids: ['M1'] }]],
  [
    'add with type, display and $ref, which say nothing',
    { op: 'add', path: 'members', value: [{ value: 'M1', type: 'User', display: 'x', $ref: '../Users/M1' }] },
    [{ kind: 'add', ids: ['M1'] }],
  ],
  ['add null', { op: 'add', path: 'members', value: null }, []],
  ['add []', { op: 'add', path: 'members', value: [] }, []],
  ['add with the URN', { op: 'add', path: `${GROUP_URN}:members`, value: [M1] }, [{ kind: 'add', ids: ['M1'] }]],
  [
    'remove a value list: only those (trap 4)',
    { op: 'Remove', path: 'members', value: [M1] },
    [{ kind: 'remove', ids: ['M1'] }],
  ],
  ['remove one object', { op: 'remove', path: 'members', value: M1 }, [{ kind: 'remove', ids: ['M1'] }]],
  ['remove []: nobody', { op: 'remove', path: 'members', value: [] }, []],
  ['remove without value', { op: 'remove', path: 'members' }, [{ kind: 'clear' }]],
  ['remove with null, which is no value', { op: 'remove', path: 'members', value: null }, [{ kind: 'clear' }]],
  ['remove by filter', { op: 'remove', path: 'members[value eq "M1"]' }, [{ kind: 'remove', ids: ['M1'] }]],
  [
    'remove by filter, as written',
    { op: 'remove', path: 'MEMBERS[Value EQ "mIxEd"]' },
    [{ kind: 'remove', ids: ['mIxEd'] }],
  ],
  [
    'remove by filter with or',
    { op: 'remove', path: 'members[value eq "M1" or (value eq "M2" or value eq "M1")]' },
    [{ kind: 'remove', ids: ['M1', 'M2'] }],
  ],
  [
    'remove by filter with type User',
    { op: 'remove', path: 'members[type eq "User" and value eq "M1"]' },
    [{ kind: 'remove', ids: ['M1'] }],
  ],
  ['replace', { op: 'replace', path: 'members', value: [M1] }, [{ kind: 'replace', ids: ['M1'] }]],
  ['replace with [] (check 144)', { op: 'replace', path: 'members', value: [] }, [{ kind: 'clear' }]],
  ['replace with null (check 144)', { op: 'replace', path: 'members', value: null }, [{ kind: 'clear' }]],
  ['replace without path', { op: 'replace', value: { members: [M1] } }, [{ kind: 'replace', ids: ['M1'] }]],
  ['add without path', { op: 'add', value: { Members: [M1] } }, [{ kind: 'add', ids: ['M1'] }]],
  [
    'add under the URN of the schema',
    { op: 'add', value: { [GROUP_URN]: { members: [M1] } } },
    [{ kind: 'add', ids: ['M1'] }],
  ],
  ['unknown extensions', { op: 'add', path: 'urn:contoso:2.0:Group:owner', value: 'x' }, []],
  [
    'schemas, meta and its own id in an object',
    { op: 'replace', value: { schemas: [GROUP_URN], meta: {}, id: OWN_ID } },
    [],
  ],
]

type Refused = [title: string, operation: Record<string, unknown>, code: ScimErrorCode, scimType: ScimType]

const REFUSED: Refused[] = [
  ['an unknown path (complaint 22)', { op: 'replace', path: 'member', value: [] }, 'patch_path', 'invalidPath'],
  ['an unknown key', { op: 'replace', value: { memberz: [] } }, 'patch_path', 'invalidPath'],
  [
    'an element without value',
    { op: 'replace', path: 'members', value: [{ id: 'M1' }] },
    'attr_missing',
    'invalidValue',
  ],
  [
    'an object without value',
    { op: 'replace', path: 'members', value: { add: ['M1'] } },
    'attr_missing',
    'invalidValue',
  ],
  ['empty text for a replace', { op: 'replace', path: 'members', value: '' }, 'attr_missing', 'invalidValue'],
  ['an empty id', { op: 'add', path: 'members', value: [{ value: '' }] }, 'attr_missing', 'invalidValue'],
  ['a number as id', { op: 'add', path: 'members', value: [{ value: 7 }] }, 'attr_type', 'invalidValue'],
  ['true as members', { op: 'replace', path: 'members', value: true }, 'attr_type', 'invalidValue'],
  ['U+0000 in an id', { op: 'add', path: 'members', value: ['a\0'] }, 'attr_type', 'invalidValue'],
  ['a long id', { op: 'add', path: 'members', value: ['x'.repeat(300)] }, 'attr_too_long', 'invalidValue'],
  [
    'a nested group (check 59)',
    { op: 'add', path: 'members', value: [{ value: 'G', type: 'Group' }] },
    'nested_group',
    'invalidValue',
  ],
  [
    'a filter that would need the members',
    { op: 'remove', path: 'members[display eq "x"]' },
    'patch_path',
    'invalidPath',
  ],
  ['a filter with not', { op: 'remove', path: 'members[not (value eq "M1")]' }, 'patch_path', 'invalidPath'],
  [
    'a filter with two ids at once',
    { op: 'remove', path: 'members[value eq "a" and value eq "b"]' },
    'patch_path',
    'invalidPath',
  ],
  ['a filter that names no id', { op: 'remove', path: 'members[type eq "User"]' }, 'patch_path', 'invalidPath'],
  ['a broken filter', { op: 'remove', path: 'members[value eq' }, 'patch_path', 'invalidPath'],
  [
    'a change inside a member (check 56)',
    { op: 'replace', path: 'members[value eq "M1"].value', value: 'M2' },
    'mutability',
    'mutability',
  ],
  [
    'a change of a member by filter',
    { op: 'replace', path: 'members[value eq "M1"]', value: { value: 'M2' } },
    'mutability',
    'mutability',
  ],
  ['a change of the ids', { op: 'replace', path: 'members.value', value: 'M2' }, 'mutability', 'mutability'],
  ['a remove of displayName', { op: 'remove', path: 'displayName' }, 'mutability', 'mutability'],
  ['displayName null', { op: 'replace', path: 'displayName', value: null }, 'mutability', 'mutability'],
  ['displayName ""', { op: 'replace', value: { displayName: '' } }, 'mutability', 'mutability'],
  ['displayName of spaces', { op: 'replace', path: 'displayName', value: '  ' }, 'attr_missing', 'invalidValue'],
  ['a number as displayName', { op: 'replace', path: 'displayName', value: 1 }, 'attr_type', 'invalidValue'],
  [
    'a long displayName',
    { op: 'replace', path: 'displayName', value: 'x'.repeat(257) },
    'attr_too_long',
    'invalidValue',
  ],
  ['another id', { op: 'replace', value: { id: 'other', displayName: 'N' } }, 'mutability', 'mutability'],
  ['meta by path', { op: 'replace', path: 'meta', value: {} }, 'mutability', 'mutability'],
]

describe('PATCH of groups as a plan', () => {
  for (const [title, operation, members] of ROWS) it(title, () => assert.deepEqual(plan(operation), { members }))

  for (const [title, operation, code, scimType] of REFUSED)
    it(`refuses ${title}: ${scimType}, with the index`, () =>
      assertRefused(
        () => plan({ op: 'add', path: 'members', value: [M1] }, operation),
        code,
        scimType,
        /^Operations\[1\]/,
      ))

  it('keeps the order and makes one step of neighbours of a kind', () => {
    const { members } = plan(
      { op: 'add', path: 'members', value: ['a'] },
      { op: 'add', path: 'members', value: ['b', 'a'] },
      { op: 'remove', path: 'members[value eq "c"]' },
      { op: 'remove', path: 'members', value: [{ value: 'd' }] },
      { op: 'add', path: 'members', value: ['e'] },
      { op: 'replace', path: 'members', value: ['f'] },
      { op: 'replace', path: 'members', value: ['g'] },
    )
    assert.deepEqual(members, [
      { kind: 'add', ids: ['a', 'b'] },
      { kind: 'remove', ids: ['c', 'd'] },
      { kind: 'add', ids: ['e'] },
      { kind: 'replace', ids: ['f'] },
      { kind: 'replace', ids: ['g'] },
    ])
  })

  it('reads the name and the externalId; the last word counts', () => {
    assert.deepEqual(
      plan(
        { op: 'replace', value: { displayName: 'A', externalId: 'x' } },
        { op: 'add', path: 'DisplayName', value: 'B' },
      ),
      {
        displayName: 'B',
        externalId: 'x',
        members: [],
      },
    )
    assert.deepEqual(plan({ op: 'add', path: 'displayName', value: null }), { members: [] })
  })

  it('takes the externalId away by remove, null and empty text, not by an add of null', () => {
    const cleared = { externalId: null, members: [] }
    assert.deepEqual(plan({ op: 'remove', path: 'externalId' }), cleared)
    assert.deepEqual(plan({ op: 'replace', path: 'externalId', value: null }), cleared)
    assert.deepEqual(plan({ op: 'replace', value: { externalId: '' } }), cleared)
    assert.deepEqual(plan({ op: 'add', path: 'externalId', value: null }), { members: [] })
  })

  it('takes ten thousand operations on members', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({ op: 'add', path: 'members', value: [{ value: `u${i}` }] }))
    const [step] = plan(...many).members
    assert.equal(step?.kind === 'add' && step.ids.length, 10_000)
  })

  const bodies: [string, GroupPatch][] = [
    ['entra/patch-group-add-members', { members: [{ kind: 'add', ids: ['M1', 'M2'] }] }],
    ['entra/patch-group-remove-value-list', { members: [{ kind: 'remove', ids: ['M1'] }] }],
    ['entra/patch-group-remove-filter', { members: [{ kind: 'remove', ids: ['M1'] }] }],
    ['okta/patch-group-rename', { displayName: 'Sales EMEA', members: [] }],
    [
      'okta/patch-group-members',
      {
        members: [
          { kind: 'remove', ids: ['M1'] },
          { kind: 'add', ids: ['M2', 'M3'] },
        ],
      },
    ],
    ['okta/patch-group-full-push', { members: [{ kind: 'replace', ids: ['M1', 'M2'] }] }],
  ]
  for (const [name, expected] of bodies) it(`reads ${name}`, () => assert.deepEqual(planOf(recorded(name)), expected))
})
