import type { Tx } from '../db/database.js'
import { continueJob, type JobRow } from '../db/jobs.js'
import {
  deleteRetiredKeys,
  insertSigningKey,
  lockSigningKeys,
  retireSigningKeys,
  type SigningKeyRow,
  signingKeys,
} from '../db/signing-keys.js'
import { type Administrator, adminEvent } from './administrator.js'
import { NO_ACCOUNT, SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { type EventDraft, writeEvents } from './events.js'
import { listSigningKeys, type NewKey, newKey, type SigningKey, shownKeys } from './signing-keys.js'

const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000

/** How keys follow one another. */
export const ROTATION = {
  /** How long a key signs. */
  signsMs: 90 * DAY_MS,
  /** How long it is published before it signs, so that every verifier knows it by then. */
  publishedBeforeMs: DAY_MS,
  /** How long it stays published when the next one signs: longer than a token lives and a verifier keeps keys. */
  publishedAfterMs: HOUR_MS,
} as const

/**
 * Publish the next key; it signs a day later, and the one before it stays published for an hour more. Where one waits
 * already nothing changes. `immediately`, for a key that is known to others: a new one signs at once, and whatever the
 * others signed is not valid any more.
 */
export async function rotateSigningKeys(
  deps: Deps,
  actor: Administrator,
  { immediately }: { readonly immediately: boolean },
): Promise<SigningKey[]> {
  await listSigningKeys(deps)
  const key = await newKey(deps)
  return deps.db.transaction(async (tx) => {
    const newest = (await lockSigningKeys(tx)).at(-1)!
    const now = deps.now().getTime()
    const waits = !immediately && newest.signs_from > now
    if (immediately) await append(tx, newest, key, { now, signsFrom: now, retiresOthers: now })
    else if (!waits) await publishNext(tx, newest, key, now)
    await writeEvents(deps, tx, NO_ACCOUNT, [adminEvent(deps, actor, waits ? NOTHING : rotated(key))])
    return shownKeys(await signingKeys(tx), now)
  })
}

const NOTHING = { action: 'signing_keys.rotated', outcome: 'no_change' } as const

function rotated({ id }: NewKey): Pick<EventDraft, 'action' | 'outcome' | 'subject'> {
  return { action: 'signing_keys.rotated', outcome: 'success', subject: { type: 'signing_key', id } }
}

function publishNext(tx: Tx, newest: SigningKeyRow, key: NewKey, now: number): Promise<void> {
  const signsFrom = now + ROTATION.publishedBeforeMs
  return append(tx, newest, key, { now, signsFrom, retiresOthers: signsFrom + ROTATION.publishedAfterMs })
}

async function append(
  tx: Tx,
  newest: SigningKeyRow,
  key: NewKey,
  { now, signsFrom, retiresOthers }: { now: number; signsFrom: number; retiresOthers: number },
): Promise<void> {
  const generation = newest.generation + 1
  await insertSigningKey(tx, { ...key, generation, created_at: now, signs_from: signsFrom, retires_at: null })
  await retireSigningKeys(tx, generation, retiresOthers)
}

export const KEYS_JOB = 'signing-keys'

/** Publish the next key a day before the current one has signed for its time; forget those that retired. */
export async function runKeyRotation(deps: Deps, job: JobRow): Promise<void> {
  const now = deps.now().getTime()
  const key = isDue((await signingKeys(deps.db)).at(-1), now) ? await newKey(deps) : undefined
  await deps.db.transaction(async (tx) => {
    const newest = (await lockSigningKeys(tx)).at(-1)
    if (key !== undefined && isDue(newest, now)) {
      await publishNext(tx, newest, key, now)
      const event = { ...rotated(key), id: deps.newId(), source: 'system', actor: SYSTEM } as const
      await writeEvents(deps, tx, NO_ACCOUNT, [event])
    }
    await deleteRetiredKeys(tx, now)
    await continueJob(tx, job, '{}', '{}', now + HOUR_MS)
  })
}

function isDue(newest: SigningKeyRow | undefined, now: number): newest is SigningKeyRow {
  return newest !== undefined && newest.signs_from + ROTATION.signsMs - ROTATION.publishedBeforeMs <= now
}
