import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { turn } from '../db/turns.js'
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
  const length = Buffer.byteLength(reply.text)
  head['Content-Length'] = length
  response.writeHead(reply.status, head)
  // Most answers are ASCII, of which both encodings make the same bytes, and this one with less work.
  if (reply.text.length <= PIECE) response.end(reply.text, length === reply.text.length ? 'latin1' : 'utf8')
  // Who hangs up before the end has what was sent; there is nobody left to be told.
  else void pipeline(Readable.from(piecesOf(reply.text)), response).catch(() => response.destroy())
}

/** Characters that are written at a time. To encode all members of a large group at once would keep everybody waiting. */
const PIECE = 262_144
const HIGH_SURROGATE = /[\uD800-\uDBFF]$/

async function* piecesOf(text: string): AsyncGenerator<Buffer> {
  for (let start = 0; start < text.length; ) {
    const piece = text.slice(start, start + PIECE)
    const whole = HIGH_SURROGATE.test(piece) ? piece.slice(0, -1) : piece
    yield Buffer.from(whole)
    start += whole.length
    await turn()
  }
}

/** `application/json` only for who asks for it and not for SCIM's own type. */
function mediaType(accept: string | undefined): string {
  const asked = accept?.toLowerCase() ?? ''
  const plain = asked.includes('application/json') && !asked.includes('application/scim+json')
  return plain ? 'application/json; charset=utf-8' : 'application/scim+json; charset=utf-8'
}
