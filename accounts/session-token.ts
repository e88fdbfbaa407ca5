import { SignJWT } from 'jose'
import { assignedProducts } from '../db/licenses.js'
import type { Deps } from './deps.js'
import { findSignedIn } from './sessions.js'
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.js'

/** How long a token is valid. */
export const TOKEN_SECONDS = 300

export interface SessionToken {
  /** A JWT (RFC 7519). */
  readonly token: string
  readonly expiresAt: Date
}

/** From whom a token is, and for whom. */
export interface TokenTerms {
  readonly issuer: string
  readonly audience: string
}

/**
 * A token that tells an application who is signed in here: account, role and licenses as they are now. It lives five
 * minutes, and never longer than the session. Resolves to undefined where nobody is signed in.
 */
export async function issueSessionToken(
  deps: Deps,
  keys: SigningKeys,
  secret: string,
  { issuer, audience }: TokenTerms,
): Promise<SessionToken | undefined> {
  const { kid, key } = await keys.current()
  const signedIn = await findSignedIn(deps, secret)
  if (signedIn === undefined) return undefined
  const { account, user, role, sessionId: sid, expiresAt } = signedIn
  const licenses = await assignedProducts(deps.db, account.id, user.id)
  const issuedAt = Math.floor(deps.now().getTime() / 1_000)
  const end = Math.min(issuedAt + TOKEN_SECONDS, Math.floor(expiresAt.getTime() / 1_000))
  const token = await new SignJWT({ account: account.id, role: role.key, licenses, sid })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, kid, typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(user.id)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(end)
    .setJti(deps.newId())
    .sign(key)
  return { token, expiresAt: new Date(end * 1_000) }
}
