import type { ValueQuirk } from './quirk.js'

const WORDS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

/** Entra sends booleans as words, `"False"`, also in sub-attributes such as `primary` (RFC 7643 §2.3.2; trap 7). */
export const booleanWords: ValueQuirk = {
  name: 'boolean-words',
  concerns: (attribute) => attribute.type === 'boolean',
  rewrite: (value) => (typeof value === 'string' ? (WORDS.get(value.toLowerCase()) ?? value) : value),
}
