import type { Work } from '../db/pace.js'
import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'
import { isObject, type JsonObject, memberOf } from './json-object.js'
import { withoutSecret } from './redact.js'
import { objectOfSchema } from './resource-body.js'

export const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'

/** One operation of a PATCH, still with the path and value as they were sent. */
export interface PatchOperation {
  readonly op: 'add' | 'replace' | 'remove'
  /** Absent where the value is an object of attributes; never on `remove`. */
  readonly path?: string
  /** `undefined` only on a `remove` that has none; null is a value. */
  readonly value?: unknown
  /** Set where the operation was one key of an object of attributes, in which readOnly ones are passed over. */
  readonly fromObject?: true
  /** Its place in `Operations`, from 0, as errors name it. */
  readonly index: number
}

const MAX_OPERATIONS = 10_000
const OPS: ReadonlyMap<string, PatchOperation['op']> = new Map([
  ['add', 'add'],
  ['replace', 'replace'],
  ['remove', 'remove'],
])

/**
 * Read the body of a PATCH (RFC 7644 §3.5.2). `op` and the names of members may be in any letter case (Entra).
 * Throws ScimError: bad_json, bad_schema, patch_op, patch_path, patch_no_target, attr_missing.
 */
export function* parsePatchOp(body: unknown): Work<PatchOperation[]> {
  const operations = memberOf(objectOfSchema(body, PATCH_OP_URN), 'Operations')
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError('patch_op', 'Operations must be a list with at least one operation.')
  if (operations.length > MAX_OPERATIONS)
    throw new ScimError('patch_op', `Operations has ${operations.length} operations, limit ${MAX_OPERATIONS}.`)
  const parsed: PatchOperation[] = []
  for (const [index, operation] of operations.entries()) {
    parsed.push(parseOperation(operation, index))
    yield
  }
  return parsed
}

/** Run what concerns one operation; a refusal then names the operation by index and path. */
export function withinOperation<T>({ index, path }: Pick<PatchOperation, 'index' | 'path'>, run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof ScimError)) throw error
    throw error.within(path === undefined ? `Operations[${index}]` : `Operations[${index}] (${shortened(path)})`)
  }
}

function parseOperation(sent: unknown, index: number): PatchOperation {
  return withinOperation({ index }, () => {
    if (!isObject(sent)) throw new ScimError('patch_op', `The operation must be an object, got ${shown(sent)}.`)
    const op = parseOp(sent)
    const path = parsePathText(sent)
    const value = memberOf(sent, 'value')
    if (op === 'remove' && path === undefined) throw new ScimError('patch_no_target', 'A remove needs a path.')
    if (op !== 'remove' && value === undefined) throw new ScimError('attr_missing', `Attribute value is required.`)
    return { op, ...(path !== undefined && { path }), ...(value !== undefined && { value }), index }
  })
}

function parseOp(sent: JsonObject): PatchOperation['op'] {
  const word = memberOf(sent, 'op')
  const op = typeof word === 'string' ? OPS.get(word.toLowerCase()) : undefined
  if (!op) throw new ScimError('patch_op', `op must be add, replace or remove, got ${shown(word)}.`)
  return op
}

function parsePathText(sent: JsonObject): string | undefined {
  const path = memberOf(sent, 'path')
  if (path === undefined || path === null || path === '') return undefined
  if (typeof path !== 'string') throw new ScimError('patch_path', `path must be text, got ${shown(path)}.`)
  return path
}

function shortened(path: string): string {
  const shown = withoutSecret(path)
  return shown.length > 120 ? `${shown.slice(0, 120)}…` : shown
}
