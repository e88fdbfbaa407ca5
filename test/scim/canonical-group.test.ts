import assert from 'node:assert/strict'
import { atOnce } from '../../db/pace.js'
import { GROUP_URN } from '../../filter/schemas/group.js'
import { parseGroupResource } from '../../scim/canonical-group.js'
import { recorded } from '../idp/recorded.js'
import { assertRefused } from './refusal.js'

const read = (attributes: Record<string, unknown>) =>
  parseGroup({ schemas: [GROUP_URN], displayName: 'G', ...attributes })

const parseGroup = (body: unknown) => atOnce(parseGroupResource(body))

describe('a Group as it is sent in POST and PUT (RFC 7643 §4.2)', () => {
  it('reads what Entra creates, with its own schema beside ours', () =>
    assert.deepEqual(parseGroup(recorded('entra/create-group')), {
      displayName: 'Sales',
      externalId: '8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159',
    }))

  it('reads what Okta puts; members without type, each once', () =>
    assert.deepEqual(parseGroup(recorded('okta/put-group')), { displayName: 'Sales', members: ['M1', 'M2'] }))

  it('tells members not sent from none', () => {
    assert.equal('members' in read({}), false)
    assert.deepEqual(read({ members: [] }).members, [])
    assert.deepEqual(read({ members: null }).members, [])
  })

  it('drops what it does not know, and null', () =>
    assert.deepEqual(read({ externalId: null, id: 'x', meta: {}, colour: 'red', 'urn:x:y': {} }), { displayName: 'G' }))

  it('takes many members', () =>
    assert.equal(
      read({ members: Array.from({ length: 20_000 }, (_, i) => ({ value: `u${i}` })) }).members?.length,
      20_000,
    ))

  it('refuses what is wrong, by name', () => {
    assertRefused(() => read({ displayName: null }), 'attr_missing', 'invalidValue', /displayName/)
    assertRefused(() => read({ displayName: ' ' }), 'attr_missing', 'invalidValue', /displayName/)
    assertRefused(() => read({ displayName: ['x'] }), 'attr_type', 'invalidValue', /displayName/)
    assertRefused(() => read({ displayName: 'x'.repeat(257) }), 'attr_too_long', 'invalidValue', /limit 256/)
    assertRefused(() => read({ externalId: 1 }), 'attr_type', 'invalidValue', /externalId/)
    assertRefused(() => read({ members: [{ display: 'x' }] }), 'attr_missing', 'invalidValue', /members\.value/)
    assertRefused(() => read({ members: [{ value: 'g', type: 'group' }] }), 'nested_group', 'invalidValue', /groups/)
    assertRefused(() => read({ members: 7 }), 'attr_type', 'invalidValue', /members/)
    assertRefused(() => parseGroup('x'), 'bad_json', 'invalidSyntax')
    assertRefused(() => parseGroup({ displayName: 'x' }), 'bad_schema', 'invalidSyntax')
  })
})
