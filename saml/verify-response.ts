import type { SignInTrace } from '../accounts/sign-in-checks.js'
import { type AssertionTerms, checkAssertion, type VerifiedAssertion } from './check-assertion.js'
import { openEncrypted } from './decrypt-assertion.js'
import { SamlError } from './errors.js'
import { type ResponseShape, shapeOf } from './response-shape.js'
import { signedAssertion } from './verify-signature.js'
import { attribute, parseXml } from './xml.js'

/** A Response that is well-formed and could be an answer to us; nothing of it is verified. */
export interface OpenedResponse extends ParsedResponse {
  readonly shape: ResponseShape
}

/** A message that is well-formed XML. */
export interface ParsedResponse {
  /** The base64 text that was posted. */
  readonly text: string
  readonly xml: string
  readonly root: Element
  /** The request that it says it answers. */
  readonly inResponseTo: string | undefined
}

/** What this service provider is, and whom it trusts. */
export interface Verification extends AssertionTerms {
  readonly entityId: string
  /** PEM certificates of the identity provider. */
  readonly certificates: readonly string[]
  /** PEM private keys, the current one first. */
  readonly decryptionKeys: readonly string[]
  /** Accept SHA-1, which a connection may for a time. */
  readonly sha1: boolean
}

const MAX_FIELD = 192 * 1_024
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/** Decode and look at a posted SAMLResponse (SAML.md e, steps 4 to 7). Throws what its two halves throw. */
export function openResponse(samlResponse: string, sha1 = false, trace?: SignInTrace): OpenedResponse {
  return lookAt(parseResponse(samlResponse), sha1, trace)
}

/** What kind of message it is and how it is signed. Throws SamlError: not_a_response, idp_status, shape, weak_algorithm. */
export function lookAt(parsed: ParsedResponse, sha1: boolean, trace?: SignInTrace): OpenedResponse {
  trace?.passed('document')
  return { ...parsed, shape: shapeOf(parsed.root, sha1, trace) }
}

/** Decode and parse, in time that grows with the size alone. Throws SamlError: bad_request, bad_encoding, bad_xml. */
export function parseResponse(samlResponse: string): ParsedResponse {
  if (samlResponse.length > MAX_FIELD) throw new SamlError('bad_request', 'The SAMLResponse is larger than 192 KB.')
  const text = samlResponse.replaceAll(/[\r\n\t ]/g, '')
  if (!BASE64.test(text) || text.length % 4 !== 0)
    throw new SamlError('bad_encoding', 'The SAMLResponse is not base64.')
  const xml = decoded(text)
  const root = parseXml(xml)
  return { text, xml, root, inResponseTo: attribute(root, 'InResponseTo') }
}

const START = 4_096
const NAMED_REQUEST =
  /^\ufeff?\s*(?:<\?xml[^>]*\?>\s*)?<(?:[\w.-]+:)?Response\s[^>]*?\sInResponseTo\s*=\s*["']([\w.-]{1,200})["']/

/**
 * The request that a posted Response seems to answer, by a glance at its first tag; undefined where that does not tell. Good
 * enough to ask whether there is such a request, and for nothing else: whoever needs to know parses.
 */
export function requestNamedIn(samlResponse: string): string | undefined {
  if (samlResponse.length > MAX_FIELD) return undefined
  return NAMED_REQUEST.exec(Buffer.from(samlResponse.slice(0, START), 'base64').toString('utf8'))?.[1]
}

/**
 * Verify an opened Response and return what its assertion states (SAML.md e, steps 8, 10 and 11). Throws SamlError:
 * wrong_destination, wrong_issuer, unknown_request, not_signed, bad_signature, decrypt_failed, and those of checkAssertion.
 */
export async function verifyResponse(opened: OpenedResponse, terms: Verification): Promise<VerifiedAssertion> {
  const { shape } = opened
  const { trace } = terms
  checkAddress(shape, terms)
  trace?.passed('destination')
  checkRequest(shape, terms)
  const inside = shape.isEncrypted
    ? await openEncrypted(shape.assertion, shape.isResponseSigned, terms.decryptionKeys, terms.sha1)
    : undefined
  if (shape.isEncrypted) trace?.passed('decryption')
  trace?.passed('algorithm')
  const { assertion, certificate } = await signedAssertion(opened, { ...terms, inside })
  trace?.passed('signature')
  trace?.learn({ certificate })
  return checkAssertion(assertion, terms)
}

/** Destination is required where it is signed (Bindings §3.5.5.2); an Issuer of the Response only where there is one. */
function checkAddress({ destination, issuer, isResponseSigned }: ResponseShape, terms: Verification): void {
  if (destination === undefined ? isResponseSigned : destination !== terms.acsUrl) {
    const received = destination ?? 'none'
    const text = `The Response is for ${received.slice(0, 300)}, expected ${terms.acsUrl}.`
    throw new SamlError('wrong_destination', text, { expected: terms.acsUrl, received: received.slice(0, 300) })
  }
  if (issuer !== undefined && issuer !== terms.issuer) {
    const text = `The Response comes from ${issuer.slice(0, 300)}, expected ${terms.issuer}.`
    throw new SamlError('wrong_issuer', text, { expected: terms.issuer, received: issuer.slice(0, 300) })
  }
}

/** What the outside answers is what the caller took for the request; whether the signed inside agrees is seen later. */
function checkRequest({ inResponseTo }: ResponseShape, { request }: Verification): void {
  if (inResponseTo === undefined || inResponseTo === request?.id) return
  const [expected, received] = [request?.id ?? 'none', inResponseTo.slice(0, 300)]
  const text = `The Response answers ${received}, expected ${expected}.`
  throw new SamlError('unknown_request', text, { expected, received })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decoded(base64: string): string {
  try {
    return UTF8.decode(Buffer.from(base64, 'base64'))
  } catch (cause) {
    throw new SamlError('bad_encoding', 'The SAMLResponse is not UTF-8.', {}, { cause })
  }
}
