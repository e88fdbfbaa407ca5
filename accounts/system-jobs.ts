import { ensureJob } from '../db/jobs.js'
import { NO_ACCOUNT } from './background-work.js'
import type { Deps } from './deps.js'
import { NOTICE_JOB } from './expiry-notices.js'
import { RETENTION_JOB } from './retention.js'
import { KEYS_JOB } from './rotate-signing-keys.js'
import { EXPIRY_WATCH_JOB } from './saml-expiry.js'

const KINDS = [RETENTION_JOB, EXPIRY_WATCH_JOB, KEYS_JOB, NOTICE_JOB]

/** Make sure that what recurs for all accounts is done, each kind as one job, by whichever process comes first. */
export function scheduleSystemJobs(deps: Deps): Promise<void> {
  const runAt = deps.now().getTime()
  return deps.db.transaction(async (tx) => {
    for (const kind of KINDS)
      await ensureJob(tx, NO_ACCOUNT, { id: kind, kind, subject: kind, version: 1, payload: '{}', runAt })
  })
}
