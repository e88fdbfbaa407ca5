import type { Comparison, ResolvedFilter, Target } from '../filter/resolved.js'
import type { Dialect } from './dialect.js'
import { compareSql, presentSql } from './filter-compare.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter-dialect.js'
import { FALSE, type Fragment, joined, raw, sql, TRUE } from './filter-fragment.js'
import { type FilterScope, listSearches } from './filter-lists.js'
import {
  FILTER_RESOURCES,
  type FilterResource,
  isObjectSql,
  nameOf,
  rowValues,
  type Values,
} from './filter-resource.js'

/** Where in a filter the translation stands. */
interface FilterContext {
  readonly dialect: FilterDialect
  readonly resource: FilterResource
  readonly scope: FilterScope
  readonly values: Values
  /** In the filter of one element, where no attribute is a list. */
  readonly inElement: boolean
  /** Another condition has already narrowed the search to a row or two, so a list is better looked at than searched. */
  readonly narrowed: boolean
  /** Below a `not`, where NULL must not stand for no. */
  readonly strict: boolean
}

/**
 * A resolved filter as a condition over `directory_users` or `directory_groups` under the alias `r`; the query around
 * it names account and connection. It finds what `evaluate` would, and never reads a row to decide.
 * Throws FilterError filter_attribute for what is not stored, such as `meta.location`.
 */
export function filterToSql(
  filter: ResolvedFilter,
  resource: 'user' | 'group',
  dialect: Dialect['name'],
  scope: FilterScope,
): Fragment {
  const context = { dialect: FILTER_DIALECTS[dialect], resource: FILTER_RESOURCES[resource], scope }
  const values = rowValues(context.resource, context.dialect)
  return translate(filter, { ...context, values, inElement: false, narrowed: false, strict: false })
}

function translate(filter: ResolvedFilter, context: FilterContext): Fragment {
  switch (filter.kind) {
    case 'and':
      return andSql(filter.terms, context)
    case 'or':
      return joined(
        filter.terms.map((term) => translate(term, context)),
        'OR',
      )
    case 'not':
      return sql`NOT ${translate(filter.term, { ...context, strict: true })}`
    case 'constant':
      return filter.value ? TRUE : FALSE
    default: {
      const leaf = leafSql(filter, context)
      return context.strict ? sql`COALESCE(${leaf}, FALSE)` : sql`(${leaf})`
    }
  }
}

function andSql(terms: readonly ResolvedFilter[], context: FilterContext): Fragment {
  const narrowed = context.narrowed || (!context.inElement && !context.strict && terms.some(isPoint))
  return joined(
    terms.map((term) => translate(term, { ...context, narrowed: narrowed && !isPoint(term) })),
    'AND',
  )
}

/** One row at most, or nearly so. */
const POINTS = new Set(['id', 'userName', 'externalId'])

function isPoint(filter: ResolvedFilter): boolean {
  if (filter.kind === 'and') return filter.terms.some(isPoint)
  if (filter.kind !== 'compare' || filter.op !== 'eq') return false
  const { extension, attribute } = filter.target
  return extension === undefined && POINTS.has(attribute.name)
}

type Leaf = Extract<ResolvedFilter, { kind: 'present' | 'some' | 'compare' }>

function leafSql(leaf: Leaf, context: FilterContext): Fragment {
  if (leaf.target.attribute.multiValued && !context.inElement) return listSql(leaf, context)
  if (leaf.kind === 'some') return objectSql(leaf.target, leaf.filter, context)
  if (leaf.kind === 'compare') return compareSql(context.values(leaf.target), leaf, context.dialect)
  if (isWhole(leaf.target)) return objectSql(leaf.target, anyPart(leaf.target, context), context)
  return presentSql(context.values(leaf.target))
}

/** A complex attribute with one value: its parts are asked for where they stand. */
function objectSql(target: Target, filter: ResolvedFilter, context: FilterContext): Fragment {
  const isObject = raw(isObjectSql(target, context.resource, context.dialect))
  return joined([isObject, translate(underneath(filter, target), context)], 'AND')
}

/** A list matches if one of its elements does; for `ne` an empty list does too. */
function listSql(leaf: Leaf, context: FilterContext): Fragment {
  const { target } = leaf
  if (leaf.kind === 'some') return elementExists(target, leaf.filter, context)
  if (leaf.kind === 'present' && isWhole(target)) return elementExists(target, anyPart(target, context), context)
  const matches = elementExists(target, { ...leaf, target: { attribute: target.sub ?? target.attribute } }, context)
  if (leaf.kind === 'present' || leaf.op !== 'ne') return matches
  return sql`(${matches} OR NOT ${elementExists(target, ANYTHING, context)})`
}

const ANYTHING: ResolvedFilter = { kind: 'constant', value: true }

function elementExists(target: Target, filter: ResolvedFilter, context: FilterContext): Fragment {
  const searches = listSearches({ ...context, target, filter }).map((search) => {
    const inElement = { ...context, values: search.values, inElement: true, narrowed: false, strict: false }
    return sql`${search.open} ${translate(search.filter, inElement)})`
  })
  return joined(searches, 'AND')
}

function isWhole({ attribute, sub }: Target): boolean {
  return sub === undefined && attribute.type === 'complex'
}

/** A complex value is present if one of its parts is. What is kept outside the document always has one. */
function anyPart(target: Target, { resource }: FilterContext): ResolvedFilter {
  const name = nameOf(target)
  if (resource.lists.has(name) || resource.complex[name] !== undefined) return ANYTHING
  const parts = target.attribute.subAttributes ?? []
  return { kind: 'or', terms: parts.map((part) => ({ kind: 'present', target: { attribute: part } })) }
}

/** The filter of an element, said of the attribute as a part of the row. */
function underneath(filter: ResolvedFilter, owner: Target): ResolvedFilter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, terms: filter.terms.map((term) => underneath(term, owner)) }
    case 'not':
      return { kind: 'not', term: underneath(filter.term, owner) }
    case 'constant':
      return filter
    default:
      return { ...filter, target: { ...owner, sub: filter.target.attribute } } as Comparison
  }
}
