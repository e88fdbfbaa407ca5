import type { ValueQuirk } from './quirk.js'

const DAY = /^\d{4}-\d\d-\d\d$/

/**
 * Directories send days as `2026-12-31`. A dateTime needs time and zone (RFC 7643 §2.3.5): a day is where it begins in UTC.
 * The empty text is nothing.
 */
export const bareDates: ValueQuirk = {
  name: 'bare-dates',
  concerns: ({ type }) => type === 'dateTime',
  rewrite(value) {
    if (value === '') return null
    return typeof value === 'string' && DAY.test(value) ? `${value}T00:00:00Z` : value
  },
}
