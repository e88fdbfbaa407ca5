import type { Tx } from '../db/database.js'
import { continueJob, type JobRow } from '../db/jobs.js'
import { listsBy } from '../db/lists-by.js'
import { type ExpiringRow, expiringTokens, moveNotice } from '../db/tokens.js'
import { SYSTEM } from './background-work.js'
import type { Deps } from './deps.js'
import { type EventDraft, writeEvents } from './events.js'
import { labelOf, TOKEN_KINDS, type TokenKind } from './token-kind.js'

export const NOTICE_JOB = 'expiry-notices'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const CHUNK = 200
/** Days before an end at which it is announced; 0 is the end itself (PRODUCT 3.4). */
export const NOTICE_DAYS = [60, 30, 14, 7, 1, 0] as const

/** Of the days before an end the last that has come; undefined while it is far. */
export function daysReached(at: number, now: number): number | undefined {
  return NOTICE_DAYS.findLast((days) => at - now <= days * DAY_MS)
}

/** When an end is announced next; null where it has come. Whoever makes something for a week hears of its last day. */
export function nextNotice(expiresAt: number, now: number): number | null {
  return NOTICE_DAYS.map((days) => expiresAt - days * DAY_MS).find((at) => at > now) ?? null
}

/** Announce which tokens and secrets come to their end, each once for each of the days, and come back in an hour. */
export async function runExpiryNotices(deps: Deps, job: JobRow): Promise<void> {
  for (const kind of ['token', 'secret'] as const)
    while ((await deps.db.transaction((tx) => announce(deps, tx, kind))) === CHUNK);
  await deps.db.transaction((tx) => continueJob(tx, job, '{}', '{}', deps.now().getTime() + HOUR_MS))
}

/** One chunk, of all accounts. After a pause of the server only the last of the days that have passed is announced. */
async function announce(deps: Deps, tx: Tx, kind: TokenKind): Promise<number> {
  const { table } = TOKEN_KINDS[kind]
  const now = deps.now().getTime()
  const rows = await expiringTokens(tx, table, now, CHUNK)
  const told: ExpiringRow[] = []
  for (const row of rows) {
    if (!(await moveNotice(tx, table, row, nextNotice(row.expires_at, now)))) continue
    told.push(row)
  }
  for (const [accountId, own] of listsBy(told, (row) => row.account_id)) {
    const drafts = own.map((row) => noticeOf(deps, kind, row, now))
    await writeEvents(deps, tx, accountId, drafts)
  }
  return rows.length
}

function noticeOf(deps: Deps, kind: TokenKind, row: ExpiringRow, now: number): EventDraft {
  const days = daysReached(row.expires_at, now) ?? NOTICE_DAYS[0]
  const at = new Date(row.expires_at).toISOString()
  const ends = `${days === 0 ? 'expired' : 'expires'} on ${at.slice(0, 10)}`
  return {
    id: deps.newId(),
    source: 'system',
    action: `${kind}.expiring`,
    outcome: 'warning',
    code: days === 0 ? 'expired' : 'expiring',
    message: `The ${kind} ending in ${row.last4} ${ends}. Make a new one, paste it into the directory, revoke the old one.`,
    actor: SYSTEM,
    subject: { type: kind, id: row.id, displayName: labelOf(kind, row.last4, row.connection_name) },
    connectionId: row.connection_id,
    tokenId: row.id,
    effects: [{ kind: 'expiry', of: kind, at, days }],
  }
}
