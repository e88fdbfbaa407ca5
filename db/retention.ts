import type { Database, Tx } from './database.js'
import { statement } from './statement.js'

const FACETS_OF = statement(`SELECT account_id, id FROM event_facets WHERE source <> ? ORDER BY account_id, id`)
const FACETS_ONLY = statement(`SELECT account_id, id FROM event_facets WHERE source = ? ORDER BY account_id, id`)
const ACCOUNTS = statement(`SELECT account_id FROM accounts ORDER BY account_id`)

export interface Facet {
  readonly account_id: string
  readonly id: string
}

export function facetsOfSource(db: Database, source: string, others: boolean): Promise<Facet[]> {
  return db.all(others ? FACETS_OF : FACETS_ONLY, [source])
}

export async function allAccounts(db: Database): Promise<string[]> {
  return (await db.all<{ account_id: string }>(ACCOUNTS, [])).map((row) => row.account_id)
}

const OLD_EVENTS = statement(
  (d) => `DELETE FROM events WHERE account_id = ? AND id IN (
    SELECT id FROM events${d.indexed('events_facet')} WHERE account_id = ? AND facet_id = ? AND id < ? ORDER BY id LIMIT ?)`,
)

/** Delete up to `limit` events of a facet from before an id. */
export function deleteOldEvents(tx: Tx, { account_id, id }: Facet, before: string, limit: number): Promise<number> {
  return tx.run(OLD_EVENTS, [account_id, account_id, id, before, limit])
}

const chunked = (table: string, id: string) =>
  statement(
    `DELETE FROM ${table} WHERE account_id = ? AND ${id} IN (
      SELECT ${id} FROM ${table} WHERE account_id = ? AND ${id} < ? ORDER BY ${id} LIMIT ?)`,
  )
const OLD_PAYLOADS = chunked('event_payloads', 'event_id')
const OLD_READS = chunked('read_log', 'id')
const OLD_TRACES = chunked('sign_in_traces', 'event_id')
const OLD_TESTS = chunked('sign_in_tests', 'id')
const OLD_MAILS = chunked('mails', 'id')

/** Delete up to `limit` payloads of events from before an id. */
export function deleteOldPayloads(tx: Tx, accountId: string, before: string, limit: number): Promise<number> {
  return tx.run(OLD_PAYLOADS, [accountId, accountId, before, limit])
}

/** Delete up to `limit` answers of identity providers that are kept with events from before an id. */
export function deleteOldTraces(tx: Tx, accountId: string, before: string, limit: number): Promise<number> {
  return tx.run(OLD_TRACES, [accountId, accountId, before, limit])
}

export function deleteOldTests(tx: Tx, accountId: string, before: string, limit: number): Promise<number> {
  return tx.run(OLD_TESTS, [accountId, accountId, before, limit])
}

export function deleteOldMails(tx: Tx, accountId: string, before: string, limit: number): Promise<number> {
  return tx.run(OLD_MAILS, [accountId, accountId, before, limit])
}

export function deleteOldReads(tx: Tx, accountId: string, before: string, limit: number): Promise<number> {
  return tx.run(OLD_READS, [accountId, accountId, before, limit])
}

// The oldest rows have the lowest numbers, so only these are looked at, and nothing where nothing is old.
const OLD_FEED = statement(
  `DELETE FROM feed WHERE account_id = ? AND seq IN (
    SELECT seq FROM (SELECT seq, stamped_at FROM feed WHERE account_id = ? ORDER BY seq LIMIT ?) AS oldest
    WHERE stamped_at < ?)`,
)
// A job that finished before an instant began before it, and its id is of the time when it began.
const OLD_JOBS = statement(
  `DELETE FROM jobs WHERE account_id = ? AND id IN (
    SELECT id FROM jobs WHERE account_id = ? AND id < ? AND state <> 'open' AND finished_at < ? ORDER BY id LIMIT ?)`,
)
const OLD_SESSIONS = statement(
  (d) => `DELETE FROM sessions WHERE (account_id, id_hash) IN (
    SELECT account_id, id_hash FROM sessions${d.indexed('sessions_expiry')} WHERE expires_at < ? ORDER BY expires_at LIMIT ?)`,
)
const OLD_REFUSALS = statement(`DELETE FROM refused_tokens WHERE account_id = ? AND minute < ?`)
const OLD_COUNTS = statement(`DELETE FROM read_counts WHERE account_id = ? AND hour < ?`)
const OLD_SLOTS = statement(`DELETE FROM request_counts WHERE account_id = ? AND slot < ?`)

