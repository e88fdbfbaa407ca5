import type { AttributeType, Document, Json } from '../filter/attribute.js'
import { canonicalDateTime } from '../filter/date-time.js'
import { type AttributeTable, findSlot, type Slot } from './attribute-table.js'
import { checkText, shown } from './canonical-text.js'
import { mergeDoubles } from './element-identity.js'
import { ScimError } from './errors.js'
import { isObject, type JsonObject } from './json-object.js'

const MAX_ELEMENTS = 1_000
/** Doubles fall together, so more may be sent; so many are not even looked at. */
const MAX_SENT = 5 * MAX_ELEMENTS

const WORDS: Record<AttributeType, string> = {
  string: 'text',
  boolean: 'true or false',
  decimal: 'a number',
  integer: 'a whole number',
  dateTime: 'a date and time with time zone',
  binary: 'base64',
  reference: 'a URI as text',
  complex: 'an object',
}

/**
 * The value of an attribute in canonical form, or undefined where it says nothing (null, an empty list, an object
 * without known content; RFC 7643 §2.5). Values keep their spelling. Throws attr_type, attr_too_long, attr_primary.
 */
export function canonicalValue(slot: Slot, sent: unknown): Json | undefined {
  if (Array.isArray(sent) && sent.length > MAX_SENT) throw tooMany(slot, sent.length)
  const value = withoutQuirks(slot, sent)
  if (value === null || value === undefined) return undefined
  return slot.attribute.multiValued ? canonicalList(slot, value) : canonicalSingle(slot, value)
}

/**
 * The known, writable attributes of an object, in canonical spelling and order; everything else is dropped. Names are
 * ours, never those that were sent, so no key of the sender reaches a prototype.
 */
export function canonicalAttributes(table: AttributeTable, source: JsonObject): Document {
  const found: (Json | undefined)[] = []
  for (const key of Object.keys(source)) {
    const slot = findSlot(table, key)
    if (slot && slot.attribute.mutability !== 'readOnly') found[slot.position] = canonicalValue(slot, source[key])
  }
  const document: Document = {}
  for (const { attribute, position } of table.slots) {
    const value = found[position]
    if (value !== undefined) document[attribute.name] = value
  }
  return document
}

/** Refuse a document without a required attribute, or with an empty one. Throws attr_missing. */
export function checkRequired(table: AttributeTable, document: Document): void {
  for (const slot of table.slots) if (isDemanded(slot)) checkFilled(slot, document[slot.attribute.name])
}

/** Whether the client has to give this attribute a value. */
export function isDemanded({ attribute }: Slot): boolean {
  return attribute.required && attribute.mutability !== 'readOnly'
}

/** Refuse an empty value of an attribute that must have one. Throws attr_missing. */
export function checkFilled({ path }: Slot, value: Json | undefined): void {
  if (value === undefined || (typeof value === 'string' && value.trim() === ''))
    throw new ScimError('attr_missing', `Attribute ${path} is required.`)
}

/** The value as the RFC would have it sent. */
export function withoutQuirks(slot: Slot, sent: unknown): unknown {
  let value = sent
  for (const quirk of slot.quirks) value = quirk.rewrite(value)
  return value
}

function canonicalList(slot: Slot, value: unknown): Json[] | undefined {
  if (!Array.isArray(value)) throw new ScimError('attr_type', `${slot.path} must be a list, got ${shown(value)}.`)
  const elements: Json[] = []
  for (const sent of value) {
    const element = sent === null ? undefined : canonicalSingle(slot, sent)
    if (element !== undefined && !isShell(element)) elements.push(element)
  }
  return checkedList(slot, elements)
}

/** Whether an element says what it is for and not what it is, as `{ type: 'work', value: null }` does. */
function isShell(element: Json): boolean {
  if (!isObject(element) || element.value !== undefined) return false
  return Object.keys(element).every((name) => name === 'type' || name === 'primary')
}

/** A list of canonical elements, without doubles, or undefined when it is empty. Throws attr_primary, attr_too_long. */
export function checkedList(slot: Slot, elements: readonly Json[]): Json[] | undefined {
  const merged = elements.length > 1 ? mergeDoubles(slot, elements) : [...elements]
  if (merged.length > MAX_ELEMENTS) throw tooMany(slot, merged.length)
  if (merged.length > 1 && merged.filter(isPrimary).length > 1)
    throw new ScimError('attr_primary', `${slot.path} must have at most one value with primary true.`)
  return merged.length === 0 ? undefined : merged
}

function tooMany({ path }: Slot, count: number): ScimError {
  return new ScimError('attr_too_long', `${path} has ${count} elements, limit ${MAX_ELEMENTS}.`)
}

export function isPrimary(element: Json): boolean {
  return isObject(element) && element.primary === true
}

function canonicalSingle(slot: Slot, value: unknown): Json | undefined {
  if (slot.choices !== undefined && value === '') return undefined
  if (slot.attribute.type !== 'complex') return canonicalSimple(slot, value)
  if (!isObject(value)) throw wrongType(slot, value)
  const parts = canonicalAttributes(slot.parts, value)
  return Object.keys(parts).length > 0 ? parts : undefined
}

function canonicalSimple(slot: Slot, value: unknown): Json {
  const { type } = slot.attribute
  if (typeof value === 'string') {
    const text = checkText(slot.path, value, slot.maxLength)
    if (TEXT_TYPES[type]?.(text)) return text
  } else if (typeof value === 'boolean') {
    if (type === 'boolean') return value
  } else if (typeof value === 'number') {
    if ((type === 'decimal' && Number.isFinite(value)) || (type === 'integer' && Number.isInteger(value))) return value
  }
  throw wrongType(slot, value)
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/

/** The types whose values travel as text, and which text they take (RFC 7643 §2.3; base64url by errata 5606, 8435). */
const TEXT_TYPES: Partial<Record<AttributeType, (text: string) => boolean>> = {
  string: () => true,
  reference: () => true,
  binary: (text) => BASE64.test(text),
  dateTime: (text) => canonicalDateTime(text) !== undefined,
}

export function wrongType({ attribute, path }: Slot, value: unknown): ScimError {
  return new ScimError('attr_type', `${path} must be ${WORDS[attribute.type]}, got ${shown(value)}.`)
}
