import { FilterError } from '../filter/errors.js'
import type { Target } from '../filter/resolved.js'
import type { Dialect } from './dialect.js'
import type { Operand } from './filter-compare.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter-dialect.js'
import { elementValues, FILTER_RESOURCES, keysOf, nameOf, ownerOf, refuse, rowValues } from './filter-resource.js'

type Resource = 'user' | 'group'

/** Columns that are never NULL: saying where NULL goes would keep SQLite from their index. */
const NEVER_NULL: Readonly<Record<Resource, ReadonlySet<string>>> = {
  user: new Set(['r.id', 'r.user_name_key', 'r.desired_active', 'r.created_at', 'r.last_modified']),
  group: new Set(['r.id', 'r.display_key', 'r.created_at', 'r.last_modified']),
}

/** What rows are sorted by: an expression over the row `r`, or the same text in all of them. */
export type SortKey =
  | {
      readonly kind: 'text' | 'number' | 'boolean' | 'instant'
      readonly expression: string
      readonly nullable: boolean
      /** It is made from the document of the row, where texts may be long. */
      readonly fromDocument: boolean
    }
  | { readonly kind: 'fixed'; readonly value: string }

/**
 * What follows `ORDER BY` (RFC 7644 §3.4.2.3) over the rows that a filter was made for: texts by code point, folded where
 * their attribute ignores case; rows without a value last when ascending, first when descending; a list by its
 * primary element, else its first; equal rows by id, in the same direction so that an index can be read backwards.
 * Throws FilterError sort_bad for what is not stored with the row.
 */
export function orderBySql(
  target: Target,
  order: 'ascending' | 'descending',
  resource: Resource,
  dialect: Dialect['name'],
): string {
  const [direction, nulls] = order === 'ascending' ? ['ASC', 'NULLS LAST'] : ['DESC', 'NULLS FIRST']
  const key = sortKey(target, resource, dialect)
  if (key.kind === 'fixed' || key.expression === 'r.id') return `r.id ${direction}`
  return `${key.expression} ${direction}${key.nullable ? ` ${nulls}` : ''}, r.id ${direction}`
}

/** Throws FilterError sort_bad for what is not stored with the row. */
export function sortKey(target: Target, resource: Resource, dialect: Dialect['name']): SortKey {
  const { operand, fromDocument } = stored(target, () => operandOf(target, resource, FILTER_DIALECTS[dialect]))
  if (operand.kind === 'fixed') return operand
  return { ...operand, nullable: !NEVER_NULL[resource].has(operand.expression), fromDocument }
}

function stored<T>(target: Target, find: () => T): T {
  try {
    return find()
  } catch (cause) {
    if (!(cause instanceof FilterError)) throw cause
    throw new FilterError('sort_bad', 1, `The list cannot be sorted by ${nameOf(target)}.`)
  }
}

function operandOf(target: Target, resource: Resource, dialect: FilterDialect) {
  const { lists, hasDocument, columns } = FILTER_RESOURCES[resource]
  if (!target.attribute.multiValued) {
    const operand = rowValues(FILTER_RESOURCES[resource], dialect)(target)
    return { operand, fromDocument: columns[nameOf(target)] === undefined }
  }
  if (!hasDocument || lists.has(target.attribute.name)) return refuse(target)
  const value = elementValues(target.attribute, dialect)({ attribute: target.sub ?? target.attribute })
  return { operand: firstOf(value, target, dialect), fromDocument: true }
}

/** The value of the primary element, else of the first. */
function firstOf(value: Operand, target: Target, dialect: FilterDialect): Operand {
  if (value.kind === 'fixed') return value
  const isPrimary = `COALESCE(${dialect.boolean(dialect.element, ['primary'])}, 0)`
  const elements = dialect.elements('r.folded', keysOf(ownerOf(target)))
  const expression = `(SELECT ${value.expression} FROM ${elements} ORDER BY ${isPrimary} DESC, e.key LIMIT 1)`
  return { kind: value.kind, expression }
}
