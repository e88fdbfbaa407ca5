import { isUtf8 } from 'node:buffer'
import type { ClientCredential } from '../../accounts/issue-access-token.js'

/** How a request to the token endpoint can be wrong before anybody is looked up, by the error of RFC 6749 §5.2. */
export type TokenRequestErrorCode =
  | 'token_request_invalid'
  | 'grant_type_unsupported'
  | 'scope_unknown'
  | 'credential_missing'
  | 'client_unknown'

export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError'
  readonly code: TokenRequestErrorCode

  constructor(code: TokenRequestErrorCode, message: string) {
    super(message)
    this.code = code
  }
}

/** A request to the token endpoint (RFC 6749 §4.4.2, RFC 7523 §2.2), taken apart and not yet believed. */
export interface TokenRequest {
  readonly clientId: string
  readonly credential: ClientCredential
}

/** The one scope that there is: everything of the connection. */
export const SCOPE = 'scim'
export const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

const NAMES = [
  'grant_type',
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'scope',
] as const
type Form = Readonly<Partial<Record<(typeof NAMES)[number], string>>>

interface Basic {
  readonly clientId: string
  readonly secret: string
}

/**
 * Whom a request claims to come from, as far as it can be read: the log wants to know even of one that is refused.
 * Undefined where nothing in it could be the id of a connection.
 */
export function claimedClientId(authorization: string | undefined, body: string): string | undefined {
  const fromBody = new URLSearchParams(body).get('client_id') ?? undefined
  const id = findBasic(authorization)?.clientId ?? fromBody
  return id !== undefined && ID.test(id) ? id : undefined
}

/** Ids of connections, and nothing that a database would not take. */
const ID = /^[A-Za-z0-9-]{1,64}$/

/**
 * Read the form and the Authorization header. A client proves itself in one way: by HTTP Basic, by a secret in the form
 * or by an assertion (RFC 6749 §2.3). What is empty counts as not sent (§3.2). Throws TokenRequestError.
 */
export function parseTokenRequest(
  { authorization, contentType }: { authorization: string | undefined; contentType: string | undefined },
  body: string,
): TokenRequest {
  const basic = readBasic(authorization)
  const form = readForm(contentType, body)
  if (form.grant_type === undefined) throw invalid('The form has no grant_type.')
  const clientId = clientIdOf(basic, form)
  const credential = credentialOf(basic, form)
  if (form.grant_type !== 'client_credentials')
    throw new TokenRequestError('grant_type_unsupported', 'The grant_type has to be client_credentials.')
  const strange = form.scope?.split(' ').some((scope) => scope !== SCOPE && scope !== '') ?? false
  if (strange) throw new TokenRequestError('scope_unknown', `The only scope is ${SCOPE}. It need not be asked for.`)
  return { clientId, credential }
}

function invalid(message: string): TokenRequestError {
  return new TokenRequestError('token_request_invalid', message)
}

function readForm(contentType: string | undefined, body: string): Form {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? ''))
    throw invalid('The request has to be a form: application/x-www-form-urlencoded.')
  const sent = new URLSearchParams(body)
  const twice = NAMES.find((name) => sent.getAll(name).length > 1)
  if (twice !== undefined) throw invalid(`The form has ${twice} more than once.`)
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = sent.get(name) ?? ''
      return value === '' ? [] : [[name, value]]
    }),
  )
}

function clientIdOf(basic: Basic | undefined, { client_id: fromForm }: Form): string {
  if (basic !== undefined && fromForm !== undefined && fromForm !== basic.clientId)
    throw invalid('The form has another client_id than the Authorization header.')
  const clientId = basic?.clientId ?? fromForm
  if (clientId === undefined) throw invalid('The request has no client_id.')
  if (!ID.test(clientId)) throw new TokenRequestError('client_unknown', 'There is no client of this client_id here.')
  return clientId
}

function credentialOf(basic: Basic | undefined, form: Form): ClientCredential {
  const { client_secret: secret, client_assertion: assertion, client_assertion_type: type } = form
  if ([basic, secret, assertion ?? type].filter((one) => one !== undefined).length > 1)
    throw invalid('The client proves itself in more than one way.')
  if (assertion !== undefined || type !== undefined) {
    if (type !== JWT_BEARER) throw invalid(`The client_assertion_type has to be ${JWT_BEARER}.`)
    if (assertion === undefined) throw invalid('The form has no client_assertion.')
    return { assertion }
  }
  const found = basic?.secret ?? secret
  if (found === undefined || found === '')
    throw new TokenRequestError('credential_missing', 'The client sent neither a secret nor an assertion.')
  return { secret: found }
}

function readBasic(authorization: string | undefined): Basic | undefined {
  if (authorization === undefined || authorization.trim() === '') return undefined
  const basic = findBasic(authorization)
  if (basic === undefined)
    throw new TokenRequestError('credential_missing', 'The Authorization header is not HTTP Basic with id and secret.')
  return basic
}

/** Both halves are encoded like a form before they are joined (RFC 6749 §2.3.1). */
function findBasic(authorization: string | undefined): Basic | undefined {
  const encoded = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization?.trim() ?? '')?.[1]
  if (encoded === undefined) return undefined
  const bytes = Buffer.from(encoded, 'base64')
  const [id = '', ...rest] = bytes.toString('utf8').split(':')
  if (!isUtf8(bytes) || rest.length === 0) return undefined
  const [clientId, secret] = [decoded(id), decoded(rest.join(':'))]
  return clientId === undefined || secret === undefined ? undefined : { clientId, secret }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    // No form of text: whoever sent it named no client.
    return undefined
  }
}
