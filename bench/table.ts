/** Rows of cells as text with aligned columns, as Markdown reads it; the first row is the head. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const line = (row: readonly string[]) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  const [head, ...body] = rows.map(line)
  return [head, rule, ...body].join('\n')
}

/** What stands beside a figure that has a target. */
export function verdict(value: number, target: number, better: 'more' | 'less'): string {
  const sign = better === 'more' ? '≥' : '≤'
  const met = better === 'more' ? value >= target : value <= target
  return `${sign} ${target}${met ? '' : '  BELOW TARGET'}`
}
