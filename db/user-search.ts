import type { Param, Queries } from './database.js'
import { behindPrefix } from './event-search.js'
import { composed } from './statement.js'
import type { UserRow } from './users.js'

/** Whom a list of users is about; what is undefined does not matter. */
export interface UserFilter {
  /** Folded beginning of e-mail, userName, externalId or a word of the name. */
  readonly prefix?: string | undefined
  /** Undefined: everyone who is not deleted. */
  readonly status?: string | undefined
  readonly origin?: string | undefined
  readonly roleId?: string | undefined
  /** The connection that manages her. */
  readonly connectionId?: string | undefined
  readonly productId?: string | undefined
  /** Of a license: of this product, where one is named. */
  readonly licenseState?: string | undefined
  /** At least one license waits for a seat. */
  readonly waiting?: true | undefined
  readonly overridden?: true | undefined
  /** Active, and not seen since this instant, in milliseconds. */
  readonly inactiveSince?: number | undefined
  /** No license that is, or is as good as, assigned. */
  readonly withoutProducts?: true | undefined
  /** May not sign in with a browser, or cannot for want of an address. */
  readonly withoutSignIn?: true | undefined
}

export type UserOrder = 'created' | 'name' | 'lastSignIn'

/** A place in an order: what it is sorted by, and the id behind that. */
export type UserPlace = readonly [key: string | number, id: string]

export interface UserSearch {
  readonly filter: UserFilter
  readonly order: UserOrder
  readonly descending: boolean
  /** Begin behind this place. */
  readonly after: UserPlace | undefined
  readonly limit: number
}

/** A user with what the list by name is sorted by. */
export type ListedUser = UserRow & { readonly name_key: string }

interface Sql {
  readonly text: string
  readonly params: readonly Param[]
}

/** What each order is sorted by, ids apart, and the index that has it; ids have one of their own. */
const ORDERS: Readonly<Record<UserOrder, { readonly key: string | undefined; readonly index: string | undefined }>> = {
  created: { key: undefined, index: undefined },
  name: { key: 'u.name_key', index: 'users_name' },
  lastSignIn: { key: 'COALESCE(u.last_sign_in_at, 0)', index: 'users_sign_in' },
}

/** Where a user stands in an order. */
export function placeOf(row: ListedUser, order: UserOrder): UserPlace {
  if (order === 'created') return ['', row.id]
  return [order === 'name' ? row.name_key : (row.last_sign_in_at ?? 0), row.id]
}

/** Behind every id. */
const LAST_ID = '~'
/** So few people of one kind are read whole and sorted; of more the order is walked until the page is full. */
const FEW = 1_000

/**
 * A page of the users of an account. A filter that few people fit is the way in, else the index of the order is walked:
 * what many people fit is soon found there.
 */
export async function searchUsers(q: Queries, accountId: string, search: UserSearch): Promise<ListedUser[]> {
  const source = await fewest(q, accountId, search.filter)
  const where = whereOf(accountId, search.filter)
  const page = pageOf(search)
  const from =
    source === undefined
      ? `users u${walked(q, search)}`
      : `(SELECT DISTINCT id FROM (${source.text}) AS found) AS source
         ${q.dialect.join} users u ON u.account_id = ? AND u.id = source.id`
  const text = `SELECT u.* FROM ${from} WHERE ${where.text}${page.text}`
  const way = source === undefined ? [] : [...source.params, accountId]
  return q.all(composed(text), [...way, ...where.params, ...page.params])
}

/** SQLite is told which index has the order; without one it sorts the whole account. */
function walked(q: Queries, { order, filter }: UserSearch): string {
  const { index } = ORDERS[order]
  if (index !== undefined) return q.dialect.indexed(index)
  return filter.status === undefined ? '' : q.dialect.indexed('users_status')
}

function pageOf({ order, descending, after, limit }: UserSearch): Sql {
  const { key } = ORDERS[order]
  const [direction, behind] = descending ? ['DESC', '<'] : ['ASC', '>']
  const by = key === undefined ? `u.id ${direction}` : `${key} ${direction}, u.id ${direction}`
  const page = ` ORDER BY ${by} LIMIT ?`
  const end = descending ? LAST_ID : ''
  if (key === undefined) return { text: ` AND u.id ${behind} ?${page}`, params: [after?.[1] ?? end, limit] }
  if (after === undefined) return { text: page, params: [limit] }
  // The first term alone is a range of the index; the second one is for those who share its key.
  const place = ` AND ${key} ${behind}= ? AND (${key} ${behind} ? OR u.id ${behind} ?)`
  return { text: place + page, params: [after[0], after[0], after[1], limit] }
}

const OF_TERM = 'SELECT user_id AS id FROM user_terms WHERE account_id = ? AND term >= ? AND term < ?'

