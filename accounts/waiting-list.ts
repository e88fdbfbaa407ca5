import type { Queries } from '../db/database.js'
import { pageOfWaiting } from '../db/waiting-list.js'
import { cursorOf, placeFromCursor } from './opaque-cursor.js'
import type { Page } from './page.js'
import { getProduct } from './products.js'
import { ruleOf } from './rule-of-grant.js'

/** Somebody who waits for a seat (PRODUCT 2.5). Her name and address are null for who may not see people. */
export interface WaitingPerson {
  /** 1 is the next one to be served. */
  readonly position: number
  readonly userId: string
  readonly displayName: string | null
  readonly email: string | null
  readonly waitingSince: Date
  readonly source: string
  readonly ruleId?: string
}

/** The waiting list of a product, in the order in which seats are handed out. Refuses: product_not_found, cursor_invalid. */
export async function listWaiting(
  q: Queries,
  accountId: string,
  productId: string,
  { cursor, limit }: { readonly cursor: string; readonly limit: number },
  seesPeople: boolean,
): Promise<Page<WaitingPerson>> {
  await getProduct(q, accountId, productId)
  const [served, since, userId] = cursor === '' ? [0, 0, ''] : placeFromCursor(cursor, ['number', 'number', 'string'])
  const before = Number(served)
  const rows = await pageOfWaiting(q, accountId, productId, [Number(since), String(userId)], limit + 1)
  const items = rows.slice(0, limit).map((row, index) => ({
    position: before + index + 1,
    userId: row.user_id,
    displayName: seesPeople ? row.display_name : null,
    email: seesPeople ? row.email : null,
    waitingSince: new Date(row.waiting_since),
    source: row.source,
    ...ruleOf(row.source, row.source_id),
  }))
  const last = rows[limit - 1]
  if (rows.length <= limit || last === undefined) return { items }
  return { items, nextCursor: cursorOf([before + limit, last.waiting_since, last.user_id]) }
}
