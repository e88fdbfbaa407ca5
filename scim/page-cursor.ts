import { hash } from 'node:crypto'
import type { Connection } from '../accounts/connection.js'
import type { Deps } from '../accounts/deps.js'
import type { Position } from '../accounts/list-directory.js'
import { ScimError } from './errors.js'

/** How long a cursor may be used after it was handed out. */
export const CURSOR_SECONDS = 3_600

/** Where a walk through a list stands: behind this resource, of so many as there were when it began. */
export interface Place {
  readonly after: Position
  readonly total: number
}

type Scope = Pick<Deps, 'sealer' | 'now'>

/**
 * The cursor of a place (RFC 9865 §2): opaque, of unreserved characters, signed for this connection alone. `query` is what
 * has to stay the same on the pages behind it.
 */
export function cursorOf(
  { sealer, now }: Scope,
  connection: Connection,
  query: string,
  { after, total }: Place,
): string {
  const expires = Math.floor(now().getTime() / 1_000) + CURSOR_SECONDS
  const text = JSON.stringify([expires, digest(query), total, after.id, after.key])
  const payload = Buffer.from(text).toString('base64url')
  return `${payload}.${sealer.sign(payload, about(connection))}`
}

/** The place of a cursor. Throws cursor_bad for one that is not ours, of another connection or query, or changed; cursor_expired. */
export function placeOf({ sealer, now }: Scope, connection: Connection, query: string, cursor: string): Place {
  const [payload = '', signature = '', ...more] = cursor.split('.')
  if (more.length > 0 || !sealer.isSigned(payload, about(connection), signature))
    throw new ScimError('cursor_bad', 'This cursor was not handed out for this connection. Begin with an empty cursor.')
  // What we signed has the form that we gave it.
  const [expires, fingerprint, total, id, key] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Payload
  if (fingerprint !== digest(query))
    throw new ScimError('cursor_bad', 'This cursor is of another list: filter and sorting must stay as they were.')
  if (expires < now().getTime() / 1_000)
    throw new ScimError('cursor_expired', 'This cursor has expired. Begin with an empty cursor.')
  return { after: { id, key }, total }
}

type Payload = [expires: number, fingerprint: string, total: number, id: string, key: Position['key']]

function about({ accountId, id }: Connection): string {
  return `cursor ${accountId} ${id}`
}

function digest(query: string): string {
  return hash('sha256', query, 'base64url').slice(0, 16)
}
