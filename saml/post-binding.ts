import { SignedXml } from 'xml-crypto'
import { SamlError } from './errors.js'
import { signedElements } from './response-shape.js'
import { descendants, parseXml } from './xml.js'

const MAX_FIELD = 65_536
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * Verify a logout message that was posted: signed as a whole, by a stored certificate. Returns the bytes that were signed;
 * nothing else of it is read. Throws SamlError: bad_request, bad_encoding, bad_xml, shape, weak_algorithm, not_signed,
 * bad_signature.
 */
export function verifyPosted(field: string, certificates: readonly string[]): string {
  const text = field.replaceAll(/\s/g, '')
  if (text.length > MAX_FIELD) throw new SamlError('bad_request', 'The message is larger than 64 KB.')
  if (!BASE64.test(text)) throw new SamlError('bad_encoding', 'The message is not base64.')
  const xml = Buffer.from(text, 'base64').toString('utf8')
  const root = parseXml(xml)
  const everything = [root, ...descendants(root)]
  if (!signedElements(everything, [root], false).has(root))
    throw new SamlError('not_signed', 'The message is not signed.')
  const signature = everything.find(({ localName }) => localName === 'Signature')
  for (const publicCert of certificates) {
    const verifier = new SignedXml({ publicCert, getCertFromKeyInfo: () => null })
    verifier.loadSignature(signature as unknown as Node)
    if (isSound(verifier, xml) && verifier.getSignedReferences().length === 1) return verifier.getSignedReferences()[0]!
  }
  throw new SamlError('bad_signature', 'The signature does not match any stored certificate of the identity provider.')
}

function isSound(verifier: SignedXml, xml: string): boolean {
  try {
    return verifier.checkSignature(xml.replaceAll(/\r\n?/g, '\n'))
  } catch {
    // It throws where a digest or the form of the signature is wrong: no more sound than one that does not fit.
    return false
  }
}
