import type { Attribute } from '../../api/schema.js'

/** What a condition may ask about. */
export interface ConditionAttribute {
  /** Its text is `attribute.<name>`, with its article `of.<name>`; an attribute of the account has no other name. */
  readonly name: string
  /** As a filter writes it. */
  readonly path: string
  readonly type: 'text' | 'boolean' | 'group' | 'choice'
  /** What may be chosen, of an attribute that has a list. */
  readonly choices?: readonly string[]
  /** Whether somebody may have several values of it. */
  readonly several: boolean
  readonly group: 'often' | 'person' | 'work' | 'own'
}

/** Finds what a filter names. */
export type FindAttribute = (path: string) => ConditionAttribute | undefined

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'

const one = (group: ConditionAttribute['group'], path: string, name = path) =>
  ({ name, path, type: 'text', several: false, group }) as const
const many = (group: ConditionAttribute['group'], name: string, path: string) =>
  ({ name, path, type: 'text', several: true, group }) as const
const work = (name: string) => one('work', `${ENTERPRISE}:${name}`, name)

/** Those of RFC 7643 §4 by which people are told apart, what is asked most first. A filter may name any other. */
export const ATTRIBUTES = [
  { name: 'group', path: 'groups.display', type: 'group', several: true, group: 'often' },
  work('department'),
  one('often', 'title'),
  many('often', 'email', 'emails.value'),
  one('often', 'userName'),
  one('often', 'userType'),
  one('person', 'displayName'),
  one('person', 'name.givenName', 'givenName'),
  one('person', 'name.familyName', 'familyName'),
  one('person', 'externalId'),
  { name: 'active', path: 'active', type: 'boolean', several: false, group: 'person' },
  many('person', 'phone', 'phoneNumbers.value'),
  many('person', 'country', 'addresses.country'),
  many('person', 'locality', 'addresses.locality'),
  one('person', 'preferredLanguage'),
  one('person', 'locale'),
  one('person', 'timezone'),
  work('division'),
  work('costCenter'),
  work('organization'),
  work('employeeNumber'),
  { name: 'manager', path: `${ENTERPRISE}:manager.value`, type: 'text', several: false, group: 'work' },
  many('work', 'role', 'roles.value'),
  many('work', 'entitlement', 'entitlements.value'),
  { name: 'groupId', path: 'groups.value', type: 'text', several: true, group: 'work' },
] as const satisfies readonly ConditionAttribute[]

const BY_PATH = new Map<string, ConditionAttribute>(
  ATTRIBUTES.flatMap((attribute) => {
    // A directory may write an attribute of the extension without its URN, and the server understands it.
    const short = attribute.path.slice(attribute.path.lastIndexOf(':') + 1)
    return [attribute.path, short].map((path) => [path.toLowerCase(), attribute] as const)
  }),
)

/** The attribute that a filter names so, in any letter case (RFC 7643 §2.1). */
export function attributeOf(path: string): ConditionAttribute | undefined {
  return BY_PATH.get(path.toLowerCase())
}

/** An attribute that the account adds; numbers and dates are asked in the filter itself. */
export function ownAttribute({ name, path, type, choices }: Attribute): ConditionAttribute | undefined {
  if (type === 'number' || type === 'date') return undefined
  return { name, path, type, several: false, group: 'own', ...(choices === null ? {} : { choices }) }
}

/** Those of the account beside the known ones. */
export function findAmong(own: readonly ConditionAttribute[]): FindAttribute {
  if (own.length === 0) return attributeOf
  const byName = new Map(own.flatMap((one) => [one.path, one.name].map((name) => [name.toLowerCase(), one] as const)))
  return (path) => attributeOf(path) ?? byName.get(path.toLowerCase())
}
