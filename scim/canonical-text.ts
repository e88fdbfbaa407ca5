import { ScimError } from './errors.js'

/** Of a longer text it makes no difference what counts as a character. */
const MAX_COUNTED = 100_000

/**
 * Refuse text that is too long or cannot be stored: PostgreSQL has no U+0000, and a lone surrogate is not UTF-8.
 * `limit` counts Unicode code points. Throws attr_too_long, attr_type.
 */
export function checkText(path: string, text: string, limit: number): string {
  if (text.length > limit) checkLength(path, text, limit)
  if (text.includes('\0') || /\p{Surrogate}/u.test(text))
    throw new ScimError('attr_type', `${path} must be text without U+0000 and lone surrogates, got ${shown(text)}.`)
  return text
}

function checkLength(path: string, text: string, limit: number): void {
  let count = 0
  if (text.length > MAX_COUNTED) count = text.length
  else for (const _ of text) count++
  if (count > limit) throw new ScimError('attr_too_long', `${path} has ${count} characters, limit ${limit}.`)
}

/** A value as an error quotes it: short, on one line, and never the inside of an object. */
export function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value !== 'string') return String(value)
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
}
