import type { Comparison, ResolvedFilter, Target } from '../filter/resolved.js'
import type { Dialect } from './dialect.js'
import { compareSql, presentSql } from './filter-compare.js'
import { FILTER_DIALECTS, type FilterDialect } from './filter-dialect.js'
import { FALSE, type Fragment, joined, raw, sql, TRUE } from './filter-fragment.js'
import { elementsOf } from './filter-lists.js'
import {
  FILTER_RESOURCES,
  type FilterResource,
  isObjectSql,
  nameOf,
  rowValues,
  type Values,
} from './filter-resource.js'
import { type FilterScope, findSearch } from './filter-search.js'

/** Where in a filter the translation stands. */
interface Context {
  readonly dialect: FilterDialect
  readonly resource: FilterResource
  readonly scope: FilterScope
  readonly values: Values
  /** In the filter of one element, where no attribute is a list. */
  readonly inElement: boolean
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
  const [words, table] = [FILTER_DIALECTS[dialect], FILTER_RESOURCES[resource]]
  const search = isUnique(filter, table) ? undefined : findSearch(filter, { resource, dialect: words, scope })
  const found = search && sql`r.id IN (${search.select})`
  if (found !== undefined && search?.exact) return found
  const values = rowValues(table, words)
  const context = { dialect: words, resource: table, scope, values, inElement: false, strict: false }
  const condition = translate(filter, context)
  return found === undefined ? condition : joined([found, condition], 'AND')
}

/** Does the filter name one row by a unique key? Then the databases need no help to find it. */
function isUnique(filter: ResolvedFilter, resource: FilterResource): boolean {
  if (filter.kind === 'and') return filter.terms.some((term) => isUnique(term, resource))
  return filter.kind === 'compare' && filter.op === 'eq' && resource.unique.has(nameOf(filter.target))
}

function translate(filter: ResolvedFilter, context: Context): Fragment {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const terms = filter.terms.map((term) => translate(term, context))
      return joined(terms, filter.kind === 'and' ? 'AND' : 'OR')
    }
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

type Leaf = Extract<ResolvedFilter, { kind: 'present' | 'some' | 'compare' }>

function leafSql(leaf: Leaf, context: Context): Fragment {
  if (leaf.target.attribute.multiValued && !context.inElement) return listSql(leaf, context)
  if (leaf.kind === 'some') return objectSql(leaf.target, leaf.filter, context)
  if (leaf.kind === 'compare') return compareSql(context.values(leaf.target), leaf, context.dialect)
  if (isWhole(leaf.target)) return objectSql(leaf.target, anyPart(leaf.target, context), context)
  return presentSql(context.values(leaf.target))
}

/** A complex attribute with one value: its parts are asked for where they stand. */
function objectSql(target: Target, filter: ResolvedFilter, context: Context): Fragment {
  const isObject = raw(isObjectSql(target, context.resource, context.dialect))
  return joined([isObject, translate(underneath(filter, target), context)], 'AND')
}

/** A list matches if one of its elements does; for `ne` an empty list does too. */
function listSql(leaf: Leaf, context: Context): Fragment {
  const { target } = leaf
  if (leaf.kind === 'some') return elementExists(target, leaf.filter, context)
  if (leaf.kind === 'present' && isWhole(target)) return elementExists(target, anyPart(target, context), context)
  const matches = elementExists(target, { ...leaf, target: { attribute: target.sub ?? target.attribute } }, context)
  if (leaf.kind === 'present' || leaf.op !== 'ne') return matches
  return sql`(${matches} OR NOT ${elementExists(target, ANYTHING, context)})`
}

const ANYTHING: ResolvedFilter = { kind: 'constant', value: true }

function elementExists(target: Target, filter: ResolvedFilter, context: Context): Fragment {
  const { resource, dialect, scope } = context
  const { from, values } = elementsOf(target, resource, dialect, scope)
  const condition = translate(filter, { resource, dialect, scope, values, inElement: true, strict: false })
  return sql`EXISTS (SELECT 1 FROM ${from} AND ${condition})`
}

function isWhole({ attribute, sub }: Target): boolean {
  return sub === undefined && attribute.type === 'complex'
}

/** A complex value is present if one of its parts is. What is kept outside the document always has one. */
function anyPart(target: Target, { resource }: Context): ResolvedFilter {
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
