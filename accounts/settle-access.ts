import type { Tx } from '../db/database.js'
import { deleteGrants, type GrantKey, type GrantRow, grantsOf, upsertGrants } from '../db/grants.js'
import { licensesOf } from '../db/licenses.js'
import { endSessions, insertUser, revokeInvitations, type UserRow, updateDerived, updateUser } from '../db/users.js'
import { type Ended, report, type Settlement } from './access-report.js'
import { type Decision, decideAll, type Grounds, isOut, type Unsettled } from './decide-access.js'
import { storedSeats } from './seat-store.js'
import { settleSeats } from './seats.js'

/**
 * Make effective state follow: evaluate the rules, write the grants that changed, derive role and status, end sessions
 * of whom is out, and hand out seats last (PRODUCT 2.8 step 5). The number of statements does not depend on the number
 * of people. Every way in ends here (DESIGN 1, promise 2).
 */
export async function settleAccess(tx: Tx, grounds: Grounds, people: readonly Unsettled[]): Promise<Settlement> {
  const known = people.filter(({ save }) => save !== 'insert').map(({ user }) => user.id)
  const grants = known.length === 0 ? [] : await grantsOf(tx, grounds.accountId, known)
  const licenses = known.length === 0 ? [] : await licensesOf(tx, grounds.accountId, known)
  const decisions = decideAll(grounds, people, grants)
  await writeGrants(tx, grounds, decisions)
  await writeUsers(tx, grounds, decisions)
  const ended = await closeDoors(tx, grounds, decisions)
  const seats = await settleSeats(storedSeats(tx, grounds.accountId), decisions.map(claimOf), licenses, grounds.now)
  return report(grounds, decisions, ended, seats)
}

async function writeGrants(tx: Tx, { accountId, now }: Grounds, decisions: readonly Decision[]): Promise<void> {
  const removed: GrantKey[] = []
  const written: GrantRow[] = []
  for (const { changes, user } of decisions) {
    for (const { kind, value, source, sourceId } of changes.remove) {
      removed.push({ user_id: user.id, kind, value, source, source_id: sourceId })
    }
    for (const grant of [...changes.add, ...changes.update.map(({ after }) => after)]) {
      const { kind, value, source, sourceId, features } = grant
      const text = Object.keys(features).length === 0 ? null : JSON.stringify(features)
      const base = { effect: 'allow', features: text, reason: null, actor: null, expires_at: null } as const
      written.push({ user_id: user.id, kind, value, source, source_id: sourceId, ...base, created_at: now })
    }
  }
  await deleteGrants(tx, accountId, removed)
  await upsertGrants(tx, accountId, written)
}

async function writeUsers(tx: Tx, { accountId }: Grounds, decisions: readonly Decision[]): Promise<void> {
  const derived: UserRow[] = []
  for (const { unsettled, user } of decisions) {
    if (unsettled.save === 'insert') await insertUser(tx, user)
    else if (unsettled.save === 'update') await updateUser(tx, user, unsettled.before)
    else if (isDerivedAnew(unsettled.user, user)) derived.push(user)
  }
  if (derived.length > 0) await updateDerived(tx, accountId, derived)
}

function isDerivedAnew(before: UserRow, after: UserRow): boolean {
  return (
    before.status !== after.status ||
    before.status_reason !== after.status_reason ||
    before.role_id !== after.role_id ||
    before.role_source !== after.role_source ||
    before.role_source_id !== after.role_source_id ||
    before.overridden !== after.overridden
  )
}

/** Off means off, now: whoever is suspended or deleted loses sessions and invitations here (DESIGN 1, promise 8). */
async function closeDoors(tx: Tx, { accountId, now }: Grounds, decisions: readonly Decision[]): Promise<Ended> {
  const out = decisions.filter(({ unsettled, status }) => isOut(status.status) && !isOut(unsettled.user.status))
  const ids = out.filter(({ unsettled }) => unsettled.save !== 'insert').map(({ user }) => user.id)
  if (ids.length === 0) return { sessions: new Map(), invitations: new Map() }
  return {
    sessions: countBy(await endSessions(tx, accountId, ids, now, 'deactivated')),
    invitations: countBy(await revokeInvitations(tx, accountId, ids, now)),
  }
}

function countBy(ids: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}

/** What seats have to follow from. */
export function claimOf({ user, status, access }: Decision) {
  const { id: userId, accepted_at: acceptedAt } = user
  return { userId, acceptedAt, status: status.status, wanted: isOut(status.status) ? new Map() : access.products }
}
