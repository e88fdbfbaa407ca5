import { lockCandidates } from '../db/candidates.js'
import type { Tx } from '../db/database.js'
import type { UserRow } from '../db/users.js'
import { bystanderEvents } from './bystander-events.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { columnsFromDocument, identityFromDocument } from './directory-document.js'
import { actorOf, type DirectoryRequest, writeOutbox } from './directory-request.js'
import { describedBy, subjectOf } from './directory-user.js'
import { documentChanges } from './document-changes.js'
import type { EventDraft } from './events.js'
import { endOldLink, entryRow, insertEntry, synthesisedDocument } from './link-user.js'
import { causeToAsk, isFree } from './match-user.js'
import type { LoadedPolicy } from './policy.js'
import { settleAccess } from './settle-access.js'

/**
 * Link the local users whom a write names by their candidate SCIM ids (DESIGN 4, Linkable local users): what a read
 * showed of them becomes their desired state. Ids of anybody else are left alone. Resolves to one event per link, and one
 * per person who received a seat that became free by it.
 */
export async function adoptCandidates(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  policy: LoadedPolicy,
  scimIds: readonly (string | undefined)[],
): Promise<EventDraft[]> {
  const ids = scimIds.filter((id) => id !== undefined)
  if (ids.length === 0) return []
  const events: EventDraft[] = []
  for (const user of await lockCandidates(tx, connection.accountId, ids)) {
    const free = await isFree(tx, connection.accountId, user)
    if (!free || (await causeToAsk(tx, connection, policy, user)) !== undefined) continue
    events.push(...(await adopt(deps, tx, request, connection, policy, user)))
    await tx.giveWay()
  }
  return events
}

async function adopt(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  policy: LoadedPolicy,
  user: UserRow,
): Promise<EventDraft[]> {
  const document = synthesisedDocument(user)
  if (document === undefined || user.candidate_scim_id === null) return []
  const now = deps.now().getTime()
  const columns = columnsFromDocument(document, connection.userSchema)
  const entry = { document, columns, identity: identityFromDocument(document), userName: String(document.userName) }
  await endOldLink(tx, user)
  const ids = { id: user.candidate_scim_id, userId: user.id }
  const row = entryRow(connection, entry, { ...ids, version: user.version, now })
  await insertEntry(tx, row, entry)
  const linked = describedBy({ ...user, candidate_scim_id: deps.newId(), suspended_by_end: 0 }, entry.identity, 1, now)
  const settlement = await settleAccess(tx, { accountId: connection.accountId, catalog: policy, policy, now }, [
    { user: linked, save: 'update', person: { document, groups: [] } },
  ])
  const settled = settlement.people[0]!
  const [first] = settled.warnings
  const event: EventDraft = {
    id: deps.newId(),
    parentId: request.id,
    source: 'scim',
    action: 'user.linked',
    outcome: first === undefined ? 'success' : 'warning',
    ...(first === undefined ? {} : { code: first.code, message: first.message }),
    actor: actorOf(request),
    subject: subjectOf(row, settled.user),
    userId: user.id,
    connectionId: connection.id,
    tokenId: request.token.id,
    changes: documentChanges({}, document),
    effects: settled.effects,
    warnings: settled.warnings,
  }
  await writeOutbox(deps, tx, connection.accountId, user.id, settled.user.version, event.id)
  return [event, ...bystanderEvents(deps, request, settlement.handedOver)]
}
