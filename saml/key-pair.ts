import 'reflect-metadata'
import { generateKeyPair, randomBytes, webcrypto } from 'node:crypto'
import { promisify } from 'node:util'
import { X509CertificateGenerator } from '@peculiar/x509'

/** A private key and the certificate that carries its public half; the certificate's subject means nothing to anybody. */
export interface KeyPair {
  /** PKCS #8, PEM. */
  readonly privateKey: string
  /** PEM. */
  readonly certificate: string
  readonly notAfter: Date
}

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
const BITS = 2_048
const YEARS = 10

/** Make an RSA key and a self-signed certificate for it: identity providers want keys wrapped so (Metadata IOP §2.6.1). */
export async function createKeyPair(commonName: string, now: Date): Promise<KeyPair> {
  const { privateKey, publicKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: BITS,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const der = Buffer.from(privateKey.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')
  const keys = {
    privateKey: await webcrypto.subtle.importKey('pkcs8', der, ALGORITHM, false, ['sign']),
    publicKey: await webcrypto.subtle.importKey('spki', publicKey, ALGORITHM, true, ['verify']),
  }
  const notAfter = new Date(now)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS)
  const certificate = await X509CertificateGenerator.createSelfSigned({
    serialNumber: randomBytes(16).toString('hex'),
    name: `CN=${commonName}`,
    notBefore: now,
    notAfter,
    signingAlgorithm: ALGORITHM,
    keys,
  })
  return { privateKey, certificate: certificate.toString('pem'), notAfter }
}
