import type { Queries } from './database.js'
import { type Statement, statement } from './statement.js'

const wayIn = (where: string): Statement =>
  statement(
    (d) => `SELECT u.id FROM second_factors f
      ${d.join} passwords p ON p.account_id = f.account_id AND p.user_id = f.user_id
      ${d.join} users u ON u.account_id = f.account_id AND u.id = f.user_id
      ${d.join} roles r ON r.account_id = u.account_id AND r.id = u.role_id
      WHERE f.account_id = ? ${where} AND r.key = 'super_admin' AND u.status = 'active' AND u.suspended_by_end = 0
        AND (u.web_login IS NULL OR u.web_login = 1) AND NOT EXISTS (
          SELECT 1 FROM directory_users l WHERE l.account_id = u.account_id AND l.user_id = u.id)
      LIMIT 1`,
  )
const ONE = wayIn('AND f.user_id = ?')
// All who have a second factor are looked through, but only where somebody is concerned who is a way in.
const OTHER = wayIn('AND f.user_id <> ?')
const ANY_LIVE = statement(`SELECT 1 AS found FROM connections WHERE account_id = ? AND mode = 'live' LIMIT 1`)

/** Is this a local super admin who can enter by password and second factor? */
export async function isWayIn(q: Queries, accountId: string, userId: string): Promise<boolean> {
  return (await q.get(ONE, [accountId, userId])) !== undefined
}

/** Is there one beside this person? */
export async function hasOtherWayIn(q: Queries, accountId: string, userId: string): Promise<boolean> {
  return (await q.get(OTHER, [accountId, userId])) !== undefined
}

export async function hasLiveConnection(q: Queries, accountId: string): Promise<boolean> {
  return (await q.get(ANY_LIVE, [accountId])) !== undefined
}
