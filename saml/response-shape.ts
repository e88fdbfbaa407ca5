import type { SignInTrace } from '../accounts/sign-in-checks.js'
import { SamlError } from './errors.js'
import { NS, SUCCESS } from './names.js'
import { checkSignatureShape } from './signature-shape.js'
import { attribute, attributes, children, descendants, isNamed, textOf } from './xml.js'

/** Where a Response holds what, read from bytes that nobody has verified: nothing in here may let anybody in. */
export interface ResponseShape {
  readonly root: Element
  readonly assertion: Element
  readonly isEncrypted: boolean
  readonly isResponseSigned: boolean
  readonly isAssertionSigned: boolean
  readonly inResponseTo: string | undefined
  readonly destination: string | undefined
  readonly issuer: string | undefined
}

const VERSION = '2.0'

/** Throws SamlError: not_a_response, idp_status, shape, weak_algorithm. */
export function shapeOf(root: Element, sha1: boolean, trace?: SignInTrace): ResponseShape {
  if (!isNamed(root, NS.protocol, 'Response') || attribute(root, 'Version') !== VERSION || !attribute(root, 'ID'))
    throw new SamlError('not_a_response', 'The message is not a SAML 2.0 Response.', {
      received: root.tagName.slice(0, 300),
    })
  checkStatus(root)
  trace?.passed('status')
  const everything = [root, ...descendants(root)]
  checkIds(everything)
  const assertion = soleAssertion(root, everything)
  const signed = signedElements(everything, [root, assertion], sha1)
  const [issuer, ...issuers] = children(root, NS.assertion, 'Issuer')
  if (issuers.length > 0) throw new SamlError('shape', 'The Response has more than one Issuer.')
  trace?.passed('shape')
  return {
    root,
    assertion,
    isEncrypted: assertion.localName === 'EncryptedAssertion',
    isResponseSigned: signed.has(root),
    isAssertionSigned: signed.has(assertion),
    inResponseTo: attribute(root, 'InResponseTo'),
    destination: attribute(root, 'Destination'),
    issuer: issuer === undefined ? undefined : textOf(issuer),
  }
}

/** Exactly Success; what the identity provider says in place of it is told to the administrator (Core §3.2.2). */
function checkStatus(root: Element): void {
  const [status, ...more] = children(root, NS.protocol, 'Status')
  const [code, ...others] = status === undefined ? [] : children(status, NS.protocol, 'StatusCode')
  if (status === undefined || code === undefined || more.length + others.length > 0)
    throw new SamlError('not_a_response', 'The Response has not exactly one Status with one StatusCode.')
  if (attribute(code, 'Value') === SUCCESS) return
  const nested = children(code, NS.protocol, 'StatusCode').map((one) => attribute(one, 'Value') ?? '')
  const [message] = children(status, NS.protocol, 'StatusMessage')
  const received = [attribute(code, 'Value') ?? 'none', ...nested, message && textOf(message)].filter(Boolean)
  const text = `The identity provider answered with an error: ${received.join(', ').slice(0, 500)}.`
  throw new SamlError('idp_status', text, { expected: SUCCESS, received: received.join(' ').slice(0, 500) })
}

/** Two elements of one ID are how a signature is made to point at one and the reader at the other. */
export function checkIds(everything: readonly Element[]): void {
  const seen = new Set<string>()
  for (const element of everything) {
    for (const { localName, value } of attributes(element)) {
      if (localName?.toLowerCase() !== 'id') continue
      if (value === '' || seen.has(value)) throw new SamlError('shape', 'The document has an ID that is not unique.')
      seen.add(value)
    }
  }
}

/** One Assertion or EncryptedAssertion in the whole document, wherever another could hide, and directly in the Response. */
function soleAssertion(root: Element, everything: readonly Element[]): Element {
  const found = everything.filter(({ localName }) => localName === 'Assertion' || localName === 'EncryptedAssertion')
  const [assertion] = found
  if (
    found.length !== 1 ||
    assertion === undefined ||
    assertion.namespaceURI !== NS.assertion ||
    assertion.parentNode !== root
  )
    throw new SamlError('shape', `The Response holds ${found.length} assertions where one is allowed, directly in it.`)
  return assertion
}

/** Which of the elements that may be signed are; a Signature, or the heart of one, anywhere else is refused. */
export function signedElements(
  everything: readonly Element[],
  signable: readonly Element[],
  sha1: boolean,
): Set<Element> {
  const signed = new Set<Element>()
  const hearts = everything.filter(({ localName }) => localName === 'SignedInfo')
  if (!hearts.every(({ parentNode }) => (parentNode as Element).localName === 'Signature'))
    throw new SamlError('shape', 'A SignedInfo stands outside of a signature.')
  for (const signature of everything.filter(({ localName }) => localName === 'Signature')) {
    const parent = signature.parentNode as Element
    if (signature.namespaceURI !== NS.signature || !signable.includes(parent) || signed.has(parent))
      throw new SamlError('shape', 'A signature stands where none may stand.')
    checkSignatureShape(signature, sha1)
    signed.add(parent)
  }
  return signed
}
