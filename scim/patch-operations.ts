import { type PatchOperation, withinOperation } from './patch-op.js'
import { OPERATION_QUIRKS } from './quirks/index.js'
import type { PatchSubject } from './quirks/quirk.js'

/** An operation as the engine knows it: it always has a path. */
export type PathOperation = PatchOperation & { readonly path: string }

/** The operations as they are to be applied, in order: one path each, all quirks rewritten. */
export function pathOperations(operations: readonly PatchOperation[], subject: PatchSubject): PathOperation[] {
  return operations.flatMap((operation) => withinOperation(operation, () => rewritten(operation, subject)))
}

function rewritten(operation: PatchOperation, subject: PatchSubject): PathOperation[] {
  let operations: readonly PatchOperation[] = [operation]
  for (const quirk of OPERATION_QUIRKS) operations = operations.flatMap((one) => quirk.rewrite(one, subject))
  return operations.filter(hasPath)
}

const hasPath = (operation: PatchOperation): operation is PathOperation => operation.path !== undefined
