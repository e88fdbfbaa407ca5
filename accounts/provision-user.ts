import type { Tx } from '../db/database.js'
import { removeDeleted } from '../db/deleted-directory-users.js'
import type { UserRow } from '../db/users.js'
import type { Document, ResourceSchema } from '../filter/attribute.js'
import { adoptCandidates } from './adopt-candidates.js'
import { bystanderEvents } from './bystander-events.js'
import type { Deps } from './deps.js'
import { columnsFromDocument, identityFromDocument } from './directory-document.js'
import {
  type DirectoryRequest,
  directoryEvent,
  distinct,
  enterConnection,
  type Recorded,
  writeOutbox,
} from './directory-request.js'
import {
  type DirectoryUser,
  describedBy,
  directoryUserFromRow,
  managerNameOf,
  nameWarnings,
  newUser,
  subjectOf,
} from './directory-user.js'
import { documentChanges } from './document-changes.js'
import { writeEvents } from './events.js'
import {
  type Entry,
  endOldLink,
  entryRow,
  forgetTerms,
  insertEntry,
  managerIdOf,
  synthesisedDocument,
} from './link-user.js'
import { type Match, matchUser } from './match-user.js'
import { policyOf } from './policy.js'
import { refuseUnknownEntitlements, refuseWithoutSeat } from './refuse-write.js'
import { passedOverWarnings, type ReadDocument } from './sent-document.js'
import { settleAccess } from './settle-access.js'

/**
 * A directory creates a person: she is new, or a local user who may be linked, or one who was deleted within 30 days
 * (PRODUCT 2.10). `read` makes the document, before the transaction unless the account's attributes change meanwhile;
 * `respond` the answer, which is logged with the change. Throws AccountError: connection_disabled, user_exists_directory,
 * user_exists_local, externalid_taken, unknown_entitlement, no_seat_reject.
 */
export function provisionUser<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  read: ReadDocument,
  respond: (user: DirectoryUser) => R,
): Promise<R> {
  const expected = request.connection.userSchema
  const early = sentEntry(read, expected)
  return deps.db.transaction(async (tx) => {
    const connection = await enterConnection(tx, request)
    const { userSchema } = connection
    const { entry, passedOver } = userSchema === expected ? early : sentEntry(read, userSchema)
    const { document } = entry
    const policy = await policyOf(tx, connection)
    refuseUnknownEntitlements(connection, policy, document)
    const now = deps.now().getTime()
    const match = await matchUser(tx, connection, policy, entry, now)
    const adopted = await adoptCandidates(deps, tx, request, connection, policy, [managerIdOf(document)])

    const { user, scimId } = await personFor(deps, tx, match, connection.accountId, now)
    const described = describedBy(user, entry.identity, entry.columns.desired_active, now)
    const row = entryRow(connection, entry, { id: scimId, userId: user.id, version: user.version + 1, now })
    await insertEntry(tx, row, entry)
    const settlement = await settleAccess(tx, { accountId: connection.accountId, catalog: policy, policy, now }, [
      { user: described, save: match.kind === 'nobody' ? 'insert' : 'update', person: { document, groups: [] } },
    ])
    const settled = settlement.people[0]!
    refuseWithoutSeat(connection, policy, settled)

    const reply = respond(directoryUserFromRow(row, [], await managerNameOf(tx, row), connection))
    const parent = directoryEvent(request, reply, {
      action: ACTIONS[match.kind],
      subject: subjectOf(row, settled.user),
      userId: user.id,
      changes: documentChanges({}, document),
      effects: settled.effects,
      warnings: distinct([
        ...settled.warnings,
        ...nameWarnings(undefined, settled.user),
        ...passedOverWarnings(passedOver),
      ]),
    })
    const others = bystanderEvents(deps, request, settlement.handedOver)
    await writeEvents(deps, tx, connection.accountId, [parent, ...adopted, ...others])
    await writeOutbox(deps, tx, connection.accountId, user.id, settled.user.version, request.id)
    return reply
  })
}

const ACTIONS = { nobody: 'user.created', local: 'user.linked', deleted: 'user.restored' } as const

function sentEntry(read: ReadDocument, userSchema: ResourceSchema) {
  const { document, passedOver } = read(userSchema)
  return { entry: entryFromDocument(document, userSchema), passedOver }
}

export function entryFromDocument(document: Document, userSchema: ResourceSchema): Entry {
  const identity = identityFromDocument(document)
  return { document, columns: columnsFromDocument(document, userSchema), identity, userName: String(document.userName) }
}

/** The account user behind the link, and the SCIM id of it: a candidate's id is consumed, every other one is new. */
async function personFor(
  deps: Deps,
  tx: Tx,
  match: Match,
  accountId: string,
  now: number,
): Promise<{ user: UserRow; scimId: string }> {
  if (match.kind === 'nobody')
    return { user: newUser(accountId, deps.newId(), deps.newId(), now), scimId: deps.newId() }
  if (match.kind === 'deleted') {
    const before = await removeDeleted(tx, accountId, match.connectionId, match.scimId)
    if (before) await forgetTerms(tx, match.user, JSON.parse(before.document) as Document, before.external_id)
    return { user: { ...match.user, deleted_at: null }, scimId: deps.newId() }
  }
  const shown = synthesisedDocument(match.user)
  if (match.linkedTo !== null) await endOldLink(tx, match.user)
  else if (shown !== undefined) await forgetTerms(tx, match.user, shown, null)
  const scimId = match.user.candidate_scim_id ?? deps.newId()
  return { user: { ...match.user, candidate_scim_id: deps.newId(), suspended_by_end: 0 }, scimId }
}
