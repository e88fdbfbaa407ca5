import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import { insertSigningKey, lockSigningKeys, type SigningKeyRow, signingKeys } from '../db/signing-keys.js'
import type { Deps } from './deps.js'

/** ECDSA over P-256 with SHA-256 (RFC 7518 §3.4). */
export const SIGNING_ALGORITHM = 'ES256'

/** A key as the operator sees it: the next one, the one that signs, and the one before it. */
export interface SigningKey {
  /** The `kid` of its tokens: the thumbprint of the public key (RFC 7638). */
  readonly id: string
  readonly state: 'next' | 'current' | 'previous'
  readonly createdAt: Date
  readonly signsFrom: Date
  /** From when on its tokens are not valid any more; null while nothing follows it. */
  readonly retiresAt: Date | null
}

/** The keys of the installation, the oldest first. */
export async function listSigningKeys(deps: Deps): Promise<SigningKey[]> {
  return shownKeys(await keysInForce(deps), deps.now().getTime())
}

/** What of these rows is in force, as the operator sees it. */
export function shownKeys(rows: readonly SigningKeyRow[], now: number): SigningKey[] {
  const inForce = rows.filter((row) => isInForce(row, now))
  const { generation } = currentOf(inForce, now)
  return inForce.map((row) => ({
    id: row.id,
    state: row.generation === generation ? 'current' : row.generation > generation ? 'next' : 'previous',
    createdAt: new Date(row.created_at),
    signsFrom: new Date(row.signs_from),
    retiresAt: row.retires_at === null ? null : new Date(row.retires_at),
  }))
}

/** The public keys that a verifier needs: those that signed, sign, and will (RFC 7517 §5). */
export async function publicKeys(deps: Deps): Promise<{ keys: JWK[] }> {
  const rows = await keysInForce(deps)
  return {
    keys: rows.map(({ id, public_jwk }) => ({
      ...JSON.parse(public_jwk),
      kid: id,
      alg: SIGNING_ALGORITHM,
      use: 'sig',
    })),
  }
}

/**
 * Which key signs is read each time, so a rotation by another process counts at once; what is kept is the opened key
 * itself, which never changes.
 */
export class SigningKeys {
  readonly #deps: Deps
  readonly #opened = new Map<string, CryptoKey>()

  constructor(deps: Deps) {
    this.#deps = deps
  }

  /** The key that signs now. */
  async current(): Promise<{ readonly kid: string; readonly key: CryptoKey }> {
    const rows = await keysInForce(this.#deps)
    const row = currentOf(rows, this.#deps.now().getTime())
    for (const kid of this.#opened.keys()) if (!rows.some(({ id }) => id === kid)) this.#opened.delete(kid)
    const key = this.#opened.get(row.id) ?? (await openKey(this.#deps, row))
    this.#opened.set(row.id, key)
    return { kid: row.id, key }
  }
}

async function openKey({ sealer }: Deps, { id, sealed_key }: SigningKeyRow): Promise<CryptoKey> {
  const jwk = JSON.parse(sealer.open(sealed_key, aboutKey(id))) as JWK
  return (await importJWK(jwk, SIGNING_ALGORITHM)) as CryptoKey
}

/** A sealed key opens in its own row alone. */
function aboutKey(id: string): string {
  return `signing key ${id}`
}

function isInForce({ retires_at }: SigningKeyRow, now: number): boolean {
  return retires_at === null || retires_at > now
}

/** The newest that may sign; where a clock was set back and none may yet, the oldest. */
function currentOf(rows: readonly SigningKeyRow[], now: number): SigningKeyRow {
  return rows.findLast(({ signs_from }) => signs_from <= now) ?? rows[0]!
}

/** Keys that have not retired, the oldest first; the first one is made for who asks before there is one. */
async function keysInForce(deps: Deps): Promise<SigningKeyRow[]> {
  const now = deps.now().getTime()
  const found = (await signingKeys(deps.db)).filter((row) => isInForce(row, now))
  return found.length > 0 ? found : makeFirst(deps)
}

async function makeFirst(deps: Deps): Promise<SigningKeyRow[]> {
  const key = await newKey(deps)
  return deps.db.transaction(async (tx) => {
    const rows = await lockSigningKeys(tx)
    const now = deps.now().getTime()
    if (rows.length > 0) return rows.filter((row) => isInForce(row, now))
    const first = { ...key, generation: 1, created_at: now, signs_from: now, retires_at: null }
    await insertSigningKey(tx, first)
    return [first]
  })
}

export type NewKey = Pick<SigningKeyRow, 'id' | 'public_jwk' | 'sealed_key'>

/** Made before a transaction, which waits for nothing but the database. */
export async function newKey({ sealer }: Deps): Promise<NewKey> {
  const { publicKey, privateKey } = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const jwk = await exportJWK(publicKey)
  const id = await calculateJwkThumbprint(jwk)
  const sealed_key = sealer.seal(JSON.stringify(await exportJWK(privateKey)), aboutKey(id))
  return { id, public_jwk: JSON.stringify(jwk), sealed_key }
}
