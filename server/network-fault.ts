/** What kept an answer of another server from coming. */
export type NetworkFault =
  | 'name_unknown'
  | 'connection_refused'
  | 'timed_out'
  | 'certificate'
  | 'no_tls'
  | 'no_http'
  | 'unreachable'

const BY_CODE: Readonly<Record<string, NetworkFault>> = {
  ENOTFOUND: 'name_unknown',
  EAI_AGAIN: 'name_unknown',
  ECONNREFUSED: 'connection_refused',
  ETIMEDOUT: 'timed_out',
  // An AbortSignal that waited no longer.
  ABORT_ERR: 'timed_out',
  EPROTO: 'no_tls',
}
const CERTIFICATE =
  /^(CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_(GET|VERIFY)|ERR_TLS_CERT|HOSTNAME_MISMATCH|INVALID_(CA|PURPOSE))/

/** What an error of the network means, by the code that Node.js gives it. */
export function networkFaultOf(code: string): NetworkFault {
  if (CERTIFICATE.test(code)) return 'certificate'
  if (code.startsWith('ERR_SSL')) return 'no_tls'
  return code.startsWith('HPE_') ? 'no_http' : (BY_CODE[code] ?? 'unreachable')
}

const WORDS: Readonly<Record<NetworkFault, (code: string) => string>> = {
  name_unknown: () => 'no address is known for its name',
  connection_refused: () => 'nothing listens at its address',
  timed_out: () => 'it did not answer in time',
  certificate: (code) => `its certificate is not trusted (${code})`,
  no_tls: () => 'it speaks no TLS that this server understands',
  no_http: () => 'what it answers is no HTTP',
  unreachable: (code) => `the connection failed (${code})`,
}

/** Why somebody else's server was not reached, for whoever named its address. What has no code is in words already. */
export function failureInWords(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return typeof code === 'string' ? WORDS[networkFaultOf(code)](code) : message
}
