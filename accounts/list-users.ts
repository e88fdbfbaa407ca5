import type { Queries } from '../db/database.js'
import {
  type ListedUser,
  placeOf,
  searchUsers,
  type UserFilter,
  type UserOrder,
  type UserPlace,
} from '../db/user-search.js'
import { fold } from '../filter/fold.js'
import { getAccount } from './accounts.js'
import { cursorOf, placeFromCursor } from './opaque-cursor.js'
import type { Page } from './page.js'
import { loadCatalog } from './policy.js'
import type { UserFlag, UserStatus } from './status.js'
import { summarise, type UserLicense, type UserSummary } from './users-read.js'

/** Orders of the list of users; a hyphen turns one round. */
export const USER_SORTS = ['created', '-created', 'name', '-name', 'lastSignIn', '-lastSignIn'] as const

/** Whom a list is about; everything that is named has to fit. */
export interface UserListFilter {
  /** Case-insensitive beginning of e-mail, userName, externalId or a word of the name. */
  readonly q?: string | undefined
  readonly status?: UserStatus | undefined
  readonly origin?: 'local' | 'directory' | undefined
  readonly connectionId?: string | undefined
  /** Key of the role. */
  readonly role?: string | undefined
  /** Key of a product of which she has a license, in whatever state. */
  readonly product?: string | undefined
  /** State of a license: of the product, where one is named. */
  readonly licenseState?: UserLicense['state'] | undefined
  readonly flag?: UserFlag | undefined
}

export interface UserQuery extends UserListFilter {
  readonly sort: (typeof USER_SORTS)[number]
  readonly cursor: string
  readonly limit: number
}

/** A page of users; deleted ones only where the status asks for them. Refuses: cursor_invalid. */
export async function listUsers(
  q: Queries,
  accountId: string,
  query: UserQuery,
  now: Date,
): Promise<Page<UserSummary>> {
  const { sort, cursor, limit } = query
  const descending = sort.startsWith('-')
  const order = sort.slice(descending ? 1 : 0) as UserOrder
  const filter = await filterFrom(q, accountId, query, now)
  if (filter === undefined) return { items: [] }
  const after = placeBehind(cursor, order)
  const rows = await searchUsers(q, accountId, { filter, order, descending, after, limit: limit + 1 })
  const kept = rows.slice(0, limit)
  const items = await summarise(q, accountId, kept, now)
  const last = kept.at(-1)
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursorFor(last, order) } : { items }
}

const DAY_MS = 86_400_000

/** As rows are looked for; undefined where nobody can fit. */
export async function filterFrom(
  q: Queries,
  accountId: string,
  { q: text, role, product, licenseState, flag, status, origin, connectionId }: UserListFilter,
  now: Date,
): Promise<UserFilter | undefined> {
  const { roleById, productById } = await loadCatalog(q, accountId)
  const roleId = [...roleById.values()].find(({ key }) => key === role)?.id
  const productId = [...productById.values()].find(({ key }) => key === product)?.id
  const unknown = (role !== undefined && roleId === undefined) || (product !== undefined && productId === undefined)
  if (unknown || flag === 'held') return undefined
  const words = text?.trim() ?? ''
  const flagged = flag === undefined ? {} : await flagFilter(q, accountId, flag, now)
  return {
    ...{ status, origin, connectionId, roleId, productId, licenseState },
    prefix: words === '' ? undefined : fold(words),
    ...flagged,
  }
}

async function flagFilter(
  q: Queries,
  accountId: string,
  flag: Exclude<UserFlag, 'held'>,
  now: Date,
): Promise<UserFilter> {
  switch (flag) {
    case 'inactive': {
      const { settings } = await getAccount(q, accountId)
      return { inactiveSince: now.getTime() - settings.inactivityDays * DAY_MS }
    }
    case 'no_products':
      return { withoutProducts: true }
    case 'waiting_for_seat':
      return { waiting: true }
    case 'no_sign_in':
      return { withoutSignIn: true }
    case 'override':
      return { overridden: true }
  }
}

/** Of the order of creation the id itself, else key and id. */
function cursorFor(row: ListedUser, order: UserOrder): string {
  return order === 'created' ? row.id : cursorOf(placeOf(row, order))
}

function placeBehind(cursor: string, order: UserOrder): UserPlace | undefined {
  if (cursor === '') return undefined
  if (order === 'created') return ['', cursor]
  const [key = '', id] = placeFromCursor(cursor, [order === 'name' ? 'string' : 'number', 'string'])
  return [key, String(id)]
}
