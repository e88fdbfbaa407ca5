import { escaped } from '../../../saml/escape.js'

/** Documents with places in braces, which samlify fills and escapes. */

const NAMES = 'xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
const RESPONSE = `<samlp:Response ${NAMES} ID="{ID}" Version="2.0" IssueInstant="{Now}" Destination="{Destination}" InResponseTo="{InResponseTo}"><saml:Issuer>{Issuer}</saml:Issuer>`
const STATUS = 'urn:oasis:names:tc:SAML:2.0:status:'

/** A Response without an Assertion: the person was asked, and nobody was signed in. */
export const DENIAL = [
  RESPONSE,
  `<samlp:Status><samlp:StatusCode Value="${STATUS}Responder"><samlp:StatusCode Value="${STATUS}RequestDenied"/>`,
  '</samlp:StatusCode><samlp:StatusMessage>Nobody was chosen.</samlp:StatusMessage></samlp:Status></samlp:Response>',
].join('')

/** A Response with an Assertion of the Web Browser SSO profile (Profiles §4.1.4.2) and these attributes. */
export function responseTemplate(attributes: readonly (readonly [name: string, value: string])[]): string {
  const statements = attributes.map(
    ([name, value]) =>
      `<saml:Attribute Name="${escaped(name)}"><saml:AttributeValue>${escaped(value)}</saml:AttributeValue></saml:Attribute>`,
  )
  return [
    RESPONSE,
    `<samlp:Status><samlp:StatusCode Value="${STATUS}Success"/></samlp:Status>`,
    '<saml:Assertion ID="{AssertionID}" Version="2.0" IssueInstant="{Now}"><saml:Issuer>{Issuer}</saml:Issuer>',
    '<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">{NameID}</saml:NameID>',
    '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">',
    '<saml:SubjectConfirmationData NotOnOrAfter="{Soon}" Recipient="{Destination}" InResponseTo="{InResponseTo}"/>',
    '</saml:SubjectConfirmation></saml:Subject>',
    '<saml:Conditions NotBefore="{Now}" NotOnOrAfter="{Soon}"><saml:AudienceRestriction>',
    '<saml:Audience>{Audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>',
    '<saml:AuthnStatement AuthnInstant="{Now}" SessionIndex="{SessionIndex}"><saml:AuthnContext>',
    '<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport</saml:AuthnContextClassRef>',
    '</saml:AuthnContext></saml:AuthnStatement>',
    `<saml:AttributeStatement>${statements.join('')}</saml:AttributeStatement>`,
    '</saml:Assertion></samlp:Response>',
  ].join('')
}
