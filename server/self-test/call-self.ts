import type { IncomingMessage } from 'node:http'
import { requestOutside } from '../outside.js'

/** An answer of what listens at the public address. */
export interface SelfAnswer {
  readonly status: number
  readonly contentType: string
  readonly location: string | undefined
  /** The header WWW-Authenticate. */
  readonly challenge: string
  /** Parsed; undefined where the body is no JSON. */
  readonly body: unknown
}

/** No answer came; `code` is that of Node.js, such as ECONNREFUSED, and undefined where the time was over. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer'
  readonly code: string | undefined

  constructor(code: string | undefined) {
    super(code ?? 'no answer in time')
    this.code = code
  }
}

export interface SelfRequest {
  readonly method: string
  /** Behind the public address. */
  readonly path: string
  readonly token: string | undefined
  readonly body: object | undefined
}

/** Sends to the public address of this server. Throws NoAnswer. */
export type CallSelf = (request: SelfRequest) => Promise<SelfAnswer>

const TIMEOUT_MS = 5_000
const MAX_BYTES = 1_048_576
const SCIM_TYPE = 'application/scim+json'

/**
 * Calls our own public address the way an identity provider does: a connection of its own, no redirect followed, five
 * seconds for the whole. The address is the operator's setting and never a caller's, so it may be private.
 */
export function selfCaller(publicUrl: string, timeoutMs = TIMEOUT_MS): CallSelf {
  return async ({ method, path, token, body }) => {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const signal = AbortSignal.timeout(timeoutMs)
    const headers = {
      Accept: SCIM_TYPE,
      'User-Agent': 'Usher self-test',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      ...(text === undefined ? {} : { 'Content-Type': SCIM_TYPE, 'Content-Length': String(Buffer.byteLength(text)) }),
    }
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const terms = { allowPrivate: true, method, agent: false, signal, headers }
        requestOutside(`${publicUrl}${path}`, terms, resolve).on('error', reject).end(text)
      })
      return await answerOf(response)
    } catch (error) {
      throw new NoAnswer(signal.aborted ? undefined : ((error as NodeJS.ErrnoException).code ?? 'UNKNOWN'))
    }
  }
}

async function answerOf(response: IncomingMessage): Promise<SelfAnswer> {
  const { statusCode: status = 0, headers } = response
  return {
    status,
    contentType: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '',
    location: headers.location,
    challenge: headers['www-authenticate'] ?? '',
    body: jsonOf(await textOf(response)),
  }
}

/** More than the limit is none of ours, and is not read. */
async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BYTES) break
    chunks.push(chunk)
  }
  return size > MAX_BYTES ? '' : Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Somebody else's page, which its status and type are enough to tell.
    return undefined
  }
}
