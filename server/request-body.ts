import type { IncomingMessage } from 'node:http'
import { ScimError } from '../scim/errors.js'

/** A body as it came: its text, and what it says. */
export interface ParsedBody {
  readonly text: string
  readonly value: unknown
}

const MAX_DEPTH = 64
const JSON_TYPE = /^application\/(scim\+)?json\s*(;|$)/i

/**
 * Read a JSON body of at most `maxBytes`. Undefined where there is none.
 * Throws ScimError: too_large, media_type (also for a Content-Encoding), bad_json (not UTF-8, not JSON, nested too deep).
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
  if (depthExceeds(text, MAX_DEPTH))
    throw new ScimError('bad_json', `The body is nested deeper than ${MAX_DEPTH} levels.`)
  return { text, value: parse(text) }
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
    request.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new ScimError('bad_json', 'The body is not JSON.', { cause })
  }
}

/** Counted on the text: what is nested too deep is never built. */
function depthExceeds(text: string, limit: number): boolean {
  let depth = 0
  let quoted = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (quoted) {
      if (code === BACKSLASH) index += 1
      else if (code === QUOTE) quoted = false
    } else if (code === QUOTE) quoted = true
    else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (++depth > limit) return true
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) depth -= 1
  }
  return false
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN_OBJECT = 0x7b
const OPEN_LIST = 0x5b
const CLOSE_OBJECT = 0x7d
const CLOSE_LIST = 0x5d
