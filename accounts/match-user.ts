import { findAccount } from '../db/accounts.js'
import { findConnection } from '../db/connections.js'
import type { Queries, Tx } from '../db/database.js'
import { findLink } from '../db/directory-users.js'
import { domainIsVerified } from '../db/domains.js'
import { findLookalikes, type Lookalike } from '../db/lookalikes.js'
import { useApproval } from '../db/match-lookup.js'
import { lockUser, type UserRow } from '../db/users.js'
import { fold } from '../filter/fold.js'
import type { Connection } from './connection.js'
import type { DocumentColumns, Identity } from './directory-document.js'
import { parseDomain } from './domains.js'
import { RESTORE_DAYS } from './erasure.js'
import { AccountError, type MatchCandidate } from './errors.js'
import type { Catalog } from './policy.js'
import { isAdminRole } from './roles.js'

/** Who comes: the keys by which she may be known already. */
export interface Incoming {
  readonly columns: DocumentColumns
  readonly identity: Identity
  readonly userName: string
}

/** What an incoming person turns out to be (PRODUCT 2.10). */
export type Match =
  | { readonly kind: 'nobody' }
  /** A local user, or one whom a connection that is switched off left behind: `link` is then the row that moves. */
  | { readonly kind: 'local'; readonly user: UserRow; readonly linkedTo: { connectionId: string; id: string } | null }
  /** Deleted by this connection within the last 30 days. */
  | { readonly kind: 'deleted'; readonly user: UserRow; readonly connectionId: string; readonly scimId: string }

/**
 * Find out whether an incoming person is somebody already: by externalId, then userName in this connection, then by
 * address in the account. Throws externalid_taken, user_exists_directory, user_exists_local.
 */
export async function matchUser(
  tx: Tx,
  connection: Connection,
  catalog: Catalog,
  incoming: Incoming,
  now: number,
): Promise<Match> {
  const found = await lookalikes(tx, connection, incoming, now)
  refuseTwin(found, incoming, undefined)
  const owner = found.find(({ kind }) => kind === 'user')
  if (owner !== undefined) return localMatch(tx, connection, catalog, incoming, owner.user_id, now)
  const buried = lastBuried(found, incoming)
  if (buried === undefined) return { kind: 'nobody' }
  const user = await lockUser(tx, connection.accountId, buried.user_id)
  return user?.deleted_at == null
    ? { kind: 'nobody' }
    : { kind: 'deleted', user, connectionId: connection.id, scimId: buried.id }
}

/** Who comes back: by an equal externalId, by userName only where neither has one. The last to leave, if several did. */
function lastBuried(found: readonly Lookalike[], { columns }: Incoming): Lookalike | undefined {
  const same = found.filter(({ kind, external_id }) => kind === 'deleted' && external_id === columns.external_id)
  return same.sort((a, b) => (b.deleted_at ?? 0) - (a.deleted_at ?? 0))[0]
}

/** A change of keys must not collide with anyone else. `self` is the person who changes. */
export async function refuseCollision(
  tx: Tx,
  connection: Connection,
  incoming: Incoming,
  self: { readonly id: string; readonly userId: string },
  now: number,
): Promise<void> {
  const found = await lookalikes(tx, connection, incoming, now)
  refuseTwin(found, incoming, self.id)
  const owner = found.find(({ kind, user_id }) => kind === 'user' && user_id !== self.userId)
  if (owner !== undefined) throw addressTaken(incoming, owner.user_id)
}

function lookalikes(
  tx: Tx,
  connection: Connection,
  { columns, identity }: Incoming,
  now: number,
): Promise<Lookalike[]> {
  return findLookalikes(tx, connection.accountId, connection.id, {
    userNameKey: columns.user_name_key,
    externalId: columns.external_id,
    emailKey: identity.email === null ? null : fold(identity.email),
    deletedSince: now - RESTORE_DAYS * DAY_MS,
  })
}

function refuseTwin(found: readonly Lookalike[], { columns, userName }: Incoming, self: string | undefined): void {
  const twins = found.filter(({ kind, id }) => kind === 'directory' && id !== self)
  const byName = twins.find((twin) => twin.user_name_key === columns.user_name_key)
  if (byName !== undefined) {
    const details = { userId: byName.user_id }
    const message = `userName ${userName} belongs to another person of this connection. Change one of the two in the directory.`
    throw new AccountError('user_exists_directory', message, details)
  }
  const [other] = twins
  if (other === undefined) return
  const remedy = 'Map an attribute that is unique, such as objectId in Entra.'
  const message = `externalId ${columns.external_id} is already used by ${other.user_name_key}. ${remedy}`
  throw new AccountError('externalid_taken', message, { userId: other.user_id })
}

