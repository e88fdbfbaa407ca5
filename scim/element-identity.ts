import type { Document, Json } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import { findSlot, type Slot } from './attribute-table.js'
import { isObject } from './json-object.js'

/**
 * By what two elements of a multi-valued attribute are one: their `value` and `type` (RFC 7643 §2.4), each by its own
 * case rule. Elements without `value`, such as addresses, are one only when all is equal. Elements are canonical.
 */
export function elementIdentity(slot: Slot, element: Json): string {
  if (!isObject(element) || typeof element.value !== 'string') return JSON.stringify(element)
  const type = typeof element.type === 'string' ? fold(element.type) : ''
  const caseExact = findSlot(slot.parts, 'value')?.attribute.caseExact
  return `${type.length} ${type}${caseExact ? element.value : fold(element.value)}`
}

/** The list without doubles: a later one is laid over the first, whose place it keeps. */
export function mergeDoubles(slot: Slot, elements: readonly Json[]): Json[] {
  const byIdentity = new Map<string, Json>()
  for (const element of elements) {
    const identity = elementIdentity(slot, element)
    const first = byIdentity.get(identity)
    byIdentity.set(identity, first === undefined ? element : laidOver(slot, first, element))
  }
  return [...byIdentity.values()]
}

/** Both elements in one, the later winning, in canonical order. */
function laidOver(slot: Slot, first: Json, later: Json): Json {
  if (!isObject(first) || !isObject(later)) return later
  const both: Document = {}
  for (const { attribute } of slot.parts.slots) {
    const value = later[attribute.name] ?? first[attribute.name]
    if (value !== undefined) both[attribute.name] = value
  }
  return both
}
