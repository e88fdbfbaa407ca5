import type { Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import type { GrantKey } from './grants.js'
import { statement } from './statement.js'

const LIVE: JsonColumn[] = [
  ['source_id', 'text'],
  ['kind', 'text'],
  ['value', 'text'],
]
const DEAD = statement(
  (d) => `SELECT g.user_id, g.kind, g.value, g.source, g.source_id FROM grants g${d.indexed('grants_assertion')}
    WHERE g.account_id = ? AND g.source = 'assertion' AND g.source_id >= ? AND g.source_id < ?
      AND NOT EXISTS (SELECT 1 FROM ${d.rows(LIVE)} AS v
        WHERE v.source_id = g.source_id AND v.kind = g.kind AND v.value = g.value)
    ORDER BY g.source_id LIMIT ?`,
)

/** Grants of sign-ins through a connection, but for those that are still given: by source id, kind and value. */
export function deadAssertionGrants(
  tx: Tx,
  accountId: string,
  connectionId: string,
  live: readonly (readonly [sourceId: string, kind: string, value: string])[],
  limit: number,
): Promise<GrantKey[]> {
  return tx.all(DEAD, [accountId, `${connectionId} `, `${connectionId}!`, JSON.stringify(live), limit])
}
