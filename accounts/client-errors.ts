/** Why an OAuth client was given no access token. docs/idp/troubleshooting.md has a paragraph for each. */
export type ClientErrorCode =
  | 'assertion_algorithm'
  | 'assertion_audience'
  | 'assertion_issuer'
  | 'assertion_key'
  | 'assertion_malformed'
  | 'assertion_replayed'
  | 'assertion_signature'
  | 'assertion_subject'
  | 'assertion_time'
  | 'client_unknown'
  | 'connection_disabled'
  | 'federation_missing'
  | 'keys_unavailable'
  | 'secret_expired'
  | 'secret_unknown'

/** A client is refused. `message` may be told to it; `compared` is for the log, where administrators see it. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** What was expected and what came, of what is no secret. */
  readonly compared: { readonly expected: string; readonly received: string } | undefined

  constructor(code: ClientErrorCode, message: string, compared?: { expected: string; received: unknown }) {
    super(message)
    this.code = code
    this.compared = compared && { expected: compared.expected, received: shown(compared.received) }
  }
}

const MAX_SHOWN = 200

/** For what is not a text: how deep it goes is the stranger's choice, so it is not written out. */
const WORDS: Readonly<Record<string, string>> = { undefined: 'nothing', number: 'a number', object: 'an object' }

/** What a stranger sent, as the log may hold it: a text in which no database finds anything to refuse. */
function shown(value: unknown): string {
  const words = (Array.isArray(value) ? value : [value]).slice(0, MAX_SHOWN)
  const text = words.map((word) => (typeof word === 'string' ? word : (WORDS[typeof word] ?? typeof word))).join(', ')
  return text.slice(0, MAX_SHOWN).replaceAll(/[\p{Cc}\p{Cs}]/gu, '·')
}