function addressTaken({ identity }: Incoming, userId: string): AccountError {
  const message = `${identity.email} is already the address of another user here. Change one of the two.`
  return new AccountError('user_exists_local', message, { userId })
}

async function localMatch(
  tx: Tx,
  connection: Connection,
  catalog: Catalog,
  incoming: Incoming,
  userId: string,
  now: number,
): Promise<Match> {
  const user = await lockUser(tx, connection.accountId, userId)
  if (user === undefined || user.deleted_at !== null) return { kind: 'nobody' }
  const link = await findLink(tx, connection.accountId, userId)
  if (link !== undefined) await refuseOtherLink(tx, connection, incoming, link)
  const cause = await causeToAsk(tx, connection, catalog, user)
  if (cause !== undefined) {
    // Retries of the same person are one request: by the userName under which she comes.
    const identityKey = incoming.columns.user_name_key
    const asked = { connectionId: connection.id, userId, identityKey, cause, now }
    // The owner stays outside the directory, whatever was said of her before she was the owner (PRODUCT 2.6).
    const approved = cause !== 'owner' && (await useApproval(tx, connection.accountId, asked))
    if (!approved) throw mustBeAsked(connection, incoming, userId, cause)
  }
  return {
    kind: 'local',
    user,
    linkedTo: link === undefined ? null : { connectionId: link.connection_id, id: link.id },
  }
}

/** Users of a connection that is switched off count as local; all others belong to theirs. */
async function refuseOtherLink(
  tx: Tx,
  connection: Connection,
  { identity }: Incoming,
  link: { connection_id: string; user_id: string },
): Promise<void> {
  const details = { userId: link.user_id }
  if (link.connection_id === connection.id) {
    const message = `${identity.email} is the address of another person of this connection. Change one of the two.`
    throw new AccountError('user_exists_directory', message, details)
  }
  const other = await findConnection(tx, connection.accountId, link.connection_id)
  if (other === undefined || other.mode === 'disabled') return
  const remedy = 'Only one directory can send a person: take them out of the other.'
  const message = `${identity.email} is managed by the connection ${other.name}. ${remedy}`
  throw new AccountError('user_exists_directory', message, details)
}

/** Nobody manages this user: she has no link, or only one that a switched-off connection left behind. */
export async function isFree(q: Queries, accountId: string, user: UserRow): Promise<boolean> {
  const link = await findLink(q, accountId, user.id)
  if (link === undefined) return true
  return (await findConnection(q, accountId, link.connection_id))?.mode === 'disabled'
}

const DAY_MS = 86_400_000

type Cause = MatchCandidate['cause']

/** Why an administrator has to decide, or undefined for a plain member at a proven domain under the policy `auto`. */
export async function causeToAsk(
  tx: Queries,
  { accountId, settings }: Connection,
  catalog: Catalog,
  user: UserRow,
): Promise<Cause | undefined> {
  if ((await findAccount(tx, accountId))?.owner_user_id === user.id) return 'owner'
  const role = catalog.roleById.get(user.role_id)
  if (role === undefined || isAdminRole(role)) return 'admin_role'
  if (settings.linkPolicy !== 'auto') return 'review'
  // An address keeps the spelling in which it came; domains are compared in the one form in which they are stored.
  const domain = parseDomain(user.email_key?.slice(user.email_key.lastIndexOf('@') + 1) ?? '')
  const proven = domain !== undefined && (await domainIsVerified(tx, accountId, domain))
  return proven ? undefined : 'domain_not_verified'
}

function mustBeAsked(
  connection: Connection,
  { columns, identity, userName }: Incoming,
  userId: string,
  cause: Cause,
): AccountError {
  const { email, displayName } = identity
  const incoming = {
    userName,
    email,
    displayName,
    ...(columns.external_id === null ? {} : { externalId: columns.external_id }),
  }
  const match = { connectionId: connection.id, userId, identityKey: columns.user_name_key, cause, incoming }
  const asked = connection.settings.linkPolicy !== 'never'
  const remedy = asked
    ? 'An administrator can link them under Match requests; then send again.'
    : 'This connection never links existing users.'
  return new AccountError('user_exists_local', `${email} is already a user here. ${remedy}`, {
    userId,
    ...(asked ? { match } : {}),
  })
}
