import assert from 'node:assert/strict'
import type { ResourceSchema } from '../../filter/attribute.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { GROUP_SCHEMA } from '../../filter/schemas/group.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'
import { parseProjection } from '../../scim/projection.js'

const user = {
  schemas: [USER_URN, ENTERPRISE_URN],
  id: 'U',
  userName: 'ada',
  name: { givenName: 'Ada', familyName: 'L' },
  emails: [
    { value: 'a', type: 'work' },
    { value: 'b', type: 'home', display: 'B' },
  ],
  [ENTERPRISE_URN]: { department: 'D', manager: { value: 'M', displayName: 'Boss' } },
  groups: [],
  meta: { resourceType: 'User', version: 'W/"1"' },
}

const read = (query: Record<string, string>, schema: ResourceSchema = USER_SCHEMA) =>
  parseProjection(new URLSearchParams(query), schema)
const always = { schemas: user.schemas, id: 'U' }

const ROWS: [title: string, query: Record<string, string>, expected: unknown][] = [
  ['nothing asked: the whole resource', {}, user],
  ['attributes: the given and the always ones (check 107)', { attributes: 'userName' }, { ...always, userName: 'ada' }],
  [
    'a list, with spaces, in any case (check 111)',
    { attributes: 'USERNAME, Name.GivenName' },
    { ...always, userName: 'ada', name: { givenName: 'Ada' } },
  ],
  ['a sub-attribute of a list', { attributes: 'emails.display' }, { ...always, emails: [{ display: 'B' }] }],
  [
    'two sub-attributes',
    { attributes: 'emails.value,emails.type' },
    {
      ...always,
      emails: [
        { value: 'a', type: 'work' },
        { value: 'b', type: 'home' },
      ],
    },
  ],
  ['whole and part: whole', { attributes: 'name,name.givenName' }, { ...always, name: user.name }],
  ['core URN', { attributes: `${USER_URN}:userName` }, { ...always, userName: 'ada' }],
  [
    'extension URN',
    { attributes: `${ENTERPRISE_URN.toUpperCase()}:department` },
    { ...always, [ENTERPRISE_URN]: { department: 'D' } },
  ],
  [
    'extension sub-attribute',
    { attributes: `${ENTERPRISE_URN}:manager.displayName` },
    { ...always, [ENTERPRISE_URN]: { manager: { displayName: 'Boss' } } },
  ],
  ['whole extension', { attributes: ENTERPRISE_URN }, { ...always, [ENTERPRISE_URN]: user[ENTERPRISE_URN] }],
  [
    'whole core schema',
    { attributes: USER_URN },
    { ...always, userName: 'ada', name: user.name, emails: user.emails, groups: [] },
  ],
  ['without the URN', { attributes: 'department' }, { ...always, [ENTERPRISE_URN]: { department: 'D' } }],
  ['an empty list is shown', { attributes: 'groups' }, { ...always, groups: [] }],
  ['meta and its parts', { attributes: 'meta.version' }, { ...always, meta: { version: 'W/"1"' } }],
  [
    'unknown names mean nothing (check 112)',
    { attributes: 'shoeSize,name.nick,urn:x:y,emails[type eq "work"]' },
    always,
  ],
  ['password is never shown (check 114)', { attributes: 'password' }, always],
  [
    'excludedAttributes (check 108)',
    { excludedAttributes: `emails,groups,meta,${ENTERPRISE_URN}` },
    { ...always, userName: 'ada', name: user.name },
  ],
  [
    'excluded sub-attributes',
    { excludedAttributes: 'name.familyName,emails.value,meta,groups,department' },
    {
      ...always,
      userName: 'ada',
      name: { givenName: 'Ada' },
      emails: [{ type: 'work' }, { type: 'home', display: 'B' }],
      [ENTERPRISE_URN]: { manager: { value: 'M', displayName: 'Boss' } },
    },
  ],
  ['always is never excluded', { excludedAttributes: 'id,schemas' }, user],
  [
    'both: attributes wins (check 109)',
    { attributes: 'userName', excludedAttributes: 'userName' },
    { ...always, userName: 'ada' },
  ],
  ['empty parameters are none', { attributes: '', excludedAttributes: '' }, user],
]

describe('attributes and excludedAttributes (RFC 7644 §3.9)', () => {
  for (const [title, query, expected] of ROWS) it(title, () => assert.deepEqual(read(query).apply(user), expected))

  it('says what will be shown, so that a read can leave out a query (trap 21)', () => {
    const wants = (query: Record<string, string>) => read(query, GROUP_SCHEMA).wants('members')
    assert.equal(wants({}), true)
    assert.equal(wants({ excludedAttributes: 'Members' }), false)
    assert.equal(wants({ excludedAttributes: 'members.display' }), true)
    assert.equal(wants({ excludedAttributes: 'displayName' }), true)
    assert.equal(wants({ attributes: 'displayName' }), false)
    assert.equal(wants({ attributes: 'members.value' }), true)
    assert.equal(wants({ attributes: 'id', excludedAttributes: 'members' }), false)
  })

  it('shows what is returned on request only by name (check 113)', () => {
    const [first, ...rest] = USER_SCHEMA.core.attributes
    const nickName = { ...first!, name: 'nickName', returned: 'request' } as const
    const schema = {
      ...USER_SCHEMA,
      core: { ...USER_SCHEMA.core, attributes: [first!, ...rest.filter((one) => one.name !== 'nickName'), nickName] },
    }
    const resource = { id: 'U', schemas: [], nickName: 'N', userName: 'a' }
    assert.deepEqual(read({}, schema).apply(resource), { id: 'U', schemas: [], userName: 'a' })
    assert.deepEqual(read({ excludedAttributes: 'userName' }, schema).apply(resource), { id: 'U', schemas: [] })
    assert.deepEqual(read({ attributes: 'nickname' }, schema).apply(resource), { id: 'U', schemas: [], nickName: 'N' })
    assert.equal(read({}, schema).wants('nickName'), false)
  })

  it('does not change the resource it is given', () => {
    const before = structuredClone(user)
    read({ attributes: 'emails.value' }).apply(user)
    read({ excludedAttributes: 'emails.value' }).apply(user)
    assert.deepEqual(user, before)
  })
})
