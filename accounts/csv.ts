/** What a spreadsheet takes for a formula where a cell begins with it (OWASP, CSV injection). */
const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/

/** A cell of a CSV file (RFC 4180 §2). What a spreadsheet would run begins with an apostrophe. */
export function csvCell(value: string): string {
  const safe = FORMULA.test(value) ? `'${value}` : value
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A line of a CSV file with its end. */
export function csvLine(values: readonly string[]): string {
  return `${values.map(csvCell).join(',')}\r\n`
}
