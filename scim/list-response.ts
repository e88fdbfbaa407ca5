import { shown } from './canonical-text.js'
import { ScimError, type ScimErrorCode } from './errors.js'

export const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export const DEFAULT_PAGE_SIZE = 100
export const MAX_PAGE_SIZE = 1_000

/**
 * The parameters of a list by name, as texts: a query string, or the body of a search. null is what was not sent; an
 * empty text counts as not sent too, except for `cursor`, where it asks for the first page, and for
 * `filter`, which would find everybody.
 */
export interface ListParameters {
  get(name: string): string | null
}

/** Which part of the result is asked for: by index (RFC 7644 §3.4.2.4), or by cursor (RFC 9865 §2) where there is one. */
export interface Paging {
  /** 1-based index of the first resource; 1 where the client pages by cursor. */
  readonly startIndex: number
  /** The most resources to return; 0 asks for the total only. */
  readonly count: number
  /** As the client sent it; empty for the first page. */
  readonly cursor?: string
}

/**
 * Read `startIndex`, `count` and `cursor`: below the least value means the least, `count` is cut at MAX_PAGE_SIZE.
 * Throws paging_bad where a number is none, or an index is sent beside a cursor; count_bad for the count of a cursor.
 */
export function parsePaging(parameters: ListParameters): Paging {
  const cursor = parameters.get('cursor')
  const startIndex = integerOf(parameters, 'startIndex', 'paging_bad')
  if (cursor !== null && startIndex !== undefined)
    throw new ScimError('paging_bad', 'A list is paged by cursor or by startIndex, not by both.')
  const count = integerOf(parameters, 'count', cursor === null ? 'paging_bad' : 'count_bad')
  return {
    startIndex: Math.max(1, startIndex ?? 1),
    count: Math.min(MAX_PAGE_SIZE, Math.max(0, count ?? DEFAULT_PAGE_SIZE)),
    ...(cursor !== null && { cursor }),
  }
}

function integerOf(parameters: ListParameters, name: string, code: ScimErrorCode): number | undefined {
  const text = parameters.get(name)
  if (text === null || text === '') return undefined
  if (!/^[+-]?\d+$/.test(text)) throw new ScimError(code, `${name} must be a whole number, got ${shown(text)}.`)
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

/** A page by index tells where it begins, one by cursor where it goes on: no `nextCursor` on the last one (RFC 9865 §2). */
export interface ListPage<Resource> {
  readonly resources: readonly Resource[]
  readonly total: number
  readonly startIndex?: number
  readonly nextCursor?: string | undefined
}

/** The answer to a query, of resources that are JSON already. */
export function listText(page: ListPage<string>): string {
  const { Resources, ...around } = listResponse(page)
  return `${JSON.stringify(around).slice(0, -1)},"Resources":[${Resources.join(',')}]}`
}

/** The answer to a query (RFC 7644 §3.4.2): `itemsPerPage` is what the page holds, not what was asked for. */
export function listResponse<Resource>({ resources, total, startIndex, nextCursor }: ListPage<Resource>) {
  return {
    schemas: [LIST_RESPONSE_URN],
    totalResults: total,
    ...(startIndex !== undefined && { startIndex }),
    ...(nextCursor !== undefined && { nextCursor }),
    itemsPerPage: resources.length,
    Resources: resources,
  }
}
