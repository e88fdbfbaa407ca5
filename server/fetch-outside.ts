import { lookup as resolve } from 'node:dns'
import { type IncomingMessage, request as plainRequest } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
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
  const target = URL.canParse(url) ? new URL(url) : undefined
  const isPlain = target?.protocol === 'http:'
  if (target === undefined || (target.protocol !== 'https:' && !(isPlain && allowPrivate)))
    return Promise.reject(failed(url, 'only https is fetched'))
  const literal = target.hostname.replace(/^\[|\]$/g, '')
  if (!allowPrivate && isIP(literal) !== 0 && isPrivate(literal)) return Promise.reject(failed(url, PRIVATE))
  return new Promise((answered, reject) => {
    const options = {
      lookup: guardedLookup(allowPrivate),
      signal,
      headers: { Accept: accept, 'User-Agent': 'Usher' },
    }
    const sent = (isPlain ? plainRequest : tlsRequest)(target, options, answered)
    sent.on('error', (cause) => reject(failed(url, cause.message)))
    sent.end()
  })
}

const PRIVATE = 'its address is private'

/** Refuses where the name leads to a private address, whichever of several is picked. */
function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, '')
      if (!allowPrivate && addresses.some(({ address }) => isPrivate(address))) return done(new Error(PRIVATE), '')
      if (options.all) return done(null, addresses)
      const [first] = addresses
      return first === undefined ? done(new Error('it has no address'), '') : done(null, first.address, first.family)
    })
  }
}

const PRIVATE_NETWORKS = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE_NETWORKS.addSubnet(network, bits, 'ipv4')
/** Everything but global unicast, and of that not what stands for an IPv4 address. */
const GLOBAL_IPV6 = new BlockList()
GLOBAL_IPV6.addSubnet('2000::', 3, 'ipv6')
const TRANSLATED = new BlockList()
TRANSLATED.addSubnet('2002::', 16, 'ipv6')
TRANSLATED.addSubnet('2001::', 32, 'ipv6')

function isPrivate(address: string): boolean {
  if (isIP(address) === 4) return PRIVATE_NETWORKS.check(address, 'ipv4')
  return !GLOBAL_IPV6.check(address, 'ipv6') || TRANSLATED.check(address, 'ipv6')
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
    throw failed(url, cause instanceof Error ? cause.message : String(cause))
  }
  if (size > MAX_BYTES) throw failed(url, 'it is larger than 1 MB')
  return Buffer.concat(chunks).toString('utf8')
}

function failed(url: string, why: string): RequestError {
  return new RequestError('fetch_failed', `${url.slice(0, 300)} could not be fetched: ${why}.`)
}
