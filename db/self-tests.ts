import type { Queries, Tx } from './database.js'
import { ensureFeed, lockFeed } from './feed.js'
import { statement } from './statement.js'

// A trial is a connection in an account that has no row in `accounts`: nobody lists it, and nobody can ask for it.

/** Every table in which a user who comes, changes and goes leaves something. */
const OF_TRIAL = [
  'jobs',
  'feed',
  'feed_counters',
  'event_payloads',
  'event_refs',
  'events',
  'event_facets',
  'licenses',
  'grants',
  'directory_emails',
  'directory_users',
  'deleted_directory_users',
  'user_terms',
  'users',
  'roles',
  'scim_tokens',
  'connections',
].map((table) => statement(`DELETE FROM ${table} WHERE account_id = ?`))

/** Remove everything of a trial. Whoever stamps its changes is waited for, and finds nothing afterwards. */
export async function deleteTrial(tx: Tx, accountId: string): Promise<void> {
  await ensureFeed(tx, accountId)
  await lockFeed(tx, accountId)
  for (const table of OF_TRIAL) await tx.run(table, [accountId])
}

const ABANDONED = statement(
  `SELECT c.account_id FROM connections c WHERE c.created_at < ?
     AND NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = c.account_id)`,
)

/** Accounts of trials that began before an instant: whoever made them did not live to remove them. */
export async function abandonedTrials(q: Queries, before: number): Promise<string[]> {
  return (await q.all<{ account_id: string }>(ABANDONED, [before])).map(({ account_id }) => account_id)
}
