import assert from 'node:assert/strict'
import { atOnce } from '../../db/pace.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { GROUP_URN } from '../../filter/schemas/group.js'
import { USER_SCHEMA } from '../../filter/schemas/user.js'
import { parseGroupResource } from '../../scim/canonical-group.js'
import { parseUserResource } from '../../scim/canonical-user.js'
import { ScimError } from '../../scim/errors.js'
import { parseGroupPatch } from '../../scim/group-patch.js'
import { parsePatchOp } from '../../scim/patch-op.js'
import { parseProjection } from '../../scim/projection.js'
import { aDocument, aUserBody, patchBody, patchedBy } from './bodies.js'

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty']

/** JSON with the key as an own member, as a request body brings it. */
const objectWith = (key: string, value: unknown): Record<string, unknown> =>
  JSON.parse(`{${JSON.stringify(key)}:${JSON.stringify(value)}}`)

const payloads = (key: string): unknown[] => [
  objectWith(key, { polluted: true }),
  objectWith(key, 'polluted'),
  objectWith('constructor', { prototype: objectWith(key, true) }),
]

/** Bodies with a hostile key in every place where a key can stand. */
const resources = (payload: Record<string, unknown>): unknown[] => [
  { ...aUserBody(), x: payload },
  Object.assign(Object.create(null), aUserBody(), payload),
  aUserBody({ name: payload }),
  aUserBody({ emails: [payload] }),
  aUserBody({ roles: [payload, { value: JSON.stringify(payload) }, JSON.stringify({ value: 'a', ...payload })] }),
  aUserBody({ [ENTERPRISE_URN]: payload }),
  aUserBody({ [ENTERPRISE_URN]: { manager: payload } }),
  { schemas: [GROUP_URN], displayName: 'G', members: [{ value: 'M', ...payload }], ...payload },
]

const patches = (key: string, payload: unknown): unknown[] => [
  patchBody({ op: key, path: key, value: payload }),
  ...['add', 'replace', 'remove'].flatMap((op) => [
    patchBody({ op, path: key, value: payload }),
    patchBody({ op, path: `${key}.polluted`, value: true }),
    patchBody({ op, path: `name.${key}`, value: payload }),
    patchBody({ op, path: `emails[type eq "work"].${key}`, value: payload }),
    patchBody({ op, path: `emails[${key} eq "work"].value`, value: 'x' }),
    patchBody({ op, path: `${ENTERPRISE_URN}:${key}`, value: payload }),
    patchBody({ op, path: `${key}:name`, value: payload }),
    patchBody({ op, path: 'name', value: payload }),
    patchBody({ op, path: 'emails', value: [payload] }),
    patchBody({ op, path: 'roles', value: [{ value: JSON.stringify(payload) }] }),
    patchBody({ op, path: 'members', value: [payload] }),
    patchBody({ op, value: payload }),
    patchBody({ op, value: objectWith(`${key}.polluted`, true) }),
    patchBody({ op, value: { [ENTERPRISE_URN]: payload } }),
  ]),
]

/** Run it; a refusal must be one of ours. */
function tolerating<Result>(run: () => Result): Result | undefined {
  try {
    return run()
  } catch (error) {
    assert.ok(error instanceof ScimError, `not a ScimError: ${String(error)}`)
    assert.equal(error.status, 400)
    return undefined
  }
}

function assertClean(value: unknown): void {
  assert.equal(({} as Record<string, unknown>).polluted, undefined)
  assert.equal(Object.prototype.toString.call({}), '[object Object]')
  for (const object of objectsIn(value)) {
    assert.equal(Object.getPrototypeOf(object), Object.prototype)
    for (const name of [...KEYS, 'polluted']) assert.ok(!Object.hasOwn(object, name), JSON.stringify(value))
  }
}

/** The objects in a value, at every depth. What stands in text is text. */
function objectsIn(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.values(value).flatMap(objectsIn)
  return Array.isArray(value) ? inside : [value, ...inside]
}

describe('keys such as __proto__ are data (DESIGN 6)', () => {
  for (const key of KEYS)
    it(`${key} reaches no prototype and no document`, () => {
      for (const payload of payloads(key)) {
        for (const body of resources(payload as Record<string, unknown>)) {
          assertClean(tolerating(() => parseUserResource(body, USER_SCHEMA).document))
          assertClean(tolerating(() => atOnce(parseGroupResource(body))))
        }
        for (const body of patches(key, payload)) {
          assertClean(tolerating(() => patchedBy(aDocument({ name: { givenName: 'A' } }), body)))
          assertClean(tolerating(() => atOnce(parseGroupPatch(atOnce(parsePatchOp(body)), { id: 'G' }))))
        }
      }
    })

  for (const key of KEYS)
    it(`a path ${key} is refused, and as attributes or excludedAttributes it means nothing`, () => {
      assert.throws(() => patchedBy(aDocument(), patchBody({ op: 'add', path: key, value: 'x' })), ScimError)
      const resource = { id: 'x', schemas: [], userName: 'a' }
      for (const name of ['attributes', 'excludedAttributes']) {
        const projection = parseProjection(
          new URLSearchParams([[name, `${key},name.${key},${key}:userName`]]),
          USER_SCHEMA,
        )
        assertClean(projection.apply(resource))
        assert.equal(projection.apply(resource).id, 'x')
      }
    })
})

describe('deep and odd bodies', () => {
  const deep = JSON.parse('['.repeat(100) + ']'.repeat(100))
  const deepObject = JSON.parse(`${'{"value":'.repeat(100)}1${'}'.repeat(100)}`)
  const odd = [
    deep,
    deepObject,
    [],
    [[]],
    {},
    0,
    -0,
    1e300,
    true,
    '',
    ' ',
    '\u2028',
    null,
    [null],
    [{}],
    [[{}]],
    { value: [] },
  ]

  it('are refused or mean nothing, wherever they stand', () => {
    for (const value of odd)
      for (const name of [
        'userName',
        'active',
        'name',
        'emails',
        'roles',
        'addresses',
        'members',
        'displayName',
        ENTERPRISE_URN,
      ]) {
        tolerating(() => parseUserResource(aUserBody({ [name]: value }), USER_SCHEMA))
        tolerating(() => parseUserResource(aUserBody({ [ENTERPRISE_URN]: { manager: value } }), USER_SCHEMA))
        tolerating(() => atOnce(parseGroupResource({ schemas: [GROUP_URN], displayName: 'G', [name]: value })))
        for (const op of ['add', 'replace', 'remove'])
          for (const path of [
            name,
            `${name}.value`,
            `${name}[type eq "work"]`,
            `${name}[value eq "x"].display`,
            'manager',
          ]) {
            const body = patchBody({ op, path, value })
            tolerating(() => patchedBy(aDocument({ emails: [{ value: 'x', type: 'work' }] }), body))
            tolerating(() => atOnce(parseGroupPatch(atOnce(parsePatchOp(body)), { id: 'G' })))
          }
      }
  })
})
