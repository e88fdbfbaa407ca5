import { createHash, timingSafeEqual } from 'node:crypto'
import type { Administrator } from '../../accounts/administrator.js'
import { AccountError } from '../../accounts/errors.js'
import type { Permission } from '../../accounts/permissions.js'
import { RequestError } from '../problem.js'

/** Who calls, before a request is known: the operator, or an administrator of one account. */
export type Principal = Pick<Administrator, 'actor' | 'role' | 'accountId' | 'sessionId'>

/** What a route asks of its caller: nothing, the operator's token, that somebody is signed in, or a permission of her role. */
export type Requirement = 'public' | 'operator' | 'session' | Permission

export const OPERATOR: Principal = {
  actor: { type: 'operator', id: null, label: 'operator' },
  role: 'operator',
  accountId: null,
}

/** SHA-256 of the operator's token: what the router keeps in its place. */
export function hashOperatorToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/**
 * The bearer of the operator's token, compared by hash and in constant time.
 * Throws RequestError: token_missing, token_unknown.
 */
export function authenticateOperator(authorization: string | undefined, operatorTokenHash: Buffer): Principal {
  if (authorization === undefined || authorization.trim() === '')
    throw new RequestError('token_missing', 'The request had no token. Send `Authorization: Bearer …`.')
  const token = /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
  if (token === undefined || !timingSafeEqual(hashOperatorToken(token), operatorTokenHash))
    throw new RequestError('token_unknown', 'The token is not valid here.')
  return OPERATOR
}

/**
 * The one place that decides whether somebody may call a route (DESIGN 4, Actors): the operator may everything, an
 * administrator what her role allows, inside her account. Refuses: account_not_found (another account), forbidden, and RequestError no_session.
 */
export function admit(principal: Principal, requirement: Requirement, accountId: string | undefined): void {
  if (requirement === 'session' && principal.sessionId === undefined)
    throw new RequestError('no_session', 'Nobody is signed in.')
  if (requirement === 'public' || requirement === 'session' || principal.role === 'operator') return
  if (accountId !== undefined && accountId !== principal.accountId)
    throw new AccountError('account_not_found', 'This account is not known here.')
  if (requirement === 'operator')
    throw new AccountError('forbidden', 'This needs the token of the operator of this server.')
  if (!principal.role.permissions.includes(requirement))
    throw new AccountError('forbidden', `This needs the permission ${requirement}.`)
}

/** Whether a caller holds a permission on which an answer depends without the call being refused. */
export function holds({ role }: Pick<Principal, 'role'>, permission: Permission): boolean {
  return role === 'operator' || role.permissions.includes(permission)
}
