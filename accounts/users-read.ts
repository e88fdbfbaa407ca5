import type { Queries } from '../db/database.js'
import { findLink, holdersOf, type StoredDirectoryUser } from '../db/directory-users.js'
import { type GrantRow, grantsOf } from '../db/grants.js'
import { type LicenseRow, licensesOf } from '../db/licenses.js'
import { listsBy } from '../db/lists-by.js'
import { findUser, type UserRow } from '../db/users.js'
import type { Document } from '../filter/attribute.js'
import { getAccount } from './accounts.js'
import { groupRefsOf } from './directory-user.js'
import { AccountError } from './errors.js'
import type { Features } from './evaluate-types.js'
import type { Actor } from './events.js'
import { type Catalog, loadCatalog } from './policy.js'
import { ruleOf } from './rule-of-grant.js'
import { listSessions, type Session } from './sessions.js'
import { flagsOf, type StatusReason, type UserFlag, type UserStatus } from './status.js'
import { shownDocuments } from './user-schema.js'
import { mayUseWebLogin } from './web-login.js'

/** A license as administrators see it; `product` is its key. */
export interface UserLicense {
  readonly product: string
  readonly state: LicenseRow['state']
  readonly source: string
  readonly ruleId?: string
  readonly features: Features
  /** Key of the bundle whose seat it shares. */
  readonly via?: string
  readonly waitingSince?: Date
}

