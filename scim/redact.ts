const HIDDEN = '[redacted]'
/** Bodies are kept up to this many characters (DESIGN 4, Events). */
const MAX_KEPT = 65_536

/**
 * A request body as the log keeps it: passwords taken out, wherever a key or a PATCH path names them, and cut at 64 KiB.
 * A body that is not JSON is not kept, since nobody can tell where a secret stands in it.
 */
export function redactedBody(text: string, parsed: unknown): string {
  const copy = mayHoldSecret(text) ? redact(parsed) : parsed
  const kept = copy === parsed ? text : JSON.stringify(copy)
  return kept.length <= MAX_KEPT ? kept : `${kept.slice(0, MAX_KEPT)}… (${kept.length} characters, cut)`
}

/** The word may also be spelled with escapes. Of most bodies this is all that is looked at, which counts where they are large. */
function mayHoldSecret(text: string): boolean {
  return /password|\\u/i.test(text)
}

/** The same value where it holds nothing secret; a changed copy otherwise. */
function redact(value: unknown): unknown {
  if (Array.isArray(value)) {
    const copy = value.map(redact)
    return copy.some((element, index) => element !== value[index]) ? copy : value
  }
  if (typeof value !== 'object' || value === null) return value
  const source = value as Record<string, unknown>
  const namesSecret = Object.entries(source).some(
    ([key, path]) => isKey(key, 'path') && typeof path === 'string' && isSecret(path),
  )
  let changed = false
  const entries = Object.entries(source).map(([key, member]) => {
    const hidden = isSecret(key) || (namesSecret && isKey(key, 'value'))
    const shown = namesSecret && isKey(key, 'path') ? withoutSecret(String(member)) : redact(member)
    const kept = hidden && member !== null ? HIDDEN : shown
    const name = withoutSecret(key)
    if (kept !== member || name !== key) changed = true
    return [name, kept]
  })
  return changed ? Object.fromEntries(entries) : value
}

const isKey = (key: string, name: string): boolean => key.length === name.length && key.toLowerCase() === name

/** `password`, alone or behind a URN or an attribute, whatever follows it. */
function isSecret(name: string): boolean {
  return name.length >= 8 && /(^|[:.\s])password(?![\w-])/i.test(name)
}

/** A path without the value that a filter on the password holds. */
export function withoutSecret(path: string): string {
  return isSecret(path) ? path.replace(/\[.*/s, '[…]') : path
}
