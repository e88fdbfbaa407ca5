import type { JSONWebKeySet, JWK } from 'jose'
import { claimKeyFetch, type FederationRow, findFederation, keepKeyFailure, keepKeys } from '../db/federations.js'
import { ClientError } from './client-errors.js'
import type { Deps } from './deps.js'

/** Fetches a text from somebody else's server; throws where it cannot. */
export type FetchKeys = (url: string) => Promise<string>

/** After this they are fetched again with the next sign-in. */
const FRESH_MS = 10 * 60_000
/** For so long keys count while their issuer cannot be reached; then a key that was taken back could still be in use. */
const USABLE_MS = 60 * 60_000
/** Whatever a client sends, keys of a connection are not asked for more often. */
const PAUSE_MS = 60_000
const MAX_KEYS = 100

/**
 * The published keys of outside issuers. They are kept with the connection, for all processes; here is only what is being
 * fetched at the moment, so that those who come at the same time wait for one answer.
 */
export class FederationKeys {
  readonly #deps: Deps
  readonly #fetch: FetchKeys
  readonly #fetching = new Map<string, Promise<FederationRow>>()

  constructor(deps: Deps, fetch: FetchKeys) {
    this.#deps = deps
    this.#fetch = fetch
  }

  /**
   * The keys of a federation, fetched again where they are older than ten minutes or lack `kid`, though not twice in a
   * minute. Throws ClientError keys_unavailable where there are none that may still be used.
   */
  async of(federation: FederationRow, kid: string | undefined): Promise<JSONWebKeySet> {
    const row = this.#suffices(federation, kid) ? federation : await this.#renewed(federation)
    const keys = keysIn(row)
    if (keys === undefined || this.#age(row) > USABLE_MS)
      throw new ClientError('keys_unavailable', 'The keys of the issuer cannot be read at the moment. Try again.', {
        expected: `a JWK Set at ${row.jwks_url}`,
        received: row.jwks_failure ?? 'no answer yet',
      })
    return keys
  }

  #suffices(row: FederationRow, kid: string | undefined): boolean {
    const { keys = [] } = keysIn(row) ?? {}
    return this.#age(row) <= FRESH_MS && (kid === undefined ? keys.length > 0 : keys.some((key) => key.kid === kid))
  }

  #age({ jwks_fetched_at: fetchedAt }: FederationRow): number {
    return this.#deps.now().getTime() - (fetchedAt ?? Number.NEGATIVE_INFINITY)
  }

  #renewed(row: FederationRow): Promise<FederationRow> {
    const known = this.#fetching.get(row.id)
    if (known !== undefined) return known
    const fetching = this.#renew(row).finally(() => this.#fetching.delete(row.id))
    this.#fetching.set(row.id, fetching)
    return fetching
  }

  async #renew(row: FederationRow): Promise<FederationRow> {
    const { db, now } = this.#deps
    const at = now().getTime()
    if (await db.transaction((tx) => claimKeyFetch(tx, row, at, at - PAUSE_MS))) {
      const found = await this.#fetch(row.jwks_url).then(publicKeysIn, (error: unknown) => wordsOf(error))
      await db.transaction((tx) =>
        typeof found === 'string' ? keepKeyFailure(tx, row, found) : keepKeys(tx, row, JSON.stringify(found), at),
      )
    }
    const current = await findFederation(db, row.account_id, row.connection_id)
    return current?.id === row.id ? current : row
  }
}

function keysIn({ jwks }: FederationRow): JSONWebKeySet | undefined {
  return jwks === null ? undefined : (JSON.parse(jwks) as JSONWebKeySet)
}

/** The first line of what went wrong, for administrators. */
function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : 'it could not be fetched'
  return text.slice(0, 500).replaceAll(/[\p{Cc}\p{Cs}]/gu, '·')
}

/** Members of public keys, and how long they may be: `n` has 8,192 bits at most. */
const MEMBERS = { kty: 8, kid: 256, alg: 8, use: 8, n: 1_366, e: 16, crv: 16, x: 128, y: 128 } as const

/** Of what an issuer publishes, the keys for signatures, and of them what is public; or what is wrong, as a text. */
function publicKeysIn(text: string): JSONWebKeySet | string {
  const found = parsed(text)
  if (!Array.isArray(found)) return 'it answers no JWK Set (RFC 7517 §5)'
  const keys = found.slice(0, MAX_KEYS).flatMap((key: unknown) => {
    if (typeof key !== 'object' || key === null) return []
    const members = Object.entries(MEMBERS).flatMap(([name, longest]) => {
      const value: unknown = (key as Record<string, unknown>)[name]
      const fits = typeof value === 'string' && value.length <= longest && !value.includes('\0')
      return fits ? [[name, value] as const] : []
    })
    const jwk = Object.fromEntries(members) as Partial<JWK>
    return (jwk.kty === 'RSA' || jwk.kty === 'EC') && jwk.use !== 'enc' ? [jwk as JWK] : []
  })
  return keys.length === 0 ? 'it has no RSA or EC key for signatures' : { keys }
}

function parsed(text: string): unknown {
  try {
    return (JSON.parse(text) as { keys?: unknown } | null)?.keys
  } catch {
    // No JSON has no keys, which is what its reader is told.
    return undefined
  }
}
