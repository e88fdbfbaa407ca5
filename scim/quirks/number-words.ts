import type { ValueQuirk } from './quirk.js'

const NUMBER = /^-?(0|[1-9]\d{0,14})(\.\d{1,15})?$/

/**
 * Entra sends what its administrator left at the type String as text, `"12.5"`, and nothing as `""`. Only numbers as JSON
 * writes them, without exponent, are understood (RFC 7643 §2.3.3).
 */
export const numberWords: ValueQuirk = {
  name: 'number-words',
  concerns: ({ type }) => type === 'decimal' || type === 'integer',
  rewrite(value) {
    if (value === '') return null
    return typeof value === 'string' && NUMBER.test(value) ? Number(value) : value
  },
}
