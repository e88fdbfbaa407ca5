import { type Profile, SAML, ValidateInResponseTo } from '@node-saml/node-saml'
import { SamlError } from './errors.js'

export interface SignatureTerms {
  /** PEM certificates of the identity provider, any of which may have signed. */
  readonly certificates: readonly string[]
  readonly entityId: string
  readonly acsUrl: string
  readonly isResponseSigned: boolean
  readonly isAssertionSigned: boolean
  /** PEM private key that opens the assertion, where it is encrypted. */
  readonly decryptionKey: string | undefined
}

/**
 * Have node-saml verify every signature that is present, and return the Assertion as the bytes that were signed: nothing
 * else of the message is read from here on. It is the signature engine alone; terms are checked in check-assertion.ts.
 * Throws SamlError: not_signed, bad_signature.
 */
export async function signedAssertion(samlResponse: string, terms: SignatureTerms): Promise<string> {
  if (!terms.isResponseSigned && !terms.isAssertionSigned)
    throw new SamlError('not_signed', 'Neither the Response nor the Assertion is signed.')
  if (terms.certificates.length === 0)
    throw new SamlError('bad_signature', 'No certificate of the identity provider is stored.')
  const engine = new SignatureEngine({
    callbackUrl: terms.acsUrl,
    issuer: terms.entityId,
    idpCert: [...terms.certificates],
    wantAuthnResponseSigned: terms.isResponseSigned,
    wantAssertionsSigned: terms.isAssertionSigned,
    validateInResponseTo: ValidateInResponseTo.never,
    audience: false,
    acceptedClockSkewMs: -1,
    ...(terms.decryptionKey !== undefined && { decryptionPvk: terms.decryptionKey }),
  })
  const { profile } = await engine.validatePostResponseAsync({ SAMLResponse: samlResponse }).catch((cause: unknown) => {
    throw mismatch(cause)
  })
  const xml = profile?.getAssertionXml?.()
  if (xml === undefined) throw mismatch(undefined)
  return xml
}

/** Ends where a signature is verified: what node-saml would read from the Assertion it would refuse without a reason. */
class SignatureEngine extends SAML {
  protected override async processValidlySignedAssertionAsync(
    xml: string,
  ): Promise<{ profile: Profile; loggedOut: boolean }> {
    return { profile: { issuer: '', nameID: '', nameIDFormat: '', getAssertionXml: () => xml }, loggedOut: false }
  }
}

function mismatch(cause: unknown): SamlError {
  const text = 'The signature does not match any stored certificate of the identity provider.'
  return new SamlError('bad_signature', text, {}, { cause })
}
