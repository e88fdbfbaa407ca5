import { type ConnectionRow, findConnection, lockConnection } from '../db/connections.js'
import type { Tx } from '../db/database.js'
import { continueJob, finishJob, type JobRow } from '../db/jobs.js'
import { askForRefresh, findSamlRefresh, type SamlRefreshRow, saveSamlRefresh } from '../db/saml-refresh.js'
import { findSamlSettings, type SamlSettingsRow, saveSamlSettings } from '../db/saml-settings.js'
import { SYSTEM } from './background-work.js'
import type { Connection } from './connection.js'
import type { Deps } from './deps.js'
import type { EventAction } from './event-actions.js'
import { type EventDraft, writeEvents } from './events.js'
import { acceptedAtOnce, fingerprintOf, idpDifference, loggedChanges } from './idp-difference.js'
import { MetadataError } from './metadata-error.js'
import { nextRefresh, refreshOf } from './refresh-schedule.js'
import { type IdentityProvider, readSaml, type Saml, type SamlSettings } from './saml-settings.js'

type Place = Pick<Connection, 'accountId' | 'id'>

/** What came of one look at the address of the metadata. */
type Reading = { readonly idp: IdentityProvider } | { readonly error: MetadataError }

/** After this many failed tries in a row the log says so (PRODUCT 3.4). */
const FAILURES_TO_TELL = 3
/** How often a signature that does not match may make us fetch, for each connection. */
const ASK_AGAIN_MS = 10 * 60_000

/** The recurring job of a connection whose metadata has an address. It ends where there is none any more. */
export async function runRefresh(deps: Deps, job: JobRow): Promise<void> {
  const place = { accountId: job.account_id, id: job.subject }
  const connection = await findConnection(deps.db, place.accountId, place.id)
  const row = await findSamlSettings(deps.db, place.accountId, place.id)
  const settings = row === undefined ? undefined : settingsFrom(row)
  if (connection === undefined || row === undefined || settings?.metadataUrl === undefined) {
    const now = deps.now().getTime()
    return deps.db.transaction((tx) => finishJob(tx, job, 'done', null, null, now))
  }
  const reading = connection.mode === 'disabled' ? undefined : await read(deps, settings)
  await deps.db.transaction(async (tx) => {
    const failures = reading === undefined ? 0 : await apply(deps, tx, place, row.version, reading)
    await continueJob(tx, job, job.payload, '{}', nextRefresh(deps.now().getTime(), failures))
  })
}

function settingsFrom(row: SamlSettingsRow): SamlSettings {
  return JSON.parse(row.settings) as SamlSettings
}

/**
 * A signature did not match: perhaps the identity provider has changed its certificate. Its metadata is fetched, at most
 * once in ten minutes for each connection in all processes. Resolves to what holds now where that has certificates that
 * `known` lacks, else to undefined.
 */
export async function refreshAfterBadSignature(deps: Deps, place: Place, known: Saml): Promise<Saml | undefined> {
  if (known.settings.metadataUrl === undefined) return undefined
  await (underWay.get(place.id) ?? begin(deps, place, known))
  const saml = await readSaml(deps, deps.db, place.accountId, place.id)
  if (saml === undefined) return undefined
  const { added } = idpDifference(known.settings.idp, saml.settings.idp).certificates
  return added.length === 0 ? undefined : saml
}

/** Looks at metadata that this process has begun, by connection: who comes meanwhile waits for the same one. */
const underWay = new Map<string, Promise<void>>()

function begin(deps: Deps, place: Place, known: Saml): Promise<void> {
  const looking = lookOnce(deps, place, known).finally(() => underWay.delete(place.id))
  underWay.set(place.id, looking)
  return looking
}

async function lookOnce(deps: Deps, place: Place, { settings, version }: Saml): Promise<void> {
  if (!(await mayAsk(deps, place))) return
  const reading = await read(deps, settings)
  // What fails here is the background's to tell: strangers can cause it.
  if ('idp' in reading) await deps.db.transaction((tx) => apply(deps, tx, place, version, reading))
}

/** Looked at before it is taken, so that whoever sends bad signatures makes us write nothing for it. */
async function mayAsk(deps: Deps, { accountId, id }: Place): Promise<boolean> {
  const now = deps.now().getTime()
  const before = now - ASK_AGAIN_MS
  const row = await findSamlRefresh(deps.db, accountId, id)
  if (row?.asked_at != null && row.asked_at > before) return false
  return deps.db.transaction((tx) => askForRefresh(tx, accountId, id, now, before))
}

/** Outside every transaction: a server that hangs holds nothing here. */
async function read({ readIdp }: Deps, { metadataUrl = '', idp }: SamlSettings): Promise<Reading> {
  try {
    return { idp: await readIdp(metadataUrl, idp.entityId) }
  } catch (error) {
    if (error instanceof MetadataError) return { error }
    throw error
  }
}

