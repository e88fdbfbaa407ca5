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
}

/** What goes out; `text` is the JSON body. */
export interface ScimReply extends Recorded {
  readonly etag?: string
  readonly location?: string
  /** What went wrong on our side behind an answer that could still be given. */
  readonly fault?: unknown
}

export type ScimHandler = (request: ScimRequest) => Promise<ScimReply> | ScimReply

export const NO_CONTENT: ScimReply = { status: 204, text: undefined }
