import type { Shot } from './shot.js'
import type { Reply } from './wire.js'

const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error'
const SCIM_TYPES: ReadonlySet<unknown> = new Set(
  `invalidFilter tooMany uniqueness mutability invalidSyntax invalidPath noTarget invalidValue invalidVers sensitive
  invalidCursor expiredCursor invalidCount`.split(/\s+/),
)
/** An answer takes no longer, whatever was asked. */
const SLOW_MS = 5_000
const LEAK = /node_modules|SqliteError|ECONNREFUSED|\n\s+at \S+ \(/

/** What is wrong with an answer; undefined where nothing is. */
export function faultOf(shot: Shot, reply: Reply): string | undefined {
  const { status, failure } = reply
  if (status === 0) return mayBeCutOff(shot, failure) ? undefined : `no answer: ${failure}`
  if (status >= 500 && !isAllowed(shot, status)) return `status ${status}`
  if (reply.ms > SLOW_MS) return 'a slow answer'
  if (LEAK.test(reply.text)) return 'an answer that tells of the inside'
  if (shot.raw !== undefined || shot.method === 'HEAD' || status < 400) return undefined
  if (isScim(shot.path)) return scimFault(reply)
  return shot.path.startsWith('/api/v1/') ? problemFault(reply) : undefined
}

const MAX_BODY_BYTES = 1_048_576

/**
 * Whoever writes no whole request may be hung up on; and who is refused before a large body has been read, and goes on
 * writing, may lose the answer with the connection (RFC 9112 §9.6).
 */
function mayBeCutOff({ raw, body = '' }: Shot, failure: string | undefined): boolean {
  if (raw !== undefined) return failure !== 'ECONNREFUSED'
  return (failure === 'EPIPE' || failure === 'ECONNRESET') && Buffer.byteLength(body) > MAX_BODY_BYTES
}

/** 501 says what is not offered, 503 that an issuer's keys cannot be read (docs/idp/troubleshooting.md). */
function isAllowed({ path }: Shot, status: number): boolean {
  return (status === 501 && isScim(path)) || (status === 503 && path.startsWith('/oauth/token'))
}

function isScim(path: string): boolean {
  return /^\/scim(\/|\?|$)/.test(path)
}

/** RFC 7644 §3.12: schemas, the status as text, a keyword of the list, a text for people. */
function scimFault({ status, headers, text }: Reply): string | undefined {
  const error = objectIn(text)
  const { schemas, status: said, scimType, detail } = error ?? {}
  const wrong = [
    /^application\/(scim\+)?json/.test(headers['content-type'] ?? '') ? '' : 'type',
    Array.isArray(schemas) && schemas.length === 1 && schemas[0] === ERROR_URN ? '' : 'schemas',
    said === String(status) ? '' : 'status',
    scimType === undefined || SCIM_TYPES.has(scimType) ? '' : 'scimType',
    typeof detail === 'string' && detail !== '' && detail.length < 4_000 ? '' : 'detail',
    status !== 401 || headers['www-authenticate'] !== undefined ? '' : 'WWW-Authenticate',
    status !== 405 || headers.allow !== undefined ? '' : 'Allow',
  ].filter((name) => name !== '')
  return wrong.length === 0 ? undefined : `a SCIM error with a bad ${wrong.join(', ')}`
}

/** RFC 9457, with our code. */
function problemFault({ status, headers, text }: Reply): string | undefined {
  const { status: said, code, title, detail } = objectIn(text) ?? {}
  const isGood =
    /^application\/problem\+json/.test(headers['content-type'] ?? '') &&
    said === status &&
    typeof code === 'string' &&
    typeof title === 'string' &&
    typeof detail === 'string' &&
    detail.length < 4_000
  return isGood ? undefined : 'a problem that is none'
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    // Not JSON: what the caller objects to.
    return undefined
  }
}
