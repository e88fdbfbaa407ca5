import { NS } from './names.js'
import { attribute, children, textOf } from './xml.js'

/** Attributes of an assertion: the texts by Name, as the identity provider spells it; empty texts are left out. */
export type Attributes = ReadonlyMap<string, readonly string[]>

/** Core §2.7.3. Names come from outside, so they are keys of a Map and of nothing else. */
export function readAttributes(assertion: Element): Attributes {
  const found = new Map<string, string[]>()
  for (const statement of children(assertion, NS.assertion, 'AttributeStatement')) {
    for (const element of children(statement, NS.assertion, 'Attribute')) {
      const name = attribute(element, 'Name')
      if (!name) continue
      const values = children(element, NS.assertion, 'AttributeValue').map(textOf)
      found.set(name, [...(found.get(name) ?? []), ...values.filter((value) => value !== '')])
    }
  }
  return found
}

/** What we want to know of a person, and the names under which identity providers send it (SAML.md d). */
const KNOWN = {
  email: [
    'email',
    'mail',
    'emailaddress',
    'user.email',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
    'urn:oid:0.9.2342.19200300.100.1.3',
  ],
  externalId: ['externalid', 'user.id', 'objectid', 'http://schemas.microsoft.com/identity/claims/objectidentifier'],
  givenName: [
    'firstname',
    'givenname',
    'given_name',
    'user.firstname',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname',
    'urn:oid:2.5.4.42',
  ],
  familyName: [
    'lastname',
    'surname',
    'sn',
    'family_name',
    'user.lastname',
    'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname',
    'urn:oid:2.5.4.4',
  ],
  groups: [
    'groups',
    'memberof',
    'group',
    'http://schemas.microsoft.com/ws/2008/06/identity/claims/groups',
    'http://schemas.xmlsoap.org/claims/group',
  ],
  roles: ['roles', 'role', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/role'],
} as const satisfies Record<string, readonly string[]>

export type KnownAttribute = keyof typeof KNOWN

/**
 * The values of what an administrator has named, else of the first well-known name that is there; upper and lower case
 * of names do not count, because no two identity providers agree on them; where one sends both, the name as it was given
 * comes first.
 */
export function valuesOf(attributes: Attributes, what: KnownAttribute, named?: string): readonly string[] {
  const byName = new Map([...attributes].map(([name, values]) => [name.toLowerCase(), values]))
  const names = named === undefined ? KNOWN[what] : [named]
  for (const name of names) {
    const values = attributes.get(name) ?? byName.get(name.toLowerCase())
    if (values !== undefined && values.length > 0) return values
  }
  return []
}