export interface UserSummary {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
  readonly givenName: string | null
  readonly familyName: string | null
  readonly origin: 'local' | 'directory'
  readonly status: UserStatus
  readonly statusReason?: StatusReason
  readonly flags: readonly UserFlag[]
  readonly role: { readonly key: string; readonly source: string; readonly ruleId?: string }
  readonly licenses: readonly UserLicense[]
  /** The connection that manages her; null for a local user. */
  readonly connectionId: string | null
  /** May she sign in with a browser (PBX-20)? */
  readonly webLoginAllowed: boolean
  readonly lastSignInAt: Date | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface UserGrant {
  readonly kind: GrantRow['kind']
  /** Key of the role or product. */
  readonly value: string
  readonly source: string
  readonly ruleId?: string
  readonly effect: GrantRow['effect']
  readonly features: Features
  readonly reason: string | null
  readonly actor: Actor | null
  readonly expiresAt: Date | null
  readonly createdAt: Date
}

/** What the directory says about her: the desired state. */
export interface UserDirectoryState {
  readonly connectionId: string
  readonly id: string
  readonly userName: string
  readonly externalId: string | null
  readonly active: boolean
  readonly document: Document
  readonly groups: readonly { readonly id: string; readonly display: string }[]
  readonly version: number
  readonly createdAt: Date
  readonly lastModified: Date
}

export interface UserDetail extends UserSummary {
  readonly grants: readonly UserGrant[]
  readonly sessions: readonly Session[]
  readonly directoryUser: UserDirectoryState | null
}

/** The live sessions of a user, oldest first. Refuses: user_not_found. */
export async function listUserSessions(q: Queries, accountId: string, id: string, now: Date): Promise<Session[]> {
  if ((await findUser(q, accountId, id)) === undefined) throw userNotFound()
  return listSessions(q, accountId, id, now)
}

/** Refuses: user_not_found. */
export async function getUser(q: Queries, accountId: string, id: string, now: Date): Promise<UserDetail> {
  const row = await findUser(q, accountId, id)
  if (row === undefined) throw userNotFound()
  const [summary] = await summarise(q, accountId, [row], now)
  if (summary === undefined) throw userNotFound()
  const catalog = await loadCatalog(q, accountId)
  const grants = (await grantsOf(q, accountId, [id])).map((grant) => grantFromRow(grant, catalog))
  const sessions = await listSessions(q, accountId, id, now)
  const link = await findLink(q, accountId, id)
  return { ...summary, grants, sessions, directoryUser: link === undefined ? null : await directoryState(q, link) }
}

export function userNotFound(): AccountError {
  return new AccountError('user_not_found', 'This account has no such user.')
}

/** Users as lists show them, in the order given. */
export async function summarise(
  q: Queries,
  accountId: string,
  rows: readonly UserRow[],
  now: Date,
): Promise<UserSummary[]> {
  if (rows.length === 0) return []
  const ids = rows.map((row) => row.id)
  const { settings } = await getAccount(q, accountId)
  const catalog = await loadCatalog(q, accountId)
  const licenses = listsBy(await licensesOf(q, accountId, ids), (license) => license.user_id)
  const connectionIds = await holdersOf(q, accountId, ids)
  return rows.map((row) =>
    summaryOf(row, {
      catalog,
      licenses: licenses.get(row.id) ?? [],
      connectionId: connectionIds.get(row.id) ?? null,
      inactivityDays: settings.inactivityDays,
      now: now.getTime(),
    }),
  )
}

interface Surroundings {
  readonly catalog: Catalog
  readonly licenses: readonly LicenseRow[]
  readonly connectionId: string | null
  readonly inactivityDays: number
  readonly now: number
}

function summaryOf(row: UserRow, { catalog, licenses, connectionId, inactivityDays, now }: Surroundings): UserSummary {
  const status = row.status as UserStatus
  return {
    id: row.id,
    email: row.email,
    displayName: row.display_name,
    givenName: row.given_name,
    familyName: row.family_name,
    origin: row.origin,
    status,
    ...(row.status_reason === null ? {} : { statusReason: row.status_reason as StatusReason }),
    flags: flagsOf({
      status,
      licenses: licenses.map(({ state }) => state),
      email: row.email,
      webLoginAllowed: mayUseWebLogin(row),
      override: row.overridden === 1,
      held: false,
      lastSignInAt: row.last_sign_in_at,
      createdAt: row.created_at,
      inactivityDays,
      now,
    }),
    role: {
      key: catalog.roleById.get(row.role_id)?.key ?? row.role_id,
      source: row.role_source,
      ...ruleOf(row.role_source, row.role_source_id),
    },
    licenses: licenses.map((license) => licenseFromRow(license, catalog)),
    connectionId,
    webLoginAllowed: mayUseWebLogin(row),
    lastSignInAt: row.last_sign_in_at === null ? null : new Date(row.last_sign_in_at),
    version: row.version,
    createdAt: new Date(row.created_at),
    updatedAt: new Date(row.updated_at),
  }
}

function licenseFromRow(row: LicenseRow, { productById }: Catalog): UserLicense {
  const keyOf = (id: string) => productById.get(id)?.key ?? id
  return {
    product: keyOf(row.product_id),
    state: row.state,
    source: row.source,
    ...ruleOf(row.source, row.source_id),
    features: JSON.parse(row.features) as Features,
    ...(row.via_product_id === null ? {} : { via: keyOf(row.via_product_id) }),
    ...(row.waiting_since === null ? {} : { waitingSince: new Date(row.waiting_since) }),
  }
}

function grantFromRow(row: GrantRow, { roleById, productById }: Catalog): UserGrant {
  const target = row.kind === 'role' ? roleById.get(row.value) : productById.get(row.value)
  return {
    kind: row.kind,
    value: target?.key ?? row.value,
    source: row.source,
    ...ruleOf(row.source, row.source_id),
    effect: row.effect,
    features: row.features === null ? {} : (JSON.parse(row.features) as Features),
    reason: row.reason,
    actor: row.actor === null ? null : (JSON.parse(row.actor) as Actor),
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at),
    createdAt: new Date(row.created_at),
  }
}

async function directoryState(q: Queries, row: StoredDirectoryUser): Promise<UserDirectoryState> {
  const document = (await shownDocuments(q, row.account_id, [row]))[0]!
  return {
    connectionId: row.connection_id,
    id: row.id,
    userName: typeof document.userName === 'string' ? document.userName : '',
    externalId: row.external_id,
    active: row.desired_active === 1,
    document,
    groups: await groupRefsOf(q, row),
    version: row.version,
    createdAt: new Date(row.created_at),
    lastModified: new Date(row.last_modified),
  }
}
