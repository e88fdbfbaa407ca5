import { decrypt } from 'xml-encryption'
import { checkKeyTransport, cipherOf } from './algorithms.js'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import { checkIds, signedElements } from './response-shape.js'
import { attribute, children, descendants, isNamed, parseXml } from './xml.js'

/**
 * Look into an EncryptedAssertion before the signature engine does: accepted ciphers, CBC only under a signature of the
 * Response (its padding could be probed otherwise), and inside exactly one Assertion of accepted shape. Resolves to the key
 * that opens it, and whether the Assertion inside is signed. Throws SamlError: weak_algorithm, decrypt_failed, and what
 * is wrong with the Assertion inside.
 */
export async function openEncrypted(
  encrypted: Element,
  isResponseSigned: boolean,
  keys: readonly string[],
  sha1: boolean,
): Promise<{ key: string; isAssertionSigned: boolean }> {
  checkShape(encrypted)
  const cipher = checkCiphers(encrypted, isResponseSigned)
  for (const key of keys) {
    const text = await decrypted(encrypted, key)
    if (text === undefined) continue
    try {
      return { key, isAssertionSigned: isSigned(text, sha1) }
    } catch (cause) {
      // That signature is not verified yet, so whoever changes a text in CBC may not learn what it decrypts to.
      throw cipher === 'cbc' ? failed(cause) : cause
    }
  }
  throw failed()
}

function isSigned(text: string, sha1: boolean): boolean {
  const assertion = parseXml(text)
  if (!isNamed(assertion, NS.assertion, 'Assertion')) throw failed()
  const everything = [assertion, ...descendants(assertion)]
  checkIds(everything)
  if (everything.filter(({ localName }) => /^(Encrypted)?Assertion$/.test(localName)).length !== 1)
    throw new SamlError('shape', 'The encrypted assertion holds another one.')
  return signedElements(everything, [assertion], sha1).has(assertion)
}

/** How often a part may stand in an EncryptedAssertion, and of which namespace it is. */
const PARTS: ReadonlyMap<string, readonly [namespace: string, least: number, most: number]> = new Map([
  ['EncryptedData', [NS.encryption, 1, 1]],
  ['EncryptedKey', [NS.encryption, 1, 1]],
  ['EncryptionMethod', [NS.encryption, 2, 2]],
  ['CipherData', [NS.encryption, 2, 2]],
  ['CipherValue', [NS.encryption, 2, 2]],
  ['DigestMethod', [NS.signature, 0, 1]],
  ['KeyInfo', [NS.signature, 1, 3]],
  ['RetrievalMethod', [NS.signature, 0, 1]],
])
const MAX_ELEMENTS = 60
const LOCAL_URI = /^#[\w.-]{1,200}$/

/**
 * The decrypting library finds parts by their local names, wherever they stand, and puts the URI of a RetrievalMethod into
 * an XPath expression: so there is one part of each name, of its own namespace, and the URI is a plain one.
 */
function checkShape(encrypted: Element): void {
  const inside = descendants(encrypted)
  const isRight = [...PARTS].every(([name, [namespace, least, most]]) => {
    const found = inside.filter(({ localName }) => localName === name)
    return found.length >= least && found.length <= most && found.every((one) => one.namespaceURI === namespace)
  })
  const uris = inside.filter(({ localName }) => localName === 'RetrievalMethod').map((one) => attribute(one, 'URI'))
  const data = children(encrypted, NS.encryption, 'EncryptedData')
  if (!isRight || data.length !== 1 || inside.length > MAX_ELEMENTS || !uris.every((uri) => LOCAL_URI.test(uri ?? '')))
    throw failed()
}

/** Which kind of cipher hides the Assertion. */
function checkCiphers(encrypted: Element, isResponseSigned: boolean): 'gcm' | 'cbc' {
  const algorithmIn = (parent: string) => {
    const element = descendants(encrypted).find(({ localName }) => localName === parent)
    const [method] = element === undefined ? [] : children(element, NS.encryption, 'EncryptionMethod')
    return method && attribute(method, 'Algorithm')
  }
  checkKeyTransport(algorithmIn('EncryptedKey'))
  const cipher = cipherOf(algorithmIn('EncryptedData'))
  if (cipher === 'cbc' && !isResponseSigned) throw failed()
  return cipher
}

function decrypted(encrypted: Element, key: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      decrypt(encrypted.toString(), { key, disallowDecryptionWithInsecureAlgorithm: false }, (error, text) =>
        resolve(error ? undefined : text),
      )
    } catch {
      // It throws or calls back, as the document has it; the sender learns of either that it failed, and no more.
      resolve(undefined)
    }
  })
}

function failed(cause?: unknown): SamlError {
  const text = 'The assertion could not be decrypted with the keys of this connection.'
  return new SamlError('decrypt_failed', text, {}, { cause })
}
