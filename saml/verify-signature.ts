import { createHash } from 'node:crypto'
import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import { descendants, isNamed, textOf } from './xml.js'

export interface SignatureTerms {
  /** PEM certificates of the identity provider, any of which may have signed. */
  readonly certificates: readonly string[]
  readonly entityId: string
  readonly acsUrl: string
  readonly isResponseSigned: boolean
  readonly isAssertionSigned: boolean
  /** PEM private key that opens the assertion, where it is encrypted. */
  readonly decryptionKey: string | undefined
  /** The certificate that the message names; shown where it is none of ours, and trusted in no case. */
  readonly claimed: () => string | undefined
}

export interface SignedAssertion {
  readonly xml: string
  /** SHA-256 of the certificate that verified it, hex. */
  readonly certificate: string
}

/**
 * Have node-saml verify every signature that is present, and return the Assertion as the bytes that were signed: nothing
 * else of the message is read from here on. It is the signature engine alone; terms are checked in check-assertion.ts.
 * Throws SamlError: not_signed, bad_signature.
 */
export async function signedAssertion(samlResponse: string, terms: SignatureTerms): Promise<SignedAssertion> {
  const { certificates } = terms
  if (!terms.isResponseSigned && !terms.isAssertionSigned)
    throw new SamlError('not_signed', 'Neither the Response nor the Assertion is signed.')
  if (certificates.length === 0)
    throw new SamlError('bad_signature', 'No certificate of the identity provider is stored.')
  const xml = await verifiedBy(samlResponse, terms, certificates).catch((cause: unknown) => {
    throw mismatch(terms, cause)
  })
  if (xml === undefined) throw mismatch(terms, undefined)
  return { xml, certificate: fingerprintOf(await whichOf(samlResponse, terms)) }
}

async function verifiedBy(
  samlResponse: string,
  terms: SignatureTerms,
  certificates: readonly string[],
): Promise<string | undefined> {
  const engine = new SignatureEngine({
    callbackUrl: terms.acsUrl,
    issuer: terms.entityId,
    idpCert: [...certificates],
    wantAuthnResponseSigned: terms.isResponseSigned,
    wantAssertionsSigned: terms.isAssertionSigned,
    validateInResponseTo: ValidateInResponseTo.never,
    audience: false,
    acceptedClockSkewMs: -1,
    ...(terms.decryptionKey !== undefined && { decryptionPvk: terms.decryptionKey }),
  })
  const { profile } = await engine.validatePostResponseAsync({ SAMLResponse: samlResponse })
  return profile?.getAssertionXml?.()
}

/** Of several certificates the one that verifies alone: node-saml does not say. Asked of what is verified already. */
async function whichOf(samlResponse: string, terms: SignatureTerms): Promise<string> {
  const [first = '', ...others] = terms.certificates
  for (const certificate of others.length === 0 ? [] : terms.certificates) {
    const xml = await verifiedBy(samlResponse, terms, [certificate]).catch(() => undefined)
    if (xml !== undefined) return certificate
  }
  return first
}

/** Ends where a signature is verified: what node-saml would read from the Assertion it would refuse without a reason. */
class SignatureEngine extends SAML {
  protected override async processValidlySignedAssertionAsync(
    xml: string,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    return { profile: { issuer: '', nameID: '', nameIDFormat: '', getAssertionXml: () => xml }, loggedOut: false }
  }
}

function mismatch({ certificates, ...terms }: SignatureTerms, cause: unknown): SamlError {
  const claimed = terms.claimed()
  const text = 'The signature does not match any stored certificate of the identity provider.'
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

/** What the first signature of a message says it was made with. */
export function claimedCertificate(root: Element): string | undefined {
  const [element] = descendants(root).filter((one) => isNamed(one, NS.signature, 'X509Certificate'))
  return element && textOf(element)
}
