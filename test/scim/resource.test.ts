import assert from 'node:assert/strict'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { GROUP_URN } from '../../filter/schemas/group.js'
import { USER_URN } from '../../filter/schemas/user.js'
import { groupToResource, userToResource } from '../../scim/resource.js'
import { aDocument } from './bodies.js'

const facts = {
  id: 'U',
  createdAt: new Date('2026-01-02T03:04:05.678Z'),
  lastModified: new Date('2026-01-02T03:04:06Z'),
  etag: 'W/"3"',
  location: 'https://x/Users/U',
}

describe('a resource as it travels (RFC 7643 §3)', () => {
  it('carries the document, meta and groups, and lists the core schema', () =>
    assert.deepEqual(
      userToResource({
        ...facts,
        document: aDocument({ externalId: 'e' }),
        groups: [{ id: 'G', display: 'Sales', location: 'https://x/Groups/G' }],
      }),
      {
        schemas: [USER_URN],
        id: 'U',
        externalId: 'e',
        userName: 'ada@example.com',
        active: true,
        groups: [{ value: 'G', display: 'Sales', type: 'direct', $ref: 'https://x/Groups/G' }],
        meta: {
          resourceType: 'User',
          created: '2026-01-02T03:04:05.678Z',
          lastModified: '2026-01-02T03:04:06.000Z',
          location: 'https://x/Users/U',
          version: 'W/"3"',
        },
      },
    ))

  it('lists the extension where a value is present (check 34)', () => {
    const document = aDocument({ [ENTERPRISE_URN]: { department: 'D' } })
    assert.deepEqual(userToResource({ ...facts, document }).schemas, [USER_URN, ENTERPRISE_URN])
  })

  it('shows an empty list of groups, and none where they were not read', () => {
    assert.deepEqual(userToResource({ ...facts, document: aDocument(), groups: [] }).groups, [])
    assert.equal('groups' in userToResource({ ...facts, document: aDocument() }), false)
  })

  it('gives the manager a name and a URI, and leaves the document alone', () => {
    const document = aDocument({ [ENTERPRISE_URN]: { department: 'D', manager: 'M' } })
    const before = structuredClone(document)
    const known = userToResource({ ...facts, document, manager: { display: 'Boss', location: 'https://x/Users/M' } })
    assert.deepEqual(known[ENTERPRISE_URN], {
      department: 'D',
      manager: { value: 'M', $ref: 'https://x/Users/M', displayName: 'Boss' },
    })
    assert.deepEqual(userToResource({ ...facts, document })[ENTERPRISE_URN], {
      department: 'D',
      manager: { value: 'M' },
    })
    assert.deepEqual(document, before)
  })

  it('makes a group, with or without its members', () => {
    const group = groupToResource({
      ...facts,
      displayName: 'Sales',
      externalId: 'e',
      members: [{ id: 'U', display: 'Ada', location: 'https://x/Users/U' }],
    })
    assert.deepEqual(group.schemas, [GROUP_URN])
    assert.deepEqual(group.members, [{ value: 'U', display: 'Ada', type: 'User', $ref: 'https://x/Users/U' }])
    assert.deepEqual(Object.keys(groupToResource({ ...facts, displayName: 'Sales' })), [
      'schemas',
      'id',
      'displayName',
      'meta',
    ])
  })
})
