import assert from 'node:assert/strict'
import fc from 'fast-check'
import type { Document } from '../../filter/attribute.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'
import { USER_SCHEMA, USER_URN } from '../../filter/schemas/user.js'
import { parseUserResource } from '../../scim/canonical-user.js'
import { ScimError } from '../../scim/errors.js'
import { runs } from '../harness/effort.js'
import { aDocument, patched } from './bodies.js'

const text = fc.string({ minLength: 1, maxLength: 8, unit: 'grapheme-ascii' })
const type = fc.constantFrom('work', 'home', 'other', 'WORK')
const element = fc.record(
  { value: text, type, primary: fc.constant(false), display: text },
  { requiredKeys: ['value'] },
)
const elements = fc.array(element, { maxLength: 5 })
const user = fc
  .record(
    {
      title: text,
      active: fc.boolean(),
      name: fc.record({ givenName: text, familyName: text }, { requiredKeys: [] }),
      emails: elements,
      phoneNumbers: elements,
      addresses: fc.array(fc.record({ locality: text, type }, { requiredKeys: [] }), { maxLength: 4 }),
      roles: elements,
      [ENTERPRISE_URN]: fc.record({ department: text, manager: text }, { requiredKeys: [] }),
    },
    { requiredKeys: [] },
  )
  .map(aDocument)

const list = fc.constantFrom('emails', 'phoneNumbers', 'roles', 'addresses')
const path = fc.oneof(
  list,
  list.map((name) => `${name}[type eq "work"].value`),
  list.map((name) => `${name}[type eq "work" and primary eq true]`),
  list.map((name) => `${name}.type`),
  fc.constantFrom(
    'title',
    'active',
    'name',
    'name.givenName',
    'manager',
    `${ENTERPRISE_URN}:department`,
    ENTERPRISE_URN,
  ),
  fc.constantFrom('userName', 'groups', 'id', 'password', 'nonsense', 'emails[', `${USER_URN}:title`),
)
const value = fc.oneof(
  text,
  fc.boolean(),
  elements,
  element,
  fc.constantFrom(null, '', [], {}, 'True'),
  fc.record({ givenName: text, title: text, 'name.familyName': text }, { requiredKeys: [] }),
)
const operation = fc.record(
  { op: fc.constantFrom('add', 'Replace', 'remove'), path, value },
  { requiredKeys: ['op', 'value'] },
)

/** The result of a PATCH, or undefined where it was refused in our own words. */
function attempt(document: Document, operations: readonly unknown[]): Document | undefined {
  try {
    return patched(document, ...operations)
  } catch (error) {
    assert.ok(error instanceof ScimError, `not a ScimError: ${String(error)}`)
    return undefined
  }
}

const valuesOf = (document: Document, name: string) => (document[name] ?? []) as Document[]

describe('properties of PATCH', () => {
  it('never changes the document it is given, and what it makes is canonical', () =>
    fc.assert(
      fc.property(user, fc.array(operation, { minLength: 1, maxLength: 5 }), (document, operations) => {
        const before = structuredClone(document)
        const result = attempt(document, operations)
        assert.deepEqual(document, before)
        if (!result) return
        const again = parseUserResource({ schemas: [USER_URN], ...result }, USER_SCHEMA).document
        assert.equal(JSON.stringify(again), JSON.stringify(result))
      }),
      { numRuns: runs(400) },
    ))

  it('adding is idempotent', () =>
    fc.assert(
      fc.property(user, list, elements, (document, name, added) => {
        const once = attempt(document, [{ op: 'add', path: name, value: added }])
        if (once) assert.deepEqual(patched(once, { op: 'add', path: name, value: added }), once)
      }),
    ))

  it('replacing by the same again is no change, as JSON too', () =>
    fc.assert(
      fc.property(user, path, value, (document, at, to) => {
        const once = attempt(document, [{ op: 'replace', path: at, value: to }])
        if (once)
          assert.equal(JSON.stringify(patched(once, { op: 'replace', path: at, value: to })), JSON.stringify(once))
      }),
      { numRuns: runs(300) },
    ))

  it('removing one value leaves all others, in order (keycloak 51525)', () =>
    fc.assert(
      fc.property(user, fc.constantFrom('emails', 'phoneNumbers', 'roles'), fc.nat(), (document, name, at) => {
        const values = valuesOf(document, name)
        const gone = values[at % Math.max(1, values.length)]
        if (!gone) return
        const left = values.filter((one) => one !== gone)
        const listed = patched(document, { op: 'remove', path: name, value: [{ ...gone, type: gone.type ?? null }] })
        if (gone.type !== undefined) assert.deepEqual(valuesOf(listed, name), left)
        assert.ok(
          valuesOf(listed, name).every(
            (one) => left.includes(one) || left.some((other) => JSON.stringify(other) === JSON.stringify(one)),
          ),
        )
        for (const other of Object.keys(document)) if (other !== name) assert.deepEqual(listed[other], document[other])
      }),
    ))

  it('leaves at most one primary value', () =>
    fc.assert(
      fc.property(
        user,
        fc.array(fc.record({ value: text, type, primary: fc.boolean() }), { minLength: 1, maxLength: 6 }),
        (document, added) => {
          const result = attempt(
            document,
            added.map((one) => ({ op: 'add', path: 'emails', value: one })),
          )
          assert.ok(result)
          assert.ok(valuesOf(result, 'emails').filter((one) => one.primary === true).length <= 1)
        },
      ),
    ))
})
