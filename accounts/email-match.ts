import type { Queries } from '../db/database.js'
import { domainIsVerified } from '../db/domains.js'
import type { Step } from '../db/saml-links.js'
import { findUser } from '../db/users.js'
import type { Connection } from './connection.js'
import { parseDomain } from './domains.js'
import { loadCatalog } from './policy.js'
import { isAdminRole } from './roles.js'

/**
 * May an address alone say who signs in (PRODUCT 2.10, step 4)? Only inside domains verified for the account, and only for
 * this connection's directory users and for local users who are plain members.
 */
export async function emailMayDecide(
  q: Queries,
  { accountId, id }: Connection,
  step: Step,
  email: string,
): Promise<boolean> {
  const domain = parseDomain(email.slice(email.lastIndexOf('@') + 1))
  if (domain === undefined || !(await domainIsVerified(q, accountId, domain))) return false
  if (step.linked_to !== null) return step.linked_to === id
  const user = await findUser(q, accountId, step.user_id)
  const role = user && (await loadCatalog(q, accountId)).roleById.get(user.role_id)
  return role !== undefined && !isAdminRole(role)
}
