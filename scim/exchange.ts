import type { Connection } from '../accounts/connection.js'
import type { Deps } from '../accounts/deps.js'
import type { DirectoryRequest, Recorded } from '../accounts/directory-request.js'

/** One request as a handler sees it: no HTTP library, only what RFC 7644 speaks of. */
export interface ScimRequest {
  readonly deps: Deps
  readonly connection: Connection
  /** What the log needs of a write; handlers of reads do not look at it. */
  readonly logged: DirectoryRequest
  /** The base URI of the connection, without a slash at the end. */
  readonly baseUrl: string
  /** What stands behind the endpoint: `/Users/{id}`; empty for the endpoint itself. */
  readonly id: string
  readonly query: URLSearchParams
  /** Parsed JSON, or undefined where there is no body. */
  readonly body: unknown
  readonly ifMatch: string | undefined
  readonly ifNoneMatch: string | undefined
  /** The client does without the body of an answer to a write: `Prefer: return=minimal` (RFC 7240 §4.2). */
  readonly minimal?: boolean
}

/** What goes out; `text` is the JSON body. */
export interface ScimReply extends Recorded {
  readonly etag?: string
  readonly location?: string
  /** What went wrong on our side behind an answer that could still be given. */
  readonly fault?: unknown
  /** The body was left out because the client prefers it so. */
  readonly minimal?: true
}

export type ScimHandler = (request: ScimRequest) => Promise<ScimReply> | ScimReply

export const NO_CONTENT: ScimReply = { status: 204, text: undefined }

/** The same answer without its body, where the client prefers it so and names no `attributes` that it wants to see. */
export function asPreferred(
  reply: ScimReply,
  { minimal = false, query }: Pick<ScimRequest, 'minimal' | 'query'>,
): ScimReply {
  if (!minimal || query.get('attributes')) return reply
  return { ...reply, status: reply.status === 200 ? 204 : reply.status, text: undefined, minimal: true }
}
