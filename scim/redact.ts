import { keptText, MAX_KEPT } from '../accounts/kept-text.js'

const HIDDEN = '[redacted]'

/**
 * A request body as the log keeps it: passwords taken out, wherever a key or a PATCH path names them, and cut at 64 KiB.
 * A body that is not JSON is not kept, since nobody can tell where a secret stands in it. What is behind the cut is not gone
 * through: a body may have a million values.
 */
export function redactedBody(text: string, parsed: unknown): string {
  if (!mayHoldSecret(text)) return keptText(text)
  const room = { left: MAX_KEPT }
  const copy = redact(parsed, room)
  if (room.left <= 0) return keptText(JSON.stringify(copy), text.length)
  return keptText(copy === parsed ? text : JSON.stringify(copy))
}

/** The word may also be spelled with escapes. Of most bodies this is all that is looked at, which counts where they are large. */
function mayHoldSecret(text: string): boolean {
  return text.includes('\\u') || /password/i.test(text)
}

/** How many characters of what is kept are still to come; lists and objects end where there is no room. */
interface Room {
  left: number
}

/** The same value where it holds nothing secret and there was room for all of it; a changed copy otherwise. */
function redact(value: unknown, room: Room): unknown {
  if (Array.isArray(value)) return redactList(value, room)
  if (typeof value === 'object' && value !== null) return redactObject(value as Record<string, unknown>, room)
  room.left -= typeof value === 'string' ? value.length + 2 : 1
  return value
}

function redactList(list: readonly unknown[], room: Room): unknown {
  const copy: unknown[] = []
  for (const element of list) {
    if (room.left <= 0) return copy
    copy.push(redact(element, room))
    room.left -= 1
  }
  return copy.some((element, index) => element !== list[index]) ? copy : list
}

function redactObject(source: Record<string, unknown>, room: Room): unknown {
  const namesSecret = Object.entries(source).some(
    ([key, path]) => isKey(key, 'path') && typeof path === 'string' && isSecret(path),
  )
  let changed = false
  const entries: [name: string, value: unknown][] = []
  for (const [key, member] of Object.entries(source)) {
    if (room.left <= 0) return Object.fromEntries(entries)
    const hidden = isSecret(key) || (namesSecret && isKey(key, 'value'))
    const shown = namesSecret && isKey(key, 'path') ? withoutSecret(String(member)) : member
    const kept = hidden && member !== null ? HIDDEN : redact(shown, room)
    const name = withoutSecret(key)
    if (kept !== member || name !== key) changed = true
    entries.push([name, kept])
    room.left -= name.length + 4
  }
  return changed ? Object.fromEntries(entries) : source
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
