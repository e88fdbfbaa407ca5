import { SamlError } from './errors.js'

const DSIG = 'http://www.w3.org/2000/09/xmldsig#'
const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
const ENC = 'http://www.w3.org/2001/04/xmlenc#'
const ENC11 = 'http://www.w3.org/2009/xmlenc11#'

export const RSA_SHA256 = `${MORE}rsa-sha256`
export const RSA_SHA512 = `${MORE}rsa-sha512`
export const ENVELOPED = `${DSIG}enveloped-signature`
export const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#'

const SIGNATURES = new Set([RSA_SHA256, RSA_SHA512])
const DIGESTS = new Set([`${ENC}sha256`, `${ENC}sha512`])
const C14N = new Set([
  EXCLUSIVE_C14N,
  `${EXCLUSIVE_C14N}WithComments`,
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315',
])
const SHA1 = new Set([`${DSIG}rsa-sha1`, `${DSIG}sha1`])
const GCM = new Set([`${ENC11}aes128-gcm`, `${ENC11}aes192-gcm`, `${ENC11}aes256-gcm`])
const CBC = new Set([`${ENC}aes128-cbc`, `${ENC}aes192-cbc`, `${ENC}aes256-cbc`])
const KEY_TRANSPORT = new Set([`${ENC}rsa-oaep-mgf1p`, `${ENC11}rsa-oaep`])

/** Which algorithms a document may name: what is not on these lists is refused before anything is computed. */
const ALLOWED = { signature: SIGNATURES, digest: DIGESTS, c14n: C14N }

/** Throws SamlError: weak_algorithm. `sha1` lets SHA-1 pass, an exception that a connection has for a time. */
export function checkAlgorithm(kind: keyof typeof ALLOWED, name: string | undefined, sha1 = false): void {
  if (name !== undefined && ALLOWED[kind].has(name)) return
  if (sha1 && name !== undefined && SHA1.has(name)) return
  throw weak(name)
}

/** Which kind of cipher an EncryptedData names. Throws SamlError: weak_algorithm. */
export function cipherOf(name: string | undefined): 'gcm' | 'cbc' {
  if (name !== undefined && GCM.has(name)) return 'gcm'
  if (name !== undefined && CBC.has(name)) return 'cbc'
  throw weak(name)
}

/** Throws SamlError: weak_algorithm. */
export function checkKeyTransport(name: string | undefined): void {
  if (name === undefined || !KEY_TRANSPORT.has(name)) throw weak(name)
}

function weak(name: string | undefined): SamlError {
  const received = name?.slice(0, 300) ?? 'none'
  return new SamlError('weak_algorithm', `The algorithm ${received} is not accepted.`, { received })
}
