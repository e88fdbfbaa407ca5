import assert from 'node:assert/strict'
import type { Document } from '../../filter/attribute.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { USER_URN } from '../../filter/schemas/user.js'
import { recorded } from '../idp/recorded.js'
import { aDocument, OWN_ID, patched, patchedBy } from './bodies.js'
import { assertRefused } from './refusal.js'

const managerPath = `${ENTERPRISE_URN}:manager`
const managerOf = (document: Document) => (document[ENTERPRISE_URN] as Document | undefined)?.manager

describe('PATCH of users as Entra sends it', () => {
  const known = () =>
    aDocument({
      title: 'T',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'h@x', type: 'home' }],
    })

  it('default dialect: capital ops, one path each, words for booleans, elements made on demand (traps 5 to 7)', () => {
    assert.deepEqual(patchedBy(known(), recorded('entra/patch-default-dialect')), {
      userName: 'ada@example.com',
      name: { familyName: 'King', givenName: 'Ada' },
      active: false,
      emails: [
        { value: 'h@x', type: 'home' },
        { value: 'ada@new.example', type: 'work' },
      ],
      phoneNumbers: [{ value: '+44 20 7946 0000', type: 'mobile' }],
      addresses: [{ streetAddress: '1 Main Street', locality: 'London', country: 'GB', type: 'work' }],
      [ENTERPRISE_URN]: { department: 'Engines' },
    })
  })

  it('aadOptscim062020: no path, dotted and URN keys (trap 9)', () => {
    assert.deepEqual(patchedBy(known(), recorded('entra/patch-aadoptscim-dialect')), {
      userName: 'ada@example.com',
      name: { familyName: 'King', givenName: 'Ada' },
      displayName: 'Ada King',
      title: 'T',
      active: false,
      emails: [
        { value: 'h@x', type: 'home' },
        { value: 'ada@new.example', type: 'work' },
      ],
      [ENTERPRISE_URN]: { employeeNumber: '42', department: 'Engines' },
    })
  })

  it('makes one address of three operations, also when one is there for home (trap 6)', () => {
    const document = aDocument({ addresses: [{ locality: 'Paris', type: 'home' }] })
    const add = (part: string, value: string) => ({ op: 'Add', path: `addresses[type eq "work"].${part}`, value })
    const { addresses } = patched(document, add('streetAddress', 'S'), add('locality', 'L'), add('country', 'GB'))
    assert.deepEqual(addresses, [
      { locality: 'Paris', type: 'home' },
      { streetAddress: 'S', locality: 'L', country: 'GB', type: 'work' },
    ])
  })

  for (const word of ['False', 'false', 'FALSE', false])
    it(`takes ${JSON.stringify(word)} as active false (trap 7, PRODUCT C1)`, () =>
      assert.equal(patched(known(), { op: 'Replace', path: 'active', value: word }).active, false))

  const managers: [string, unknown][] = [
    [managerPath, 'm'],
    [managerPath, { value: 'm' }],
    [managerPath, [{ $ref: 'http://x/m', value: 'm' }]],
    [managerPath, { $ref: 'https://usher.example/scim/v2/c/Users/m' }],
    [managerPath, { $ref: '../Users/m' }],
    ['manager', 'm'],
    ['MANAGER', { value: 'm', displayName: 'Boss' }],
    [`${managerPath}.value`, 'm'],
    ['manager.value', 'm'],
  ]
  for (const op of ['Add', 'Replace'])
    for (const [path, value] of managers)
      it(`${op} ${path} ${JSON.stringify(value)} ends as {value} (trap 10)`, () => {
        for (const document of [aDocument(), aDocument({ [ENTERPRISE_URN]: { manager: 'old' } })])
          assert.deepEqual(managerOf(patched(document, { op, path, value })), { value: 'm' })
      })

  it('reads the recorded manager', () =>
    assert.deepEqual(managerOf(patchedBy(aDocument(), recorded('entra/patch-manager'))), { value: '0190' }))

  const noManager: [string, Record<string, unknown>][] = [
    ['Replace with "" (trap 11)', { op: 'Replace', path: managerPath, value: '' }],
    ['Replace with null', { op: 'Replace', path: managerPath, value: null }],
    ['Replace with {value: ""}', { op: 'Replace', path: managerPath, value: { value: '' } }],
    ['Replace of value with ""', { op: 'Replace', path: `${managerPath}.value`, value: '' }],
    ['Remove of the path', { op: 'Remove', path: managerPath }],
    ['Remove of the short path', { op: 'Remove', path: 'manager' }],
    ['Remove by filter (scim-patch 453)', { op: 'Remove', path: 'manager[value eq "m"]' }],
    ['Remove of the value', { op: 'Remove', path: `${managerPath}.value` }],
  ]
  for (const [title, operation] of noManager)
    it(`${title} removes the manager, and the extension with it`, () =>
      assert.deepEqual(patched(aDocument({ [ENTERPRISE_URN]: { manager: 'm' } }), operation), aDocument()))

  it('keeps another manager than the one to be removed', () =>
    assert.deepEqual(
      managerOf(
        patched(aDocument({ [ENTERPRISE_URN]: { manager: 'm' } }), { op: 'Remove', path: 'manager[value eq "n"]' }),
      ),
      { value: 'm' },
    ))

  it('unwraps roles that are JSON text, and adding one twice makes no double (trap 12)', () => {
    const body = recorded('entra/patch-roles-json-text')
    const once = patchedBy(aDocument(), body)
    assert.deepEqual(once.roles, [{ value: 'admin', display: 'Admin' }])
    assert.deepEqual(patchedBy(once, body), once)
  })

  it('finds roles[primary eq "True"], or makes the one primary role (trap 13)', () => {
    const body = recorded('entra/patch-single-role')
    const admin = { value: 'admin', type: 'WindowsAzureActiveDirectoryRole', primary: true }
    assert.deepEqual(patchedBy(aDocument({ roles: [admin] }), body).roles, [{ ...admin, value: 'member' }])
    assert.deepEqual(patchedBy(aDocument(), body).roles, [{ value: 'member', primary: true }])
  })

  it('keeps every role that is added (trap 14)', () => {
    const add = (value: string) => ({ op: 'Add', path: 'roles', value: [{ value: JSON.stringify({ value }) }] })
    const { roles } = patched(aDocument(), add('admin'), add('member'))
    assert.deepEqual(roles, [{ value: 'admin' }, { value: 'member' }])
  })
})

