import type { Queries } from '../db/database.js'
import {
  decideMatchRequest,
  lockMatchRequest,
  type MatchRequestRow,
  pageOfMatchRequests,
} from '../db/match-requests.js'
import { type Administrator, adminEvent } from './administrator.js'
import type { Deps } from './deps.js'
import { AccountError, type MatchCandidate } from './errors.js'
import { type Actor, writeEvents } from './events.js'
import { type Page, pageFrom } from './page.js'
import { countsAsSuperAdmin } from './roles.js'
import { refuseLastWayIn } from './ways-in.js'

export type MatchState = 'open' | 'approved' | 'refused' | 'used'

/** A person whom a directory sent and who may be an existing user; an administrator decides (PRODUCT 2.10). */
export interface MatchRequest {
  readonly id: string
  readonly connectionId: string
  readonly userId: string
  readonly cause: MatchCandidate['cause']
  readonly incoming: MatchCandidate['incoming']
  readonly state: MatchState
  readonly decidedBy: Actor | null
  readonly decidedAt: Date | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

function matchRequestFromRow(row: MatchRequestRow): MatchRequest {
  return {
    id: row.id,
    connectionId: row.connection_id,
    userId: row.user_id,
    cause: row.cause as MatchRequest['cause'],
    incoming: JSON.parse(row.incoming) as MatchRequest['incoming'],
    state: row.state as MatchState,
    decidedBy: row.decided_by === null ? null : (JSON.parse(row.decided_by) as Actor),
    decidedAt: row.decided_at === null ? null : new Date(row.decided_at),
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

/** Oldest first. */
export async function listMatchRequests(
  q: Queries,
  accountId: string,
  query: { state?: MatchState | undefined; cursor: string; limit: number },
): Promise<Page<MatchRequest>> {
  const rows = await pageOfMatchRequests(q, accountId, query.state, query.cursor, query.limit + 1)
  return pageFrom(rows, query.limit, (row) => row.id, matchRequestFromRow)
}

/**
 * Link or refuse. An approval takes effect when the IdP sends the person again. Refuses: match_request_not_found,
 * match_request_decided, forbidden (only a super admin links somebody with an admin role), owner_must_be_local.
 */
export async function decideMatch(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  decision: 'link' | 'refuse',
): Promise<MatchRequest> {
  return deps.db.transaction(async (tx) => {
    const row = await lockMatchRequest(tx, accountId, id)
    if (row === undefined) throw new AccountError('match_request_not_found', 'This account has no such match request.')
    if (row.state !== 'open')
      throw new AccountError('match_request_decided', `This match request is already ${row.state}.`)
    if (decision === 'link') {
      checkMayLink(actor, row)
      await refuseLastWayIn(tx, accountId, row.user_id)
    }
    const now = deps.now().getTime()
    const state = decision === 'link' ? 'approved' : 'refused'
    const decidedBy = JSON.stringify(actor.actor)
    await decideMatchRequest(tx, accountId, id, { state, decidedBy, now })
    const incoming = JSON.parse(row.incoming) as MatchRequest['incoming']
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'match_request.decided',
        subject: { type: 'user', id: row.user_id, userName: incoming.userName, email: incoming.email },
        userId: row.user_id,
        connectionId: row.connection_id,
        changes: [{ attribute: 'state', before: row.state, after: state }],
      }),
    ])
    return matchRequestFromRow({ ...row, state, decided_by: decidedBy, decided_at: now, updated_at: now })
  })
}

function checkMayLink(actor: Administrator, { cause }: MatchRequestRow): void {
  if (cause === 'owner')
    throw new AccountError('owner_must_be_local', 'The owner must be a local user. Another owner can be named first.')
  if (cause === 'admin_role' && !countsAsSuperAdmin(actor.role))
    throw new AccountError('forbidden', 'Only a super admin may link a user who has an admin role.')
}
