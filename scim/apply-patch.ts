import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { attributeTable } from './attribute-table.js'
import { canonicalAttributes, checkFilled, checkRequired, isDemanded } from './canonical-value.js'
import { checkChoice } from './check-choices.js'
import { ScimError } from './errors.js'
import { isObject } from './json-object.js'
import { removeElements, setElements } from './patch-elements.js'
import { type PatchOperation, withinOperation } from './patch-op.js'
import { type PathOperation, rewritten } from './patch-operations.js'
import { removeSub, setSub } from './patch-sub-attribute.js'
import { type PatchTarget, passesOver, resolveTarget } from './patch-target.js'
import { removeValue, setPart, setValue } from './patch-value.js'

/** Each operation may test a list of a thousand values with its filter: more than this would keep the process busy. */
const MAX_OPERATIONS = 1_000
const MAX_PATH_TEXT = 65_536
/** Elements of lists that all operations of a PATCH may go through together: a hundred changes of a list of two hundred. */
const MAX_ELEMENTS = 20_000

/**
 * The document after all operations, in order (RFC 7644 §3.5.2); the one given is not touched, so a refusal leaves
 * nothing half done. Equal to it, as JSON too, where nothing changed. `self` is the resource's own identity; `passedOver` is
 * given the names of attributes that the account does not have.
 *
 * `active` cannot be taken away: what is not said never means false, and true would be a guess, so a remove of it, or a
 * replace with null, is refused as mutability; null for it as one attribute of several is no change, as in a PUT.
 * Throws ScimError with index and path: patch_op, patch_path, patch_no_target, mutability, attr_type, attr_too_long,
 * attr_primary, attr_missing.
 */
export function applyPatch(
  document: Document,
  operations: readonly PatchOperation[],
  schema: ResourceSchema,
  self: { readonly id: string },
  passedOver: string[] = [],
): Document {
  let draft = document
  const subject = { schema, id: self.id }
  const all = operations.flatMap((one) => withinOperation(one, () => rewritten(one, subject)))
  const effort = { elements: 0 }
  for (const operation of withinLimits(all))
    draft = withinOperation(operation, () => applied(draft, operation, schema, passedOver, effort))
  const table = attributeTable(schema)
  const result = canonicalAttributes(table, draft)
  checkRequired(table, result)
  return result
}

function withinLimits(operations: PathOperation[]): PathOperation[] {
  if (operations.length > MAX_OPERATIONS)
    throw new ScimError('patch_op', `The PATCH has ${operations.length} operations, limit ${MAX_OPERATIONS}.`)
  const text = operations.reduce((sum, { path }) => sum + path.length, 0)
  if (text > MAX_PATH_TEXT)
    throw new ScimError('patch_op', `The paths have ${text} characters together, limit ${MAX_PATH_TEXT}.`)
  return operations
}

function applied(
  draft: Document,
  operation: PathOperation,
  schema: ResourceSchema,
  passedOver: string[],
  effort: { elements: number },
): Document {
  const target = resolveTarget(operation, schema)
  if (!target) for (const name of unknownNames(operation)) passedOver.push(name)
  if (!target || passesOver(target, operation)) return draft
  const { extension, slot } = target
  if (slot.path === 'active' && operation.fromObject && operation.value === null) return draft
  const container = extension === undefined ? draft : contentOf(draft[extension])
  const current = container[slot.attribute.name]
  effort.elements += Array.isArray(current) ? current.length : 0
  if (effort.elements > MAX_ELEMENTS)
    throw new ScimError(
      'patch_op',
      `The operations go through more than ${MAX_ELEMENTS} values. Replace the list as a whole.`,
    )
  const value = changed(target, current, operation)
  if (value === undefined && (isDemanded(slot) || slot.path === 'active'))
    throw new ScimError('mutability', `${slot.path} cannot be removed.`)
  if (isDemanded(slot)) checkFilled(slot, value)
  checkChoice(slot, value, current)
  const content = { ...container }
  setPart(content, slot, value)
  return extension === undefined ? content : { ...draft, [extension]: content }
}

/** Attributes of the account that it does not have, where they come with a value. */
function unknownNames({ op, path, value }: PathOperation): string[] {
  if (op === 'remove' || value === null || !path.toLowerCase().startsWith(FOLDED_URN)) return []
  if (path.length > FOLDED_URN.length) return path[FOLDED_URN.length] === ':' ? [path.slice(FOLDED_URN.length + 1)] : []
  return isObject(value) ? Object.keys(value).filter((name) => value[name] !== null) : []
}

const FOLDED_URN = ACCOUNT_URN.toLowerCase()

function changed(target: PatchTarget, current: Json | undefined, { op, value }: PatchOperation): Json | undefined {
  const { slot, sub, filter } = target
  if (filter)
    return op === 'remove'
      ? removeElements({ ...target, filter }, current)
      : setElements({ ...target, filter }, current, { op, value })
  if (sub) return op === 'remove' ? removeSub(slot, sub, current) : setSub(slot, sub, current, { op, value })
  return op === 'remove' ? removeValue(slot, current, value) : setValue(slot, current, { op, value })
}

function contentOf(container: Json | undefined): Document {
  return isObject(container) ? container : {}
}
