import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** What somebody has done so far who is between two pages. */
export interface StepRow {
  /** '' for who sets up a server without any account. */
  readonly account_id: string
  /** SHA-256 of the cookie's value, base64url. */
  readonly id_hash: string
  /** What the page ahead asks for. */
  readonly kind: 'code' | 'enrol' | 'setup' | 'factor'
  readonly user_id: string | null
  /** Encrypted JSON. */
  readonly sealed: string
  /** Wrong codes so far. */
  readonly attempts: number
  readonly expires_at: number
}

const INSERT = statement(
  `INSERT INTO sign_in_steps (account_id, id_hash, kind, user_id, sealed, attempts, expires_at) VALUES (?, ?, ?, ?, ?, 0, ?)`,
)
const FIND = statement(`SELECT * FROM sign_in_steps WHERE id_hash = ? AND kind = ? AND expires_at > ?`)
const ADD_ATTEMPT = statement(
  `UPDATE sign_in_steps SET attempts = attempts + 1 WHERE account_id = ? AND id_hash = ? RETURNING attempts`,
)
const TAKE = statement(`DELETE FROM sign_in_steps WHERE account_id = ? AND id_hash = ?`)
const SWEEP = statement(
  (d) => `DELETE FROM sign_in_steps WHERE (account_id, id_hash) IN (
    SELECT account_id, id_hash FROM sign_in_steps${d.indexed('sign_in_steps_expiry')}
    WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
)

export async function insertStep(tx: Tx, row: Omit<StepRow, 'attempts'>): Promise<void> {
  await tx.run(INSERT, [row.account_id, row.id_hash, row.kind, row.user_id, row.sealed, row.expires_at])
}

/** Door: by the hash of the cookie alone. */
export function findStep(q: Queries, idHash: string, kind: StepRow['kind'], now: number): Promise<StepRow | undefined> {
  return q.get(FIND, [idHash, kind, now])
}

type Key = Pick<StepRow, 'account_id' | 'id_hash'>

/** Note a wrong code; resolves to how many there were. */
export async function addStepAttempt(tx: Tx, { account_id, id_hash }: Key): Promise<number> {
  return (await tx.get<{ attempts: number }>(ADD_ATTEMPT, [account_id, id_hash]))?.attempts ?? 0
}

/** It is done. Of two at once one is told true. */
export async function takeStep(tx: Tx, { account_id, id_hash }: Key): Promise<boolean> {
  return (await tx.run(TAKE, [account_id, id_hash])) > 0
}

/** Delete up to `limit` steps that had expired before an instant. */
export function deleteOldSteps(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(SWEEP, [before, limit])
}
