import { ClientError, type ClientErrorCode } from '../../accounts/client-errors.js'
import { StorageError } from '../../db/database.js'
import { TokenRequestError, type TokenRequestErrorCode } from './token-request.js'

/** The error codes of RFC 6749 §5.2 that we use, and what of §4.1.2.1 fits an endpoint that cannot answer now. */
export const OAUTH_ERRORS = [
  'invalid_client',
  'invalid_request',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
  'unsupported_grant_type',
] as const

type OAuthError = (typeof OAUTH_ERRORS)[number]

/** How each refusal reads at the token endpoint; a code without a row does not compile. */
const REFUSALS = {
  assertion_algorithm: { status: 401, error: 'invalid_client' },
  assertion_audience: { status: 401, error: 'invalid_client' },
  assertion_issuer: { status: 401, error: 'invalid_client' },
  assertion_key: { status: 401, error: 'invalid_client' },
  assertion_malformed: { status: 401, error: 'invalid_client' },
  assertion_replayed: { status: 401, error: 'invalid_client' },
  assertion_signature: { status: 401, error: 'invalid_client' },
  assertion_subject: { status: 401, error: 'invalid_client' },
  assertion_time: { status: 401, error: 'invalid_client' },
  client_unknown: { status: 401, error: 'invalid_client' },
  connection_disabled: { status: 401, error: 'invalid_client' },
  credential_missing: { status: 401, error: 'invalid_client' },
  federation_missing: { status: 401, error: 'invalid_client' },
  grant_type_unsupported: { status: 400, error: 'unsupported_grant_type' },
  keys_unavailable: { status: 503, error: 'temporarily_unavailable' },
  scope_unknown: { status: 400, error: 'invalid_scope' },
  secret_expired: { status: 401, error: 'invalid_client' },
  secret_unknown: { status: 401, error: 'invalid_client' },
  token_request_invalid: { status: 400, error: 'invalid_request' },
} as const satisfies Record<ClientErrorCode | TokenRequestErrorCode, { status: number; error: OAuthError }>

/** What the client is told, and what the log is. */
export interface TokenRefusal {
  readonly status: number
  readonly error: OAuthError
  /** Of our own list; undefined where it is our fault, which is no event. */
  readonly code?: string
  /** For the client. */
  readonly message: string
  /** For administrators: also what was expected and what came. */
  readonly logged: string
}

export function tokenRefusalFromError(error: unknown): TokenRefusal {
  if (error instanceof TokenRequestError) {
    return { ...REFUSALS[error.code], code: error.code, message: error.message, logged: error.message }
  }
  if (error instanceof ClientError) {
    const { code, message, compared } = error
    const more = compared === undefined ? '' : ` Expected ${compared.expected}; received ${compared.received}.`
    return { ...REFUSALS[code], code, message, logged: `${message}${more}` }
  }
  const away = error instanceof StorageError
  const message = away ? 'The database is not available. Send the request again.' : 'Something went wrong here.'
  const [status, name] = away ? ([503, 'temporarily_unavailable'] as const) : ([500, 'server_error'] as const)
  return { status, error: name, message, logged: message }
}
