import type { Random } from '../../test/harness/random.js'
import { aWord } from './words.js'

const ATTRIBUTES = [
  ...[
    'userName',
    'USERNAME',
    'id',
    'externalId',
    'active',
    'name',
    'name.givenName',
    'displayName',
    'emails',
    'emails.value',
  ],
  ...[
    'emails.primary',
    'groups',
    'groups.value',
    'groups.display',
    'meta.created',
    'meta.lastModified',
    'meta.version',
  ],
  ...[
    'meta.resourceType',
    'members',
    'members.value',
    'members.$ref',
    'roles.value',
    'entitlements',
    'addresses.locality',
  ],
  ...['password', 'title', 'manager', 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value'],
  ...[
    'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department',
    'department',
    'schemas',
    'x',
    'phoneNumbers',
  ],
  ...[
    'urn:ietf:params:scim:schemas:core:2.0:User',
    'photos.value',
    'x509Certificates.value',
    'ims',
    'locale',
    'status',
  ],
] as const
const LISTS = ['emails', 'phoneNumbers', 'addresses', 'members', 'groups', 'roles', 'photos', 'name', 'active'] as const
const PARTS = ['type', 'value', 'primary', 'display', '$ref', 'locality', 'x'] as const
const OPERATORS = ['eq', 'EQ', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le', 'pr', 'xx'] as const

function literal(random: Random): string {
  const luck = random.next()
  if (luck < 0.4) return JSON.stringify(aWord(random).slice(0, 3_000))
  if (luck < 0.5) return random.oneOf(['"\\u0000"', '"\\ud800"', '"\\/"', '"unfinished', '""'])
  return random.oneOf([
    'true',
    'false',
    'null',
    '1',
    '-1.5',
    '1e400',
    '"work"',
    '"2026-01-01T00:00:00Z"',
    'work',
    '"{{person}}"',
  ])
}

/** A filter as RFC 7644 §3.4.2.2 has it, and now and then not quite. */
export function aFilter(random: Random, depth = 0): string {
  const luck = random.next()
  if (depth > 24 || luck < 0.45) return comparison(random, ATTRIBUTES)
  if (luck < 0.6) return `${random.oneOf(LISTS)}[${aFilterWithin(random, depth)}]`
  if (luck < 0.7) return `not (${aFilter(random, depth + 1)})`
  if (luck < 0.78) return `(${aFilter(random, depth + 1)})`
  if (luck < 0.82)
    return Array.from({ length: random.oneOf([5, 50, 99, 101]) }, () => comparison(random, ATTRIBUTES)).join(
      random.oneOf([' or ', ' and ']),
    )
  return `${aFilter(random, depth + 1)} ${random.oneOf(['and', 'or', 'AND', 'xor'])} ${aFilter(random, depth + 1)}`
}

function aFilterWithin(random: Random, depth: number): string {
  const one = comparison(random, PARTS)
  return depth > 20 || random.chance(0.6)
    ? one
    : `${one} ${random.oneOf(['and', 'or'])} ${aFilterWithin(random, depth + 1)}`
}

function comparison(random: Random, names: readonly string[]): string {
  const operator = random.oneOf(OPERATORS)
  const name = random.oneOf(names)
  return operator === 'pr' ? `${name} pr` : `${name} ${operator} ${literal(random)}`
}

/** A path of a PATCH operation (§3.5.2), and now and then not quite. */
export function aPath(random: Random): string {
  const luck = random.next()
  if (luck < 0.3) return random.oneOf(ATTRIBUTES)
  const rest = random.chance(0.6) ? `.${random.oneOf(PARTS)}` : ''
  if (luck < 0.9) return `${random.oneOf(LISTS)}[${aFilterWithin(random, 0)}]${rest}`
  return `${random.oneOf(ATTRIBUTES)}${random.oneOf(['.', '[', ']', '[]', '[0]', ':', ' ', '..x'])}${rest}`
}
