import type { Attribute, ResourceSchema, Schema } from '../../../filter/attribute.js'
import { GROUP_SCHEMA } from '../../../filter/schemas/group.js'
import { USER_SCHEMA } from '../../../filter/schemas/user.js'

/** A value that an attribute cannot have, and where it stands in a resource and in a PATCH. */
export interface BadValue {
  /** As errors name the attribute. */
  readonly name: string
  readonly value: unknown
  /** To be laid over a good resource. */
  readonly overrides: object
  /** The path of a PATCH. */
  readonly path: string
  readonly says: RegExp
}

const LONE_SURROGATE = 'a\ud800b'
const HUGE = Number.MAX_VALUE

/** Not text: a number, however large, a boolean, an object, a list. Not text that can be stored. Too much text. */
const NOT_TEXT = [HUGE, LONE_SURROGATE, { a: 1 }, 'x'.repeat(4_097), 'a\0b', true, 7, ['x']]
/** One function reads all attributes of a type: the first of each type is tried with every value, others with so many. */
const TRIED = 2

const VALUES: Readonly<Record<Attribute['type'], readonly unknown[]>> = {
  string: NOT_TEXT,
  reference: NOT_TEXT,
  binary: ['not base64!', HUGE, 'x'.repeat(65_537)],
  boolean: ['yes', 1, HUGE, {}, ['true']],
  dateTime: ['yesterday', 5],
  decimal: ['5', true],
  integer: ['5', 1.5],
  complex: ['x', 5, HUGE, true, [5], ['x'], [[{}]]],
}

/** What an identity provider may send there all the same, because its form is known (scim/quirks/). */
const TOLERATED: Readonly<Record<string, (value: unknown) => boolean>> = {
  roles: bareText,
  entitlements: bareText,
  manager: bareText,
}

function bareText(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && typeof value[0] === 'string')
}

/** Every attribute of the schema with values that it cannot have: a new attribute is tried without being named. */
export function badValues({ common, core, extensions }: ResourceSchema): BadValue[] {
  const all = [
    ...[...common, ...core.attributes].flatMap((attribute) => valuesOf(attribute, undefined)),
    ...extensions.flatMap((extension) => extension.attributes.flatMap((attribute) => valuesOf(attribute, extension))),
  ]
  const seen = new Set<Attribute['type']>()
  return all.flatMap(({ type, values }, index) => {
    const isFirst = !seen.has(type)
    seen.add(type)
    // Each begins elsewhere in the list, so that together they try every value many times.
    const from = (index * TRIED) % Math.max(1, values.length)
    return isFirst ? values : [...values, ...values].slice(from, from + Math.min(TRIED, values.length))
  })
}

interface Tried {
  readonly type: Attribute['type']
  readonly values: readonly BadValue[]
}

function valuesOf(attribute: Attribute, extension: Schema | undefined): Tried[] {
  const { name, type, multiValued, mutability, subAttributes = [] } = attribute
  if (mutability === 'readOnly') return []
  const lay = (value: unknown) => (extension === undefined ? { [name]: value } : { [extension.id]: { [name]: value } })
  const path = extension === undefined ? name : `${extension.id}:${name}`
  const own = VALUES[type].filter((value) => !TOLERATED[name]?.(value) && (multiValued || !isListOfOne(type, value)))
  const parts = subAttributes.filter((sub) => sub.mutability !== 'readOnly')
  return [
    { type, values: own.map((value) => ({ name, value, overrides: lay(value), path, says: naming(name) })) },
    ...parts.map((sub): Tried => {
      const whole = (value: unknown) => (multiValued ? [{ [sub.name]: value }] : { [sub.name]: value })
      const inside = multiValued ? `${path}[type eq "work"].${sub.name}` : `${path}.${sub.name}`
      const bad = VALUES[sub.type].filter((value) => !saysNothing(name, sub.name, value))
      const full = { name: `${name}.${sub.name}`, path: inside, says: naming(`${name}.${sub.name}`) }
      return { type: sub.type, values: bad.map((value) => ({ ...full, value, overrides: lay(whole(value)) })) }
    }),
  ]
}

/** A list of one manager is a manager (Entra); for other single objects the list is wrong whatever it holds. */
function isListOfOne(type: Attribute['type'], value: unknown): boolean {
  return type === 'complex' && Array.isArray(value) && Array.isArray(value[0])
}

/** `manager.$ref` is made at read: what is sent there is dropped unread. */
function saysNothing(name: string, sub: string, value: unknown): boolean {
  return (name === 'manager' && sub === '$ref') || (TOLERATED[name] !== undefined && sub === 'value' && isQuirk(value))
}

function isQuirk(value: unknown): boolean {
  return typeof value === 'object'
}

function naming(name: string): RegExp {
  const escaped = name.replaceAll(/[$.]/g, '\\$&')
  return new RegExp(`\\b${escaped} (must be|has \\d+ characters, limit)|^${escaped} (must be|has)`)
}

export const BAD_USER_VALUES = badValues(USER_SCHEMA)

/** Members are refused in words of their own. */
export const BAD_GROUP_VALUES = badValues({ ...GROUP_SCHEMA, core: withoutMembers(GROUP_SCHEMA.core) })

function withoutMembers(schema: Schema): Schema {
  return { ...schema, attributes: schema.attributes.filter(({ name }) => name !== 'members') }
}

/** A value of `members`, and what is said of it. */
export const BAD_MEMBERS: readonly (readonly [value: unknown, says: RegExp])[] = [
  ['nobody', /Group member nobody is not a user of this connection/],
  [[{ value: 'nobody' }], /Group member nobody is not a user of this connection/],
  [[{ value: '__proto__' }], /Group member __proto__ is not a user/],
  [7, /members\.value must be text, got 7/],
  [true, /members\.value must be text, got true/],
  [[[{ value: 'nobody' }]], /members\.value must be text, got a list/],
  [[{ value: { value: 'nobody' } }], /members\.value must be text, got an object/],
  [[{ value: HUGE }], /members\.value must be text/],
  [[{}], /members\.value is required/],
  [[{ value: '' }], /members\.value is required/],
  [[{ value: null }], /members\.value is required/],
  [[{ value: LONE_SURROGATE }], /members\.value must be text without/],
  [[{ value: 'a\0b' }], /members\.value must be text without/],
  [[{ value: 'x'.repeat(257) }], /members\.value has 257 characters, limit 256/],
  [[{ type: 'Group', value: 'nobody' }], /groups inside groups are not supported/],
]
