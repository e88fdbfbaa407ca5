import type { Tx } from '../db/database.js'
import { findGroup } from '../db/directory-groups.js'
import { findDirectoryUser } from '../db/directory-users.js'
import { recordMatchRequest } from '../db/match-lookup.js'
import { findUser } from '../db/users.js'
import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest, durationOf, inBulk, type Recorded } from './directory-request.js'
import { subjectOf } from './directory-user.js'
import type { RefusalDetails } from './errors.js'
import { type Subject, writeEvents } from './events.js'
import { groupSubject } from './provision-group.js'

/** What was refused and how it was answered. */
export interface Refusal {
  readonly code: string
  readonly message: string
  readonly scimType: string | undefined
  readonly reply: Recorded
  readonly details: RefusalDetails
  /** The kind of resource and, where the path names one, its SCIM id. */
  readonly target: { readonly type: 'user' | 'group'; readonly scimId: string | undefined }
  /** Keys that the refused body names, so that the event is found by them. */
  readonly named: { readonly userName?: string; readonly externalId?: string; readonly displayName?: string }
}

/**
 * Log a refused request, in a transaction of its own after the rollback and before the reply; and put a person who may
 * be an existing user before the administrators (PRODUCT 2.10).
 */
export function recordRefusal(deps: Deps, request: DirectoryRequest, refusal: Refusal): Promise<void> {
  const { connection, token, http } = request
  return deps.db.transaction(async (tx) => {
    const { accountId } = connection
    const { subject, userId } = await about(tx, request, refusal)
    const { match } = refusal.details
    if (match !== undefined) {
      const incoming = JSON.stringify(match.incoming)
      await recordMatchRequest(tx, accountId, { ...match, id: deps.newId(), incoming, now: deps.now().getTime() })
    }
    const { status, text } = refusal.reply
    const scimType = refusal.scimType === undefined ? {} : { scimType: refusal.scimType }
    await writeEvents(deps, tx, accountId, [
      {
        id: request.id,
        ...inBulk(request),
        source: 'scim',
        action: 'request.refused',
        outcome: 'failure',
        code: refusal.code,
        message: refusal.message,
        actor: actorOf(request),
        subject,
        ...(userId === undefined ? {} : { userId }),
        connectionId: connection.id,
        tokenId: token.id,
        ...(subject.type === 'group' && subject.id !== null ? { groupIds: [subject.id] } : {}),
        http: { ...http, status, ...scimType, durationMs: durationOf(request) },
        payload: { request: request.body, response: text },
      },
    ])
  })
}

async function about(
  tx: Tx,
  { connection }: DirectoryRequest,
  { target, named, details }: Refusal,
): Promise<{ subject: Subject; userId: string | undefined }> {
  const { accountId, id: connectionId } = connection
  if (target.type === 'user' && target.scimId !== undefined) {
    const row = await findDirectoryUser(tx, accountId, connectionId, target.scimId)
    const user = row === undefined ? undefined : await findUser(tx, accountId, row.user_id)
    if (row !== undefined && user !== undefined) return { subject: subjectOf(row, user), userId: user.id }
  }
  if (target.type === 'group' && target.scimId !== undefined) {
    const group = await findGroup(tx, accountId, connectionId, target.scimId)
    if (group !== undefined) return { subject: groupSubject(group), userId: details.userId }
  }
  const scimId = target.scimId === undefined ? {} : { scimId: target.scimId }
  const id = target.type === 'group' ? (target.scimId ?? null) : null
  return { subject: { type: target.type, id, ...scimId, ...named }, userId: details.userId }
}
