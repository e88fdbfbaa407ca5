import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface SecondFactorRow {
  readonly account_id: string
  readonly user_id: string
  readonly sealed_secret: string
  /** The step of time whose code was accepted last: neither it nor an earlier one is accepted again. */
  readonly last_step: number
  /** Wrong codes in a row. */
  readonly failures: number
  readonly blocked_until: number
  readonly created_at: number
}

const FIND = statement(`SELECT * FROM second_factors WHERE account_id = ? AND user_id = ?`)
const SAVE = statement(
  `INSERT INTO second_factors (account_id, user_id, sealed_secret, last_step, failures, blocked_until, created_at)
   VALUES (?, ?, ?, ?, 0, 0, ?)
   ON CONFLICT (account_id, user_id) DO UPDATE SET sealed_secret = excluded.sealed_secret,
     last_step = excluded.last_step, failures = 0, blocked_until = 0, created_at = excluded.created_at`,
)
const USE = statement(
  `UPDATE second_factors SET last_step = ?, failures = 0, blocked_until = 0
   WHERE account_id = ? AND user_id = ? AND last_step < ?`,
)
const FAIL = statement(
  `UPDATE second_factors SET failures = failures + 1 WHERE account_id = ? AND user_id = ? RETURNING failures`,
)
const BLOCK = statement(`UPDATE second_factors SET blocked_until = ? WHERE account_id = ? AND user_id = ?`)
const DELETE = statement(`DELETE FROM second_factors WHERE account_id = ? AND user_id = ?`)

export function findSecondFactor(q: Queries, accountId: string, userId: string): Promise<SecondFactorRow | undefined> {
  return q.get(FIND, [accountId, userId])
}

export async function saveSecondFactor(
  tx: Tx,
  row: Omit<SecondFactorRow, 'failures' | 'blocked_until'>,
): Promise<void> {
  await tx.run(SAVE, [row.account_id, row.user_id, row.sealed_secret, row.last_step, row.created_at])
}

/** Accept the code of a step of time. Resolves to false where it, or one of a later step, was accepted before. */
export async function acceptStep(tx: Tx, accountId: string, userId: string, step: number): Promise<boolean> {
  return (await tx.run(USE, [step, accountId, userId, step])) > 0
}

/** Note a wrong code; resolves to how many there were in a row. */
export async function addFailure(tx: Tx, accountId: string, userId: string): Promise<number> {
  return (await tx.get<{ failures: number }>(FAIL, [accountId, userId]))?.failures ?? 0
}

export async function blockUntil(tx: Tx, accountId: string, userId: string, until: number): Promise<void> {
  await tx.run(BLOCK, [until, accountId, userId])
}

export async function deleteSecondFactor(tx: Tx, accountId: string, userId: string): Promise<boolean> {
  await tx.run(DELETE_CODES, [accountId, userId])
  return (await tx.run(DELETE, [accountId, userId])) > 0
}

const DELETE_CODES = statement(`DELETE FROM recovery_codes WHERE account_id = ? AND user_id = ?`)
const INSERT_CODES = statement(
  (d) => `INSERT INTO recovery_codes (account_id, user_id, code_hash, created_at)
    SELECT ?, ?, value, CAST(? AS BIGINT) FROM ${d.list} WHERE true`,
)
const USE_CODE = statement(
  `UPDATE recovery_codes SET used_at = ? WHERE account_id = ? AND user_id = ? AND code_hash = ? AND used_at IS NULL`,
)
const CODES_LEFT = statement(
  `SELECT COUNT(*) AS left_over FROM recovery_codes WHERE account_id = ? AND user_id = ? AND used_at IS NULL`,
)

/** Put new recovery codes, by their hashes, in place of all before. */
export async function replaceRecoveryCodes(
  tx: Tx,
  accountId: string,
  userId: string,
  hashes: readonly string[],
  now: number,
): Promise<void> {
  await tx.run(DELETE_CODES, [accountId, userId])
  await tx.run(INSERT_CODES, [accountId, userId, now, JSON.stringify(hashes)])
}

/** Resolves to false where there is no such code, or it was used. */
export async function spendRecoveryCode(
  tx: Tx,
  accountId: string,
  userId: string,
  hash: string,
  now: number,
): Promise<boolean> {
  return (await tx.run(USE_CODE, [now, accountId, userId, hash])) > 0
}

export async function recoveryCodesLeft(q: Queries, accountId: string, userId: string): Promise<number> {
  return Number((await q.get<{ left_over: number }>(CODES_LEFT, [accountId, userId]))?.left_over ?? 0)
}
