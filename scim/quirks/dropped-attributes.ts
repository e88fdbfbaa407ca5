import type { OperationQuirk, PatchSubject } from './quirk.js'

/** Okta always sends a password. It is accepted and goes nowhere: no schema of ours has it (RFC 7643 §4.1.1, §7). */
export const passwordDropped: OperationQuirk = {
  name: 'password-dropped',
  rewrite: (operation, subject) => (isPassword(operation.path, subject) ? [] : [operation]),
}

function isPassword(path: string | undefined, { schema }: PatchSubject): boolean {
  const folded = path?.toLowerCase()
  return folded === 'password' || folded === `${schema.core.id.toLowerCase()}:password`
}

/** Okta sends the id of a group along with its new name (trap 20). Its own id changes nothing; another is refused. */
export const ownIdDropped: OperationQuirk = {
  name: 'own-id-dropped',
  rewrite(operation, { id }) {
    const { op, path, value } = operation
    return op !== 'remove' && path?.toLowerCase() === 'id' && value === id ? [] : [operation]
  },
}
