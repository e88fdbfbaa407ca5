import { createHash } from 'node:crypto'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { getVerifiedXml } from '@node-saml/node-saml/lib/xml.js'
import { publicKeyOf } from './certificate.js'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import type { ResponseShape } from './response-shape.js'
import { children, descendants, isNamed, parseXml, textOf } from './xml.js'

export interface SignatureTerms {
  /** PEM certificates of the identity provider, any of which may have signed. */
  readonly certificates: readonly string[]
  readonly entityId: string
  readonly acsUrl: string
  /** What an encrypted Assertion is opened with, and whether it is signed inside; undefined where it is plain. */
  readonly inside: { readonly key: string; readonly isAssertionSigned: boolean } | undefined
}

/** An Assertion as it was signed. */
export interface SignedAssertion {
  readonly assertion: Element
  /** SHA-256 of the certificate that verified it, hex. */
  readonly certificate: string
}

/**
 * Have node-saml verify every signature that is present, and return the Assertion parsed from the bytes that were signed:
 * nothing else of the message is read from here on. It is the signature engine alone; terms are checked in
 * check-assertion.ts. Throws SamlError: not_signed, bad_signature.
 */
export async function signedAssertion(
  response: { readonly text: string; readonly xml: string; readonly shape: ResponseShape },
  terms: SignatureTerms,
): Promise<SignedAssertion> {
  const { shape } = response
  if (!shape.isResponseSigned && !(terms.inside ?? shape).isAssertionSigned)
    throw new SamlError('not_signed', 'Neither the Response nor the Assertion is signed.')
  if (terms.certificates.length === 0)
    throw new SamlError('bad_signature', 'No certificate of the identity provider is stored.')
  try {
    if (terms.inside !== undefined) return await encryptedAssertion(response.text, shape, terms.inside, terms)
    return plainAssertion(response.xml, shape, terms.certificates)
  } catch (cause) {
    if (cause instanceof SamlError) throw cause
    throw mismatch(shape.root, terms, cause)
  }
}

/**
 * By the function of node-saml that verifies one signature. Its way through a whole Response would parse and search the
 * document again, for what shapeOf has looked at already (bench/saml.ts).
 */
function plainAssertion(xml: string, shape: ResponseShape, certificates: readonly string[]): SignedAssertion {
  const inner = shape.isAssertionSigned ? verifiedBytes(xml, shape.assertion, certificates) : undefined
  const outer = shape.isResponseSigned ? verifiedBytes(xml, shape.root, certificates) : undefined
  if (outer === undefined) return { ...inner!, assertion: parseXml(inner!.bytes) }
  const [assertion, ...more] = children(parseXml(outer.bytes), NS.assertion, 'Assertion')
  if (assertion === undefined || more.length > 0) throw new Error('the signed Response has not exactly one Assertion')
  return { certificate: outer.certificate, assertion }
}

/** The bytes of an element that its signature covers, and the fingerprint of the certificate that verified them. */
function verifiedBytes(
  xml: string,
  element: Element,
  certificates: readonly string[],
): { readonly bytes: string; readonly certificate: string } {
  for (const certificate of certificates) {
    // Handed on to Node.js as it is, which takes a key as well, and would read a certificate anew for each signature.
    const bytes = getVerifiedXml(xml, element, [publicKeyOf(certificate) as unknown as string])
    if (bytes !== null) return { bytes, certificate: fingerprintOf(certificate) }
  }
  throw new Error('no certificate verifies the signature')
}

/** Which of several certificates it was node-saml does not say, so each is asked alone. */
async function encryptedAssertion(
  samlResponse: string,
  shape: ResponseShape,
  inside: NonNullable<SignatureTerms['inside']>,
  terms: SignatureTerms,
): Promise<SignedAssertion> {
  const verifiedBy = async (certificates: readonly string[]): Promise<string | undefined> => {
    const engine = new SignatureEngine({
      callbackUrl: terms.acsUrl,
      issuer: terms.entityId,
      idpCert: [...certificates],
      wantAuthnResponseSigned: shape.isResponseSigned,
      wantAssertionsSigned: inside.isAssertionSigned,
      validateInResponseTo: ValidateInResponseTo.never,
      audience: false,
      acceptedClockSkewMs: -1,
      decryptionPvk: inside.key,
    })
    const { profile } = await engine.validatePostResponseAsync({ SAMLResponse: samlResponse })
    return profile?.getAssertionXml?.()
  }
  const assertion = parseXml((await verifiedBy(terms.certificates)) ?? '')
  const [first = '', ...others] = terms.certificates
  for (const certificate of others.length === 0 ? [] : terms.certificates) {
    // The signature is good, or this line is not reached; that another certificate does not fit is no news.
    const xml = await verifiedBy([certificate]).catch(() => undefined)
    if (xml !== undefined) return { assertion, certificate: fingerprintOf(certificate) }
  }
  return { assertion, certificate: fingerprintOf(first) }
}

/** Ends where a signature is verified: what node-saml would read from the Assertion it would refuse without a reason. */
class SignatureEngine extends SAML {
  protected override async processValidlySignedAssertionAsync(
    xml: string,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    return { profile: { issuer: '', nameID: '', nameIDFormat: '', getAssertionXml: () => xml }, loggedOut: false }
  }
}

function mismatch(root: Element, { certificates }: SignatureTerms, cause: unknown): SamlError {
  const text = 'The signature does not match any stored certificate of the identity provider.'
  const claimed = claimedCertificate(root)
  const received = claimed === undefined ? 'a message that names no certificate' : fingerprintOf(claimed)
  return new SamlError(
    'bad_signature',
    text,
    { expected: certificates.map(fingerprintOf).join(' '), received },
    { cause },
  )
}

/** SHA-256 of a certificate's DER form, hex. */
function fingerprintOf(pem: string): string {
  return createHash('sha256')
    .update(Buffer.from(pem.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64'))
    .digest('hex')
}

/** What the first signature of a message says it was made with: shown where it is none of ours, and trusted in no case. */
function claimedCertificate(root: Element): string | undefined {
  const [element] = descendants(root).filter((one) => isNamed(one, NS.signature, 'X509Certificate'))
  return element && textOf(element)
}
