import type { Tx } from '../db/database.js'
import { replaceEmails } from '../db/directory-emails.js'
import { lockDirectoryUser, type StoredDirectoryUser, updateDirectoryUser } from '../db/directory-users.js'
import { deleteTerms, insertTerms, lockUser, type UserRow } from '../db/users.js'
import type { Document, ResourceSchema } from '../filter/attribute.js'
import type { Warning } from './access-report.js'
import { adoptCandidates } from './adopt-candidates.js'
import { bystanderEvents } from './bystander-events.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import { emailKeys, identityFromDocument, searchTerms } from './directory-document.js'
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
  type GroupRef,
  groupRefsOf,
  managerNameOf,
  nameWarnings,
  subjectOf,
} from './directory-user.js'
import { documentChanges } from './document-changes.js'
import { AccountError } from './errors.js'
import { type EventDraft, writeEvents } from './events.js'
import { type Entry, managerIdOf } from './link-user.js'
import { refuseCollision } from './match-user.js'
import { type LoadedPolicy, policyOf } from './policy.js'
import { entryFromDocument } from './provision-user.js'
import { refuseUnknownEntitlements, refuseWithoutSeat } from './refuse-write.js'
import { passedOverWarnings, type SentDocument } from './sent-document.js'
import { settleAccess } from './settle-access.js'

/** What a protocol does to a directory user. */
export interface Revision<R extends Recorded> {
  /** Refuse the version that the client holds: throws version_mismatch. */
  readonly precondition?: (current: DirectoryUser) => void
  /** The document as it is to be, canonical. Pure; equal means nothing changes. */
  readonly change: (current: Document, userSchema: ResourceSchema) => SentDocument
  readonly respond: (user: DirectoryUser) => R
}

/** The person under lock, as she stands. */
interface Held {
  readonly row: StoredDirectoryUser
  readonly user: UserRow
  readonly groups: readonly GroupRef[]
  readonly current: DirectoryUser
}

/**
 * Change a directory user and everything that follows. A change that changes nothing moves no version and writes one
 * `no_change` event. Throws AccountError: connection_disabled, user_not_found, version_mismatch, user_exists_directory,
 * user_exists_local, externalid_taken, unknown_entitlement, no_seat_reject, and whatever `change` throws.
 */
export function reviseUser<R extends Recorded>(
  deps: Deps,
  request: DirectoryRequest,
  id: string,
  revision: Revision<R>,
): Promise<R> {
  return deps.db.transaction(async (tx) => {
    const connection = await enterConnection(tx, request)
    const policy = await policyOf(tx, connection)
    const linked: EventDraft[] = []
    const held = await hold(deps, tx, request, connection, policy, id, linked)
    revision.precondition?.(held.current)
    const { document, passedOver } = revision.change(held.current.document, connection.userSchema)
    const noted = passedOverWarnings(passedOver)
    const entry = entryFromDocument(document, connection.userSchema)
    if (isSame(held, entry)) return keepAsIs(deps, tx, request, { held, linked, noted }, revision)
    refuseUnknownEntitlements(connection, policy, document, held.current.document)
    return store(deps, tx, request, { connection, policy, held, entry, linked, noted }, revision)
  })
}

async function hold(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  connection: Connection,
  policy: LoadedPolicy,
  id: string,
  linked: EventDraft[],
): Promise<Held> {
  const { accountId, id: connectionId } = connection
  let row = await lockDirectoryUser(tx, accountId, connectionId, id)
  if (row === undefined) {
    linked.push(...(await adoptCandidates(deps, tx, request, connection, policy, [id])))
    if (linked.length > 0) row = await lockDirectoryUser(tx, accountId, connectionId, id)
  }
  const user = row === undefined ? undefined : await lockUser(tx, accountId, row.user_id)
  if (row === undefined || user === undefined) {
    throw new AccountError('user_not_found', `The user ${id} is not known here. It may have been deleted.`)
  }
  const groups = await groupRefsOf(tx, row)
  return { row, user, groups, current: directoryUserFromRow(row, groups, await managerNameOf(tx, row), connection) }
}

function isSame({ row }: Held, { columns }: Entry): boolean {
  return row.document === columns.document && row.manager_id === columns.manager_id
}