export function deleteOldFeed(tx: Tx, accountId: string, before: number, limit: number): Promise<number> {
  return tx.run(OLD_FEED, [accountId, accountId, limit, before])
}

/** `before` is an instant in milliseconds, `id` the first id of it. */
export function deleteOldJobs(tx: Tx, accountId: string, before: number, id: string, limit: number): Promise<number> {
  return tx.run(OLD_JOBS, [accountId, accountId, id, before, limit])
}

/** Delete up to `limit` sessions of all accounts that would have expired before an instant, ended or not. */
export function deleteOldSessions(tx: Tx, before: number, limit: number): Promise<number> {
  return tx.run(OLD_SESSIONS, [before, limit])
}

/** Counters: `minute`, `hour` and `slot` are instants in milliseconds at which they began. */
export async function deleteOldCounters(
  tx: Tx,
  accountId: string,
  { minute, hour, slot }: { readonly minute: number; readonly hour: number; readonly slot: number },
): Promise<void> {
  await tx.run(OLD_REFUSALS, [accountId, minute])
  await tx.run(OLD_COUNTS, [accountId, hour])
  await tx.run(OLD_SLOTS, [accountId, slot])
}

const DUE_FOR_ERASURE = statement(
  `SELECT u.account_id, u.id, u.given_name, u.family_name, u.display_name, u.email
   FROM users u WHERE u.deleted_at < ? ORDER BY u.deleted_at LIMIT ?`,
)

export interface Erasable {
  readonly account_id: string
  readonly id: string
  readonly given_name: string | null
  readonly family_name: string | null
  readonly display_name: string
  readonly email: string | null
}

/** People deleted before an instant, the longest first. */
export function dueForErasure(db: Database, before: number, limit: number): Promise<Erasable[]> {
  return db.all(DUE_FOR_ERASURE, [before, limit])
}

const DELETED_DOCUMENTS = statement(
  `SELECT document, external_id FROM deleted_directory_users WHERE account_id = ? AND user_id = ?`,
)
const EVENTS_OF = statement(
  `SELECT id, detail FROM events WHERE account_id = ? AND user_id = ? AND id > ? ORDER BY id LIMIT ?`,
)
const REWRITE = statement(`UPDATE events SET detail = ? WHERE account_id = ? AND id = ?`)
const DROP_PAYLOAD = statement(`DELETE FROM event_payloads WHERE account_id = ? AND event_id = ?`)
const DROP_TRACE = statement(`DELETE FROM sign_in_traces WHERE account_id = ? AND event_id = ?`)
const OF_USER = [
  ...[
    'grants',
    'licenses',
    'deleted_directory_users',
    'passwords',
    'second_factors',
    'recovery_codes',
    'known_devices',
  ].map((table) => [table, undefined] as const),
  ...['invitations', 'sessions', 'match_requests', 'mails', 'one_time_links'].map(
    (table) => [table, `${table}_user`] as const,
  ),
].map(([table, index]) =>
  statement(
    (d) => `DELETE FROM ${table}${index === undefined ? '' : d.indexed(index)} WHERE account_id = ? AND user_id = ?`,
  ),
)
const DELETE_USER = statement(`DELETE FROM users WHERE account_id = ? AND id = ?`)

export function deletedDocuments(
  tx: Tx,
  accountId: string,
  userId: string,
): Promise<{ document: string; external_id: string | null }[]> {
  return tx.all(DELETED_DOCUMENTS, [accountId, userId])
}

export function pageOfUserEvents(
  tx: Tx,
  accountId: string,
  userId: string,
  after: string,
  limit: number,
): Promise<{ id: string; detail: string }[]> {
  return tx.all(EVENTS_OF, [accountId, userId, after, limit])
}

/** Keep that an event happened and forget whom it was about. */
export async function anonymiseEvent(tx: Tx, accountId: string, id: string, detail: string): Promise<void> {
  await tx.run(REWRITE, [detail, accountId, id])
  await tx.run(DROP_PAYLOAD, [accountId, id])
  await tx.run(DROP_TRACE, [accountId, id])
}

export async function eraseUser(tx: Tx, accountId: string, userId: string): Promise<void> {
  for (const table of OF_USER) await tx.run(table, [accountId, userId])
  await tx.run(DELETE_USER, [accountId, userId])
}
