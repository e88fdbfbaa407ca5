import type { Queries } from './database.js'
import { statement } from './statement.js'

/** The words of a combination by which events of a connection are filtered, and the newest event of it. */
export interface NewestOfFacet {
  readonly id: string
  readonly source: string
  readonly action: string
  readonly outcome: string
  readonly code: string | null
  readonly child: 0 | 1
  readonly newest: string | null
}

// One look into the index per combination: how many events there are does not matter.
const NEWEST = statement(
  (d) => `SELECT f.id, f.source, f.action, f.outcome, f.code, f.child,
      (SELECT e.id FROM events e${d.indexed('events_facet')} WHERE e.account_id = f.account_id AND e.facet_id = f.id
        ORDER BY e.id DESC LIMIT 1) AS newest
    FROM event_facets f WHERE f.account_id = ? AND f.connection_id = ? AND f.source IN ('scim', 'sso')`,
)

/** Every combination of words under which directory and sign-in events of a connection stand. */
export function newestOfConnection(q: Queries, accountId: string, connectionId: string): Promise<NewestOfFacet[]> {
  return q.all(NEWEST, [accountId, connectionId])
}

const USERS = statement(`SELECT count(*) AS total FROM directory_users WHERE account_id = ? AND connection_id = ?`)
const GROUPS = statement(`SELECT count(*) AS total FROM directory_groups WHERE account_id = ? AND connection_id = ?`)
const OPEN_MATCHES = statement(
  (d) => `SELECT connection_id, count(*) AS total FROM match_requests${d.indexed('match_requests_open')}
    WHERE account_id = ? AND state = 'open' GROUP BY connection_id`,
)

async function totalOf(q: Queries, text: typeof USERS, accountId: string, connectionId: string): Promise<number> {
  return (await q.get<{ total: number }>(text, [accountId, connectionId]))?.total ?? 0
}

/** How many people and groups a connection has, counted in an index. */
export async function sizeOfConnection(
  q: Queries,
  accountId: string,
  connectionId: string,
): Promise<{ users: number; groups: number }> {
  const users = await totalOf(q, USERS, accountId, connectionId)
  return { users, groups: await totalOf(q, GROUPS, accountId, connectionId) }
}

/** How many match requests wait for a decision, by connection. */
export async function openMatches(q: Queries, accountId: string): Promise<Map<string, number>> {
  const rows = await q.all<{ connection_id: string; total: number }>(OPEN_MATCHES, [accountId])
  return new Map(rows.map(({ connection_id, total }) => [connection_id, total]))
}

// Of the longest waiting: a pool with thousands of them is no more urgent than one with hundreds.
const WAITING = statement(
  (d) => `SELECT w.product_id, r.connection_id, count(*) AS total
    FROM (SELECT user_id, product_id FROM licenses${d.indexed('licenses_waiting')}
      WHERE account_id = ? AND product_id = ? AND waiting_since IS NOT NULL ORDER BY waiting_since, user_id LIMIT ?) AS w
    ${d.join} directory_users r ON r.account_id = ? AND r.user_id = w.user_id
    GROUP BY w.product_id, r.connection_id`,
)

/** How many of the first `limit` people who wait for a seat of a product come from which connection. */
export async function waitingByConnection(
  q: Queries,
  accountId: string,
  productId: string,
  limit: number,
): Promise<Map<string, number>> {
  const rows = await q.all<{ connection_id: string; total: number }>(WAITING, [accountId, productId, limit, accountId])
  return new Map(rows.map(({ connection_id, total }) => [connection_id, total]))
}

const STATUSES = statement(
  (d) => `SELECT status, count(*) AS total FROM users${d.indexed('users_status')}
    WHERE account_id = ? AND status IN ('active', 'invited', 'suspended') GROUP BY status`,
)
const INVITED_BEFORE = statement(
  (d) => `SELECT count(*) AS total FROM users${d.indexed('users_status')}
    WHERE account_id = ? AND status = 'invited' AND id < ?`,
)
const OVERRIDDEN = statement(
  (d) => `SELECT count(*) AS total FROM users${d.indexed('users_overridden')}
    WHERE account_id = ? AND overridden = 1 AND deleted_at IS NULL`,
)

/** How many live people there are, by status. */
export async function peopleByStatus(q: Queries, accountId: string): Promise<Map<string, number>> {
  const rows = await q.all<{ status: string; total: number }>(STATUSES, [accountId])
  return new Map(rows.map(({ status, total }) => [status, total]))
}

/** How many invited people have an id from before another: ids are of the time when they were added. */
export async function invitedBefore(q: Queries, accountId: string, id: string): Promise<number> {
  return (await q.get<{ total: number }>(INVITED_BEFORE, [accountId, id]))?.total ?? 0
}

export async function overriddenPeople(q: Queries, accountId: string): Promise<number> {
  return (await q.get<{ total: number }>(OVERRIDDEN, [accountId]))?.total ?? 0
}
