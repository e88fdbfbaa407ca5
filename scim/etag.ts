import { createHash } from 'node:crypto'
import type { DirectoryUser } from '../accounts/directory-user.js'
import { AccountError } from '../accounts/errors.js'
import type { ScimReply } from './exchange.js'

/**
 * The entity tag of a user (RFC 7644 §3.14): her row's version and, where she is in groups or has a manager, a digest of
 * what is computed at read. So renaming a group writes no member, and the tag still moves with the representation.
 */
export function userEtag({
  version,
  groups,
  managerName,
}: Pick<DirectoryUser, 'version' | 'groups' | 'managerName'>): string {
  if (groups.length === 0 && managerName === null) return `W/"${version}"`
  const computed = JSON.stringify([groups.map(({ id, display }) => [id, display]), managerName])
  return `W/"${version}.${createHash('sha1').update(computed).digest('base64url').slice(0, 10)}"`
}

/** The entity tag of a group: its version moves with its name and its members. */
export function groupEtag({ version }: { readonly version: number }): string {
  return `W/"${version}"`
}

const TAG = /^(?:W\/)?"([^"]*)"$/

/** Does a list of entity tags name this one? `*` names every one; a malformed tag names none (RFC 9110 §13.1). */
export function namesTag(header: string, etag: string): boolean {
  if (header.trim() === '*') return true
  const own = TAG.exec(etag)?.[1]
  return header.split(',').some((tag) => own !== undefined && TAG.exec(tag.trim())?.[1] === own)
}

/** The check of If-Match for a resource whose tag is `etagOf`; undefined where none was sent: plain last write. */
export function ifMatchCheck<T>(
  header: string | undefined,
  etagOf: (current: T) => string,
): ((current: T) => void) | undefined {
  if (header === undefined) return undefined
  return (current) => {
    if (namesTag(header, etagOf(current))) return
    throw new AccountError('version_mismatch', 'The resource changed in between. Read it again.')
  }
}

/** 304 without a body where the client has this version already (RFC 9110 §13.1.2). */
export function unlessKnown(reply: ScimReply, ifNoneMatch: string | undefined): ScimReply {
  const known = ifNoneMatch !== undefined && reply.etag !== undefined && namesTag(ifNoneMatch, reply.etag)
  return known ? { ...reply, status: 304, text: undefined } : reply
}
