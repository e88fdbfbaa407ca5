import type { ServerResponse } from 'node:http'
import type { ScimReply } from '../scim/exchange.js'

export interface ReplyHead {
  readonly requestId: string
  /** The Accept header of the request. */
  readonly accept: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

/** Send a SCIM answer: status, ETag, Location, and the body as `application/scim+json` (RFC 7644 §3.8). */
export function sendScim(response: ServerResponse, reply: ScimReply, { requestId, accept, headers }: ReplyHead): void {
  const head: Record<string, string | number> = { 'X-Request-Id': requestId, 'Cache-Control': 'no-store', ...headers }
  if (reply.etag !== undefined) head.ETag = reply.etag
  if (reply.location !== undefined) head[reply.status === 201 ? 'Location' : 'Content-Location'] = reply.location
  if (reply.minimal) head['Preference-Applied'] = 'return=minimal'
  if (reply.text === undefined) {
    response.writeHead(reply.status, head).end()
    return
  }
  head['Content-Type'] = mediaType(accept)
  head['Content-Length'] = Buffer.byteLength(reply.text)
  response.writeHead(reply.status, head).end(reply.text)
}

/** `application/json` only for who asks for it and not for SCIM's own type. */
function mediaType(accept: string | undefined): string {
  const asked = accept?.toLowerCase() ?? ''
  const plain = asked.includes('application/json') && !asked.includes('application/scim+json')
  return plain ? 'application/json; charset=utf-8' : 'application/scim+json; charset=utf-8'
}
