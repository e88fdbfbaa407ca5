import { SamlError, type SamlErrorCode } from './errors.js'

/**
 * The longest names that are kept, in bytes of UTF-8. They become keys, and a key of PostgreSQL that is longer than 2.7 kB
 * cannot be written. SAML itself allows a NameID that lasts 256 characters (Core §8.3.7), and says nothing of IDs.
 */
export const MAX_BYTES = { id: 512, name: 1_024 } as const

/** Throws SamlError with this code where a name is too long to be kept. */
export function checkLength(what: string, text: string, maxBytes: number, code: SamlErrorCode): void {
  const bytes = Buffer.byteLength(text)
  if (bytes <= maxBytes) return
  const comparison = { expected: `at most ${maxBytes} bytes`, received: `${bytes} bytes` }
  throw new SamlError(code, `${what} has ${bytes} bytes; ${maxBytes} are the limit.`, comparison)
}