describe('PATCH of users as Okta sends it', () => {
  it('deactivates without a path (trap 8)', () =>
    assert.equal(patchedBy(aDocument(), recorded('okta/patch-deactivate')).active, false))

  it('passes over id, groups, meta, schemas and password in a value without path (trap 20)', () => {
    const value = {
      schemas: [USER_URN],
      id: OWN_ID,
      groups: [],
      meta: { version: '1' },
      password: 'not-a-password',
      title: 'T',
    }
    assert.deepEqual(patched(aDocument(), { op: 'replace', value }), aDocument({ title: 'T' }))
  })

  it('accepts its own id by path, and password by path, and both change nothing (checks 44, 141)', () => {
    const operations = [
      { op: 'replace', path: 'id', value: OWN_ID },
      { op: 'replace', path: 'password', value: 'not-a-password' },
      { op: 'remove', path: 'password' },
      { op: 'add', path: `${USER_URN}:password`, value: 'not-a-password' },
    ]
    assert.deepEqual(patched(aDocument(), ...operations), aDocument())
  })
})

describe('PATCH of users (RFC 7644 §3.5.2)', () => {
  it('applies operations in order; later ones see earlier ones (check 127)', () => {
    const result = patched(
      aDocument(),
      { op: 'add', path: 'emails', value: [{ value: 'a', type: 'work' }] },
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'b' },
      { op: 'add', path: 'emails[value eq "b"].display', value: 'B' },
    )
    assert.deepEqual(result.emails, [{ value: 'b', display: 'B', type: 'work' }])
  })

  it('leaves the document as it was when a later operation fails (trap 23)', () => {
    const before = aDocument({ title: 'A', emails: [{ value: 'a', type: 'work' }] })
    const copy = structuredClone(before)
    const fails = () =>
      patched(
        before,
        { op: 'replace', path: 'title', value: 'B' },
        { op: 'replace', path: 'emails[type eq "work"].value', value: 'b' },
        { op: 'replace', path: 'active', value: 'perhaps' },
      )
    assertRefused(fails, 'attr_type', 'invalidValue', /^Operations\[2\] \(active\)/)
    assert.deepEqual(before, copy)
  })

  it('lets a new primary value take the place of the old one (check 131)', () => {
    const before = aDocument({
      emails: [
        { value: 'a', type: 'work', primary: true },
        { value: 'b', type: 'home' },
      ],
    })
    const primaries = (...operations: unknown[]) =>
      (patched(before, ...operations).emails as Document[]).map(({ value, primary }) => [value, primary])
    const demoted = ['a', false]
    assert.deepEqual(primaries({ op: 'add', path: 'emails', value: { value: 'c', primary: true } }), [
      demoted,
      ['b', undefined],
      ['c', true],
    ])
    assert.deepEqual(primaries({ op: 'replace', path: 'emails[type eq "home"].primary', value: true }), [
      demoted,
      ['b', true],
    ])
    assert.deepEqual(primaries({ op: 'add', path: 'emails[type eq "other" and primary eq true].value', value: 'c' }), [
      demoted,
      ['b', undefined],
      ['c', true],
    ])
    assert.deepEqual(primaries({ op: 'add', path: 'emails', value: { value: 'a', type: 'work', primary: true } }), [
      ['a', true],
      ['b', undefined],
    ])
  })

  it('takes URN prefixes, and the URN of a schema as a whole, in any letter case (check 142)', () => {
    const before = aDocument({ [ENTERPRISE_URN]: { department: 'D', costCenter: '7' } })
    const upper = ENTERPRISE_URN.toUpperCase()
    const extension = (...operations: unknown[]) => patched(before, ...operations)[ENTERPRISE_URN]
    assert.equal(patched(before, { op: 'add', path: `${USER_URN}:title`, value: 'T' }).title, 'T')
    assert.equal(patched(before, { op: 'add', value: { [USER_URN]: { title: 'T' } } }).title, 'T')
    assert.deepEqual(extension({ op: 'add', path: `${upper}:DEPARTMENT`, value: 'E' }), {
      costCenter: '7',
      department: 'E',
    })
    assert.deepEqual(extension({ op: 'replace', path: upper, value: { department: 'E' } }), {
      costCenter: '7',
      department: 'E',
    })
    assert.deepEqual(extension({ op: 'replace', value: { [upper]: { department: 'E' } } }), {
      costCenter: '7',
      department: 'E',
    })
    assert.deepEqual(extension({ op: 'add', path: ENTERPRISE_URN, value: null }), { costCenter: '7', department: 'D' })
    assert.equal(extension({ op: 'replace', path: ENTERPRISE_URN, value: null }), undefined)
    assert.equal(extension({ op: 'remove', path: ENTERPRISE_URN }), undefined)
    assertRefused(
      () => extension({ op: 'add', path: ENTERPRISE_URN, value: 'x' }),
      'attr_type',
      'invalidValue',
      /must be an object/,
    )
  })

  it('finds an enterprise attribute without its URN (check 140)', () =>
    assert.deepEqual(patched(aDocument(), { op: 'add', path: 'department', value: 'D' })[ENTERPRISE_URN], {
      department: 'D',
    }))

  it('passes over extensions that it does not know (check 140)', () => {
    const custom = 'urn:ietf:params:scim:schemas:extension:Contoso:2.0:User'
    const operations = [
      { op: 'add', path: `${custom}:badge`, value: '7' },
      { op: 'add', path: custom, value: { badge: '7' } },
      { op: 'replace', value: { [`${custom}:badge`]: '7', [custom]: { badge: '7' }, title: 'T' } },
      { op: 'remove', path: `${custom}:badge` },
    ]
    assert.deepEqual(patched(aDocument(), ...operations), aDocument({ title: 'T' }))
  })

  for (const urn of [
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0User',
    'urn:scim:schemas:extension:enterprise:1.0',
    'urn:acme:2.0:User:9lives',
    'http://acme.com/schemas/ext',
  ])
    it(`passes over ${urn}, however a URI of an extension ends (checks 35 and 140)`, () => {
      const operations = [
        { op: 'add', path: urn, value: { badge: '7' } },
        { op: 'replace', path: `${urn}:badge[type eq "a"].value`, value: '7' },
        { op: 'replace', value: { [urn]: { badge: '7' }, active: false } },
        { op: 'remove', path: `${urn}:badge` },
      ]
      assert.deepEqual(patched(aDocument(), ...operations), aDocument({ active: false }))
    })

  it('still refuses what it does not know of schemas that it has (check 140)', () => {
    for (const path of [`${ENTERPRISE_URN}:foo`, `${USER_URN}:foo`, 'foo', 'foo:bar'])
      assertRefused(
        () => patched(aDocument(), { op: 'replace', path, value: 'x' }),
        'patch_path',
        'invalidPath',
        /not known|could not be read/,
      )
  })

  it('bounds the work of one request', () => {
    const many = Array.from({ length: 1_001 }, () => ({ op: 'remove', path: 'title' }))
    assertRefused(() => patched(aDocument(), ...many), 'patch_op', 'invalidSyntax', /1001 operations, limit 1000/)
    const path = `ims[${Array.from({ length: 90 }, (_, i) => `value eq "${i}"`).join(' or ')}]`
    const long = Array.from({ length: 60 }, () => ({ op: 'remove', path }))
    assertRefused(() => patched(aDocument(), ...long), 'patch_op', 'invalidSyntax', /paths/)
  })
})
