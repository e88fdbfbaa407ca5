import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

export interface ConnectionRow {
  readonly account_id: string
  readonly id: string
  readonly name: string
  readonly idp_kind: string
  readonly mode: string
  readonly on_disable: string | null
  readonly disabled_at: number | null
  /** JSON text. */
  readonly settings: string
  readonly rules_version: number
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
}

const FIND = statement(`SELECT * FROM connections WHERE account_id = ? AND id = ?`)
const FIND_BY_ID = statement(`SELECT * FROM connections WHERE id = ?`)
const LOCK_SHARED = statement((d) => `SELECT * FROM connections WHERE account_id = ? AND id = ?${d.forShare}`)
const LOCK = statement((d) => `SELECT * FROM connections WHERE account_id = ? AND id = ?${d.forUpdate}`)

export function findConnection(q: Queries, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  return q.get(FIND, [accountId, id])
}

/** By the id alone: the door from a SCIM or SAML address to its account. */
export function findConnectionById(q: Queries, id: string): Promise<ConnectionRow | undefined> {
  return q.get(FIND_BY_ID, [id])
}

/** For a write of the directory: a change of mode or rules waits until it is through, and the next one sees it. */
export function lockConnectionShared(tx: Tx, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  return tx.get(LOCK_SHARED, [accountId, id])
}

/** For a change of mode, settings or rules. */
export function lockConnection(tx: Tx, accountId: string, id: string): Promise<ConnectionRow | undefined> {
  return tx.get(LOCK, [accountId, id])
}
