import type { IncomingMessage } from 'node:http'
import { inTurns } from '../db/pace.js'
import { ScimError } from '../scim/errors.js'
import { parseJson } from './parse-json.js'
import { type JsonLimits, scanJson } from './scan-json.js'

/** A body as it came: its text, and what it says. */
export interface ParsedBody {
  readonly text: string
  readonly value: unknown
}

/** Far beyond what a directory sends: a group of a hundred thousand has some five hundred thousand values. */
const LIMITS = { depth: 64, members: 1_000, values: 1_000_000 } as const satisfies JsonLimits
const EXCEEDED = {
  depth: `The body is nested deeper than ${LIMITS.depth} levels.`,
  members: `An object of the body has more than ${LIMITS.members} members.`,
  values: `The body has more than ${LIMITS.values} values.`,
} as const satisfies Record<keyof JsonLimits, string>
const JSON_TYPE = /^application\/(scim\+)?json\s*(;|$)/i

/**
 * Read a JSON body of at most `maxBytes`. Undefined where there is none.
 * Throws ScimError: too_large, media_type (also for a Content-Encoding), bad_json (not UTF-8, not JSON, beyond a limit).
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number): Promise<ParsedBody | undefined> {
  const bytes = await readBytes(request, maxBytes)
  if (bytes.length === 0) return undefined
  const type = (request.headers['content-type'] ?? '').slice(0, 100)
  if (!JSON_TYPE.test(type)) {
    throw new ScimError(
      'media_type',
      `The body has to be application/scim+json or application/json, not ${type || 'untyped'}.`,
    )
  }
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding.toLowerCase() !== 'identity')
    throw new ScimError(
      'media_type',
      `The body has to come as it is, without Content-Encoding ${encoding.slice(0, 100)}.`,
    )
  const text = decode(bytes)
  return { text, value: await parse(text) }
}

function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new ScimError('too_large', `The request is larger than ${maxBytes / 1_048_576} MB.`)
  return new Promise((resolve, reject) => {
    // Nobody is there to be answered; the log tells what became of the request.
    const cutOff = () => reject(new ScimError('bad_json', 'The connection ended before the body was whole.'))
    // Then it has said all it will ever say.
    if (request.destroyed) return cutOff()
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      request.resume()
      reject(tooLarge())
      return
    }
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) {
        request.removeAllListeners('data')
        request.resume()
        reject(tooLarge())
      } else chunks.push(chunk)
    })
    request.on('end', () => {
      // It closes after every body; an error with its stack is not made for nothing.
      request.off('close', cutOff)
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks))
    })
    request.on('error', cutOff)
    request.on('close', cutOff)
  })
}

const UTF8 = new TextDecoder('utf-8', { fatal: true })

function decode(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes)
  } catch (cause) {
    throw new ScimError('bad_json', 'The body is not UTF-8.', { cause })
  }
}

/** Looked over on the text: what goes beyond a limit is never built. */
async function parse(text: string): Promise<unknown> {
  const scanned = await inTurns(scanJson(text, LIMITS))
  if (scanned.exceeded !== undefined) throw new ScimError('bad_json', EXCEEDED[scanned.exceeded])
  try {
    return await inTurns(parseJson(text, scanned))
  } catch (cause) {
    throw new ScimError('bad_json', 'The body is not JSON.', { cause })
  }
}
