import { insertAccessToken } from '../db/access-tokens.js'
import { type ConnectionRow, findConnectionById, lockConnectionShared } from '../db/connections.js'
import type { Queries, Tx } from '../db/database.js'
import { type FederationRow, findFederation, noteFederationUse, useClientAssertion } from '../db/federations.js'
import { noteSecretUse, type TokenRow, tokensOf } from '../db/tokens.js'
import { verifyClientAssertion } from './client-assertion.js'
import { ClientError } from './client-errors.js'
import { connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { type HttpFacts, writeEvents } from './events.js'
import type { FederationTerms } from './federation.js'
import type { FederationKeys } from './federation-keys.js'
import { ACCESS_TOKEN_PREFIX, type CredentialKind, labelOf } from './token-kind.js'
import { hashToken, newToken } from './tokens.js'

/** What a client proves itself with. */
export type ClientCredential = { readonly secret: string } | { readonly assertion: string }

/** A request to the token endpoint, as the log needs it. */
export interface ClientRequest {
  /** The id of its event, and `X-Request-Id`. */
  readonly id: string
  readonly http: HttpFacts
}

export interface IssuedToken {
  readonly token: string
  /** How long it lasts, in seconds. */
  readonly expiresIn: number
}

/** The longest that Entra ID takes; a connection's own setting is for secrets, and shorter. */
const MAX_MS = 21_600_000

/**
 * Give the OAuth client of a connection an access token (RFC 6749 §4.4); `clientId` is the connection's id. For a secret
 * it lasts as the connection says and never longer than the secret; for an assertion as long as that still does, so that
 * a client which keeps its assertion until it ends needs no new token before. Throws ClientError.
 */
export async function issueAccessToken(
  deps: Deps,
  keys: FederationKeys,
  clientId: string,
  credential: ClientCredential,
  request: ClientRequest,
): Promise<IssuedToken> {
  const connection = await findConnectionById(deps.db, clientId)
  if (connection === undefined) throw new ClientError('client_unknown', 'There is no client of this client_id here.')
  if ('secret' in credential) return issueForSecret(deps, connection, credential.secret, request)
  return issueForAssertion(deps, keys, connection, credential.assertion, request)
}

type Place = Pick<ConnectionRow, 'account_id' | 'id'>

/** What is true now stays so until the token is stored: whoever revokes waits, and then ends the token as well. */
async function entered(tx: Tx, { account_id, id }: Place): Promise<ConnectionRow> {
  const row = await lockConnectionShared(tx, account_id, id)
  if (row === undefined) throw new ClientError('client_unknown', 'There is no client of this client_id here.')
  return row
}

function checkMode({ mode }: ConnectionRow): void {
  if (mode !== 'draft' && mode !== 'disabled') return
  const text = mode === 'draft' ? 'is a draft. An administrator can set its mode to live.' : 'is switched off.'
  throw new ClientError('connection_disabled', `This connection ${text}`)
}

/** Looked at before the transaction as well: a wrong one is not worth its turn in the queue of writes. */
async function issueForSecret(deps: Deps, place: Place, text: string, request: ClientRequest): Promise<IssuedToken> {
  await liveSecret(deps, deps.db, place, text)
  return deps.db.transaction(async (tx) => {
    const connection = await entered(tx, place)
    const secret = await liveSecret(deps, tx, place, text)
    checkMode(connection)
    const now = deps.now().getTime()
    await noteSecretUse(tx, secret, now, request.http.address)
    const { accessTokenSeconds } = connectionFromRow(connection).settings
    const until = Math.min(now + accessTokenSeconds * 1_000, secret.expires_at)
    return issue(deps, tx, connection, { kind: 'secret', id: secret.id, last4: secret.last4, now, until }, request)
  })
}

async function liveSecret(deps: Deps, q: Queries, { account_id, id }: Place, text: string): Promise<TokenRow> {
  const hash = hashToken(text)
  const secrets = await tokensOf(q, 'client_secrets', account_id, id)
  const secret = secrets.find((one) => one.hash === hash && one.revoked_at === null)
  if (secret === undefined) {
    const what = `The secret ending in ${/[\w-]{0,4}$/.exec(text)?.[0] ?? ''}`
    throw new ClientError(
      'secret_unknown',
      `${what} is not valid for this client: it was revoked or belongs elsewhere.`,
    )
  }
  if (secret.expires_at <= deps.now().getTime()) {
    const day = new Date(secret.expires_at).toISOString().slice(0, 10)
    throw new ClientError('secret_expired', `The secret ending in ${secret.last4} expired on ${day}. Create a new one.`)
  }
  return secret
}

async function issueForAssertion(
  deps: Deps,
  keys: FederationKeys,
  place: Place,
  assertion: string,
  request: ClientRequest,
): Promise<IssuedToken> {
  const federation = await findFederation(deps.db, place.account_id, place.id)
  if (federation === undefined)
    throw new ClientError('federation_missing', 'No issuer of assertions is set for this client.')
  const keysOf = (kid: string | undefined) => keys.of(federation, kid)
  const { onceHash, endsAt } = await verifyClientAssertion(assertion, termsOf(federation), deps.now(), keysOf)
  return deps.db.transaction(async (tx) => {
    const connection = await entered(tx, place)
    if ((await findFederation(tx, place.account_id, place.id))?.id !== federation.id)
      throw new ClientError('federation_missing', 'The issuer of assertions was changed meanwhile. Try again.')
    checkMode(connection)
    if (!(await useClientAssertion(tx, federation, onceHash, endsAt)))
      throw new ClientError('assertion_replayed', 'The assertion was used before. Each one serves once.')
    const now = deps.now().getTime()
    await noteFederationUse(tx, federation, now, request.http.address)
    const until = Math.min(now + MAX_MS, endsAt)
    return issue(deps, tx, connection, { kind: 'federation', id: federation.id, last4: '', now, until }, request)
  })
}

function termsOf({ issuer, jwks_url: jwksUrl, subject, audience }: FederationRow): FederationTerms {
  return { issuer, jwksUrl, subject, audience }
}

interface Proven {
  readonly kind: Exclude<CredentialKind, 'token' | 'self_test'>
  readonly id: string
  readonly last4: TokenRow['last4']
  /** From when until when it is good, in milliseconds. */
  readonly now: number
  readonly until: number
}

async function issue(
  deps: Deps,
  tx: Tx,
  { account_id, id: connectionId, name }: ConnectionRow,
  { kind, id: credentialId, last4, now, until }: Proven,
  { id, http }: ClientRequest,
): Promise<IssuedToken> {
  const token = newToken(ACCESS_TOKEN_PREFIX)
  const scope = { account_id, connection_id: connectionId, credential_id: credentialId }
  await insertAccessToken(tx, { ...scope, hash: hashToken(token), last4, created_at: now, expires_at: until })
  const label = labelOf(kind, last4, name)
  await writeEvents(deps, tx, account_id, [
    {
      id,
      source: 'scim',
      action: 'client.signed_in',
      outcome: 'success',
      actor: { type: 'token', id: credentialId, label },
      subject: { type: 'connection', id: connectionId, displayName: name },
      connectionId,
      tokenId: credentialId,
      changes: [{ attribute: 'expiresAt', before: null, after: new Date(until).toISOString() }],
      http,
    },
  ])
  return { token, expiresIn: Math.max(1, Math.floor((until - now) / 1_000)) }
}
