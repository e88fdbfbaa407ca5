import { createSign, createVerify } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { RSA_SHA256, RSA_SHA512 } from './algorithms.js'
import { SamlError } from './errors.js'

export type MessageKind = 'SAMLRequest' | 'SAMLResponse'

/** A signed message as it came by HTTP-Redirect. */
export interface RedirectMessage {
  readonly kind: MessageKind
  readonly xml: string
  readonly relayState: string | undefined
}

const MAX_INFLATED = 65_536
const NAMES = new Set(['SAMLRequest', 'SAMLResponse', 'RelayState', 'SigAlg', 'Signature'])
const DIGESTS: ReadonlyMap<string, string> = new Map([
  [RSA_SHA256, 'RSA-SHA256'],
  [RSA_SHA512, 'RSA-SHA512'],
])

/**
 * Verify a message in the query of a URL (Bindings §3.4.4.1), over the very characters that came: the query is taken apart
 * once, and nothing but those parts is read. A signature is required. Throws SamlError: bad_request, not_signed,
 * weak_algorithm, bad_signature, bad_encoding.
 */
export function verifyRedirect(rawQuery: string, certificates: readonly string[]): RedirectMessage {
  const raw = partsOf(rawQuery)
  const kind = raw.has('SAMLRequest') ? 'SAMLRequest' : 'SAMLResponse'
  const message = raw.get(kind)
  if (message === undefined || (raw.has('SAMLRequest') && raw.has('SAMLResponse')))
    throw new SamlError('bad_request', 'The query has to hold one SAMLRequest or SAMLResponse.')
  const [sigAlg, signature] = [raw.get('SigAlg'), raw.get('Signature')]
  if (sigAlg === undefined || signature === undefined)
    throw new SamlError('not_signed', 'The message has no signature in its query.')
  const algorithm = decoded(sigAlg)
  const digest = DIGESTS.get(algorithm)
  if (digest === undefined)
    throw new SamlError('weak_algorithm', `The algorithm ${algorithm.slice(0, 200)} is not accepted.`)
  const state = raw.get('RelayState')
  const signed = [`${kind}=${message}`, ...(state === undefined ? [] : [`RelayState=${state}`]), `SigAlg=${sigAlg}`]
  const bytes = Buffer.from(decoded(signature), 'base64')
  const text = signed.join('&')
  if (!certificates.some((pem) => createVerify(digest).update(text).verify(pem, bytes)))
    throw new SamlError(
      'bad_signature',
      'The signature does not match any stored certificate of the identity provider.',
    )
  return { kind, xml: inflated(decoded(message)), relayState: state === undefined ? undefined : decoded(state) }
}

/** The parameters as they came; a name that is encoded or comes twice means different things to different readers. */
function partsOf(rawQuery: string): Map<string, string> {
  const parts = new Map<string, string>()
  for (const part of rawQuery.split('&').filter((one) => one !== '')) {
    const [name = '', ...rest] = part.split('=')
    if (name.includes('%') || name.includes('+') || parts.has(name))
      throw new SamlError('bad_request', 'The query has a parameter that is encoded in its name, or comes twice.')
    if (NAMES.has(name)) parts.set(name, rest.join('='))
  }
  return parts
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new SamlError('bad_encoding', 'The query is not encoded as URLs are.', {}, { cause })
  }
}

function inflated(base64: string): string {
  try {
    const bytes = inflateRawSync(Buffer.from(base64, 'base64'), { maxOutputLength: MAX_INFLATED })
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new SamlError('bad_encoding', 'The message is not deflated UTF-8, or larger than 64 KB.', {}, { cause })
  }
}

/** The URL that carries a message, signed by RSA-SHA256 with a private key (PEM). */
export function redirectUrl(location: string, { kind, xml, relayState }: RedirectMessage, privateKey: string): string {
  const values: [string, string][] = [[kind, deflateRawSync(Buffer.from(xml)).toString('base64')]]
  if (relayState !== undefined) values.push(['RelayState', relayState])
  values.push(['SigAlg', RSA_SHA256])
  const text = values.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const signature = createSign('RSA-SHA256').update(text).sign(privateKey, 'base64')
  return `${location}${location.includes('?') ? '&' : '?'}${text}&Signature=${encodeURIComponent(signature)}`
}
