const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/
const MINUTE = 60_000
const FIRST = Date.parse('0000-01-01T00:00:00Z')
const LAST = Date.parse('9999-12-31T23:59:59.999Z')

/**
 * The instant, in milliseconds since 1970, of an xsd:dateTime with time zone (RFC 7643 §2.3.5); finer fractions are cut
 * off. Undefined if `text` is anything else, or lies outside the years 0 to 9999 in UTC.
 */
export function instantFromDateTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = '', zone] = DATE_TIME.exec(text) ?? []
  if (zone === undefined) return undefined
  const offset = offsetMinutes(zone)
  const midnight = Date.parse(`${year}-${month}-${day}T00:00:00Z`)
  if (offset === undefined || Number.isNaN(midnight) || new Date(midnight).getUTCDate() !== Number(day))
    return undefined
  const time = timeOfDay(Number(hour), Number(minute), Number(second), Number(fraction.slice(0, 3).padEnd(3, '0')))
  const instant = time === undefined ? Number.NaN : midnight + time - offset * MINUTE
  return instant >= FIRST && instant <= LAST ? instant : undefined
}

/** The same instant in UTC with milliseconds: as text these sort as times do. Undefined if it is no dateTime. */
export function canonicalDateTime(text: string): string | undefined {
  const instant = instantFromDateTime(text)
  return instant === undefined ? undefined : new Date(instant).toISOString()
}

/** Milliseconds since midnight; 24:00:00 is the end of the day (XML Schema Part 2 §3.2.7). */
function timeOfDay(hour: number, minute: number, second: number, millisecond: number): number | undefined {
  if (minute > 59 || second > 59) return undefined
  if (hour > 24 || (hour === 24 && minute + second + millisecond > 0)) return undefined
  return (hour * 60 + minute) * MINUTE + second * 1000 + millisecond
}

/** Minutes east of UTC, at most 14 hours. */
function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4, 6))
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
