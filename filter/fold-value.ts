import type { Attribute } from './attribute.js'
import { canonicalDateTime } from './date-time.js'
import { fold } from './fold.js'

const UNSTORABLE = /[\0\p{Surrogate}]/u
const EVERY_UNSTORABLE = /[\0\p{Surrogate}]/gu

/**
 * One text as filters compare it: folded where its attribute ignores case, a dateTime in UTC with milliseconds, anything
 * else as it is. What no database stores as text (NUL, half a surrogate pair) becomes U+FFFD, so that one odd value
 * cannot make PostgreSQL refuse to search all the others.
 */
export function foldText(attribute: Attribute, text: string): string {
  const storable = UNSTORABLE.test(text) ? text.replace(EVERY_UNSTORABLE, '\uFFFD') : text
  if (attribute.type === 'dateTime') return canonicalDateTime(storable) ?? storable
  return attribute.caseExact || attribute.type === 'binary' ? storable : fold(storable)
}
