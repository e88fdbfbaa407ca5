import type { Json } from '../filter/attribute.js'
import type { Slot } from './attribute-table.js'
import { checkedList } from './canonical-value.js'
import { ScimError } from './errors.js'
import { isObject } from './json-object.js'
import { elementsOf, type Setting, setPart, setValue } from './patch-value.js'

/**
 * What an add or replace of `attribute.sub` makes of the attribute. In a list it means the only element, or a new one;
 * among several it would be a guess. Throws patch_path and what `canonicalValue` throws.
 */
export function setSub(slot: Slot, sub: Slot, current: Json | undefined, setting: Setting): Json | undefined {
  const elements = elementsOf(current)
  if (elements.length > 1)
    throw new ScimError(
      'patch_path',
      `${slot.path} has several values: choose one, as in ${slot.path}[type eq "work"].`,
    )
  return mapped(slot, elements.length === 0 ? [{}] : elements, (element) =>
    withPart(element, sub, setValue(sub, element[sub.attribute.name], setting)),
  )
}

/** What a remove of `attribute.sub` leaves: no value has that sub-attribute. */
export function removeSub(slot: Slot, sub: Slot, current: Json | undefined): Json | undefined {
  return mapped(slot, elementsOf(current), (element) => withPart(element, sub, undefined))
}

type Element = { [name: string]: Json }

function mapped(slot: Slot, elements: readonly Json[], change: (element: Element) => Element): Json | undefined {
  const changed = elements.filter((element) => isObject(element)).map(change)
  const left = changed.filter((element) => Object.keys(element).length > 0)
  return slot.attribute.multiValued ? checkedList(slot, left) : left[0]
}

function withPart(element: Element, sub: Slot, value: Json | undefined): Element {
  const changed = { ...element }
  setPart(changed, sub, value)
  return changed
}
