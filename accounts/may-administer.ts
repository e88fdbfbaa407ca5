import { findAccount } from '../db/accounts.js'
import type { Tx } from '../db/database.js'
import type { UserRow } from '../db/users.js'
import type { Administrator } from './administrator.js'
import { AccountError } from './errors.js'
import { loadCatalog } from './policy.js'
import { countsAsSuperAdmin, MEMBER } from './roles.js'

/** What is changed of somebody: the person herself, her products, or where she is signed in. */
export type Touched = 'person' | 'products' | 'sessions'

/**
 * A super admin administers everyone but the owner, an admin and everybody else members only (PRODUCT 2.6). The owner changes
 * herself under `/me`, and the operator may everything. Refuses: forbidden.
 */
export async function checkMayAdminister(
  tx: Tx,
  actor: Administrator,
  user: UserRow,
  touched: Touched = 'person',
): Promise<void> {
  if (actor.role === 'operator') return
  if (!countsAsSuperAdmin(actor.role)) {
    const role = (await loadCatalog(tx, user.account_id)).roleById.get(user.role_id)
    if (role?.key !== MEMBER)
      throw new AccountError('forbidden', 'Only a super admin may change a user with this role.')
  }
  if (touched === 'products' || (touched === 'sessions' && actor.actor.id === user.id)) return
  if ((await findAccount(tx, user.account_id))?.owner_user_id === user.id)
    throw new AccountError('forbidden', 'The owner of the account is changed by herself alone, or by the operator.')
}
