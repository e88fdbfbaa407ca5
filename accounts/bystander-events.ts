import type { Receiver } from './access-report.js'
import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest } from './directory-request.js'
import type { EventDraft } from './events.js'

/** One child event per person whose access changed without being the subject: a freed seat went to her. */
export function bystanderEvents(deps: Deps, request: DirectoryRequest, bystanders: readonly Receiver[]): EventDraft[] {
  return bystanders.map(({ userId, subject, effects }) => ({
    id: deps.newId(),
    parentId: request.id,
    source: 'scim',
    action: 'user.access_changed',
    outcome: 'success',
    actor: actorOf(request),
    subject,
    userId,
    connectionId: request.connection.id,
    tokenId: request.token.id,
    effects,
  }))
}
