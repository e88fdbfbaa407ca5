import { findAccessTokenHolder } from '../db/access-tokens.js'
import { findTokenHolder } from '../db/tokens.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import type { DirectoryToken } from './directory-request.js'
import { ACCESS_TOKEN_PREFIX, type CredentialKind, SELF_TEST_PREFIX } from './token-kind.js'
import { hashToken } from './tokens.js'

/** Why a token was not accepted (PRODUCT 3.5). */
export type TokenRefusal = 'token_missing' | 'token_unknown' | 'token_expired' | 'connection_disabled'

export type TokenVerdict =
  | {
      readonly accepted: true
      readonly connection: Connection
      readonly token: DirectoryToken
    }
  | { readonly accepted: false; readonly code: TokenRefusal; readonly message: string }

/**
 * Is this a live token of this connection? One indexed read, never cached: a token revoked a moment ago is refused
 * (DESIGN 1, promise 7). The beginning of a token says whether an administrator made it, the token endpoint gave it, or a
 * self-test did: that one comes to the address of a connection and is let in to its trial.
 */
export async function authenticateToken(
  deps: Deps,
  connectionId: string,
  token: string | undefined,
): Promise<TokenVerdict> {
  if (token === undefined)
    return refused('token_missing', 'The request had no token. Send it as Authorization: Bearer …')
  const isAccessToken = token.startsWith(ACCESS_TOKEN_PREFIX)
  const row = await (isAccessToken ? findAccessTokenHolder : findTokenHolder)(deps.db, hashToken(token))
  const isSelfTest = token.startsWith(SELF_TEST_PREFIX)
  const place = isSelfTest ? row?.account_id : row?.id
  if (row === undefined || place !== connectionId || row.revoked_at !== null) {
    const text = `The token ending in ${token.slice(-4)} is not valid for this connection.`
    return refused('token_unknown', `${text} ${isAccessToken ? ACCESS_TOKEN_ENDED : TOKEN_REVOKED}`)
  }
  if (row.expires_at <= deps.now().getTime()) {
    const day = new Date(row.expires_at).toISOString().slice(0, 10)
    const text = `The token ending in ${token.slice(-4)} expired on ${day}.`
    return refused('token_expired', `${text} ${isAccessToken ? ASK_AGAIN : 'Create a new one.'}`)
  }
  if (row.mode === 'draft')
    return refused('connection_disabled', 'This connection is a draft. An administrator can set its mode to live.')
  if (row.mode === 'disabled')
    return refused('connection_disabled', 'This connection is switched off. An administrator can switch it on again.')
  const kind = kindOf(isAccessToken, isSelfTest, row.last4)
  return { accepted: true, connection: connectionFromRow(row), token: { kind, id: row.token_id, last4: row.last4 } }
}

function kindOf(isAccessToken: boolean, isSelfTest: boolean, last4: string): CredentialKind {
  if (isSelfTest) return 'self_test'
  return !isAccessToken ? 'token' : last4 === '' ? 'federation' : 'secret'
}

const RECEIVED_END = /^The token ending in (\S{1,4}) /

/** The last characters of a token that was refused, as the message of its event names them. */
export function receivedEnd(message: string): string | null {
  return RECEIVED_END.exec(message)?.[1] ?? null
}

const TOKEN_REVOKED = 'It was revoked or belongs elsewhere: paste a current one into the directory.'
const ASK_AGAIN = 'The client has to ask the token endpoint for a new one.'
const ACCESS_TOKEN_ENDED = `It ended, or what it was given for was revoked, or it belongs elsewhere. ${ASK_AGAIN}`

function refused(code: TokenRefusal, message: string): TokenVerdict {
  return { accepted: false, code, message }
}
