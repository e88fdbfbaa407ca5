import type { IncomingMessage } from 'node:http'
import type { Deps } from '../accounts/deps.js'
import type { DirectoryRequest } from '../accounts/directory-request.js'

export const PREFIX = '/scim/v2/'
/** No id, but the endpoint for searching by a body (RFC 7644 §3.4.3). */
const SEARCH = '.search'

export function isScimPath(url: string): boolean {
  return url === '/scim' || url.startsWith('/scim/') || url.startsWith('/scim?')
}

/** One request on its way: what is known before it is understood. */
export interface Arrival {
  readonly id: string
  readonly method: string
  /** Without its query. */
  readonly path: string
  readonly query: URLSearchParams
  readonly connectionId: string
  readonly endpoint: string
  /** Behind the endpoint; empty where there is none. */
  readonly resourceId: string
  /** More segments than any route has. */
  readonly tooLong: boolean
  readonly address: string
  readonly startedAt: number
}

/** Take the address of a request apart. */
export function arrivalOf(deps: Deps, request: IncomingMessage, address: string): Arrival {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  const [connectionId = '', endpoint = '', id = '', ...more] = path.slice(PREFIX.length).split('/')
  return {
    id: deps.newId(),
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1)),
    connectionId,
    endpoint: id === SEARCH ? `${endpoint}/${SEARCH}` : endpoint,
    resourceId: id === SEARCH ? '' : decoded(id),
    // A slash at the end is tolerated (SCIM.md check 8).
    tooLong: more.some((segment) => segment !== ''),
    address,
    startedAt: performance.now(),
  }
}

/**
 * No id holds U+0000, which PostgreSQL does not take: such a segment stays as it came, and is found nowhere. Nor is one
 * that is too long, of which the log and the answer need no more than the beginning.
 */
function decoded(segment: string): string {
  try {
    const text = decodeURIComponent(segment)
    return shortened(text.includes('\0') ? segment : text)
  } catch {
    // No percent-encoding: no id either, and found nowhere.
    return shortened(segment)
  }
}

const MAX_SHOWN = 256

/** A piece of an address as an answer repeats it. */
export function shortened(text: string): string {
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}

/** What the log keeps of HTTP, as far as it is known before the answer. */
export function httpOf({ method, path, address }: Arrival): DirectoryRequest['http'] {
  return { method, path, address }
}
