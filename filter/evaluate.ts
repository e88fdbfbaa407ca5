import type { Attribute, Document, Json } from './attribute.js'
import { compareText } from './compare-text.js'
import { foldText } from './fold-value.js'
import type { Comparison, ResolvedFilter, Target } from './resolved.js'
import type { Operator } from './syntax.js'

/** How a stored text becomes comparable; folding again a document that `foldDocument` made would only cost time. */
type Fold = (attribute: Attribute, text: string) => string

const asFolded: Fold = (_attribute, text) => text

/**
 * Whether a document matches. It may also hold what is computed at read (`id`, `meta`, `groups`): a rule's condition is
 * evaluated over the document of a directory user with `groups: [{ value, display }]`.
 */
export function evaluate(filter: ResolvedFilter, document: Document): boolean {
  return matches(filter, document, foldText)
}

/** The same for a document that `foldDocument` has made, for one document and many filters. */
export function evaluateFolded(filter: ResolvedFilter, folded: Document): boolean {
  return matches(filter, folded, asFolded)
}

/** Whether one element of a multi-valued attribute matches the filter of a PATCH path (`ResolvedPath.filter`). */
export function elementMatches(filter: ResolvedFilter, element: Json): boolean {
  return isObject(element) && matches(filter, element, foldText)
}

function matches(filter: ResolvedFilter, owner: Document, fold: Fold): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.terms.every((term) => matches(term, owner, fold))
    case 'or':
      return filter.terms.some((term) => matches(term, owner, fold))
    case 'not':
      return !matches(filter.term, owner, fold)
    case 'constant':
      return filter.value
    case 'present':
      return elementsOf(filter.target, owner).some((element) => isPresent(filter.target, element))
    case 'some':
      return elementsOf(filter.target, owner).some(
        (element) => isObject(element) && matches(filter.filter, element, fold),
      )
    case 'compare':
      return compares(filter, owner, fold)
  }
}

/** The values of the attribute of a target: its elements, its one value, or none. */
function elementsOf({ extension, attribute }: Target, owner: Document): Json[] {
  const container = extension === undefined ? owner : owner[extension]
  const value = isObject(container) ? container[attribute.name] : undefined
  if (value === undefined || value === null) return []
  if (attribute.multiValued) return Array.isArray(value) ? value : []
  return [value]
}

/** A value is present unless it is empty; a complex one if one of its sub-attributes is (RFC 7644 §3.4.2.2, `pr`). */
function isPresent({ attribute, sub }: Target, element: Json): boolean {
  if (attribute.type !== 'complex') return isFilled(element)
  if (!isObject(element)) return false
  if (sub !== undefined) return isFilled(element[sub.name])
  return attribute.subAttributes!.some(({ name }) => isFilled(element[name]))
}

function isFilled(value: Json | undefined): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Some element compares; where there is none, the attribute compares as a value that is missing. */
function compares(comparison: Comparison, owner: Document, fold: Fold): boolean {
  const { target, op, value } = comparison
  const attribute = target.sub ?? target.attribute
  const elements = elementsOf(target, owner)
  if (elements.length === 0) return op === 'ne'
  for (const element of elements) {
    const found = target.sub === undefined ? element : isObject(element) ? element[target.sub.name] : undefined
    const comparable = typeof found === 'string' ? fold(attribute, found) : found
    if (typeof comparable !== typeof value) {
      if (op === 'ne') return true
    } else if (holds(op, comparable as string | number | boolean, value)) return true
  }
  return false
}

/** `found op value`, both of one type. */
function holds(op: Operator, found: string | number | boolean, value: string | number | boolean): boolean {
  if (op === 'eq') return found === value
  if (op === 'ne') return found !== value
  if (typeof found === 'string' && typeof value === 'string') return holdsForText(op, found, value)
  return inOrder(op, Number(found) - Number(value))
}

function holdsForText(op: Operator, found: string, value: string): boolean {
  if (op === 'co') return found.includes(value)
  if (op === 'sw') return found.startsWith(value)
  if (op === 'ew') return found.endsWith(value)
  return inOrder(op, compareText(found, value))
}

function inOrder(op: Operator, order: number): boolean {
  if (op === 'gt') return order > 0
  if (op === 'ge') return order >= 0
  if (op === 'lt') return order < 0
  return op === 'le' && order <= 0
}

function isObject(value: Json | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
