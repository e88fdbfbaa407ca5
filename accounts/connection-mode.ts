import { peopleOfConnection, setSuspendedByEnd } from '../db/connection-people.js'
import type { Tx } from '../db/database.js'
import type { Administrator } from './administrator.js'
import type { Connection, ConnectionMode } from './connection.js'
import type { Deps } from './deps.js'
import { AccountError } from './errors.js'
import type { Actor, Effect, EventSource } from './events.js'
import { MAX_AT_ONCE, queueReevaluation } from './reevaluate.js'
import { settleUsers } from './settle-users.js'
import { refuseWithoutWayIn } from './ways-in.js'

/** Modes that a connection in the key's mode may take besides its own (PRODUCT 2.4). */
const NEXT: Readonly<Record<ConnectionMode, readonly ConnectionMode[]>> = {
  draft: ['live', 'disabled'],
  observe: [],
  live: ['disabled'],
  paused: [],
  disabled: ['live'],
}

/**
 * May the mode go from one to the other? Refuses: mode_not_available (observe and paused come later; a connection that
 * was live never becomes a draft again), on_disable_required, local_admin_required.
 */
export async function checkMode(
  tx: Tx,
  actor: Administrator,
  accountId: string,
  before: ConnectionMode,
  after: ConnectionMode,
  onDisable: 'keep' | 'suspend' | undefined,
): Promise<void> {
  if (after === 'disabled' && onDisable === undefined)
    throw new AccountError(
      'on_disable_required',
      "Say what becomes of the people: onDisable 'keep' leaves them as local users, 'suspend' switches them off.",
    )
  if (after === before) return
  if (!NEXT[before].includes(after))
    throw new AccountError('mode_not_available', `A connection in mode '${before}' cannot become '${after}'.`)
  if (after === 'live') await refuseWithoutWayIn(tx, actor, accountId)
}

/** What a change of mode does to people: `onDisable: suspend` switches them off, and what undoes it on again. */
export async function applyMode(
  deps: Deps,
  tx: Tx,
  before: Connection,
  after: Connection,
  cause: { parentId: string; source: EventSource; actor: Actor },
): Promise<Effect[]> {
  const [was, is] = [suspendsPeople(before), suspendsPeople(after)]
  if (was === is) return []
  const { accountId, id } = after
  await setSuspendedByEnd(tx, accountId, id, is)
  const people = await peopleOfConnection(tx, accountId, id, MAX_AT_ONCE + 1)
  if (people.length === 0) return []
  if (people.length > MAX_AT_ONCE) {
    // Whoever is switched on again is evaluated anyway, by the job that the caller queues.
    const { parentId } = cause
    return is ? [{ kind: 'job', jobId: await queueReevaluation(deps, tx, after, { parentId }), people: null }] : []
  }
  const action = is ? 'user.deactivated' : 'user.reactivated'
  await settleUsers(deps, tx, accountId, people, { ...cause, action })
  return []
}

function suspendsPeople({ mode, onDisable }: Connection): boolean {
  return mode === 'disabled' && onDisable === 'suspend'
}
