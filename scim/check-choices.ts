import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { attributeTable, findSlot, type Slot } from './attribute-table.js'
import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { isObject } from './json-object.js'

const MAX_NAMED = 10

/**
 * Refuse a value that is none of the choices of its attribute. What `held`, the document so far, says may be said again:
 * a choice that an administrator took away is no reason to refuse what the directory repeats. Throws attr_type.
 */
export function checkChoices(document: Document, userSchema: ResourceSchema, held: Document): void {
  const values = document[ACCOUNT_URN]
  if (!isObject(values)) return
  const before = held[ACCOUNT_URN]
  for (const slot of findSlot(attributeTable(userSchema), ACCOUNT_URN)?.parts.slots ?? []) {
    const { name } = slot.attribute
    checkChoice(slot, values[name], isObject(before) ? before[name] : undefined)
  }
}

/** The same for one value. */
export function checkChoice({ path, choices, attribute }: Slot, value: Json | undefined, held: Json | undefined): void {
  if (choices === undefined || value === undefined || value === held) return
  if (typeof value === 'string' && choices.has(fold(value))) return
  const named = (attribute.canonicalValues ?? []).slice(0, MAX_NAMED).map(shown).join(', ')
  const more = choices.size > MAX_NAMED ? `, or one of ${choices.size - MAX_NAMED} others` : ''
  throw new ScimError('attr_type', `${path} must be one of ${named}${more}, got ${shown(value)}.`)
}
