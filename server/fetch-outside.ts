import type { IncomingMessage } from 'node:http'
import { failureInWords } from './network-fault.js'
import { refusalOfUrl, requestOutside } from './outside.js'
import { RequestError } from './problem.js'

/** Fetches a text from somebody else's server; `accept` names the types that will do, metadata where it is not given. */
export type FetchText = (url: string, accept?: string) => Promise<string>

const MAX_BYTES = 1_048_576
const TIMEOUT_MS = 5_000
const MAX_REDIRECTS = 3

/**
 * Fetches over https, never from a private address: the name is resolved once, the address is looked at, and it is the one
 * that is connected to, after each redirect anew. 1 MB and 5 seconds at most. `allowPrivate` is the operator's word for
 * tests and demos (USHER_ALLOW_PRIVATE_FETCH). Throws RequestError: fetch_failed.
 */
export function outsideFetcher(allowPrivate: boolean): FetchText {
  return (url, accept = METADATA) =>
    follow(url, { allowPrivate, accept, signal: AbortSignal.timeout(TIMEOUT_MS) }, MAX_REDIRECTS)
}

const METADATA = 'application/samlmetadata+xml, application/xml, text/xml'

interface Terms {
  readonly allowPrivate: boolean
  readonly accept: string
  /** Ends the whole of it, redirects included. */
  readonly signal: AbortSignal
}

async function follow(url: string, terms: Terms, redirects: number): Promise<string> {
  const response = await get(url, terms)
  const { statusCode = 0, headers } = response
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    response.resume()
    if (redirects === 0) throw failed(url, 'it redirects too often')
    if (!URL.canParse(headers.location, url)) throw failed(url, 'it redirects to nowhere')
    return follow(new URL(headers.location, url).href, terms, redirects - 1)
  }
  if (statusCode !== 200) {
    response.resume()
    throw failed(url, `it answered ${statusCode}`)
  }
  return read(url, response)
}

function get(url: string, { allowPrivate, accept, signal }: Terms): Promise<IncomingMessage> {
  const refusal = refusalOfUrl(url, allowPrivate)
  if (refusal !== undefined) return Promise.reject(failed(url, refusal))
  return new Promise((answered, reject) => {
    const headers = { Accept: accept, 'User-Agent': 'Usher' }
    const sent = requestOutside(url, { allowPrivate, signal, headers }, answered)
    sent.on('error', (cause) => reject(failed(url, failureInWords(cause))))
    sent.end()
  })
}

async function read(url: string, response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_BYTES) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw failed(url, failureInWords(cause))
  }
  if (size > MAX_BYTES) throw failed(url, 'it is larger than 1 MB')
  return Buffer.concat(chunks).toString('utf8')
}

function failed(url: string, why: string): RequestError {
  return new RequestError('fetch_failed', `${url.slice(0, 300)} could not be fetched: ${why}.`)
}
