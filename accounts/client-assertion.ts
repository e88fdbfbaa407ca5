import { createHash } from 'node:crypto'
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { ClientError } from './client-errors.js'
import type { FederationTerms } from './federation.js'

/** What an assertion may be signed with: never `none`, never a secret that both sides know. */
export const ASSERTION_ALGORITHMS: readonly string[] = ['RS256', 'PS256', 'ES256']

const SKEW_SECONDS = 90
/** An assertion is for now. Entra's last for up to 28 hours. */
const MAX_LIFE_SECONDS = 2 * 86_400

/** Finds the public keys that an issuer has now; `kid` names the one that is needed. Throws ClientError. */
export type KeysOf = (kid: string | undefined) => Promise<JSONWebKeySet>

/** An assertion whose signature and claims hold. Only `verifyClientAssertion` makes one. */
export interface VerifiedClientAssertion {
  /** Equal for two that may not both be used: of `jti`, of Entra's `uti`, or of all that is signed. SHA-256, base64url. */
  readonly onceHash: string
  /** From when on it is of no use to anybody, in milliseconds, with the skew that we allow. */
  readonly endsAt: number
}

/**
 * Verify a client assertion (RFC 7523 §3) against the terms of a connection at an instant. Claims are looked at before any
 * key is fetched, so that only who knows the terms can make us ask, and again in what was signed. Throws ClientError.
 */
export async function verifyClientAssertion(
  assertion: string,
  terms: FederationTerms,
  now: Date,
  keysOf: KeysOf,
): Promise<VerifiedClientAssertion> {
  const { alg, kid, claims } = opened(assertion)
  if (alg === undefined || !ASSERTION_ALGORITHMS.includes(alg))
    throw new ClientError('assertion_algorithm', 'The assertion is signed with an algorithm that is not accepted.', {
      expected: ASSERTION_ALGORITHMS.join(', '),
      received: alg,
    })
  checkClaims(claims, terms, now)
  const signed = await verified(assertion, await keysOf(kid), now)
  const endsAt = checkClaims(signed, terms, now)
  return { onceHash: createHash('sha256').update(onceOf(signed, assertion)).digest('base64url'), endsAt }
}

function opened(assertion: string): { alg: string | undefined; kid: string | undefined; claims: JWTPayload } {
  try {
    const { alg, kid } = decodeProtectedHeader(assertion)
    return { alg, kid, claims: decodeJwt(assertion) }
  } catch {
    throw malformed()
  }
}

function malformed(): ClientError {
  return new ClientError('assertion_malformed', 'The assertion is not a signed JWT.')
}

/** The last is a `crit` that asks for what we do not know. */
const MALFORMED = [errors.JWSInvalid, errors.JWTInvalid, errors.JOSENotSupported]

async function verified(assertion: string, keys: JSONWebKeySet, now: Date): Promise<JWTPayload> {
  try {
    const options = { algorithms: [...ASSERTION_ALGORITHMS], currentDate: now, clockTolerance: SKEW_SECONDS }
    return (await jwtVerify(assertion, createLocalJWKSet(keys), options)).payload
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed)
      throw new ClientError('assertion_signature', 'The signature of the assertion does not match.')
    if (MALFORMED.some((kind) => error instanceof kind)) throw malformed()
    // No key of this name, several of none, or one that cannot be used: too short, not public, of another curve.
    throw new ClientError('assertion_key', 'The assertion is signed with a key that its issuer does not publish.')
  }
}

/** Returns when it ends, as `VerifiedClientAssertion` has it. */
function checkClaims(claims: JWTPayload, terms: FederationTerms, now: Date): number {
  const { iss, sub, aud } = claims
  const audience = Array.isArray(aud) && aud.length === 1 ? aud[0] : aud
  if (!issuersOf(terms.issuer).includes(iss ?? '')) throw differs('issuer', terms.issuer, iss)
  if (sub !== terms.subject) throw differs('subject', terms.subject, sub)
  if (audience !== terms.audience) throw differs('audience', terms.audience, aud)
  return checkTimes(claims, Math.floor(now.getTime() / 1_000)) * 1_000
}

function differs(what: 'issuer' | 'subject' | 'audience', expected: string, received: unknown): ClientError {
  const text = { issuer: 'from another issuer', subject: 'about another subject', audience: 'for another audience' }
  return new ClientError(`assertion_${what}`, `The assertion is ${text[what]}.`, { expected, received })
}

function checkTimes({ exp, nbf = 0, iat = 0 }: JWTPayload, now: number): number {
  if (![exp, nbf, iat].every((value) => typeof value === 'number')) throw malformed()
  const end = (exp as number) + SKEW_SECONDS
  const refused = (text: string): ClientError => {
    const expected = `a time around ${instant(now)}`
    return new ClientError('assertion_time', text, { expected, received: `${instant(iat)} to ${instant(exp)}` })
  }
  if (end <= now) throw refused('The assertion has expired.')
  if (nbf - SKEW_SECONDS > now || iat - SKEW_SECONDS > now) throw refused('The assertion is not valid yet.')
  if (end - now > MAX_LIFE_SECONDS) throw refused('The assertion is valid for longer than two days.')
  return end
}

function instant(seconds: number | undefined): string {
  const date = new Date((seconds ?? 0) * 1_000)
  return Number.isNaN(date.getTime()) ? 'no time' : date.toISOString()
}

const TENANT = '([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})'
const ENTRA_V1 = new RegExp(`^https://sts\\.windows\\.net/${TENANT}/$`)
const ENTRA_V2 = new RegExp(`^https://login\\.microsoftonline\\.com/${TENANT}/v2\\.0$`)

/** One tenant of Entra signs under two names, and which of them depends on the application's manifest. */
function issuersOf(issuer: string): readonly string[] {
  const tenant = (ENTRA_V1.exec(issuer) ?? ENTRA_V2.exec(issuer))?.[1]
  if (tenant === undefined) return [issuer]
  return [`https://sts.windows.net/${tenant}/`, `https://login.microsoftonline.com/${tenant}/v2.0`]
}

/** Without an id of its own, an assertion is known by what was signed: a second signature of it is the same one. */
function onceOf({ jti, uti }: JWTPayload, assertion: string): string {
  for (const [name, id] of Object.entries({ jti, uti })) if (typeof id === 'string' && id !== '') return `${name} ${id}`
  return `signed ${assertion.slice(0, assertion.lastIndexOf('.'))}`
}
