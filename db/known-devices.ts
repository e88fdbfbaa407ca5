import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

const FIND = statement(`SELECT 1 AS known FROM known_devices WHERE account_id = ? AND user_id = ? AND device_hash = ?`)
const SAVE = statement(
  `INSERT INTO known_devices (account_id, user_id, device_hash, last_used_at) VALUES (?, ?, ?, ?)
   ON CONFLICT (account_id, user_id, device_hash) DO UPDATE SET last_used_at = excluded.last_used_at`,
)
const FORGET = statement(`DELETE FROM known_devices WHERE account_id = ? AND user_id = ?`)
const SWEEP = statement(
  (d) => `DELETE FROM known_devices WHERE (account_id, user_id, device_hash) IN (
    SELECT account_id, user_id, device_hash FROM known_devices${d.indexed('known_devices_age')}
    WHERE last_used_at < ? ORDER BY last_used_at LIMIT ?)`,
)

/** Did this person sign in by password in this browser before? */
export async function isKnownDevice(q: Queries, accountId: string, userId: string, hash: string): Promise<boolean> {
  return (await q.get(FIND, [accountId, userId, hash])) !== undefined
}

export async function rememberDevice(
  tx: Tx,
  accountId: string,
  userId: string,
  hash: string,
  now: number,
): Promise<void> {
  await tx.run(SAVE, [accountId, userId, hash, now])
}

export async function forgetDevices(tx: Tx, accountId: string, userId: string): Promise<void> {
  await tx.run(FORGET, [accountId, userId])
}

/** Delete up to `limit` devices that were not used since an instant. */
export function deleteOldDevices(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(SWEEP, [before, limit])
}
