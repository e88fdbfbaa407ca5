import { FilterError } from '../filter/errors.js'
import type { Target } from '../filter/resolved.js'
import type { Dialect } from './dialect.js'
import type { Operand } from './filter-compare.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter-dialect.js'
import { elementValues, FILTER_RESOURCES, keysOf, nameOf, ownerOf, refuse, rowValues } from './filter-resource.js'

/** Columns that are never NULL: saying where NULL goes would keep SQLite from their index. */
const NEVER_NULL: Readonly<Record<'user' | 'group', ReadonlySet<string>>> = {
  user: new Set(['r.id', 'r.user_name_key', 'r.desired_active', 'r.created_at', 'r.last_modified']),
  group: new Set(['r.id', 'r.display_key', 'r.created_at', 'r.last_modified']),
}

/**
 * What follows `ORDER BY` (RFC 7644 §3.4.2.3) over the rows that a filter was made for: texts by code point, folded where
 * their attribute ignores case; rows without a value last when ascending, first when descending; a list by its
 * primary element, else its first; equal rows by id, in the same direction so that an index can be read backwards.
 * Throws FilterError sort_bad for what is not stored with the row.
 */
export function orderBySql(
  target: Target,
  order: 'ascending' | 'descending',
  resource: 'user' | 'group',
  dialect: Dialect['name'],
): string {
  const [direction, nulls] = order === 'ascending' ? ['ASC', 'NULLS LAST'] : ['DESC', 'NULLS FIRST']
  const key = stored(target, () => sortKey(target, resource, FILTER_DIALECTS[dialect]))
  if (key === undefined || key === 'r.id') return `r.id ${direction}`
  return `${key} ${direction}${NEVER_NULL[resource].has(key) ? '' : ` ${nulls}`}, r.id ${direction}`
}

function stored<T>(target: Target, find: () => T): T {
  try {
    return find()
  } catch (cause) {
    if (!(cause instanceof FilterError)) throw cause
    throw new FilterError('sort_bad', 1, `The list cannot be sorted by ${nameOf(target)}.`)
  }
}

/** Undefined where all rows have the same value. */
function sortKey(target: Target, resource: 'user' | 'group', dialect: FilterDialect): string | undefined {
  const { lists, hasDocument } = FILTER_RESOURCES[resource]
  if (!target.attribute.multiValued) return expressionOf(rowValues(FILTER_RESOURCES[resource], dialect)(target))
  if (!hasDocument || lists.has(target.attribute.name)) return refuse(target)
  const values = elementValues(target.attribute, dialect)
  const value = expressionOf(values({ attribute: target.sub ?? target.attribute }))
  const isPrimary = `COALESCE(${dialect.boolean(dialect.element, ['primary'])}, 0)`
  const elements = dialect.elements('r.folded', keysOf(ownerOf(target)))
  return `(SELECT ${value} FROM ${elements} ORDER BY ${isPrimary} DESC, e.key LIMIT 1)`
}

function expressionOf(operand: Operand): string | undefined {
  return operand.kind === 'fixed' ? undefined : operand.expression
}
