import type { Queries, Tx } from './database.js'
import { statement } from './statement.js'

/** How fetching the metadata of a connection goes. */
export interface SamlRefreshRow {
  readonly account_id: string
  readonly connection_id: string
  /** JSON text: an identity provider as it was fetched, which waits for approval. */
  readonly pending: string | null
  readonly pending_since: number | null
  /** What an administrator discarded, as a fingerprint. */
  readonly discarded: string | null
  readonly tried_at: number | null
  readonly succeeded_at: number | null
  /** Failed tries in a row. */
  readonly failures: number
  readonly failure: string | null
  /** When a signature that did not match last made us fetch. */
  readonly asked_at: number | null
}

const FIND = statement(`SELECT * FROM saml_refresh WHERE account_id = ? AND connection_id = ?`)
const SAVE = statement(
  `INSERT INTO saml_refresh (account_id, connection_id, pending, pending_since, discarded, tried_at, succeeded_at, failures, failure)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
   ON CONFLICT (account_id, connection_id) DO UPDATE SET pending = excluded.pending, pending_since = excluded.pending_since,
     discarded = excluded.discarded, tried_at = excluded.tried_at, succeeded_at = excluded.succeeded_at,
     failures = excluded.failures, failure = excluded.failure`,
)
const ASK = statement(
  `INSERT INTO saml_refresh (account_id, connection_id, failures, asked_at) VALUES (?, ?, 0, ?)
   ON CONFLICT (account_id, connection_id) DO UPDATE SET asked_at = excluded.asked_at
     WHERE saml_refresh.asked_at IS NULL OR saml_refresh.asked_at <= ?`,
)

export function findSamlRefresh(
  q: Queries,
  accountId: string,
  connectionId: string,
): Promise<SamlRefreshRow | undefined> {
  return q.get(FIND, [accountId, connectionId])
}

/** Write everything but `asked_at`, which is taken by `askForRefresh` alone. */
export async function saveSamlRefresh(tx: Tx, r: Omit<SamlRefreshRow, 'asked_at'>): Promise<void> {
  const waiting = [r.pending, r.pending_since, r.discarded]
  await tx.run(SAVE, [r.account_id, r.connection_id, ...waiting, r.tried_at, r.succeeded_at, r.failures, r.failure])
}

/** Take the one refresh that is to be had since `before`: of all who ask, in whatever process, one is told true. */
export async function askForRefresh(
  tx: Tx,
  accountId: string,
  connectionId: string,
  now: number,
  before: number,
): Promise<boolean> {
  return (await tx.run(ASK, [accountId, connectionId, now, before])) === 1
}
