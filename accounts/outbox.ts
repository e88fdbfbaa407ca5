import { stampOutbox } from '../db/outbox.js'
import type { Deps } from './deps.js'

/** Rows per transaction: what a busy second leaves behind. */
const BATCH = 500

/**
 * Give committed changes their place in the account's feed: a number that grows without gaps. It is stamped here, on rows
 * that are committed, and never inside the writing transaction: a number taken there can become visible after a later
 * one, and a reader who has passed it would miss the change for good (DESIGN 4, Jobs). Resolves to how many were stamped.
 */
export async function publishOutbox(deps: Deps): Promise<number> {
  const now = deps.now().getTime()
  return stampOutbox(deps.db, now, BATCH)
}
