import { RequestError } from './problem.js'

const MAX_DEPTH = 32

/**
 * Refuse what no text of ours may hold and what no schema looks for: NUL and broken surrogates (no database stores
 * them), the key `__proto__`, and nesting without end. Throws RequestError invalid_request, naming the place.
 */
export function checkPlain(value: unknown, path: string, depth = 0): void {
  if (depth > MAX_DEPTH) throw refused(path, `is nested deeper than ${MAX_DEPTH} levels`)
  if (typeof value === 'string') checkText(value, path)
  if (typeof value !== 'object' || value === null) return
  const placeOf = (key: string) => (Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`)
  for (const [key, child] of Object.entries(value)) {
    if (key === '__proto__') throw refused(path, 'may not have a property named __proto__')
    checkText(key, path)
    // A place is named only where it is needed: there may be a hundred thousand.
    if (typeof child === 'string' && isPlain(child)) continue
    if (typeof child === 'string' || typeof child === 'object') checkPlain(child, placeOf(key), depth + 1)
  }
}

function isPlain(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

function checkText(text: string, path: string): void {
  if (!isPlain(text)) throw refused(path, 'holds characters that are not text')
}

function refused(path: string, message: string): RequestError {
  return new RequestError('invalid_request', `${path} ${message}.`, [{ path, message }])
}
