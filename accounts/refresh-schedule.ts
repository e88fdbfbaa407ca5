import type { Queries, Tx } from '../db/database.js'
import { rescheduleJob } from '../db/jobs.js'
import { findSamlRefresh, type SamlRefreshRow, saveSamlRefresh } from '../db/saml-refresh.js'
import type { Deps } from './deps.js'

export const REFRESH_JOB = 'saml-refresh'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const EVERY_MS = 6 * HOUR_MS
const FIRST_RETRY_MS = 10 * MINUTE_MS
const LONGEST_MS = 24 * HOUR_MS
/** A tenth more or less, so that what was set up together does not stay together. */
const JITTER = 0.1

/** When to fetch metadata next after so many failures in a row: in six hours, or sooner at first and later in the end. */
export function nextRefresh(now: number, failures: number): number {
  const pause = failures === 0 ? EVERY_MS : Math.min(LONGEST_MS, FIRST_RETRY_MS * 4 ** (failures - 1))
  return now + Math.round(pause * (1 - JITTER + 2 * JITTER * Math.random()))
}

/** How fetching goes, also where nothing is stored of it yet. */
export async function refreshOf(
  q: Queries,
  account_id: string,
  connection_id: string,
): Promise<Omit<SamlRefreshRow, 'asked_at'>> {
  const nothing = { pending: null, pending_since: null, discarded: null, tried_at: null, succeeded_at: null }
  const fresh = { account_id, connection_id, ...nothing, failures: 0, failure: null }
  return (await findSamlRefresh(q, account_id, connection_id)) ?? fresh
}

/**
 * An administrator has just said what the metadata is: nothing waits any more, and an address, if it has one, is looked at
 * from now on. A connection has one such job, under its own id, which ends by itself where there is no address.
 */
export async function followMetadata(
  deps: Deps,
  tx: Tx,
  accountId: string,
  connectionId: string,
  hasAddress: boolean,
): Promise<void> {
  const now = deps.now().getTime()
  const [tried_at, runAt] = hasAddress ? [now, nextRefresh(now, 0)] : [null, 0]
  const refresh = await refreshOf(tx, accountId, connectionId)
  const nothing = { pending: null, pending_since: null, discarded: null, failures: 0, failure: null }
  await saveSamlRefresh(tx, { ...refresh, ...nothing, tried_at, succeeded_at: tried_at })
  if (!hasAddress) return
  const job = { id: connectionId, kind: REFRESH_JOB, subject: connectionId, version: 1, payload: '{}', runAt }
  await rescheduleJob(tx, accountId, job)
}
