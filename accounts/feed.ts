import type { Queries } from '../db/database.js'
import { findLinks } from '../db/directory-users.js'
import { type FeedRow, feedAfter, firstOfFeed, lastOfFeed } from '../db/feed.js'
import { turn } from '../db/turns.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { EVENTS_AT_ONCE, type LogEvent, MAX_PAGE_CHARACTERS, readLogEvents } from './events-read.js'
import { feedCursor, parseFeedCursor } from './feed-cursor.js'
import type { Page } from './page.js'
import { type FeedMode, type LinkedPerson, type SecurityEvent, securityEventOf } from './security-event.js'
import { shownDocuments } from './user-schema.js'

export interface FeedQuery {
  /** Where the answer before ended; undefined for the oldest that is kept. */
  readonly cursor?: string | undefined
  readonly limit: number
  readonly mode: FeedMode
}

export interface FeedPage extends Page<SecurityEvent> {
  /** Where to go on, also when there is nothing more at the moment. */
  readonly cursor: string
}

/**
 * Changes of an account in the order in which they became visible (RFC 9967). What says nothing to the outside is passed
 * over, and a page with very long documents ends early, so it may have fewer items than `limit` though more follow.
 * Refuses: cursor_invalid, cursor_expired.
 */
export async function readFeed({ db, publicUrl }: Deps, accountId: string, query: FeedQuery): Promise<FeedPage> {
  const { cursor, limit, mode } = query
  const after = cursor === undefined ? await beginningOf(db, accountId) : await placeOf(db, accountId, cursor)
  const rows = await feedAfter(db, accountId, after, limit + 1)
  const page = rows.slice(0, limit)
  const items: SecurityEvent[] = []
  let read = 0
  for (let characters = 0; read < page.length && characters < MAX_PAGE_CHARACTERS; ) {
    const some = page.slice(read, read + EVENTS_AT_ONCE)
    const tokens = await securityEvents(db, publicUrl, accountId, some, mode)
    const found = tokens.flatMap(({ token }) => token ?? [])
    items.push(...found)
    read += some.length
    // Most pages are one piece.
    if (read === page.length) break
    characters += JSON.stringify(found).length
    await turn()
  }
  const next = feedCursor(accountId, page[read - 1]?.seq ?? after)
  return { items, cursor: next, ...(rows.length > read && { nextCursor: next }) }
}

/** The number before that of the oldest change that is kept. */
async function beginningOf(q: Queries, accountId: string): Promise<number> {
  return ((await firstOfFeed(q, accountId)) ?? (await lastOfFeed(q, accountId)) + 1) - 1
}

/**
 * The number behind which a cursor points. What came after it may have been deleted by age: then whoever asks has missed
 * something, and is told. Throws AccountError: cursor_invalid, cursor_expired.
 */
export async function placeOf(q: Queries, accountId: string, cursor: string): Promise<number> {
  const seq = parseFeedCursor(accountId, cursor)
  const last = await lastOfFeed(q, accountId)
  if (seq > last) throw new AccountError('cursor_invalid', 'This cursor is none of this feed. Take it from an answer.')
  if (seq < (await beginningOf(q, accountId)))
    throw new AccountError(
      'cursor_expired',
      'Changes behind this cursor are not kept any more. Read everybody anew, and begin without a cursor.',
    )
  return seq
}

/** The token of each row of the feed. The number of statements does not depend on how many rows there are. */
export async function securityEvents(
  q: Queries,
  publicUrl: string,
  accountId: string,
  rows: readonly FeedRow[],
  mode: FeedMode,
): Promise<{ readonly row: FeedRow; readonly token: SecurityEvent | undefined }[]> {
  const ids = rows.map((row) => row.event_id)
  const events = new Map((await readLogEvents(q, accountId, ids)).map((event) => [event.id, event]))
  const links = await linksOf(q, accountId, [...events.values()], mode)
  return rows.map((row) => {
    const event = events.get(row.event_id)
    if (event === undefined) return { row, token: undefined }
    const link = event.userId === undefined ? undefined : links.get(event.userId)
    return { row, token: securityEventOf({ publicUrl, accountId, event, link }, mode) }
  })
}

/** People as their directories have them, where the event does not say enough of them. */
async function linksOf(
  q: Queries,
  accountId: string,
  events: readonly LogEvent[],
  mode: FeedMode,
): Promise<Map<string, LinkedPerson>> {
  const asked = events.flatMap(({ userId, subject }) =>
    userId !== undefined && (mode === 'full' || subject?.scimId === undefined) ? [userId] : [],
  )
  if (asked.length === 0) return new Map()
  const rows = await findLinks(q, accountId, [...new Set(asked)])
  const documents = await shownDocuments(q, accountId, rows)
  return new Map(
    rows.map((row, index) => [
      row.user_id,
      {
        connectionId: row.connection_id,
        id: row.id,
        externalId: row.external_id,
        document: documents[index]!,
      },
    ]),
  )
}
