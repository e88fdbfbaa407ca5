import { lockAccount } from '../db/accounts.js'
import {
  type ConnectionRow,
  connectionsOf,
  findConnection,
  insertConnection,
  lockConnection,
  updateConnection,
} from '../db/connections.js'
import type { Queries, Tx } from '../db/database.js'
import { type Administrator, adminEvent, changesBetween } from './administrator.js'
import { checkEffects } from './check-effects.js'
import {
  type Connection,
  type ConnectionMode,
  type ConnectionSettings,
  connectionFromRow,
  DEFAULT_SETTINGS,
  type IdpKind,
} from './connection.js'
import { applyMode, checkMode } from './connection-mode.js'
import { currentExtension } from './custom-attributes.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Effects } from './evaluate-types.js'
import { type Effect, writeEvents } from './events.js'
import { queueReevaluation } from './reevaluate.js'
import { countsAsSuperAdmin } from './roles.js'

/** Everything an administrator may set; a property that is undefined keeps what is, or takes the default. */
export interface ConnectionInput {
  readonly name?: string | undefined
  readonly idpKind?: IdpKind | undefined
  readonly mode?: ConnectionMode | undefined
  readonly onDisable?: 'keep' | 'suspend' | undefined
  readonly acceptDirectRoles?: boolean | undefined
  readonly acceptDirectEntitlements?: boolean | undefined
  readonly onNoSeat?: ConnectionSettings['onNoSeat'] | undefined
  readonly linkPolicy?: ConnectionSettings['linkPolicy'] | undefined
  readonly defaults?: Effects | undefined
  readonly accessTokenSeconds?: number | undefined
  /** Refuse if the connection is no longer at this version. */
  readonly version?: number | undefined
}

/** Refuses: connection_not_found. */
export async function getConnection(q: Queries, accountId: string, id: string): Promise<Connection> {
  const row = await findConnection(q, accountId, id)
  if (row === undefined) throw connectionNotFound()
  return connectionFromRow(row)
}

/** Lock a connection against requests of its IdP and other administrators. Refuses: connection_not_found. */
export async function lockedConnection(tx: Tx, accountId: string, id: string): Promise<ConnectionRow> {
  const row = await lockConnection(tx, accountId, id)
  if (row === undefined) throw connectionNotFound()
  return row
}

function connectionNotFound(): AccountError {
  return new AccountError('connection_not_found', 'This account has no such connection.')
}

export async function listConnections(q: Queries, accountId: string): Promise<Connection[]> {
  return (await connectionsOf(q, accountId)).map(connectionFromRow)
}

/**
 * Make a connection, as a draft unless the operator says otherwise. Refuses: mode_not_available, on_disable_required,
 * local_admin_required, forbidden, and what `checkEffects` refuses in the defaults.
 */
export async function createConnection(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  input: ConnectionInput & { name: string; idpKind: IdpKind },
): Promise<Connection> {
  return deps.db.transaction(async (tx) => {
    const mode = input.mode ?? 'draft'
    await checkMode(tx, actor, accountId, 'draft', mode, input.onDisable)
    const settings = settingsFrom(DEFAULT_SETTINGS, input)
    await checkSettings(tx, actor, accountId, DEFAULT_SETTINGS, settings)
    // No attribute of the account may come or go between the copy and its row.
    await lockAccount(tx, accountId)
    const now = deps.now().getTime()
    const row: ConnectionRow = {
      account_id: accountId,
      id: deps.newId(),
      name: input.name,
      idp_kind: input.idpKind,
      mode,
      on_disable: mode === 'disabled' ? (input.onDisable ?? null) : null,
      disabled_at: mode === 'disabled' ? now : null,
      settings: JSON.stringify(settings),
      extension: await currentExtension(tx, accountId),
      rules_version: 1,
      version: 1,
      created_at: now,
      updated_at: now,
    }
    await insertConnection(tx, row)
    const changes = changesBetween<object>(undefined, { mode, ...settings })
    await writeEvents(deps, tx, accountId, [
      adminEvent(deps, actor, {
        action: 'connection.created',
        subject: subjectOf(row),
        connectionId: row.id,
        changes,
      }),
    ])
    return connectionFromRow(row)
  })
}

/**
 * Change settings or mode. What decides roles and products is applied to everyone by a job; a change of mode takes
 * effect with the answer. Refuses as `createConnection`, and: connection_not_found, version_mismatch.
 */
