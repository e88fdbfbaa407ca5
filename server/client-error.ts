import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { scimErrorBody } from '../scim/errors.js'
import { PROBLEM_TYPE } from './problem.js'

/** What `node:http` could not read as a request: `code` says why, `rawPacket` holds the bytes that came last. */
export type ClientError = Error & { readonly code?: string; readonly rawPacket?: Buffer }

const REFUSALS = new Map<string | undefined, readonly [status: number, detail: string]>([
  ['HPE_HEADER_OVERFLOW', [431, 'The address and headers of the request are larger than 16 KB together.']],
  ['ERR_HTTP_REQUEST_TIMEOUT', [408, 'The request did not arrive in time.']],
])
const MALFORMED = [400, 'This is not an HTTP request.'] as const

/**
 * Answer what never became a request, in the words of the address that it was meant for: no handler sees it, so it is in
 * no log, and it ends its connection. `latest` is the last answer that a handler had to give on this connection.
 */
export function answerClientError(
  { code, rawPacket }: ClientError,
  socket: Duplex,
  requestId: string,
  latest: ServerResponse | undefined,
): void {
  if (!socket.writable || code === 'ECONNRESET') return void socket.destroy()
  // The rest of a request that has its answer: a second one would pass for that of the next request behind a proxy.
  if (latest?.headersSent && !latest.req.complete) return void (latest.writableEnded ? socket.end() : socket.destroy())
  const [status, detail] = REFUSALS.get(code) ?? MALFORMED
  const isScim = /^\S{1,32} \/scim[/? ]/.test(rawPacket?.toString('latin1', 0, 48) ?? '')
  const title = STATUS_CODES[status] ?? 'Error'
  const body = isScim
    ? scimErrorBody({ status, message: `${detail} Request ${requestId}.` })
    : { type: 'about:blank', title, status, code: 'malformed_request', detail, requestId }
  const text = JSON.stringify(body)
  const head = [
    `HTTP/1.1 ${status} ${title}`,
    `Content-Type: ${isScim ? 'application/scim+json' : PROBLEM_TYPE}; charset=utf-8`,
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-Id: ${requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}
