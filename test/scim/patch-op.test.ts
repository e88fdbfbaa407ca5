import assert from 'node:assert/strict'
import { atOnce } from '../../db/pace.js'
import { PATCH_OP_URN, parsePatchOp } from '../../scim/patch-op.js'
import { patchBody } from './bodies.js'
import { assertRefused } from './refusal.js'

const operationsOf = (body: unknown) => atOnce(parsePatchOp(body))

describe('the body of a PATCH (RFC 7644 §3.5.2)', () => {
  it('reads operations in order, with their index', () => {
    const body = patchBody(
      { op: 'add', path: 'title', value: 'T' },
      { op: 'remove', path: 'title' },
      { op: 'replace', value: {} },
    )
    assert.deepEqual(operationsOf(body), [
      { op: 'add', path: 'title', value: 'T', index: 0 },
      { op: 'remove', path: 'title', index: 1 },
      { op: 'replace', value: {}, index: 2 },
    ])
  })

  it('takes op, schemas and the names of members in any letter case (checks 125, 128)', () => {
    const body = {
      schemas: [PATCH_OP_URN.toLowerCase()],
      operations: [{ OP: 'Replace', Path: 'active', VALUE: 'False' }],
    }
    assert.deepEqual(operationsOf(body), [{ op: 'replace', path: 'active', value: 'False', index: 0 }])
  })

  it('takes a null or empty path as none, and null as a value', () => {
    const [first, second] = operationsOf(
      patchBody({ op: 'add', path: null, value: {} }, { op: 'replace', path: '', value: null }),
    )
    assert.deepEqual(
      [first, second],
      [
        { op: 'add', value: {}, index: 0 },
        { op: 'replace', value: null, index: 1 },
      ],
    )
  })

  it('takes a thousand operations and more', () => {
    const many = Array.from({ length: 10_000 }, () => ({ op: 'remove', path: 'title' }))
    assert.equal(operationsOf(patchBody(...many)).length, 10_000)
    assertRefused(() => operationsOf(patchBody(...many, ...many)), 'patch_op', 'invalidSyntax', /20000 .* limit 10000/)
  })

  it('refuses a body that is no PatchOp', () => {
    assertRefused(() => operationsOf([]), 'bad_json', 'invalidSyntax')
    assertRefused(() => operationsOf({ Operations: [] }), 'bad_schema', 'invalidSyntax', /PatchOp/)
  })

  for (const Operations of [undefined, null, {}, [], 'x'])
    it(`refuses Operations ${JSON.stringify(Operations)}`, () =>
      assertRefused(
        () => operationsOf({ schemas: [PATCH_OP_URN], Operations }),
        'patch_op',
        'invalidSyntax',
        /Operations/,
      ))

  it('refuses a broken operation and names its index (PRODUCT C21)', () => {
    const parsing = (operation: unknown) => () => operationsOf(patchBody({ op: 'remove', path: 'title' }, operation))
    assertRefused(parsing('x'), 'patch_op', 'invalidSyntax', /^Operations\[1\]: /)
    assertRefused(parsing(null), 'patch_op', 'invalidSyntax', /^Operations\[1\]: /)
    assertRefused(
      parsing({ op: 'copy', path: 'a', value: 1 }),
      'patch_op',
      'invalidSyntax',
      /^Operations\[1\]: op .* got "copy"/,
    )
    assertRefused(parsing({ path: 'a', value: 1 }), 'patch_op', 'invalidSyntax', /^Operations\[1\]: /)
    assertRefused(
      parsing({ op: 'constructor', path: 'a', value: 1 }),
      'patch_op',
      'invalidSyntax',
      /^Operations\[1\]: /,
    )
    assertRefused(parsing({ op: 'add', path: 7, value: 1 }), 'patch_path', 'invalidPath', /^Operations\[1\]: /)
    assertRefused(parsing({ op: 'add', path: 'title' }), 'attr_missing', 'invalidValue', /^Operations\[1\]: .*value/)
    assertRefused(parsing({ op: 'remove' }), 'patch_no_target', 'noTarget', /^Operations\[1\]: /)
    assertRefused(parsing({ op: 'remove', value: { title: 'x' } }), 'patch_no_target', 'noTarget', /^Operations\[1\]: /)
  })
})
