import assert from 'node:assert/strict'
import type { Document } from '../../filter/attribute.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'
import { parseUserResource } from '../../scim/canonical-user.js'
import type { ScimErrorCode } from '../../scim/errors.js'
import { recorded } from '../idp/recorded.js'
import { aDocument, aUserBody } from './bodies.js'
import { assertRefused } from './refusal.js'

describe('a User as it is sent in POST and PUT (RFC 7643 §2, §4.1)', () => {
  it('keeps every known value as it was sent', () => {
    const sent = {
      externalId: 'AbC',
      userName: 'Ada@Example.com',
      name: { formatted: 'Ada  Lovelace', familyName: 'Lovelace', givenName: 'Ada' },
      title: '',
      timezone: 'Nowhere/At all',
      active: false,
      phoneNumbers: [{ value: 'ext. 7, ask for Ada', type: 'carrier pigeon' }],
      x509Certificates: [{ value: 'MIIB+/==' }],
      [ENTERPRISE_URN]: { department: 'D', manager: { value: 'm' } },
    }
    assert.deepEqual(parseUserResource({ schemas: [USER_URN], ...sent }, USER_SCHEMA).document, sent)
  })

  it('finds attributes, schemas and URNs in any letter case (§2.1)', () => {
    const body = {
      SCHEMAS: [USER_URN.toUpperCase()],
      USERNAME: 'a',
      Name: { GIVENNAME: 'A' },
      Emails: [{ Value: 'a@x', TYPE: 'work' }],
      [ENTERPRISE_URN.toUpperCase()]: { DEPARTMENT: 'D' },
    }
    assert.deepEqual(parseUserResource(body, USER_SCHEMA).document, {
      userName: 'a',
      name: { givenName: 'A' },
      active: true,
      emails: [{ value: 'a@x', type: 'work' }],
      [ENTERPRISE_URN]: { department: 'D' },
    })
  })

  it('gives equal documents equal JSON, whatever the order of the members', () => {
    const one = { name: { givenName: 'A', familyName: 'B' }, title: 'T', emails: [{ type: 'work', value: 'a@x' }] }
    const other = { emails: [{ value: 'a@x', type: 'work' }], title: 'T', name: { familyName: 'B', givenName: 'A' } }
    assert.equal(JSON.stringify(aDocument(one)), JSON.stringify(aDocument(other)))
  })

  const dropped: [string, Record<string, unknown>][] = [
    ['id, meta and groups, which are readOnly', { id: 'x', meta: { resourceType: 'User' }, groups: [{ value: 'g' }] }],
    ['password (check 44)', { password: 'not-a-password' }],
    ['null and empty lists (check 26)', { title: null, emails: null, roles: [], name: null, [ENTERPRISE_URN]: null }],
    ['null inside', { name: { givenName: null }, emails: [null, { type: 'work', value: null }] }],
    ['what it does not know', { shoeSize: 43, name: { nick: 'x' }, emails: [{ strength: 1 }] }],
    [
      'URNs it does not know, also misspelt ones',
      { 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User': { x: 1 } },
    ],
    ['the name of a manager, which is made at read', { [ENTERPRISE_URN]: { manager: { displayName: 'Boss' } } }],
    ['a core-level department, which is no core attribute', { department: 'D' }],
  ]
  for (const [what, attributes] of dropped)
    it(`drops ${what}`, () => assert.deepEqual(aDocument(attributes), { userName: 'ada@example.com', active: true }))

  it('takes words for booleans, also in sub-attributes (trap 7)', () => {
    const document = aDocument({ active: 'FALSE', emails: [{ value: 'a@x', primary: 'True' }] })
    assert.deepEqual([document.active, document.emails], [false, [{ value: 'a@x', primary: true }]])
  })

  it('lays values of the same value and type over each other (§2.4)', () => {
    const emails = [{ value: 'a@x', type: 'work' }, { value: 'A@X', type: 'WORK', primary: true }, { value: 'a@x' }]
    assert.deepEqual(aDocument({ emails }).emails, [{ value: 'A@X', type: 'WORK', primary: true }, { value: 'a@x' }])
  })

  it('keeps addresses apart that differ in anything', () => {
    const addresses = [
      { locality: 'X', type: 'work' },
      { locality: 'Y', type: 'work' },
      { locality: 'X', type: 'work' },
    ]
    assert.deepEqual(aDocument({ addresses }).addresses, addresses.slice(0, 2))
  })

  it('says whether active was sent, and takes it as true where it was not (check 121)', () => {
    const { active: _notSent, ...body } = aUserBody()
    assert.deepEqual(parseUserResource(body, USER_SCHEMA), {
      document: { userName: 'ada@example.com', active: true },
      activeSent: false,
    })
    assert.equal(parseUserResource({ ...body, active: null }, USER_SCHEMA).activeSent, false)
    assert.equal(parseUserResource({ ...body, active: false }, USER_SCHEMA).activeSent, true)
  })

  const managers: [string, unknown, Document | undefined][] = [
    ['bare text', 'm1', { value: 'm1' }],
    ['an object', { value: 'm1' }, { value: 'm1' }],
    ['an object with $ref and name', { value: 'm1', $ref: '../Users/m1', displayName: 'Boss' }, { value: 'm1' }],
    ['a list of one', [{ $ref: 'http://x/m1', value: 'm1' }], { value: 'm1' }],
    ['empty text', '', undefined],
    ['an object with empty text', { value: '' }, undefined],
    ['an object with null', { value: null }, undefined],
    ['an empty list', [], undefined],
  ]
  for (const [form, manager, expected] of managers)
    it(`reads a manager sent as ${form} (SCIM 1.1)`, () =>
      assert.deepEqual(aDocument({ [ENTERPRISE_URN]: { manager } })[ENTERPRISE_URN], expected && { manager: expected }))

  const roles: [string, unknown, unknown][] = [
    ['objects', [{ value: 'admin', display: 'Admin' }], [{ value: 'admin', display: 'Admin' }]],
    ['displayName for display', [{ value: 'admin', displayName: 'Admin' }], [{ value: 'admin', display: 'Admin' }]],
    [
      'JSON text in value',
      [{ value: '{"id":"1","value":"admin","displayName":"Admin"}', primary: 'False' }],
      [{ value: 'admin', display: 'Admin', primary: false }],
    ],
    ['JSON text as element', ['{"value":"admin"}'], [{ value: 'admin' }]],
    [
      'JSON text that names only id and name',
      [{ value: '{"id":"1","value":null,"displayName":"Admin"}' }],
      [{ value: '1', display: 'Admin' }],
    ],
    ['plain text', ['admin', 'member'], [{ value: 'admin' }, { value: 'member' }]],
    ['one text', 'admin', [{ value: 'admin' }]],
    ['one object', { value: 'admin' }, [{ value: 'admin' }]],
    ['JSON text that holds nothing of a role', [{ value: '{"x":1}' }], [{ value: '{"x":1}' }]],
    ['text that only looks like JSON', [{ value: '{admin}' }], [{ value: '{admin}' }]],
  ]
  for (const name of ['roles', 'entitlements'])
    for (const [form, sent, expected] of roles)
      it(`reads ${name} sent as ${form} (trap 12)`, () => assert.deepEqual(aDocument({ [name]: sent })[name], expected))

  const wrong: [string, Record<string, unknown>, ScimErrorCode, RegExp][] = [
    ['text where a boolean belongs', { active: 'maybe' }, 'attr_type', /^active must be true or false, got "maybe"\.$/],
    ['a number as userName', { userName: 12 }, 'attr_type', /^userName must be text, got 12\.$/],
    ['text as name', { name: 'Ada' }, 'attr_type', /^name must be an object, got "Ada"\.$/],
    ['an object as title', { title: { x: 1 } }, 'attr_type', /^title must be text, got an object\.$/],
    ['a list as title', { title: ['x'] }, 'attr_type', /got a list/],
    ['an object as emails', { emails: { value: 'a@x' } }, 'attr_type', /^emails must be a list/],
    ['bare text as e-mail', { emails: ['a@x'] }, 'attr_type', /^emails must be an object/],
    ['a number as e-mail', { emails: [{ value: 1 }] }, 'attr_type', /^emails\.value must be text/],
    ['no base64', { x509Certificates: [{ value: '§' }] }, 'attr_type', /x509Certificates\.value must be base64/],
    ['a number as manager', { [ENTERPRISE_URN]: { manager: 7 } }, 'attr_type', /^manager must be an object/],
    ['two managers', { [ENTERPRISE_URN]: { manager: ['a', 'b'] } }, 'attr_type', /manager/],
    ['text as extension', { [ENTERPRISE_URN]: 'x' }, 'attr_type', /must be an object/],
    ['U+0000', { title: 'a\0b' }, 'attr_type', /title .* U\+0000/],
    ['a lone surrogate', { title: '\ud800' }, 'attr_type', /lone surrogates/],
    [
      'two primary values',
      {
        emails: [
          { value: 'a', primary: true },
          { value: 'b', primary: 'true' },
        ],
      },
      'attr_primary',
      /emails/,
    ],
    ['no userName', { userName: undefined }, 'attr_missing', /^Attribute userName is required\.$/],
    ['userName null', { userName: null }, 'attr_missing', /userName/],
    ['an empty userName', { userName: ' ' }, 'attr_missing', /userName/],
    [
      'a long givenName',
      { name: { givenName: 'é'.repeat(257) } },
      'attr_too_long',
      /^name\.givenName has 257 characters, limit 256\.$/,
    ],
    [
      'a long e-mail',
      { emails: [{ value: 'x'.repeat(129) }] },
      'attr_too_long',
      /^emails\.value has 129 characters, limit 128\.$/,
    ],
    ['a long text', { title: 'x'.repeat(4097) }, 'attr_too_long', /limit 4096/],
    [
      'a long list',
      { ims: Array.from({ length: 1001 }, (_, i) => ({ value: `v${i}` })) },
      'attr_too_long',
      /^ims has 1001 elements, limit 1000\.$/,
    ],
  ]
  for (const [what, attributes, code, detail] of wrong)
    it(`refuses ${what}: 400 invalidValue ${code}`, () =>
      assertRefused(() => aDocument(attributes), code, 'invalidValue', detail))

  it('counts characters as code points (PRODUCT D5)', () => {
    const givenName = '👩'.repeat(256)
    assert.deepEqual(aDocument({ name: { givenName } }).name, { givenName })
  })

  for (const body of [null, [], 'x', 1, undefined])
    it(`refuses a body that is ${JSON.stringify(body)}: invalidSyntax (check 66)`, () =>
      assertRefused(() => parseUserResource(body, USER_SCHEMA), 'bad_json', 'invalidSyntax'))

  for (const schemas of [undefined, [], USER_URN, [ENTERPRISE_URN], [1]])
    it(`refuses schemas ${JSON.stringify(schemas)} (checks 32, 33)`, () =>
      assertRefused(
        () => parseUserResource({ ...aUserBody(), schemas }, USER_SCHEMA),
        'bad_schema',
        'invalidSyntax',
        /schemas/,
      ))
})

describe('users as the IdPs create them', () => {
  it('Entra, default mapping', () => {
    assert.deepEqual(parseUserResource(recorded('entra/create-user'), USER_SCHEMA).document, {
      externalId: '0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef',
      userName: 'ada.lovelace@contoso.example',
      name: { formatted: 'Ada Lovelace', familyName: 'Lovelace', givenName: 'Ada' },
      displayName: 'Ada Lovelace',
      title: 'Engineer',
      active: true,
      emails: [{ value: 'ada.lovelace@contoso.example', type: 'work', primary: true }],
    })
  })

  it('Entra with nulls, unknown and misspelt URNs (trap 15)', () => {
    assert.deepEqual(parseUserResource(recorded('entra/create-user-with-nulls'), USER_SCHEMA).document, {
      externalId: 'grace',
      userName: 'grace@contoso.example',
      name: { familyName: 'Hopper', givenName: 'Grace' },
      active: true,
      emails: [{ value: 'grace@contoso.example', type: 'work', primary: true }],
    })
  })

  it('Entra with two encodings of roles', () => {
    assert.deepEqual(parseUserResource(recorded('entra/create-user-with-roles'), USER_SCHEMA).document.roles, [
      { value: 'admin', display: 'Admin', type: 'WindowsAzureActiveDirectoryRole', primary: false },
      { value: 'member', display: 'Member' },
    ])
  })

  it('Okta, with the password dropped', () => {
    const { document } = parseUserResource(recorded('okta/create-user'), USER_SCHEMA)
    assert.deepEqual(document, {
      externalId: '00ujl29u0le5T6Aj10h7',
      userName: 'isaac@okta.example',
      name: { familyName: 'Newton', givenName: 'Isaac' },
      displayName: 'Isaac Newton',
      locale: 'en-US',
      active: true,
      emails: [{ value: 'isaac@okta.example', type: 'work', primary: true }],
    })
  })

  it('Okta PUT with id, meta and groups but without active (trap 19)', () => {
    const { document, activeSent } = parseUserResource(recorded('okta/put-user'), USER_SCHEMA)
    assert.equal(activeSent, false)
    assert.deepEqual(Object.keys(document), [
      'externalId',
      'userName',
      'name',
      'displayName',
      'locale',
      'active',
      'emails',
    ])
  })
})
