import { decrypt } from 'xml-encryption'
import { checkKeyTransport, cipherOf } from './algorithms.js'
import { SamlError } from './errors.js'
import { NS } from './names.js'
import { signedElements } from './response-shape.js'
import { attribute, children, descendants, isNamed, parseXml } from './xml.js'

/**
 * Look into an EncryptedAssertion before the signature engine does: accepted ciphers, CBC only under a signature of the
 * Response (its padding could be probed otherwise), and inside exactly one Assertion of accepted shape. Resolves to the key
 * that opens it, and whether the Assertion inside is signed. Every failure is the same decrypt_failed (SAML.md e.10).
 */
export async function openEncrypted(
  encrypted: Element,
  isResponseSigned: boolean,
  keys: readonly string[],
  sha1: boolean,
): Promise<{ key: string; isAssertionSigned: boolean }> {
  checkCiphers(encrypted, isResponseSigned)
  for (const key of keys) {
    const text = await decrypted(encrypted, key)
    if (text === undefined) continue
    const assertion = parseXml(text)
    if (!isNamed(assertion, NS.assertion, 'Assertion')) throw failed()
    const everything = [assertion, ...descendants(assertion)]
    if (everything.filter(({ localName }) => /^(Encrypted)?Assertion$/.test(localName)).length !== 1)
      throw new SamlError('shape', 'The encrypted assertion holds another one.')
    return { key, isAssertionSigned: signedElements(everything, [assertion], sha1).has(assertion) }
  }
  throw failed()
}

function checkCiphers(encrypted: Element, isResponseSigned: boolean): void {
  const methods = descendants(encrypted).filter((element) => isNamed(element, NS.encryption, 'EncryptionMethod'))
  for (const method of methods) {
    const algorithm = attribute(method, 'Algorithm')
    if ((method.parentNode as Element).localName === 'EncryptedKey') checkKeyTransport(algorithm)
    else if (cipherOf(algorithm) === 'cbc' && !isResponseSigned) throw failed()
  }
  const data = children(encrypted, NS.encryption, 'EncryptedData')
  if (data.length !== 1 || methods.length !== 2) throw failed()
}

function decrypted(encrypted: Element, key: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    try {
      decrypt(encrypted.toString(), { key, disallowDecryptionWithInsecureAlgorithm: false }, (error, text) =>
        resolve(error ? undefined : text),
      )
    } catch {
      resolve(undefined)
    }
  })
}

function failed(): SamlError {
  return new SamlError('decrypt_failed', 'The assertion could not be decrypted with the keys of this connection.')
}
