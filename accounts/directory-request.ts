import { lockConnection, lockConnectionShared } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { insertJob } from '../db/jobs.js'
import type { Warning } from './access-report.js'
import { type Connection, connectionFromRow } from './connection.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Actor, EventDraft, HttpFacts } from './events.js'
import { type CredentialKind, labelOf } from './token-kind.js'

/** One authenticated request of a directory, as far as the log needs to know it. */
export interface DirectoryRequest {
  /** Correlation id: the id of its event, and `X-Request-Id`. */
  readonly id: string
  readonly connection: Connection
  readonly token: DirectoryToken
  readonly http: Omit<HttpFacts, 'status' | 'scimType' | 'durationMs'>
  /** The bulk request that it was an operation of: the correlation id that the caller received. */
  readonly bulkId?: string
  /** `performance.now()` of its arrival. */
  readonly startedAt: number
  /** The body, redacted; undefined where there was none. */
  readonly body: string | undefined
}

/** The credential behind a request: what an administrator made or set, not the access token that it was given. */
export interface DirectoryToken {
  readonly kind: CredentialKind
  readonly id: string
  readonly last4: string
}

/** The answer as the log keeps it. It is made inside the transaction, because its event is written there. */
export interface Recorded {
  readonly status: number
  readonly text: string | undefined
}

/**
 * Enter the connection for a write: a change of its mode or its rules waits for this transaction, and what is read here
 * is what holds until the end (DESIGN 4, Transactions). `exclusive` is for writes that change the rules' state.
 */
export async function enterConnection(
  tx: Tx,
  { connection }: DirectoryRequest,
  exclusive = false,
): Promise<Connection> {
  const lock = exclusive ? lockConnection : lockConnectionShared
  const row = await lock(tx, connection.accountId, connection.id)
  if (row === undefined || row.mode === 'disabled') {
    throw new AccountError(
      'connection_disabled',
      'This connection is switched off. An administrator can switch it on again.',
    )
  }
  return connectionFromRow(row)
}

export function actorOf({ token, connection }: DirectoryRequest): Actor {
  return { type: 'token', id: token.id, label: labelOf(token.kind, token.last4, connection.name) }
}

type Draft = Omit<
  EventDraft,
  'id' | 'parentId' | 'source' | 'actor' | 'connectionId' | 'tokenId' | 'http' | 'outcome' | 'code'
>

/** The parent event of a write that went through: warnings decide between `success` and `warning`. */
export function directoryEvent(
  request: DirectoryRequest,
  reply: Recorded,
  draft: Draft,
  outcome?: 'no_change',
): EventDraft {
  const [first] = draft.warnings ?? []
  return {
    ...draft,
    id: request.id,
    ...inBulk(request),
    source: 'scim',
    outcome: outcome ?? (first === undefined ? 'success' : 'warning'),
    ...(first === undefined ? {} : { code: first.code, message: first.message }),
    actor: actorOf(request),
    connectionId: request.connection.id,
    tokenId: request.token.id,
    http: { ...request.http, status: reply.status, durationMs: durationOf(request) },
    payload: { request: request.body, response: reply.text },
  }
}

/** The operation of a bulk request is found by the id of that request, and is no child for that. */
export function inBulk({ bulkId }: DirectoryRequest): Pick<EventDraft, 'parentId' | 'isChild'> {
  return bulkId === undefined ? {} : { parentId: bulkId, isChild: false }
}

export function durationOf({ startedAt }: { readonly startedAt: number }): number {
  return Math.round((performance.now() - startedAt) * 10) / 10
}

/** Tell the outside, after the commit, that a subject changed: one row, in order per subject (DESIGN 4, Jobs). */
export async function writeOutbox(
  deps: Deps,
  tx: Tx,
  accountId: string,
  subject: string,
  version: number,
  eventId: string,
): Promise<void> {
  const now = deps.now().getTime()
  await insertJob(tx, accountId, { id: deps.newId(), kind: 'outbox', subject, version, payload: eventId, runAt: now })
}

/** One warning of each code and text. */
export function distinct(warnings: readonly Warning[]): Warning[] {
  return [...new Map(warnings.map((warning) => [`${warning.code} ${warning.message}`, warning])).values()]
}
