import { AccountError } from './errors.js'

/** A place in a list as text that travels: whoever gets it only sends it back. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/**
 * The place of a cursor, whose parts are of these kinds; numbers are whole. Refuses: cursor_invalid, for what is none of
 * ours.
 */
export function placeFromCursor(cursor: string, kinds: readonly ('string' | 'number')[]): (string | number)[] {
  const place = parsed(cursor)
  if (
    !Array.isArray(place) ||
    place.length !== kinds.length ||
    !place.every((part, index) => isKind(part, kinds[index]))
  )
    throw new AccountError('cursor_invalid', 'This cursor is none of this list, or of another order of it.')
  return place as (string | number)[]
}

/** No text of ours holds U+0000 or half a surrogate pair, which PostgreSQL does not take. */
function isKind(part: unknown, kind: 'string' | 'number' | undefined): boolean {
  if (kind === 'string') return typeof part === 'string' && !/[\0\p{Surrogate}]/u.test(part)
  return typeof part === 'number' && Number.isSafeInteger(part)
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    // Not one of ours: refused as any other that is of the wrong shape.
    return undefined
  }
}
