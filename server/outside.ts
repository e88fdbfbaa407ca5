import { lookup as resolve } from 'node:dns'
import { type ClientRequest, type IncomingMessage, request as plainRequest, type RequestOptions } from 'node:http'
import { request as tlsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

// What every request to somebody else's server has to pass, fetches and webhooks alike.

/**
 * Why this address is not spoken to; undefined where it may be. Names are looked at when they are resolved.
 * `allowPrivate` is the operator's word for tests and demos (USHER_ALLOW_PRIVATE_FETCH).
 */
export function refusalOfUrl(url: string, allowPrivate: boolean): string | undefined {
  const target = URL.canParse(url) ? new URL(url) : undefined
  const isPlain = target?.protocol === 'http:'
  if (target === undefined || (target.protocol !== 'https:' && !(isPlain && allowPrivate)))
    return 'only https is spoken here'
  const literal = target.hostname.replace(/^\[|\]$/g, '')
  return !allowPrivate && isIP(literal) !== 0 && isPrivate(literal) ? PRIVATE : undefined
}

type Options = Required<Pick<RequestOptions, 'signal' | 'headers'>> & Pick<RequestOptions, 'method' | 'agent'>

/**
 * Begin a request to an address that `refusalOfUrl` let pass. The name is resolved once, every address is looked at, and
 * one of them is what is connected to.
 */
export function requestOutside(
  url: string,
  { allowPrivate, ...options }: Options & { readonly allowPrivate: boolean },
  answered: (response: IncomingMessage) => void,
): ClientRequest {
  const target = new URL(url)
  const send = target.protocol === 'http:' ? plainRequest : tlsRequest
  return send(target, { ...options, lookup: guardedLookup(allowPrivate) }, answered)
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
