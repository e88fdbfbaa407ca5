import assert from 'node:assert/strict'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import type { ScimErrorCode, ScimType } from '../../scim/errors.js'
import { aDocument, patched } from './bodies.js'
import { assertRefused } from './refusal.js'

type Attributes = Record<string, unknown>
type Row = [title: string, before: Attributes, operation: Attributes, after: Attributes]

const work = { value: 'w@x', type: 'work' }
const home = { value: 'h@x', type: 'home' }
const manager = (value: unknown) => ({ [ENTERPRISE_URN]: { manager: value } })
const managerPath = `${ENTERPRISE_URN}:manager`

/** The PATCH semantics table of the product, row by row: what the user has before, one operation, what she has then. */
const ROWS: Row[] = [
  ['add | single | found: overwrite', { title: 'A' }, { op: 'add', path: 'title', value: 'B' }, { title: 'B' }],
  ['add | single | not found: set', {}, { op: 'add', path: 'title', value: 'B' }, { title: 'B' }],
  ['add | single | equal: no change', { title: 'A' }, { op: 'add', path: 'title', value: 'A' }, { title: 'A' }],
  ['add | single | null: no change', { title: 'A' }, { op: 'add', path: 'title', value: null }, { title: 'A' }],
  ['add | single | []: no change', { title: 'A' }, { op: 'add', path: 'title', value: [] }, { title: 'A' }],
  ['add | manager | "": clear', manager('m'), { op: 'add', path: managerPath, value: '' }, {}],
  [
    'add | manager | null: no change',
    manager('m'),
    { op: 'add', path: managerPath, value: null },
    manager({ value: 'm' }),
  ],
  [
    'add | complex: merge (check 132)',
    { name: { givenName: 'A', familyName: 'F' } },
    { op: 'add', path: 'name', value: { givenName: 'B' } },
    { name: { givenName: 'B', familyName: 'F' } },
  ],
  [
    'add | complex | null inside: no change',
    { name: { givenName: 'A' } },
    { op: 'add', path: 'name', value: { givenName: null } },
    { name: { givenName: 'A' } },
  ],
  [
    'add | multi | found: append',
    { emails: [work] },
    { op: 'add', path: 'emails', value: [home] },
    { emails: [work, home] },
  ],
  [
    'add | multi | found: no doubles',
    { emails: [work] },
    { op: 'add', path: 'emails', value: [work, home, home] },
    { emails: [work, home] },
  ],
  [
    'add | multi | one object is a list of one',
    { emails: [work] },
    { op: 'add', path: 'emails', value: home },
    { emails: [work, home] },
  ],
  ['add | multi | not found: create list', {}, { op: 'add', path: 'emails', value: [home] }, { emails: [home] }],
  ['add | multi | null: no change', { emails: [work] }, { op: 'add', path: 'emails', value: null }, { emails: [work] }],
  ['add | multi | "": no change', { emails: [work] }, { op: 'add', path: 'emails', value: '' }, { emails: [work] }],
  ['add | multi | []: no change', { emails: [work] }, { op: 'add', path: 'emails', value: [] }, { emails: [work] }],
  [
    'add | filter, sub | found: set on each match',
    { emails: [work, { ...work, value: 'v@x' }, home] },
    { op: 'add', path: 'emails[type eq "work"].display', value: 'D' },
    { emails: [{ ...work, display: 'D' }, { ...work, value: 'v@x', display: 'D' }, home] },
  ],
  [
    'add | filter, sub | not found: create from eq',
    { emails: [home] },
    { op: 'add', path: 'emails[type eq "work"].value', value: 'n@x' },
    { emails: [home, { value: 'n@x', type: 'work' }] },
  ],
  [
    'add | filter, sub | null: no change',
    { emails: [work] },
    { op: 'add', path: 'emails[type eq "work"].value', value: null },
    { emails: [work] },
  ],
  [
    'add | filter, sub | not found, null: no change',
    {},
    { op: 'add', path: 'emails[type eq "work"].value', value: null },
    {},
  ],
  [
    'add | filter, whole element: merge',
    { emails: [work, home] },
    { op: 'add', path: 'emails[type eq "work"]', value: { display: 'D' } },
    { emails: [{ ...work, display: 'D' }, home] },
  ],
  ['replace | single | found: overwrite', { title: 'A' }, { op: 'replace', path: 'title', value: 'B' }, { title: 'B' }],
  ['replace | single | not found: set', {}, { op: 'replace', path: 'title', value: 'B' }, { title: 'B' }],
  ['replace | single | null: clear', { title: 'A' }, { op: 'replace', path: 'title', value: null }, {}],
  ['replace | single | "": clear', { title: 'A' }, { op: 'replace', path: 'title', value: '' }, {}],
  ['replace | single | []: clear', { title: 'A' }, { op: 'replace', path: 'title', value: [] }, {}],
  [
    'replace | multi | found: whole list',
    { emails: [work] },
    { op: 'replace', path: 'emails', value: [home] },
    { emails: [home] },
  ],
  ['replace | multi | not found: set', {}, { op: 'replace', path: 'emails', value: [home] }, { emails: [home] }],
  ['replace | multi | null: clear', { emails: [work] }, { op: 'replace', path: 'emails', value: null }, {}],
  ['replace | multi | "": clear', { emails: [work] }, { op: 'replace', path: 'emails', value: '' }, {}],
  ['replace | multi | []: clear', { emails: [work] }, { op: 'replace', path: 'emails', value: [] }, {}],
  [
    'replace | filter, whole element | found: the value in its place (RFC 7644 §3.5.2.3)',
    { addresses: [{ type: 'work', streetAddress: '1 Old St', locality: 'Old', region: 'OR', postalCode: '1' }] },
    { op: 'replace', path: 'addresses[type eq "work"]', value: { streetAddress: '2 New Rd', locality: 'New' } },
    { addresses: [{ streetAddress: '2 New Rd', locality: 'New', type: 'work' }] },
  ],
  [
    'replace | filter, whole element | found: primary stays, unless it is said',
    { emails: [{ ...work, display: 'W', primary: true }, home] },
    { op: 'replace', path: 'emails[type eq "work"]', value: { value: 'n@x' } },
    { emails: [{ value: 'n@x', type: 'work', primary: true }, home] },
  ],
  [
    'add | filter, whole element | found: merge',
    { emails: [{ ...work, display: 'W' }, home] },
    { op: 'add', path: 'emails[type eq "work"]', value: { value: 'n@x' } },
    { emails: [{ value: 'n@x', type: 'work', display: 'W' }, home] },
  ],
  [
    'replace without path | active null: no change, as in a PUT',
    { active: true, title: 'A' },
    { op: 'replace', value: { active: null, title: 'B' } },
    { active: true, title: 'B' },
  ],
  [
    'schemas by path: no change',
    { title: 'A' },
    { op: 'add', path: 'schemas', value: [ENTERPRISE_URN] },
    { title: 'A' },
  ],
  [
    'an extension has no such attribute | in its object: passed over, as in a POST',
    {},
    { op: 'replace', path: ENTERPRISE_URN, value: { foo: 1, department: 'D' } },
    { [ENTERPRISE_URN]: { department: 'D' } },
  ],
  [
    'an extension has no such attribute | as key of a value without path: passed over',
    { title: 'A' },
    { op: 'replace', value: { [`${ENTERPRISE_URN}:foo`]: 1, title: 'B' } },
    { title: 'B' },
  ],
  [
    'replace | filter, sub | found: set on each match',
    { emails: [work, home] },
    { op: 'replace', path: 'emails[type eq "work"].value', value: 'n@x' },
    { emails: [{ ...work, value: 'n@x' }, home] },
  ],
  [
    'replace | filter, sub | not found: create from eq',
    { emails: [home] },
    { op: 'replace', path: 'emails[type eq "work" and primary eq true].value', value: 'n@x' },
    { emails: [home, { value: 'n@x', type: 'work', primary: true }] },
  ],
  [
    'replace | filter, sub | null: remove the sub-attribute',
    { emails: [{ ...work, display: 'D' }, home] },
    { op: 'replace', path: 'emails[type eq "work"].display', value: null },
    { emails: [work, home] },
  ],
  [
    'replace | filter, sub | "": remove the sub-attribute',
    { emails: [{ ...work, display: 'D' }] },
    { op: 'replace', path: 'emails[type eq "work"].display', value: '' },
    { emails: [work] },
  ],
  [
    'replace | filter, whole element | null: remove matches',
    { emails: [work, home] },
    { op: 'replace', path: 'emails[type eq "work"]', value: null },
    { emails: [home] },
  ],
  [
    'replace | complex | found: merge (check 138)',
    { name: { givenName: 'A', familyName: 'F' } },
    { op: 'replace', path: 'name', value: { givenName: 'B' } },
    { name: { givenName: 'B', familyName: 'F' } },
  ],
  [
    'replace | complex | null inside: clear that one',
    { name: { givenName: 'A', familyName: 'F' } },
    { op: 'replace', path: 'name', value: { givenName: null } },
    { name: { familyName: 'F' } },
  ],
  [
    'replace | complex | not found: set',
    {},
    { op: 'replace', path: 'name', value: { givenName: 'B' } },
    { name: { givenName: 'B' } },
  ],
  ['replace | complex | null: clear', { name: { givenName: 'A' } }, { op: 'replace', path: 'name', value: null }, {}],
  [
    'replace | complex | nothing known inside: no change',
    { name: { givenName: 'A' } },
    { op: 'replace', path: 'name', value: { nick: 'x' } },
    { name: { givenName: 'A' } },
  ],
  [
    'replace | sub of complex',
    { name: { givenName: 'A', familyName: 'F' } },
    { op: 'replace', path: 'name.givenName', value: 'B' },
    { name: { givenName: 'B', familyName: 'F' } },
  ],
  [
    'replace | none, object: each key is a path',
    { title: 'A', name: { givenName: 'A' }, emails: [work] },
    {
      op: 'replace',
      value: {
        title: 'B',
        'name.familyName': 'F',
        'emails[type eq "home"].value': 'h@x',
        [`${ENTERPRISE_URN}:department`]: 'D',
      },
    },
    {
      title: 'B',
      name: { givenName: 'A', familyName: 'F' },
      emails: [work, home],
      [ENTERPRISE_URN]: { department: 'D' },
    },
  ],
  [
    'replace | none, object | null: per key',
    { title: 'A', nickName: 'N' },
    { op: 'replace', value: { title: null } },
    { nickName: 'N' },
  ],
  [
    'add | none, object (check 133)',
    { title: 'A', emails: [work] },
    { op: 'add', value: { title: 'B', emails: [home] } },
    { title: 'B', emails: [work, home] },
  ],
  ['remove | single: clear', { title: 'A' }, { op: 'remove', path: 'title' }, {}],
  ['remove | single | not found: no change (check 137)', {}, { op: 'remove', path: 'title' }, {}],
  [
    'remove | sub of complex',
    { name: { givenName: 'A', familyName: 'F' } },
    { op: 'remove', path: 'name.givenName' },
    { name: { familyName: 'F' } },
  ],
  [
    'remove | last sub of complex: unassigned',
    { name: { givenName: 'A' } },
    { op: 'remove', path: 'name.givenName' },
    {},
  ],
  ['remove | multi, no value: clear all', { emails: [work, home] }, { op: 'remove', path: 'emails' }, {}],
  [
    'remove | multi, null is no value: clear all',
    { emails: [work, home] },
    { op: 'remove', path: 'emails', value: null },
    {},
  ],
  [
    'remove | multi + value list: only those',
    { emails: [work, home] },
    { op: 'remove', path: 'emails', value: [{ value: 'W@X' }] },
    { emails: [home] },
  ],
  [
    'remove | multi + value list: by type too',
    { emails: [work, { value: 'w@x', type: 'home' }] },
    { op: 'remove', path: 'emails', value: [{ value: 'w@x', type: 'home', display: null }] },
    { emails: [work] },
  ],
  [
    'remove | multi + value list: bare text',
    { emails: [work, home] },
    { op: 'remove', path: 'emails', value: ['h@x'] },
    { emails: [work] },
  ],
  [
    'remove | multi + value list | not found: no change',
    { emails: [work] },
    { op: 'remove', path: 'emails', value: [{ value: 'zzz' }] },
    { emails: [work] },
  ],
  [
    'remove | multi + value list | []: no change',
    { emails: [work] },
    { op: 'remove', path: 'emails', value: [] },
    { emails: [work] },
  ],
  [
    'remove | multi + value list of addresses',
    { addresses: [{ locality: 'X' }, { locality: 'Y' }] },
    { op: 'remove', path: 'addresses', value: [{ locality: 'X' }] },
    { addresses: [{ locality: 'Y' }] },
  ],
  [
    'remove | filter: only matches',
    { emails: [work, home] },
    { op: 'remove', path: 'emails[type eq "work"]' },
    { emails: [home] },
  ],
  [
    'remove | filter: when the last goes, unassigned (check 136)',
    { emails: [work] },
    { op: 'remove', path: 'emails[type eq "work"]' },
    {},
  ],
  [
    'remove | filter | not found: no change',
    { emails: [home] },
    { op: 'remove', path: 'emails[type eq "work"]' },
    { emails: [home] },
  ],
  [
    'remove | filter, sub: only that',
    { emails: [{ ...work, display: 'D' }, home] },
    { op: 'remove', path: 'emails[type eq "work"].display' },
    { emails: [work, home] },
  ],
  [
    'remove | filter, value: a type alone is no value',
    { emails: [{ ...work, primary: true }, home] },
    { op: 'remove', path: 'emails[type eq "work"].value' },
    { emails: [home] },
  ],
  [
    'remove | sub of every value',
    {
      emails: [
        { ...work, display: 'D' },
        { ...home, display: 'H' },
      ],
    },
    { op: 'remove', path: 'emails.display' },
    { emails: [work, home] },
  ],
  [
    'replace | sub of the only value',
    { emails: [work] },
    { op: 'replace', path: 'emails.value', value: 'n@x' },
    { emails: [{ ...work, value: 'n@x' }] },
  ],
  [
    'add | sub where there is no value',
    {},
    { op: 'add', path: 'emails.value', value: 'n@x' },
    { emails: [{ value: 'n@x' }] },
  ],
]

