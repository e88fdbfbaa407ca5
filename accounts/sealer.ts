import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'

/**
 * Encrypts what must not be read from the database alone, and signs what clients keep for us. `about` binds a text to its
 * place: elsewhere it does not open, or is not signed.
 */
export interface Sealer {
  seal(text: string, about: string): string
  /** Throws where the text was changed, is from elsewhere, or was sealed under another secret. */
  open(sealed: string, about: string): string
  /** A signature, base64url: HMAC-SHA256 under a key of its own. */
  sign(text: string, about: string): string
  isSigned(text: string, about: string, signature: string): boolean
}

const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** A sealer under 32 secret bytes (USHER_SECRET): AES-256-GCM, with a fresh nonce for each text. */
export function createSealer(secret: Buffer): Sealer {
  const signingKey = Buffer.from(hkdfSync('sha256', secret, '', 'usher signatures', 32))
  const sign = (text: string, about: string) =>
    createHmac('sha256', signingKey).update(`${about}\0${text}`).digest('base64url')
  return {
    sign,
    isSigned(text, about, signature) {
      const [expected, given] = [Buffer.from(sign(text, about)), Buffer.from(signature)]
      return expected.length === given.length && timingSafeEqual(expected, given)
    },
    seal(text, about) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(CIPHER, secret, nonce).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, 'base64')
      const nonce = bytes.subarray(0, NONCE_BYTES)
      const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]).toString(
        'utf8',
      )
    },
  }
}
