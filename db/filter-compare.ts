import { evaluate } from '../filter/evaluate.js'
import type { Comparison } from '../filter/resolved.js'
import type { FilterDialect } from './filter-dialect.js'
import { FALSE, type Fragment, raw, sql, TRUE } from './filter-fragment.js'

/**
 * A value in a query: an expression that may be NULL, where an instant is in milliseconds and a boolean 1 or 0; or one
 * and the same text in all rows.
 */
export type Operand =
  | { readonly kind: 'text' | 'number' | 'boolean' | 'instant'; readonly expression: string }
  | { readonly kind: 'fixed'; readonly value: string }

const SIGNS = { eq: '=', gt: '>', ge: '>=', lt: '<', le: '<=' } as const

/** Is there a value that is not empty? NULL stands for no. */
export function presentSql(operand: Operand): Fragment {
  if (operand.kind === 'fixed') return TRUE
  return raw(operand.kind === 'text' ? `${operand.expression} <> ''` : `${operand.expression} IS NOT NULL`)
}

/** The comparison; NULL stands for no. Only `ne` holds where the value is missing. */
export function compareSql(operand: Operand, comparison: Comparison, dialect: FilterDialect): Fragment {
  if (operand.kind === 'fixed') return fixedSql(operand.value, comparison)
  const { op, value } = comparison
  const expression = raw(operand.expression)
  if (op === 'ne') return sql`(${expression} IS NULL OR ${expression} <> ${parameter(operand.kind, value)})`
  if (op === 'sw') return startsWith(expression, String(value))
  if (op === 'co') return dialect.contains(operand.expression, String(value))
  if (op === 'ew') return endsWith(operand.expression, String(value), dialect)
  return sql`${expression} ${raw(SIGNS[op])} ${parameter(operand.kind, value)}`
}

function fixedSql(value: string, comparison: Comparison): Fragment {
  const attribute = comparison.target.sub ?? comparison.target.attribute
  return evaluate({ ...comparison, target: { attribute } }, { [attribute.name]: value }) ? TRUE : FALSE
}

function parameter(kind: Operand['kind'], value: Comparison['value']): string | number {
  if (typeof value === 'boolean') return value ? 1 : 0
  return kind === 'instant' ? Date.parse(String(value)) : value
}

/** All texts from the prefix up to the first that is behind every text with that prefix: a range, so an index serves it. */
function startsWith(expression: Fragment, prefix: string): Fragment {
  const end = firstBehind(prefix)
  const from = sql`${expression} >= ${prefix}`
  return end === undefined ? from : sql`(${from} AND ${expression} < ${end})`
}

/** The prefix with its last code point raised by one, past the surrogates, which are no characters. */
function firstBehind(prefix: string): string | undefined {
  const points = [...prefix]
  while (points.at(-1) === '\u{10ffff}') points.pop()
  const last = points.pop()?.codePointAt(0)
  if (last === undefined) return undefined
  return points.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}

function endsWith(expression: string, ending: string, dialect: FilterDialect): Fragment {
  const { length } = [...ending]
  if (length === 0) return raw(`${expression} IS NOT NULL`)
  return sql`${dialect.lastCharacters(expression, length)} = ${ending}`
}
