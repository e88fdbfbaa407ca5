import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { IdpCertificate } from '../accounts/saml-settings.js'
import { SamlError } from './errors.js'

const MAX_CERTIFICATE = 20_000
const BLOCK = /^-----BEGIN CERTIFICATE-----\s*([^-]+)-----END CERTIFICATE-----$/
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/

/**
 * One certificate as PEM, or as the base64 of its DER form; a chain or a private key is none. An expired one is read like
 * any other (Metadata IOP §2.6.1). Throws SamlError: bad_metadata.
 */
export function readCertificate(text: string): IdpCertificate {
  if (text.length > MAX_CERTIFICATE) throw unreadable('is too long')
  const trimmed = text.trim()
  const base64 = (BLOCK.exec(trimmed)?.[1] ?? trimmed).replaceAll(/\s/g, '')
  if (!BASE64.test(base64)) throw unreadable('is neither one PEM block nor base64')
  const der = Buffer.from(base64, 'base64')
  const certificate = parsed(der)
  if (certificate.raw.length !== der.length) throw unreadable('has something behind it')
  const sha256 = createHash('sha256').update(der).digest('hex')
  return { pem: certificate.toString(), sha256, notAfter: new Date(certificate.validTo).toISOString() }
}

function parsed(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch (cause) {
    throw unreadable('cannot be read', cause)
  }
}

function unreadable(why: string, cause?: unknown): SamlError {
  return new SamlError('bad_metadata', `A certificate ${why}.`, {}, { cause })
}

/** Whose certificate (PEM) it says it is, on one line of 300 characters at most. */
export function subjectOf(pem: string): string {
  return new X509Certificate(pem).subject.replaceAll('\n', ', ').slice(0, 300)
}

const keys = new Map<string, KeyObject>()
const MAX_KEYS = 1_000

/** The public key of a certificate (PEM). To read one takes as long as ten signatures, so those of before are kept. */
export function publicKeyOf(pem: string): KeyObject {
  const known = keys.get(pem)
  if (known !== undefined) return known
  if (keys.size === MAX_KEYS) keys.clear()
  const key = createPublicKey(pem)
  keys.set(pem, key)
  return key
}