/** The ids of those who fit one of the filters, if they are few. */
async function fewest(q: Queries, accountId: string, filter: UserFilter): Promise<Sql | undefined> {
  for (const source of sourcesOf(q, accountId, filter)) {
    const probe = composed(`SELECT count(*) AS total FROM (${source.text} LIMIT ?) AS probe`)
    const found = await q.get<{ total: number }>(probe, [...source.params, FEW + 1])
    if ((found?.total ?? 0) <= FEW) return source
  }
  return undefined
}

function sourcesOf(q: Queries, accountId: string, filter: UserFilter): Sql[] {
  const { indexed, join } = q.dialect
  const { prefix, roleId, connectionId, productId, licenseState, waiting, overridden, status } = filter
  const sources: Sql[] = []
  const add = (text: string, ...params: Param[]) => void sources.push({ text, params: [accountId, ...params] })
  if (prefix !== undefined) add(OF_TERM, prefix, behindPrefix(prefix))
  if (overridden) add(`SELECT id FROM users${indexed('users_overridden')} WHERE account_id = ? AND overridden = 1`)
  if (productId !== undefined && licenseState !== undefined)
    add(
      `SELECT user_id AS id FROM licenses${indexed('licenses_product')}
      WHERE account_id = ? AND product_id = ? AND state = ?`,
      productId,
      licenseState,
    )
  else if (productId !== undefined)
    add(
      `SELECT user_id AS id FROM licenses${indexed('licenses_product')} WHERE account_id = ? AND product_id = ?`,
      productId,
    )
  const anyState = waiting ? 'waiting' : productId === undefined ? licenseState : undefined
  if (anyState !== undefined)
    add(
      `SELECT l.user_id AS id FROM (SELECT id, account_id FROM products WHERE account_id = ?) AS p
        ${join} licenses l${indexed('licenses_product')}
        ON l.account_id = p.account_id AND l.product_id = p.id AND l.state = ?`,
      anyState,
    )
  if (roleId !== undefined && status !== 'deleted')
    add(
      `SELECT id FROM users${indexed('users_role')} WHERE account_id = ? AND role_id = ? AND deleted_at IS NULL`,
      roleId,
    )
  if (connectionId !== undefined)
    add('SELECT user_id AS id FROM directory_users WHERE account_id = ? AND connection_id = ?', connectionId)
  if (status !== undefined)
    add(`SELECT id FROM users${indexed('users_status')} WHERE account_id = ? AND status = ?`, status)
  return sources
}

function whereOf(accountId: string, filter: UserFilter): Sql {
  const { prefix, status, origin, roleId, connectionId, inactiveSince } = filter
  const terms: string[] = []
  const params: Param[] = []
  const add = (text: string, ...values: Param[]): void => {
    terms.push(text)
    params.push(...values)
  }
  add('u.account_id = ?', accountId)
  if (status === undefined) add('u.deleted_at IS NULL')
  else add('u.status = ?', status)
  if (prefix !== undefined) add(`u.id IN (${OF_TERM})`, accountId, prefix, behindPrefix(prefix))
  if (origin !== undefined) add('u.origin = ?', origin)
  if (roleId !== undefined) add('u.role_id = ?', roleId)
  if (filter.overridden) add('u.overridden = 1')
  if (inactiveSince !== undefined)
    add(`u.status = 'active' AND COALESCE(u.last_sign_in_at, u.created_at) <= ?`, inactiveSince)
  if (filter.withoutSignIn) add('(u.email IS NULL OR u.web_login = 0)')
  if (connectionId !== undefined)
    add(
      'EXISTS (SELECT 1 FROM directory_users r WHERE r.account_id = ? AND r.user_id = u.id AND r.connection_id = ?)',
      accountId,
      connectionId,
    )
  addLicenses(filter, accountId, add)
  return { text: terms.join(' AND '), params }
}

const LICENSE = 'EXISTS (SELECT 1 FROM licenses l WHERE l.account_id = ? AND l.user_id = u.id'

function addLicenses(
  { productId, licenseState, waiting, withoutProducts }: UserFilter,
  accountId: string,
  add: (text: string, ...values: Param[]) => void,
): void {
  if (withoutProducts) add(`NOT ${LICENSE} AND l.state IN ('assigned', 'reserved', 'pending'))`, accountId)
  if (waiting) add(`${LICENSE} AND l.state = 'waiting')`, accountId)
  const product = productId === undefined ? '' : ' AND l.product_id = ?'
  const state = licenseState === undefined ? '' : ' AND l.state = ?'
  const values = [productId, licenseState].filter((value) => value !== undefined)
  if (values.length > 0) add(`${LICENSE}${product}${state})`, accountId, ...values)
}
