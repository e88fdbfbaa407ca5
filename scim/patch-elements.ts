import type { Document, Json } from '../filter/attribute.js'
import { eqTerms } from '../filter/eq-terms.js'
import { elementMatches } from '../filter/evaluate.js'
import type { ResolvedFilter } from '../filter/resolved.js'
import { findSlot } from './attribute-table.js'
import { canonicalValue, checkedList, isPrimary, withoutQuirks, wrongType } from './canonical-value.js'
import { ScimError } from './errors.js'
import { isObject } from './json-object.js'
import type { PatchTarget } from './patch-target.js'
import { demoted, elementsOf, isEmpty, merged, type Setting, setPart, setValue } from './patch-value.js'

/** A target with a filter; a single complex value counts as a list of one (Entra: `manager[value eq "…"]`). */
export type ElementsTarget = PatchTarget & { readonly filter: ResolvedFilter }

/** What a remove leaves: without the elements that match, or without the sub-attribute in each of them. */
export function removeElements(target: ElementsTarget, current: Json | undefined): Json | undefined {
  const { slot, sub, filter } = target
  const elements = elementsOf(current)
  if (sub) {
    const name = sub.attribute.name
    return finished(
      target,
      elements.map((one) => (elementMatches(filter, one) ? without(one, name) : one)),
    )
  }
  const left = elements.filter((element) => !elementMatches(filter, element))
  if (left.length === 0) return undefined
  return slot.attribute.multiValued ? left : left[0]
}

/**
 * What an add or replace makes of the elements that match. Where none does, one is made from a filter of plain `eq`s
 * (Entra; traps 5 and 6), else the refusal is patch_no_target. The other elements stay; only their `primary` may end.
 */
export function setElements(target: ElementsTarget, current: Json | undefined, setting: Setting): Json | undefined {
  const elements = elementsOf(current)
  const matching = elements.map((element) => elementMatches(target.filter, element))
  if (!matching.includes(true)) return withNewElement(target, current, setting)
  const changed = elements.map((element, at) => (matching[at] ? setElement(target, element, setting) : element))
  const takesOver = changed.some((element, at) => matching[at] && element !== undefined && isPrimary(element))
  const result = changed.map((element, at) =>
    takesOver && !matching[at] && element !== undefined ? demoted(element) : element,
  )
  return finished(
    target,
    result.filter((element) => element !== undefined),
  )
}

function withNewElement(target: ElementsTarget, current: Json | undefined, setting: Setting): Json | undefined {
  if (isEmpty(setting.value) || (setting.op === 'replace' && setting.value === '')) return current
  const element = setElement(target, elementFrom(target), setting)
  if (element === undefined) return current
  const before = elementsOf(current)
  return finished(target, [...(isPrimary(element) ? before.map(demoted) : before), element])
}

/** The element that a filter of plain `eq`s describes, `{ type: 'work' }` from `type eq "work"`. */
function elementFrom(target: ElementsTarget): Document {
  const element = target.slot.attribute.multiValued ? describedBy(target) : undefined
  if (element === undefined || !elementMatches(target.filter, element))
    throw new ScimError('patch_no_target', `No value matches ${filterText(target.path)}.`)
  return element
}

/** What a filter of plain `eq`s says of an element; undefined for any other filter. */
function describedBy({ slot, filter }: ElementsTarget): Document | undefined {
  const terms = eqTerms(filter)
  if (terms === undefined) return undefined
  const element: Document = {}
  for (const { target, literal } of terms) {
    const part = findSlot(slot.parts, target.attribute.name)!
    setPart(element, part, canonicalValue(part, literal))
  }
  return element
}

/**
 * An add lays the value over the element, and so does either in a single complex value. A replace puts the value in the
 * place of an element (RFC 7644 §3.5.2.3): of what was there that stays by which the filter found it, and `primary`, which
 * is said of its place in the list.
 */
function setElement(target: ElementsTarget, element: Json, setting: Setting): Json | undefined {
  const { slot, sub } = target
  if (sub && isObject(element)) {
    const changed = { ...element }
    setPart(changed, sub, setValue(sub, element[sub.attribute.name], setting))
    return changed
  }
  const sent = withoutQuirks(slot, setting.value)
  if (isEmpty(sent)) return setting.op === 'add' ? element : undefined
  const value = Array.isArray(sent) && sent.length === 1 ? sent[0] : sent
  if (!isObject(value)) throw wrongType(slot, value)
  const replaces = setting.op === 'replace' && slot.attribute.multiValued
  const base = replaces ? { ...(isPrimary(element) && { primary: true }), ...describedBy(target) } : element
  return merged(slot, base, { op: setting.op, value })
}

function finished({ slot }: ElementsTarget, elements: readonly Json[]): Json | undefined {
  const left = elements.filter((element) => !isObject(element) || Object.keys(element).length > 0)
  return slot.attribute.multiValued ? checkedList(slot, left) : left[0]
}

function without(element: Json, name: string): Json {
  if (!isObject(element)) return element
  const { [name]: _gone, ...rest } = element
  return rest
}

const filterText = (path: string) => path.slice(path.indexOf('['), path.lastIndexOf(']') + 1)