type Refused = [title: string, operation: Attributes, code: ScimErrorCode, scimType: ScimType, detail: RegExp]

const REFUSED: Refused[] = [
  ['remove | none', { op: 'remove' }, 'patch_no_target', 'noTarget', /path/],
  [
    'remove | required (check 135)',
    { op: 'remove', path: 'userName' },
    'mutability',
    'mutability',
    /\(userName\): userName cannot be removed/,
  ],
  [
    'replace | required | null',
    { op: 'replace', path: 'userName', value: null },
    'mutability',
    'mutability',
    /userName/,
  ],
  ['replace | required | ""', { op: 'replace', path: 'userName', value: '' }, 'mutability', 'mutability', /userName/],
  [
    'add | required | only space',
    { op: 'add', path: 'userName', value: ' ' },
    'attr_missing',
    'invalidValue',
    /\(userName\): Attribute userName is required/,
  ],
  [
    'replace without path | required | null',
    { op: 'replace', value: { userName: null } },
    'mutability',
    'mutability',
    /userName/,
  ],
  ['remove active', { op: 'remove', path: 'active' }, 'mutability', 'mutability', /active/],
  ['replace active | null', { op: 'replace', path: 'active', value: null }, 'mutability', 'mutability', /active/],
  ['readOnly by path (check 141)', { op: 'replace', path: 'groups', value: [] }, 'mutability', 'mutability', /groups/],
  ['readOnly by filter path', { op: 'remove', path: 'groups[value eq "g"]' }, 'mutability', 'mutability', /groups/],
  [
    'readOnly sub-attribute',
    { op: 'replace', path: `${managerPath}.displayName`, value: 'B' },
    'mutability',
    'mutability',
    /manager\.displayName/,
  ],
  ['meta', { op: 'replace', path: 'meta.version', value: 'x' }, 'mutability', 'mutability', /meta/],
  ['another id', { op: 'replace', path: 'id', value: 'other' }, 'mutability', 'mutability', /id/],
  ['another id without path', { op: 'replace', value: { id: 'other' } }, 'mutability', 'mutability', /id/],
  [
    'replace | filter without match, not plain eq (check 139)',
    { op: 'replace', path: 'emails[type eq "fax" or type eq "other"].value', value: 'x' },
    'patch_no_target',
    'noTarget',
    /No value matches \[type eq "fax" or type eq "other"\]/,
  ],
  [
    'add | filter without match, not plain eq',
    { op: 'add', path: 'emails[type sw "fax"].value', value: 'x' },
    'patch_no_target',
    'noTarget',
    /No value matches/,
  ],
  [
    'add | filter that nothing can match',
    { op: 'add', path: 'emails[type eq "a" and type eq "b"].value', value: 'x' },
    'patch_no_target',
    'noTarget',
    /No value matches/,
  ],
  [
    'replace | filter on the manager that does not match',
    { op: 'replace', path: 'manager[value eq "zzz"].value', value: 'x' },
    'patch_no_target',
    'noTarget',
    /No value/,
  ],
  [
    'bad path syntax (check 140)',
    { op: 'replace', path: 'emails[type eq "work"', value: 'x' },
    'patch_path',
    'invalidPath',
    /position/,
  ],
  ['a bad comparison in a path', { op: 'remove', path: 'emails[primary gt true]' }, 'patch_path', 'invalidPath', /./],
  [
    'an unknown attribute, with the nearest known one',
    { op: 'replace', path: 'dispalyName', value: 'x' },
    'patch_path',
    'invalidPath',
    /Operations\[0\] \(dispalyName\): The path is not known\. The nearest known path is displayName\./,
  ],
  [
    'an unknown sub-attribute',
    { op: 'replace', path: 'name.nick', value: 'x' },
    'patch_path',
    'invalidPath',
    /not known/,
  ],
  [
    'an unknown attribute in a filter',
    { op: 'remove', path: 'emails[foo eq "x"]' },
    'patch_path',
    'invalidPath',
    /not known/,
  ],
  [
    'an unknown attribute of a known extension',
    { op: 'add', path: `${ENTERPRISE_URN}:shoeSize`, value: 1 },
    'patch_path',
    'invalidPath',
    /not known/,
  ],
  [
    'an unknown key without path',
    { op: 'replace', value: { title: 'x', shoeSize: 43 } },
    'patch_path',
    'invalidPath',
    /Operations\[0\] \(shoeSize\)/,
  ],
  [
    'a wrong type (check 143)',
    { op: 'replace', path: 'active', value: 'perhaps' },
    'attr_type',
    'invalidValue',
    /\(active\): active must be true or false, got "perhaps"/,
  ],
  [
    'a wrong type behind a filter',
    { op: 'add', path: 'emails[type eq "work"].value', value: 5 },
    'attr_type',
    'invalidValue',
    /emails\.value must be text/,
  ],
  [
    'text in place of an element',
    { op: 'add', path: 'emails[type eq "work"]', value: 'a@x' },
    'attr_type',
    'invalidValue',
    /emails must be an object/,
  ],
  [
    'text in place of a list',
    { op: 'replace', path: 'emails', value: 'a@x' },
    'attr_type',
    'invalidValue',
    /emails must be an object/,
  ],
  [
    'a value without path that is no object',
    { op: 'replace', value: 'x' },
    'attr_type',
    'invalidValue',
    /object of attributes/,
  ],
  [
    'a replace of which nothing is known, which would empty the list',
    { op: 'replace', path: 'emails', value: [{ mail: 'a@x' }] },
    'attr_type',
    'invalidValue',
    /nothing that is known/,
  ],
  [
    'a remove of which nothing is known, which would empty the list',
    { op: 'remove', path: 'emails', value: [{ mail: 'a@x' }] },
    'attr_type',
    'invalidValue',
    /nothing that is known/,
  ],
  [
    'a sub-attribute of several values',
    { op: 'replace', path: 'emails.value', value: 'x' },
    'patch_path',
    'invalidPath',
    /several values/,
  ],
  [
    'two primary values in one operation',
    {
      op: 'add',
      path: 'emails',
      value: [
        { value: '1', primary: true },
        { value: '2', primary: true },
      ],
    },
    'attr_primary',
    'invalidValue',
    /emails/,
  ],
  [
    'primary true on several matches',
    { op: 'replace', path: 'emails[value ew "x"].primary', value: true },
    'attr_primary',
    'invalidValue',
    /emails/,
  ],
  [
    'a long value',
    { op: 'add', path: 'displayName', value: 'x'.repeat(257) },
    'attr_too_long',
    'invalidValue',
    /displayName has 257 characters/,
  ],
]

describe('the PATCH semantics table', () => {
  for (const [title, before, operation, after] of ROWS)
    it(title, () => {
      const expected = aDocument(after)
      const result = patched(aDocument(before), operation)
      assert.deepEqual(result, expected)
      assert.equal(JSON.stringify(result), JSON.stringify(expected))
    })

  for (const [title, operation, code, scimType, detail] of REFUSED)
    it(`refuses ${title}: ${scimType}`, () => {
      const before = aDocument({ emails: [work, home], ...manager('m') })
      assertRefused(() => patched(before, operation), code, scimType, detail)
    })
})
