import { shown } from './canonical-text.js'
import { ScimError } from './errors.js'

export const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

export const DEFAULT_PAGE_SIZE = 100
export const MAX_PAGE_SIZE = 1_000

/** Which part of the result is asked for (RFC 7644 §3.4.2.4). */
export interface Paging {
  /** 1-based index of the first resource. */
  readonly startIndex: number
  /** The most resources to return; 0 asks for the total only. */
  readonly count: number
}

/**
 * Read `startIndex` and `count` from the query: below the least value means the least, `count` is cut at
 * MAX_PAGE_SIZE. An empty parameter counts as not sent. Throws paging_bad when one is not an integer.
 */
export function parsePaging(query: { get(name: string): string | null }): Paging {
  return {
    startIndex: Math.max(1, integerOf(query, 'startIndex') ?? 1),
    count: Math.min(MAX_PAGE_SIZE, Math.max(0, integerOf(query, 'count') ?? DEFAULT_PAGE_SIZE)),
  }
}

function integerOf(query: { get(name: string): string | null }, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (!/^[+-]?\d+$/.test(text)) throw new ScimError('paging_bad', `${name} must be a whole number, got ${shown(text)}.`)
  return Math.min(Number(text), Number.MAX_SAFE_INTEGER)
}

/** The answer to a query (RFC 7644 §3.4.2): `itemsPerPage` is what the page holds, not what was asked for. */
export function listResponse<Resource>(page: { resources: readonly Resource[]; total: number; startIndex: number }) {
  return {
    schemas: [LIST_RESPONSE_URN],
    totalResults: page.total,
    startIndex: page.startIndex,
    itemsPerPage: page.resources.length,
    Resources: page.resources,
  }
}
