import type { Queries, Tx } from './database.js'
import type { JsonColumn } from './dialect.js'
import { statement } from './statement.js'

export interface EventRow {
  readonly id: string
  readonly parentId: string | null
  readonly facetId: string
  readonly userId: string | null
  /** Milliseconds since 1970, UTC. */
  readonly occurredAt: number
  /** JSON text: everything that is shown and never filtered by. */
  readonly detail: string
}

export interface FacetRow {
  readonly id: string
  readonly key: string
  readonly source: string
  readonly action: string
  readonly outcome: string
  readonly code: string | null
  readonly connectionId: string | null
  readonly tokenId: string | null
  readonly httpStatus: number | null
  readonly child: 0 | 1
}

const INSERT_ONE = statement(
  `INSERT INTO events (account_id, id, parent_id, facet_id, user_id, occurred_at, detail) VALUES (?, ?, ?, ?, ?, ?, ?)`,
)
const EVENT_COLUMNS: JsonColumn[] = [
  ['id', 'text'],
  ['parent_id', 'text'],
  ['facet_id', 'text'],
  ['user_id', 'text'],
  ['occurred_at', 'integer'],
  ['detail', 'text'],
]
const INSERT_MANY = statement(
  (d) => `INSERT INTO events (account_id, id, parent_id, facet_id, user_id, occurred_at, detail)
    SELECT ?, id, parent_id, facet_id, user_id, occurred_at, detail FROM ${d.rows(EVENT_COLUMNS)} AS v`,
)

/** Write any number of events with one statement. */
export async function insertEvents(tx: Tx, accountId: string, rows: readonly EventRow[]): Promise<void> {
  const [first] = rows
  if (first === undefined) return
  if (rows.length === 1) {
    const { id, parentId, facetId, userId, occurredAt, detail } = first
    await tx.run(INSERT_ONE, [accountId, id, parentId, facetId, userId, occurredAt, detail])
    return
  }
  const values = rows.map((r) => [r.id, r.parentId, r.facetId, r.userId, r.occurredAt, r.detail])
  await tx.run(INSERT_MANY, [accountId, JSON.stringify(values)])
}

const INSERT_FACET = statement(
  `INSERT INTO event_facets (account_id, id, facet_key, source, action, outcome, code, connection_id, token_id, http_status, child)
   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
)

export async function insertFacet(tx: Tx, accountId: string, f: FacetRow): Promise<void> {
  const words = [f.source, f.action, f.outcome, f.code, f.connectionId, f.tokenId, f.httpStatus, f.child]
  await tx.run(INSERT_FACET, [accountId, f.id, f.key, ...words])
}

const REF_COLUMNS: JsonColumn[] = [
  ['ref', 'text'],
  ['event_id', 'text'],
]
const INSERT_REFS = statement(
  (d) => `INSERT INTO event_refs (account_id, ref, event_id)
    SELECT ?, ref, event_id FROM ${d.rows(REF_COLUMNS)} AS v`,
)

export async function insertRefs(
  tx: Tx,
  accountId: string,
  refs: readonly (readonly [string, string])[],
): Promise<void> {
  await tx.run(INSERT_REFS, [accountId, JSON.stringify(refs)])
}

const INSERT_PAYLOAD = statement(
  `INSERT INTO event_payloads (account_id, event_id, request, response) VALUES (?, ?, ?, ?)`,
)

export async function insertPayload(
  tx: Tx,
  accountId: string,
  eventId: string,
  request: string | null,
  response: string | null,
): Promise<void> {
  await tx.run(INSERT_PAYLOAD, [accountId, eventId, request, response])
}

const FIND_PAYLOAD = statement(`SELECT request, response FROM event_payloads WHERE account_id = ? AND event_id = ?`)

export function findPayload(
  q: Queries,
  accountId: string,
  eventId: string,
): Promise<{ request: string | null; response: string | null } | undefined> {
  return q.get(FIND_PAYLOAD, [accountId, eventId])
}
