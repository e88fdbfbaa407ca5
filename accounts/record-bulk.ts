import type { Deps } from './deps.js'
import { actorOf, type DirectoryRequest, durationOf } from './directory-request.js'
import { writeEvents } from './events.js'

/** How a bulk request went; operations behind the last one that was run were not tried. */
export interface BulkCounts {
  readonly operations: number
  readonly run: number
  readonly failed: number
}

/** The event of a bulk request itself, under the id that the caller received; its operations have events of their own. */
export function recordBulk(deps: Deps, request: DirectoryRequest, counts: BulkCounts): Promise<void> {
  const { connection, token, http } = request
  const { operations, run, failed } = counts
  const left = operations - run
  const message = `${operations} operations: ${run - failed} done, ${failed} refused, ${left} not run.`
  return deps.db.transaction((tx) =>
    writeEvents(deps, tx, connection.accountId, [
      {
        id: request.id,
        source: 'scim',
        action: 'bulk.finished',
        outcome: failed === 0 && left === 0 ? 'success' : 'warning',
        message,
        actor: actorOf(request),
        subject: { type: 'connection', id: connection.id, displayName: connection.name },
        connectionId: connection.id,
        tokenId: token.id,
        http: { ...http, status: 200, durationMs: durationOf(request) },
      },
    ]),
  )
}
