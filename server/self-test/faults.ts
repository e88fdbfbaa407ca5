import { networkFaultOf } from '../network-fault.js'

/** Everything that can be the matter with a step of a self-test. */
export const SELF_TEST_FAULTS = [
  'name_unknown',
  'connection_refused',
  'unreachable',
  'timed_out',
  'certificate',
  'no_tls',
  'redirected',
  'other_server',
  'gateway',
  'blocked',
  'method_blocked',
  'token_lost',
  'token_refused',
  'server_failed',
  'unexpected_answer',
] as const
export type SelfTestFault = (typeof SELF_TEST_FAULTS)[number]

/** What a fault is told with. */
export interface FaultFacts {
  /** Host and port of the public address. */
  readonly host: string
  readonly method: string
  readonly received: string
}

const PROXY = 'the proxy in front of this server'
const INSIDE =
  'If identity providers do get through, only the way from this server to its own address is closed: open it, or have the name lead to the proxy from inside as well.'

const SENTENCES: Readonly<Record<SelfTestFault, (facts: FaultFacts) => string>> = {
  name_unknown: ({ host }) => `Nobody knows the name ${host}. Check PUBLIC_URL, and that this server can resolve it.`,
  connection_refused: ({ host }) => `Nothing listens at ${host}. Check PUBLIC_URL and ${PROXY}. ${INSIDE}`,
  unreachable: ({ host, received }) => `${host} could not be reached (${received}). Check the network. ${INSIDE}`,
  timed_out: ({ host }) => `${host} did not answer in time. Usually a firewall drops the request. ${INSIDE}`,
  certificate: ({ host, received }) =>
    `The certificate of ${host} is not trusted (${received}). Renew it, send it with its chain, or name your own authority in NODE_EXTRA_CA_CERTS.`,
  no_tls: ({ host, received }) => `${host} speaks no TLS that this server understands (${received}). Check ${PROXY}.`,
  redirected: ({ received }) =>
    `The address redirects (${received}), and identity providers do not follow. Set PUBLIC_URL to where it ends, or switch the redirect off.`,
  other_server: ({ host }) =>
    `At ${host} another server answers. Check PUBLIC_URL, and that ${PROXY} passes everything below /scim/v2/ on to this one.`,
  gateway: ({ received }) =>
    `The proxy does not reach this server (${received}). Check where it passes requests on to.`,
  blocked: ({ received }) =>
    `Something on the way refuses the request (${received}): a login of the proxy or a firewall for applications. Let everything below /scim/v2/ pass.`,
  method_blocked: ({ method, received }) =>
    `${method} does not get through (${received}). Allow GET, POST, PUT, PATCH and DELETE below /scim/v2/.`,
  token_lost: () => `The request came without its token: ${PROXY} takes off the header Authorization. Let it pass.`,
  token_refused: () =>
    `The token came changed, or to another Usher with a database of its own. Check where ${PROXY} passes requests on to.`,
  server_failed: ({ received }) => `This server failed (${received}). Its own log says why.`,
  unexpected_answer: ({ method }) =>
    `${method} was not answered as this server does. Check whether ${PROXY} changes addresses, headers or bodies.`,
}

/** What is wrong, and what to do about it. */
export function sentenceOf(fault: SelfTestFault, facts: FaultFacts): string {
  return SENTENCES[fault](facts)
}

/** What an error of the network means, by its code. What answers and speaks no HTTP is another server. */
export function faultOfError(code: string): SelfTestFault {
  const fault = networkFaultOf(code)
  return fault === 'no_http' ? 'other_server' : fault
}
