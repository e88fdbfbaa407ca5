import type { Queries } from './database.js'
import { statement } from './statement.js'

/** One who waits for a seat of a product. */
export interface WaitingRow {
  readonly user_id: string
  readonly display_name: string
  readonly email: string | null
  /** In milliseconds. */
  readonly waiting_since: number
  readonly source: string
  readonly source_id: string
}

const PAGE = statement(
  (d) => `SELECT l.user_id, u.display_name, u.email, l.waiting_since, l.source, l.source_id
    FROM (SELECT user_id, waiting_since, source, source_id FROM licenses${d.indexed('licenses_waiting')}
      WHERE account_id = ? AND product_id = ? AND waiting_since >= ? AND (waiting_since > ? OR user_id > ?)
      ORDER BY waiting_since, user_id LIMIT ?) AS l
    ${d.join} users u ON u.account_id = ? AND u.id = l.user_id
    ORDER BY l.waiting_since, l.user_id`,
)

/** The waiting list of a product behind a place in it, in the order in which seats are handed out. */
export function pageOfWaiting(
  q: Queries,
  accountId: string,
  productId: string,
  [since, userId]: readonly [since: number, userId: string],
  limit: number,
): Promise<WaitingRow[]> {
  return q.all(PAGE, [accountId, productId, since, since, userId, limit, accountId])
}
