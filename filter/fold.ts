const ASCII = /^[\x20-\x7e]*$/

/**
 * The one rule by which two texts are the same where case does not matter: NFC, lower case, final sigma as sigma.
 * Lookups, unique keys and filters all use it, so they cannot disagree (RFC 7643 §2.2, RFC 7644 §5).
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase()
  return text.normalize('NFC').toLowerCase().normalize('NFC').replaceAll('ς', 'σ')
}
