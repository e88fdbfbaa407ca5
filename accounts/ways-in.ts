import { lockAccount } from '../db/accounts.js'
import type { Tx } from '../db/database.js'
import { hasLiveConnection, hasOtherWayIn, isWayIn } from '../db/ways-in.js'
import { AccountError } from './errors.js'
import type { ActingRole } from './roles.js'

/**
 * Before a connection goes live somebody must be able to enter without it (PRODUCT 2.1, principle 5). The operator, who can
 * let anybody in by a set-up link, is asked nothing. Refuses: local_admin_required.
 */
export async function refuseWithoutWayIn(
  tx: Tx,
  actor: { readonly role: ActingRole },
  accountId: string,
): Promise<void> {
  if (actor.role === 'operator') return
  await lockAccount(tx, accountId)
  if (await hasOtherWayIn(tx, accountId, '')) return
  throw new AccountError(
    'local_admin_required',
    'Before a connection goes live, the account needs a local super admin with a password and a second factor.',
  )
}

/**
 * Do something to a person, unless it takes the last way in away while a connection is live: then nothing of it stays.
 * Two at once wait for each other, so that of the last two one remains. Refuses: local_admin_required.
 */
export async function keepingWayIn<T>(
  tx: Tx,
  actor: { readonly role: ActingRole },
  accountId: string,
  userId: string,
  work: () => Promise<T>,
): Promise<T> {
  if (actor.role === 'operator' || !(await isWayIn(tx, accountId, userId))) return work()
  await lockAccount(tx, accountId)
  const done = await work()
  const isLost = !(await isWayIn(tx, accountId, userId)) && !(await hasOtherWayIn(tx, accountId, userId))
  if (isLost && (await hasLiveConnection(tx, accountId)))
    throw new AccountError(
      'local_admin_required',
      'She is the last local super admin with a password and a second factor, and a connection is live: somebody must be able to enter without it.',
    )
  return done
}

/** Whom a directory manages enters through it alone: a second local super admin has to remain. Refuses: local_admin_required. */
export async function refuseLastWayIn(tx: Tx, accountId: string, userId: string): Promise<void> {
  if ((await isWayIn(tx, accountId, userId)) && !(await hasOtherWayIn(tx, accountId, userId)))
    throw new AccountError(
      'local_admin_required',
      'She is the last local super admin with a password and a second factor. Make another one before a directory manages her.',
    )
}
