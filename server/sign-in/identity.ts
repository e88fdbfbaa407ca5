import type { AssertionClaims } from '../../accounts/assertion-grants.js'
import type { Assertion } from '../../accounts/identify.js'
import type { AttributeNames, Saml } from '../../accounts/saml-settings.js'
import { type Attributes, valuesOf } from '../../saml/attributes.js'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError } from '../../saml/errors.js'
import { checkLength, MAX_BYTES } from '../../saml/lengths.js'
import { TRANSIENT } from '../../saml/names.js'

/**
 * A verified assertion in the words of the domain: a transient NameID names a visit, not a person (PRODUCT 2.10).
 * Throws SamlError: no_identifier.
 */
export function identityOf(assertion: VerifiedAssertion, { settings }: Saml): Assertion {
  const { attributes, nameId, id, sessionIndex, sessionNotOnOrAfter, usableUntil } = assertion
  const named = settings.attributes
  const chosen = named.identifier === undefined ? undefined : valuesOf(attributes, 'externalId', named.identifier)[0]
  const lasting = nameId?.format === TRANSIENT ? undefined : nameId?.value
  const shown = chosen ?? nameId?.value
  if (shown === undefined || (named.identifier !== undefined && chosen === undefined)) {
    const received = [...attributes.keys()].join(', ').slice(0, 1_000)
    const text = `The assertion has no attribute ${named.identifier}. It has: ${received || 'none'}.`
    throw new SamlError('no_identifier', text, { expected: named.identifier ?? 'NameID', received })
  }
  checkLength(`The attribute ${named.identifier}`, chosen ?? '', MAX_BYTES.name, 'no_identifier')
  return {
    id,
    identifier: chosen ?? lasting,
    nameId: shown,
    subject: nameId?.value ?? null,
    externalId: valuesOf(attributes, 'externalId', named.externalId)[0],
    email: valuesOf(attributes, 'email', named.email)[0] ?? (shown.includes('@') ? shown : undefined),
    claims: settings.rolesFromAssertion === true ? claimsOf(attributes, named) : undefined,
    sessionIndex,
    sessionEnd: sessionNotOnOrAfter,
    usableUntil,
  }
}

/** What Entra ID sends in place of more than 150 groups. */
const GROUPS_LINK = 'http://schemas.microsoft.com/claims/groups.link'

function claimsOf(attributes: Attributes, named: AttributeNames): AssertionClaims {
  return {
    groups: valuesOf(attributes, 'groups', named.groups),
    roles: valuesOf(attributes, 'roles', named.roles),
    groupsWithheld: attributes.has(GROUPS_LINK),
  }
}