/** A repeat: the answer is what stands, and the log says that nothing changed. */
async function keepAsIs<R extends Recorded>(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  { held: { row, user, current }, linked, noted: warnings }: Pick<Change, 'held' | 'linked' | 'noted'>,
  { respond }: Revision<R>,
): Promise<R> {
  const reply = respond(current)
  const draft = { action: 'user.updated', subject: subjectOf(row, user), userId: user.id, warnings } as const
  await writeEvents(deps, tx, row.account_id, [directoryEvent(request, reply, draft, 'no_change'), ...linked])
  return reply
}

interface Change {
  readonly connection: Connection
  readonly policy: LoadedPolicy
  readonly held: Held
  readonly entry: Entry
  readonly linked: readonly EventDraft[]
  /** What is to be said of the request itself. */
  readonly noted: readonly Warning[]
}

async function store<R extends Recorded>(
  deps: Deps,
  tx: Tx,
  request: DirectoryRequest,
  { connection, policy, held, entry, linked, noted }: Change,
  { respond }: Revision<R>,
): Promise<R> {
  const now = deps.now().getTime()
  const { row: before, user: userBefore, groups } = held
  if (hasNewKeys(held, entry)) {
    await refuseCollision(tx, connection, entry, { id: before.id, userId: userBefore.id }, now)
  }
  const newManager = entry.columns.manager_id === before.manager_id ? undefined : managerIdOf(entry.document)
  const adopted = await adoptCandidates(deps, tx, request, connection, policy, [newManager])

  const row = {
    ...before,
    ...entry.columns,
    rules_version: connection.rulesVersion,
    version: before.version + 1,
    last_modified: now,
  }
  await updateDirectoryUser(tx, row, before)
  await replaceEmails(
    tx,
    row.account_id,
    row.connection_id,
    row.id,
    emailKeys(held.current.document),
    emailKeys(entry.document),
  )
  const described = describedBy(userBefore, entry.identity, entry.columns.desired_active, now)
  await replaceTerms(tx, held, entry, userBefore)
  const grounds = { accountId: row.account_id, catalog: policy, policy, now }
  const settlement = await settleAccess(tx, grounds, [
    { user: described, before: userBefore, save: 'update', person: { document: entry.document, groups } },
  ])
  const settled = settlement.people[0]!
  if (isReactivation(before, row)) refuseWithoutSeat(connection, policy, settled)

  const reply = respond(directoryUserFromRow(row, groups, await managerNameOf(tx, row), connection))
  const parent = directoryEvent(request, reply, {
    action: actionFor(before, row),
    subject: subjectOf(row, settled.user),
    userId: userBefore.id,
    changes: documentChanges(held.current.document, entry.document),
    effects: settled.effects,
    warnings: distinct([...settled.warnings, ...nameWarnings(userBefore, settled.user), ...noted]),
  })
  const others = bystanderEvents(deps, request, settlement.handedOver)
  await writeEvents(deps, tx, row.account_id, [parent, ...linked, ...adopted, ...others])
  await writeOutbox(deps, tx, row.account_id, userBefore.id, settled.user.version, request.id)
  return reply
}

function hasNewKeys({ row, user }: Held, { columns, identity }: Entry): boolean {
  return (
    row.user_name_key !== columns.user_name_key ||
    row.external_id !== columns.external_id ||
    user.email !== identity.email
  )
}

async function replaceTerms(tx: Tx, { current, row }: Held, entry: Entry, user: UserRow): Promise<void> {
  const identity = identityFromDocument(current.document)
  const before = searchTerms(identity, String(current.document.userName), row.external_id)
  const after = searchTerms(entry.identity, entry.userName, entry.columns.external_id)
  const gone = before.filter((term) => !after.includes(term))
  const come = after.filter((term) => !before.includes(term))
  await deleteTerms(tx, user.account_id, user.id, gone)
  await insertTerms(tx, user.account_id, user.id, come)
}

function isReactivation(before: StoredDirectoryUser, after: StoredDirectoryUser): boolean {
  return before.desired_active === 0 && after.desired_active === 1
}

function actionFor(before: StoredDirectoryUser, after: StoredDirectoryUser) {
  if (before.desired_active === after.desired_active) return 'user.updated'
  return after.desired_active === 1 ? 'user.reactivated' : 'user.deactivated'
}
