import type { Queries } from '../db/database.js'
import { findJob } from '../db/jobs.js'
import { saveSamlRefresh } from '../db/saml-refresh.js'
import { findSamlSettings, saveSamlSettings } from '../db/saml-settings.js'
import { type Administrator, adminEvent } from './administrator.js'
import { lockedConnection } from './connections.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import { writeEvents } from './events.js'
import { fingerprintOf, idpDifference, loggedChanges } from './idp-difference.js'
import { refreshOf } from './refresh-schedule.js'
import type { IdentityProvider, SamlSettings } from './saml-settings.js'

/** How fetching the metadata of a connection goes, and what it found that waits for approval. */
export interface MetadataState {
  readonly triedAt: Date | null
  readonly succeededAt: Date | null
  /** When it is fetched next; null where it has no address. */
  readonly nextAt: Date | null
  readonly failures: number
  readonly failure: string | null
  readonly pending: { readonly since: Date; readonly idp: IdentityProvider } | null
}

const dateOf = (instant: number | null): Date | null => (instant === null ? null : new Date(instant))

export async function readMetadataState(q: Queries, accountId: string, connectionId: string): Promise<MetadataState> {
  const row = await refreshOf(q, accountId, connectionId)
  const job = await findJob(q, accountId, connectionId)
  const { pending, pending_since, failures, failure } = row
  return {
    triedAt: dateOf(row.tried_at),
    succeededAt: dateOf(row.succeeded_at),
    nextAt: job?.state === 'open' ? new Date(job.run_at) : null,
    failures,
    failure,
    pending:
      pending === null ? null : { since: new Date(pending_since ?? 0), idp: JSON.parse(pending) as IdentityProvider },
  }
}

/**
 * Accept what waits, or discard it: then the same is not proposed again until somebody sets the metadata anew.
 * Refuses: connection_not_found, saml_nothing_pending, version_mismatch.
 */
export function decidePending(
  deps: Deps,
  actor: Administrator,
  accountId: string,
  connectionId: string,
  { decision, version }: { readonly decision: 'accept' | 'discard'; readonly version?: number | undefined },
): Promise<void> {
  return deps.db.transaction(async (tx) => {
    const connection = await lockedConnection(tx, accountId, connectionId)
    const row = await findSamlSettings(tx, accountId, connectionId)
    const refresh = await refreshOf(tx, accountId, connectionId)
    if (row === undefined || refresh.pending === null)
      throw new AccountError('saml_nothing_pending', 'No change of the identity provider waits for a decision.')
    if (version !== undefined && version !== row.version)
      throw new AccountError('version_mismatch', 'The metadata changed in between. Read it again.')
    const settings = JSON.parse(row.settings) as SamlSettings
    const proposed = JSON.parse(refresh.pending) as IdentityProvider
    const accepted = decision === 'accept'
    const after = accepted ? { ...settings, idp: proposed } : settings
    const discarded = accepted ? null : fingerprintOf(proposed)
    await saveSamlRefresh(tx, { ...refresh, pending: null, pending_since: null, discarded })
    const now = deps.now().getTime()
    await saveSamlSettings(tx, { ...row, settings: JSON.stringify(after), version: row.version + 1, updated_at: now })
    const subject = { type: 'connection', id: connectionId, displayName: connection.name } as const
    const action = accepted ? 'saml.change_accepted' : 'saml.change_discarded'
    const changes = loggedChanges(idpDifference(settings.idp, proposed))
    await writeEvents(deps, tx, accountId, [adminEvent(deps, actor, { action, subject, connectionId, changes })])
  })
}
