import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest } from './directory-request.js'
import type { Effect, EventDraft } from './events.js'

/** What a request did to people whom it did not name, by user. */
export type Bystanders = ReadonlyMap<string, readonly Effect[]>

/** One child event per person whose access changed without being the subject: a freed seat went to her. */
export function bystanderEvents(deps: Deps, request: DirectoryRequest, bystanders: Bystanders): EventDraft[] {
  return [...bystanders].map(([userId, effects]) => ({
    id: deps.newId(),
    parentId: request.id,
    source: 'scim',
    action: 'user.access_changed',
    outcome: 'success',
    actor: actorOf(request),
    subject: { type: 'user', id: userId },
    userId,
    connectionId: request.connection.id,
    tokenId: request.token.id,
    effects,
  }))
}
