import type { ResourceSchema } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import { findAttribute, findSchema } from '../filter/find-attribute.js'
import { parsePath } from '../filter/parse.js'
import { resolvePath } from '../filter/resolve.js'
import type { ResolvedFilter } from '../filter/resolved.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { attributeTable, findSlot, type Slot } from './attribute-table.js'
import { ScimError } from './errors.js'
import { nearestPath } from './nearest-path.js'
import type { PatchOperation } from './patch-op.js'
import type { PathOperation } from './patch-operations.js'

/** What a PATCH path points at: an attribute, in the core or an extension, some of its elements, a part of them. */
export interface PatchTarget {
  /** URN of the extension under which the attribute stands. */
  readonly extension?: string
  readonly slot: Slot
  readonly sub?: Slot
  readonly filter?: ResolvedFilter
  /** The path as it was sent, for errors. */
  readonly path: string
}

/**
 * Look a path up. Undefined where it belongs to an extension that we do not know, or is no attribute of the account, or is
 * a member of the object of an extension that has no such attribute, and is then of no effect (RFC 7643 §3.3 leaves it
 * open; Entra sends them). Throws patch_path.
 */
export function resolveTarget(
  { path, fromObject }: Pick<PathOperation, 'path' | 'fromObject'>,
  schema: ResourceSchema,
): PatchTarget | undefined {
  if (isOfOtherSchema(path, schema)) return undefined
  try {
    const node = parsePath(path)
    if (node.urn?.includes(':') && isTolerated(node.urn, node.name, schema, fromObject === true)) return undefined
    const { extension, attribute, sub, filter } = resolvePath(node, schema)
    const whole = attributeTable(schema)
    const slot = slotOf(extension === undefined ? whole : slotOf(whole, extension).parts, attribute.name)
    return {
      path,
      slot,
      ...(extension !== undefined && { extension }),
      ...(sub && { sub: slotOf(slot.parts, sub.name) }),
      ...(filter && { filter }),
    }
  } catch (error) {
    if (error instanceof FilterError) throw unknownPath(path, schema, error)
    throw error
  }
}

/**
 * Whether the path begins with the URI of a schema that the resource does not have. How such a URI ends is its own affair:
 * Entra writes `…:enterprise:2.0User`, SCIM 1.1 had `…:enterprise:1.0`, and neither ends like the name of an attribute.
 */
function isOfOtherSchema(path: string, schema: ResourceSchema): boolean {
  const folded = path.toLowerCase()
  if (!/^(?:urn|https?):/.test(folded)) return false
  return ![schema.core, ...schema.extensions].some(({ id }) => {
    const known = id.toLowerCase()
    return folded.startsWith(known) && /^(?:$|[:.[])/.test(folded.slice(known.length))
  })
}

/**
 * An attribute that the account deleted is like one that it never had: a directory that goes on sending it is not refused,
 * or it could no longer switch anybody off.
 */
function isTolerated(urn: string, name: string, schema: ResourceSchema, fromObject: boolean): boolean {
  const known = findSchema(urn, schema)
  if (known === undefined) return true
  const mayBeUnknown = known.id === ACCOUNT_URN || (fromObject && known !== schema.core)
  return mayBeUnknown && !findAttribute(name, known.attributes)
}

/**
 * Whether the target is readOnly and the operation came as a key of an object, where it is passed over (Okta sends
 * `groups` and `meta` so). Throws mutability where it was addressed by a path, and for an `id` that is not its own.
 */
export function passesOver({ slot, sub }: PatchTarget, { fromObject }: PatchOperation): boolean {
  const { attribute, path } = [slot, sub].find((one) => one?.attribute.mutability === 'readOnly') ?? {}
  if (!attribute) return false
  if (!fromObject || path === 'id') throw new ScimError('mutability', `${path} cannot be changed: it is readOnly.`)
  return true
}

/** The slot of a name that the schema is known to have. */
function slotOf(table: Parameters<typeof findSlot>[0], name: string): Slot {
  return findSlot(table, name)!
}

function unknownPath(path: string, schema: ResourceSchema, error: FilterError): ScimError {
  if (error.code !== 'filter_attribute') return new ScimError('patch_path', error.message, { cause: error })
  const nearest = nearestPath(path, schema)
  const hint = nearest === undefined ? '' : ` The nearest known path is ${nearest}.`
  return new ScimError('patch_path', `The path is not known.${hint}`, { cause: error })
}
