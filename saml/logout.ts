import { instantFromDateTime } from '../filter/date-time.js'
import { newMessageId } from './authn-request.js'
import { SamlError } from './errors.js'
import { escaped } from './escape.js'
import { checkLength, MAX_BYTES } from './lengths.js'
import { NS, SUCCESS } from './names.js'
import { attribute, children, isNamed, parseXml, textOf } from './xml.js'

/** What a logout message has to say to be for us, now. */
export interface LogoutTerms {
  readonly issuer: string
  /** Our address for logout. */
  readonly sloUrl: string
  readonly now: Date
}

export interface LogoutRequest {
  readonly id: string
  readonly nameId: string
  /** None: every session of the person at this connection. */
  readonly sessionIndexes: readonly string[]
}

const MAX_AGE_MS = 5 * 60_000

/** Read a verified LogoutRequest (Core §3.7.1). Throws SamlError: not_a_response, wrong_issuer, wrong_destination, outside_time, no_identifier, shape. */
export function readLogoutRequest(signedXml: string, terms: LogoutTerms): LogoutRequest {
  const root = checked(signedXml, 'LogoutRequest', terms)
  const end = attribute(root, 'NotOnOrAfter')
  const until = end === undefined ? undefined : instantFromDateTime(end)
  if (end !== undefined && (until === undefined || until + MAX_AGE_MS <= terms.now.getTime())) throw late()
  const [nameId, ...more] = children(root, NS.assertion, 'NameID')
  if (nameId === undefined || more.length > 0 || textOf(nameId) === '')
    throw new SamlError('no_identifier', 'The LogoutRequest has not exactly one NameID.')
  const sessionIndexes = children(root, NS.protocol, 'SessionIndex').map(textOf)
  checkLength('The NameID', textOf(nameId), MAX_BYTES.name, 'no_identifier')
  return { id: attribute(root, 'ID')!, nameId: textOf(nameId), sessionIndexes }
}

/** Read a verified LogoutResponse (Core §3.7.2): the request it is for. Throws SamlError as above. */
export function readLogoutResponse(signedXml: string, terms: LogoutTerms): { readonly inResponseTo: string } {
  const root = checked(signedXml, 'LogoutResponse', terms)
  const inResponseTo = attribute(root, 'InResponseTo')
  if (!inResponseTo) throw new SamlError('unknown_request', 'The LogoutResponse is for no request.')
  return { inResponseTo }
}

function checked(signedXml: string, name: string, { issuer, sloUrl, now }: LogoutTerms): Element {
  const root = parseXml(signedXml)
  if (!isNamed(root, NS.protocol, name) || attribute(root, 'Version') !== '2.0' || !attribute(root, 'ID'))
    throw new SamlError('not_a_response', `The message is no ${name} of SAML 2.0.`, {
      expected: name,
      received: root.tagName,
    })
  checkLength(`The ID of the ${name}`, attribute(root, 'ID') ?? '', MAX_BYTES.id, 'shape')
  const [from] = children(root, NS.assertion, 'Issuer')
  const received = from === undefined ? 'none' : textOf(from)
  if (received !== issuer)
    throw new SamlError('wrong_issuer', 'The message comes from somebody else.', { expected: issuer, received })
  const destination = attribute(root, 'Destination')
  if (destination !== sloUrl) {
    const comparison = { expected: sloUrl, received: destination ?? 'none' }
    throw new SamlError('wrong_destination', 'The message is for another address.', comparison)
  }
  const issued = instantFromDateTime(attribute(root, 'IssueInstant') ?? '')
  if (issued === undefined || Math.abs(issued - now.getTime()) > MAX_AGE_MS) throw late()
  return root
}

function late(): SamlError {
  return new SamlError('outside_time', 'The message is older than five minutes, or a clock is wrong.')
}

/** Whom we ask to be signed out, as the assertion named her. */
export interface LoggedIn {
  readonly nameId: string
  readonly sessionIndex: string | null
}

/** A LogoutRequest of ours, to be signed by the binding that carries it. */
export function logoutRequestXml(
  entityId: string,
  destination: string,
  { nameId, sessionIndex }: LoggedIn,
  now: Date,
): { readonly id: string; readonly xml: string } {
  const id = newMessageId()
  const index = sessionIndex === null ? '' : `<samlp:SessionIndex>${escaped(sessionIndex)}</samlp:SessionIndex>`
  const body = `<saml:NameID>${escaped(nameId)}</saml:NameID>${index}`
  return { id, xml: message('LogoutRequest', id, entityId, destination, now, '', body) }
}

const PARTIAL = 'urn:oasis:names:tc:SAML:2.0:status:PartialLogout'

/** Our answer to a LogoutRequest; `partial` where nobody was found whom it could mean. */
export function logoutResponseXml(
  entityId: string,
  destination: string,
  inResponseTo: string,
  partial: boolean,
  now: Date,
): string {
  const nested = partial ? `<samlp:StatusCode Value="${PARTIAL}"/>` : ''
  const status = `<samlp:Status><samlp:StatusCode Value="${SUCCESS}">${nested}</samlp:StatusCode></samlp:Status>`
  const reference = ` InResponseTo="${escaped(inResponseTo)}"`
  return message('LogoutResponse', newMessageId(), entityId, destination, now, reference, status)
}

function message(
  name: string,
  id: string,
  entityId: string,
  destination: string,
  now: Date,
  more: string,
  body: string,
): string {
  const head = `ID="${id}" Version="2.0" IssueInstant="${now.toISOString()}" Destination="${escaped(destination)}"${more}`
  const names = `xmlns:samlp="${NS.protocol}" xmlns:saml="${NS.assertion}"`
  return `<samlp:${name} ${names} ${head}><saml:Issuer>${escaped(entityId)}</saml:Issuer>${body}</samlp:${name}>`
}
