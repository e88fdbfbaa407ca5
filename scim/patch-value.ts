import type { Document, Json } from '../filter/attribute.js'
import { findSlot, type Slot } from './attribute-table.js'
import { canonicalValue, checkedList, isPrimary, withoutQuirks, wrongType } from './canonical-value.js'
import { elementIdentity } from './element-identity.js'
import { ScimError } from './errors.js'
import { isObject, type JsonObject } from './json-object.js'

/** An add or replace. */
export interface Setting {
  readonly op: 'add' | 'replace'
  /** The value as it was sent. */
  readonly value?: unknown
}

/**
 * What an add or replace without filter makes of an attribute; undefined = unassigned (RFC 7644 §3.5.2.1, §3.5.2.3).
 * Null and the empty list clear in a replace and say nothing in an add. Throws what `canonicalValue` throws.
 */
export function setValue(slot: Slot, current: Json | undefined, setting: Setting): Json | undefined {
  return slot.attribute.multiValued ? setList(slot, current, setting) : setSingle(slot, current, setting)
}

function setSingle(slot: Slot, current: Json | undefined, { op, value: sent }: Setting): Json | undefined {
  const value = withoutQuirks(slot, sent)
  if (op === 'replace' ? isEmpty(value) || value === '' : isEmpty(value))
    return op === 'add' && isEmpty(sent) ? current : undefined
  if (slot.attribute.type !== 'complex') return canonicalValue(slot, value)
  if (!isObject(value)) throw wrongType(slot, value)
  return merged(slot, current, { op, value })
}

function setList(slot: Slot, current: Json | undefined, { op, value: sent }: Setting): Json | undefined {
  const value = withoutQuirks(slot, sent)
  if (isEmpty(value) || value === '') return op === 'add' ? current : undefined
  const elements = canonicalValue(slot, Array.isArray(value) ? value : [value])
  if (!Array.isArray(elements))
    throw new ScimError('attr_type', `${slot.path} must be a list of values, got nothing that is known.`)
  if (op === 'replace') return elements
  const before = elementsOf(current)
  return checkedList(slot, [...(elements.some(isPrimary) ? before.map(demoted) : before), ...elements])
}

/**
 * A complex value with the sub-attributes of another one laid over it; those that are not named stay, and in a replace
 * null takes one away. Unknown and readOnly ones are passed over. Undefined when nothing is left.
 */
export function merged(
  slot: Slot,
  current: Json | undefined,
  { op, value }: { op: Setting['op']; value: JsonObject },
): Document | undefined {
  const result: Document = isObject(current) ? { ...current } : {}
  for (const key of Object.keys(value)) {
    const part = findSlot(slot.parts, key)
    if (part && part.attribute.mutability !== 'readOnly')
      setPart(result, part, setSingle(part, result[part.attribute.name], { op, value: value[key] }))
  }
  return Object.keys(result).length > 0 ? result : undefined
}

/** Give a sub-attribute of an object of ours its value, or take it away. */
export function setPart(object: Document, { attribute }: Slot, value: Json | undefined): void {
  if (value === undefined) delete object[attribute.name]
  else object[attribute.name] = value
}

/**
 * What a remove without filter leaves. With a list of values only those go, by `value` and, where given, `type`
 * (Entra, trap 4); an empty list takes nothing. Without one (null is none) everything goes.
 */
export function removeValue(slot: Slot, current: Json | undefined, sent: unknown): Json | undefined {
  if (!slot.attribute.multiValued || sent === undefined || sent === null) return undefined
  if (Array.isArray(sent) && sent.length === 0) return current
  const value = withoutQuirks(slot, sent)
  const listed = canonicalValue(slot, (Array.isArray(value) ? value : [value]).map(asElement))
  if (!Array.isArray(listed))
    throw new ScimError('attr_type', `${slot.path} must be a list of values, got nothing that is known.`)
  const gone = new Set(listed.map((element) => elementIdentity(slot, element)))
  const left = elementsOf(current).filter((element) => !identities(slot, element).some((one) => gone.has(one)))
  return left.length > 0 ? left : undefined
}

/** The names by which an element can be listed: with its type, and without. */
function identities(slot: Slot, element: Json): string[] {
  const whole = elementIdentity(slot, element)
  return isObject(element) && element.value !== undefined
    ? [whole, elementIdentity(slot, { value: element.value })]
    : [whole]
}

const asElement = (value: unknown): unknown => (typeof value === 'string' ? { value } : value)

export function elementsOf(current: Json | undefined): readonly Json[] {
  if (current === undefined) return []
  return Array.isArray(current) ? current : [current]
}

/** The element, no longer primary: a new primary value takes the place of the old one (RFC 7644 §3.5.2). */
export function demoted(element: Json): Json {
  return isObject(element) && element.primary === true ? { ...element, primary: false } : element
}

/** Whether a value says that there is none (RFC 7643 §2.5). */
export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0)
}