/** Everything that a reading is compared with, under the lock of the connection. */
interface State {
  readonly connection: ConnectionRow
  readonly row: SamlSettingsRow
  readonly settings: SamlSettings
  readonly refresh: Omit<SamlRefreshRow, 'asked_at'>
}

/** Take over what was read while the settings were at `version`. Resolves to how many tries have failed in a row. */
async function apply(deps: Deps, tx: Tx, { accountId, id }: Place, version: number, reading: Reading): Promise<number> {
  const connection = await lockConnection(tx, accountId, id)
  const row = await findSamlSettings(tx, accountId, id)
  // Somebody set it up anew meanwhile, or another process was faster: what was read may be older than that.
  if (connection === undefined || row === undefined || row.version !== version) return 0
  const state = { connection, row, settings: settingsFrom(row), refresh: await refreshOf(tx, accountId, id) }
  if ('error' in reading) return fail(deps, tx, state, reading.error)
  await succeed(deps, tx, state, reading.idp)
  return 0
}

async function fail(deps: Deps, tx: Tx, { connection, refresh }: State, error: MetadataError): Promise<number> {
  const failures = refresh.failures + 1
  const failure = error.message.slice(0, 500)
  await saveSamlRefresh(tx, { ...refresh, tried_at: deps.now().getTime(), failures, failure })
  if (failures === FAILURES_TO_TELL) {
    const message = `${failure} It was tried ${failures} times.`
    const event = systemEvent(deps, connection, 'saml.metadata_refresh_failed', { message })
    await writeEvents(deps, tx, connection.account_id, [{ ...event, outcome: 'failure', code: error.code }])
  }
  return failures
}

async function succeed(deps: Deps, tx: Tx, state: State, fetched: IdentityProvider): Promise<void> {
  const { connection, row, settings, refresh } = state
  const now = deps.now().getTime()
  const idp = acceptedAtOnce(settings.idp, fetched)
  const changes = loggedChanges(idpDifference(settings.idp, idp))
  const waiting = waitingOf(settings.idp, fetched, refresh, now)
  const events = [
    ...(changes.length > 0 || refresh.failures >= FAILURES_TO_TELL
      ? [systemEvent(deps, connection, 'saml.metadata_refreshed', { changes })]
      : []),
    ...pendingEvents(deps, connection, settings.idp, refresh, waiting.pending),
  ]
  const isNew = changes.length > 0 || waiting.pending !== refresh.pending
  if (JSON.stringify(idp) !== JSON.stringify(settings.idp) || isNew)
    await saveSamlSettings(tx, {
      ...row,
      settings: JSON.stringify({ ...settings, idp }),
      version: row.version + (isNew ? 1 : 0),
      updated_at: now,
    })
  await saveSamlRefresh(tx, { ...refresh, ...waiting, tried_at: now, succeeded_at: now, failures: 0, failure: null })
  if (events.length > 0) await writeEvents(deps, tx, connection.account_id, events)
}

/** What has to wait for an administrator, unless she discarded the same before. */
function waitingOf(
  before: IdentityProvider,
  fetched: IdentityProvider,
  { pending, pending_since, discarded }: State['refresh'],
  now: number,
): Pick<SamlRefreshRow, 'pending' | 'pending_since'> {
  const waits = idpDifference(before, fetched).needsApproval && fingerprintOf(fetched) !== discarded
  if (!waits) return { pending: null, pending_since: null }
  return { pending: JSON.stringify(fetched), pending_since: isSame(pending, fetched) ? pending_since : now }
}

function isSame(pending: string | null, idp: IdentityProvider): boolean {
  return pending !== null && fingerprintOf(JSON.parse(pending) as IdentityProvider) === fingerprintOf(idp)
}

/** A change that waits is announced once; one that is gone from the metadata is taken back. */
function pendingEvents(
  deps: Deps,
  connection: ConnectionRow,
  before: IdentityProvider,
  { pending: old }: State['refresh'],
  pending: string | null,
): EventDraft[] {
  if (pending === null) {
    const message = 'The metadata does not ask for it any more.'
    return old === null ? [] : [systemEvent(deps, connection, 'saml.change_discarded', { message })]
  }
  const proposed = JSON.parse(pending) as IdentityProvider
  if (isSame(old, proposed)) return []
  const changes = loggedChanges(idpDifference(before, proposed))
  return [{ ...systemEvent(deps, connection, 'saml.change_pending', { changes }), outcome: 'held' }]
}

/** Background work found something out about a connection. */
export function systemEvent(
  deps: Deps,
  connection: Pick<ConnectionRow, 'id' | 'name'>,
  action: EventAction,
  more: Partial<EventDraft>,
): EventDraft {
  const subject = { type: 'connection', id: connection.id, displayName: connection.name } as const
  const cause = { id: deps.newId(), source: 'system', actor: SYSTEM, outcome: 'success' } as const
  return { ...cause, action, subject, connectionId: connection.id, ...more }
}
