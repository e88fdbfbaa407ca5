import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** A key of the installation that signs tokens of sessions. */
export interface SigningKeyRow {
  /** 1, 2, 3 …: a later one takes over from those before it. */
  readonly generation: number
  /** The `kid` of its tokens. */
  readonly id: string
  /** JSON text. */
  readonly public_jwk: string
  /** The private key as JWK, encrypted. */
  readonly sealed_key: string
  readonly created_at: number
  /** From when on it signs: it is published before. */
  readonly signs_from: number
  /** From when on nothing that it signed is valid; null while nothing follows it. */
  readonly retires_at: number | null
}

const ENTER = statement((d) => d.enter?.alone ?? '')
const LIST = statement(`SELECT * FROM signing_keys ORDER BY generation`)
const INSERT = statement(
  `INSERT INTO signing_keys (generation, id, public_jwk, sealed_key, created_at, signs_from, retires_at)
   VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const RETIRE = statement(
  `UPDATE signing_keys SET retires_at = ? WHERE generation < ? AND (retires_at IS NULL OR retires_at > ?)`,
)
const DELETE_RETIRED = statement(`DELETE FROM signing_keys WHERE retires_at <= ?`)

/** Two or three rows, the oldest first. */
export function signingKeys(q: Queries): Promise<SigningKeyRow[]> {
  return q.all(LIST, [])
}

/** The same, for who changes them: alone until the end of the transaction. */
export async function lockSigningKeys(tx: Tx): Promise<SigningKeyRow[]> {
  if (tx.dialect.enter !== undefined) await tx.get(ENTER, ['signing keys'])
  return signingKeys(tx)
}

export async function insertSigningKey(tx: Tx, r: SigningKeyRow): Promise<void> {
  const values = [r.generation, r.id, r.public_jwk, r.sealed_key, r.created_at, r.signs_from, r.retires_at]
  await tx.run(INSERT, values)
}

/** Whatever came before this generation retires at this instant, unless it does sooner. */
export async function retireSigningKeys(tx: Tx, before: number, at: number): Promise<void> {
  await tx.run(RETIRE, [at, before, at])
}

/** Forget keys that have retired. */
export async function deleteRetiredKeys(tx: Tx, now: number): Promise<void> {
  await tx.run(DELETE_RETIRED, [now])
}