export async function reviseConnection(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  id: string,
  patch: ConnectionInput,
): Promise<Connection> {
  return deps.db.transaction(async (tx) => {
    const row = await lockedConnection(tx, accountId, id)
    if (patch.version !== undefined && patch.version !== row.version)
      throw new AccountError('version_mismatch', 'The connection changed in between. Read it again.')
    const before = connectionFromRow(row)
    const mode = patch.mode ?? before.mode
    await checkMode(tx, actor, accountId, before.mode, mode, patch.onDisable ?? before.onDisable ?? undefined)
    const settings = settingsFrom(before.settings, patch)
    await checkSettings(tx, actor, accountId, before.settings, settings)
    const { changes, after } = revisedRow(row, before, { ...patch, mode }, settings, deps.now().getTime())
    if (changes.length === 0) return before
    await updateConnection(tx, after)
    const connection = connectionFromRow(after)
    const cause = { parentId: actor.request.id, source: 'admin', actor: actor.actor } as const
    const effects = await applyMode(deps, tx, before, connection, cause)
    if (after.rules_version > row.rules_version) effects.push(await reevaluation(deps, tx, connection, actor))
    const event = {
      action: 'connection.updated',
      subject: subjectOf(after),
      connectionId: id,
      changes,
      effects,
    } as const
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, event)])
    return connection
  })
}

async function reevaluation(deps: Deps, tx: Tx, connection: Connection, actor: Administrator): Promise<Effect> {
  return {
    kind: 'job',
    jobId: await queueReevaluation(deps, tx, connection, { parentId: actor.request.id }),
    people: null,
  }
}

function revisedRow(
  row: ConnectionRow,
  before: Connection,
  patch: ConnectionInput & { mode: ConnectionMode },
  settings: ConnectionSettings,
  now: number,
) {
  const { name = before.name, idpKind = before.idpKind, mode } = patch
  const disabled = mode === 'disabled'
  const onDisable = disabled ? (patch.onDisable ?? before.onDisable) : null
  const words = { name, idpKind, mode, onDisable }
  const changes = [
    ...changesBetween(
      { name: before.name, idpKind: before.idpKind, mode: before.mode, onDisable: before.onDisable },
      words,
    ),
    ...changesBetween(before.settings, settings),
  ]
  // Whoever returns from being disabled has missed every change of the rules in between.
  const anew = decides(before.settings, settings) || (before.mode === 'disabled' && !disabled)
  const after: ConnectionRow = {
    ...row,
    name,
    idp_kind: idpKind,
    mode,
    on_disable: onDisable,
    disabled_at: disabled ? (row.disabled_at ?? now) : null,
    settings: JSON.stringify(settings),
    rules_version: row.rules_version + (anew ? 1 : 0),
    version: row.version + 1,
    updated_at: now,
  }
  return { changes, after }
}

function settingsFrom(before: ConnectionSettings, input: ConnectionInput): ConnectionSettings {
  return {
    acceptDirectRoles: input.acceptDirectRoles ?? before.acceptDirectRoles,
    acceptDirectEntitlements: input.acceptDirectEntitlements ?? before.acceptDirectEntitlements,
    onNoSeat: input.onNoSeat ?? before.onNoSeat,
    linkPolicy: input.linkPolicy ?? before.linkPolicy,
    defaults: input.defaults ?? before.defaults,
    accessTokenSeconds: input.accessTokenSeconds ?? before.accessTokenSeconds,
  }
}

/** Does the evaluation of people depend on what changed? */
function decides(before: ConnectionSettings, after: ConnectionSettings): boolean {
  const { acceptDirectRoles, acceptDirectEntitlements, defaults } = after
  return changesBetween(before, { acceptDirectRoles, acceptDirectEntitlements, defaults } as object).length > 0
}

async function checkSettings(
  tx: Tx,
  actor: Administrator,
  accountId: string,
  before: ConnectionSettings,
  after: ConnectionSettings,
): Promise<void> {
  if (after.acceptDirectRoles && !before.acceptDirectRoles && !countsAsSuperAdmin(actor.role))
    throw new AccountError('forbidden', 'Only a super admin may let a directory grant roles directly.')
  const changed = JSON.stringify(before.defaults) !== JSON.stringify(after.defaults)
  if (changed) await checkEffects(tx, actor, accountId, after.defaults)
}

function subjectOf({ id, name }: Pick<ConnectionRow, 'id' | 'name'>) {
  return { type: 'connection', id, displayName: name } as const
}
