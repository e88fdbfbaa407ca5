import assert from 'node:assert/strict'
import { atOnce } from '../../db/pace.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { parseUserResource } from '../../scim/canonical-user.js'
import { parseGroupPatch } from '../../scim/group-patch.js'
import { parsePatchOp } from '../../scim/patch-op.js'
import { redactedBody } from '../../scim/redact.js'
import { queryOfSearchRequest, SEARCH_REQUEST_URN } from '../../scim/search-request.js'
import { aDocument, aUserBody, patchBody, patchedBy } from './bodies.js'
import { assertRefused } from './refusal.js'

const some = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

describe('bodies that are large (DESIGN 6)', () => {
  it('a list of more elements than are looked at is refused before any of them is', () => {
    const elements = some(5_001, () => 'not an e-mail')
    assertRefused(
      () => parseUserResource(aUserBody({ emails: elements }), USER_SCHEMA),
      'attr_too_long',
      'invalidValue',
      /5001 elements, limit 1000/,
    )
    const doubles = some(5_000, () => ({ value: 'a@x.example', type: 'work' }))
    const { emails } = parseUserResource(aUserBody({ emails: doubles }), USER_SCHEMA).document
    assert.deepEqual(emails, doubles.slice(0, 1))
  })

  it('a value without path has no more attributes than a PATCH has operations', () => {
    const value = Object.fromEntries(some(1_001, (index) => [`name${index}`, 'x']))
    assertRefused(
      () => patchedBy(aDocument(), patchBody({ op: 'replace', value })),
      'patch_op',
      'invalidSyntax',
      /1001 attributes, limit 1000/,
    )
  })

  it('nor do the values without path of many operations make more of a group than it may have', () => {
    const value = Object.fromEntries(some(999, (index) => [`urn:x:y:name${index}`, 'x']))
    const operations = some(11, () => ({ op: 'add', value }))
    assertRefused(
      () => atOnce(parseGroupPatch(atOnce(parsePatchOp(patchBody(...operations))), { id: 'G' })),
      'patch_op',
      'invalidSyntax',
      /more than 10000 operations/,
    )
  })

  it('many operations on a long list are refused before they keep the process busy', () => {
    const emails = some(500, (index) => ({ value: `a${index}@x.example`, type: `t${index}` }))
    const replaceEach = (count: number) =>
      patchBody(
        ...some(count, (index) => ({
          op: 'replace',
          path: `emails[type eq "t${index}"].value`,
          value: `b${index}@x.example`,
        })),
      )
    const document = aDocument({ emails })
    assert.equal((patchedBy(document, replaceEach(40)).emails as unknown[]).length, 500)
    assertRefused(() => patchedBy(document, replaceEach(41)), 'patch_op', 'invalidSyntax', /more than 20000 values/)
  })

  it('a SearchRequest names no more attributes than an address has room for', () => {
    const names = some(1_001, () => 'userName')
    for (const attributes of [names, names.join(',')])
      assertRefused(
        () => queryOfSearchRequest({ schemas: [SEARCH_REQUEST_URN], attributes }),
        'attr_too_long',
        'invalidValue',
        /1001 names, limit 1000/,
      )
  })

  it('a password is taken out of what the log keeps, however the word is spelled', () => {
    for (const text of [
      '{"password":"hush"}',
      '{"PassWord":"hush"}',
      '{"p\\u0061ssword":"hush"}',
      '{"a":[{"b.password":"hush"}]}',
    ])
      assert.doesNotMatch(redactedBody(text, JSON.parse(text)), /hush/, text)
    const long = `{"a":"\\u0061","b":[${'{"password":"hush","x":1},'.repeat(20_000)}0]}`
    const kept = redactedBody(long, JSON.parse(long))
    assert.doesNotMatch(kept, /hush/)
    assert.ok(kept.length > 50_000 && kept.length < 66_000, String(kept.length))
    assert.ok(kept.endsWith(`(${long.length} characters, cut)`))
    const plain = '{"userName":"ada","title":"hush"}'
    assert.equal(redactedBody(plain, JSON.parse(plain)), plain)
  })
})
