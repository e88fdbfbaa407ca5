/** Longest answer that is kept, in characters. */
const MAX_KEPT = 65_536
/** What is worth something to whoever reads it: signatures, and keys and texts that are encrypted for us. */
const SECRETS = /(<(?:[^\s<>/:]+:)?(?:SignatureValue|CipherValue)(?:\s[^<>]*)?>)[^<]*/g

/**
 * A well-formed Response without what makes it good for anything: the values of its signatures, and what is encrypted. An
 * assertion that was encrypted is never kept in the clear.
 */
export function redactedResponse(xml: string): string {
  const text = xml.replaceAll(SECRETS, '$1(removed)')
  return text.length > MAX_KEPT ? `${text.slice(0, MAX_KEPT)}… (${text.length} characters)` : text
}
