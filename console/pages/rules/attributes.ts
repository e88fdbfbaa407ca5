/** What a condition may ask about. */
export interface ConditionAttribute {
  /** Its text is `attribute.<name>`, with its article `of.<name>`; undefined for attributes of the account. */
  readonly name: string
  /** As a filter writes it. */
  readonly path: string
  readonly type: 'text' | 'boolean' | 'group'
  /** Whether somebody may have several values of it. */
  readonly several: boolean
  readonly group: 'often' | 'person' | 'work'
}

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
