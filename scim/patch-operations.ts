import type { Work } from '../db/pace.js'
import { ScimError } from './errors.js'
import { type PatchOperation, withinOperation } from './patch-op.js'
import { OPERATION_QUIRKS } from './quirks/index.js'
import type { PatchSubject } from './quirks/quirk.js'

/** An operation as the engine knows it: it always has a path. */
export type PathOperation = PatchOperation & { readonly path: string }

/** As many as a PATCH may have before its objects of attributes become operations of their own. */
const MAX_OPERATIONS = 10_000

/** The operations as they are to be applied, in order: one path each, all quirks rewritten. Throws patch_op beyond a limit. */
export function* pathOperations(
  operations: readonly PatchOperation[],
  subject: PatchSubject,
  limit = MAX_OPERATIONS,
): Work<PathOperation[]> {
  const result: PathOperation[] = []
  for (const operation of operations) {
    for (const one of withinOperation(operation, () => rewritten(operation, subject))) result.push(one)
    if (result.length > limit)
      throw new ScimError('patch_op', `The PATCH has more than ${limit} operations, attributes of a value counted.`)
    yield
  }
  return result
}

/** One operation as it is to be applied: it may be none, or many. */
export function rewritten(operation: PatchOperation, subject: PatchSubject): PathOperation[] {
  let operations: readonly PatchOperation[] = [operation]
  for (const quirk of OPERATION_QUIRKS) operations = operations.flatMap((one) => quirk.rewrite(one, subject))
  return operations.filter(hasPath)
}

const hasPath = (operation: PatchOperation): operation is PathOperation => operation.path !== undefined
