/** Bodies and answers are kept up to this many characters (DESIGN 4, Events). */
export const MAX_KEPT = 65_536

/** A text as the log keeps it. `length` is that of the whole, where this is only its beginning. */
export function keptText(text: string, length = text.length): string {
  return length <= MAX_KEPT ? text : `${text.slice(0, MAX_KEPT)}… (${length} characters, cut)`
}
