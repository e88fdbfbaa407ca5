import { sweepClients } from '../db/access-tokens.js'
import { deleteOldAttempts } from '../db/attempt-counts.js'
import type { Database, Tx } from '../db/database.js'
import { firstOfFeed, lastOfFeed } from '../db/feed.js'
import { continueJob, type JobRow } from '../db/jobs.js'
import { deleteOldDevices } from '../db/known-devices.js'
import { deleteOldLinks } from '../db/one-time-links.js'
import {
  allAccounts,
  deleteOldCounters,
  deleteOldEvents,
  deleteOldFeed,
  deleteOldJobs,
  deleteOldMails,
  deleteOldPayloads,
  deleteOldReads,
  deleteOldSessions,
  deleteOldTests,
  deleteOldTraces,
  type Facet,
  facetsOfSource,
} from '../db/retention.js'
import { deleteOldSaml } from '../db/saml-messages.js'
import { abandonedTrials } from '../db/self-tests.js'
import { deleteOldSteps } from '../db/sign-in-steps.js'
import { deleteOldStrays } from '../db/stray-requests.js'
import { deleteDeliveries } from '../db/webhook-deliveries.js'
import { allWebhooks, removeWebhookRow } from '../db/webhooks.js'
import type { Deps } from './deps.js'
import { eraseDuePeople } from './erasure.js'
import { forgetExports } from './export-job.js'
import { idAt } from './id-at.js'
import { removeTrial } from './self-test.js'

export const RETENTION_JOB = 'retention'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const CHUNK = 500

/** How long what is kept (PRODUCT 2.9), in days. */
export const RETENTION_DAYS = {
  payloads: 30,
  signInTraces: 7,
  reads: 2,
  events: 180,
  adminEvents: 730,
  feed: 7,
  mails: 30,
  devices: 365,
  jobs: 30,
  sessions: 30,
  counts: 400,
  requestCounts: 8,
  strays: 1,
} as const

/** What a sign-in leaves is kept a little longer than it counts, so that who comes late reads that it has expired. */
const SIGN_IN_GRACE_MS = 600_000

/** Delete what is older than it may be, in small transactions, and come back in an hour. */
export async function runRetention(deps: Deps, job: JobRow): Promise<void> {
  const now = deps.now().getTime()
  const before = (days: number): number => now - days * DAY_MS
  await forgetEvents(deps.db, await facetsOfSource(deps.db, 'admin', true), before(RETENTION_DAYS.events))
  await forgetEvents(deps.db, await facetsOfSource(deps.db, 'admin', false), before(RETENTION_DAYS.adminEvents))
  await untilFew(deps.db, (tx) => deleteOldSessions(tx, before(RETENTION_DAYS.sessions), CHUNK))
  await untilFew(deps.db, (tx) => deleteOldSaml(tx, now - SIGN_IN_GRACE_MS, CHUNK))
  await untilFew(deps.db, (tx) => deleteOldSteps(tx, now, CHUNK))
  // A link is known a day longer, so that who comes with it is told that it expired.
  await untilFew(deps.db, (tx) => deleteOldLinks(tx, before(1), CHUNK))
  await untilFew(deps.db, (tx) => deleteOldDevices(tx, before(RETENTION_DAYS.devices), CHUNK))
  const finished = before(RETENTION_DAYS.jobs)
  for (const accountId of await allAccounts(deps.db)) {
    const inChunks = (chunk: (tx: Tx) => Promise<number>): Promise<void> => untilFew(deps.db, chunk)
    await inChunks((tx) => deleteOldPayloads(tx, accountId, idAt(before(RETENTION_DAYS.payloads)), CHUNK))
    const traces = idAt(before(RETENTION_DAYS.signInTraces))
    await inChunks((tx) => deleteOldTraces(tx, accountId, traces, CHUNK))
    await inChunks((tx) => deleteOldTests(tx, accountId, traces, CHUNK))
    await inChunks((tx) => deleteOldReads(tx, accountId, idAt(before(RETENTION_DAYS.reads)), CHUNK))
    await inChunks((tx) => deleteOldFeed(tx, accountId, before(RETENTION_DAYS.feed), CHUNK))
    await inChunks((tx) => deleteOldMails(tx, accountId, idAt(before(RETENTION_DAYS.mails)), CHUNK))
    await forgetDeliveries(deps.db, accountId)
    await forgetExports(deps, accountId)
    await inChunks((tx) => deleteOldJobs(tx, accountId, finished, idAt(finished), CHUNK))
    const counters = {
      minute: before(RETENTION_DAYS.events),
      hour: before(RETENTION_DAYS.counts),
      slot: before(RETENTION_DAYS.requestCounts),
    }
    await deps.db.transaction((tx) => deleteOldCounters(tx, accountId, counters))
  }
  // An access token is known a day longer, so that who comes with it is told that it expired.
  await deps.db.transaction((tx) => sweepClients(tx, before(1)))
  await deps.db.transaction((tx) => deleteOldAttempts(tx, now - HOUR_MS))
  await deps.db.transaction((tx) => deleteOldStrays(tx, before(RETENTION_DAYS.strays)))
  for (const trial of await abandonedTrials(deps.db, now - HOUR_MS))
    await deps.db.transaction((tx) => removeTrial(tx, trial))
  await eraseDuePeople(deps)
  await deps.db.transaction((tx) => continueJob(tx, job, '{}', '{}', deps.now().getTime() + HOUR_MS))
}

/** A delivery is kept as long as its place in the feed, and none of a webhook that was removed. */
async function forgetDeliveries(db: Database, accountId: string): Promise<void> {
  const last = await lastOfFeed(db, accountId)
  const first = (await firstOfFeed(db, accountId)) ?? last + 1
  for (const { id, deleted_at } of await allWebhooks(db, accountId)) {
    const before = deleted_at === null ? first : Number.MAX_SAFE_INTEGER
    await untilFew(db, (tx) => deleteDeliveries(tx, { account_id: accountId, id }, before, CHUNK))
    if (deleted_at !== null) await db.transaction((tx) => removeWebhookRow(tx, accountId, id))
  }
}

async function forgetEvents(db: Database, facets: readonly Facet[], before: number): Promise<void> {
  for (const facet of facets) await untilFew(db, (tx) => deleteOldEvents(tx, facet, idAt(before), CHUNK))
}

/** One transaction per chunk, so that nobody waits for a big one. */
async function untilFew(db: Database, chunk: (tx: Tx) => Promise<number>): Promise<void> {
  while ((await db.transaction(chunk)) === CHUNK);
}
