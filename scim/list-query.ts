import type { DirectorySearch } from '../accounts/read-directory.js'
import type { ResourceSchema } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import { parseFilter, parsePath } from '../filter/parse.js'
import { resolveFilter, resolveSortBy } from '../filter/resolve.js'
import { shown } from './canonical-text.js'
import { ScimError, scimErrorFromFilter } from './errors.js'
import { parsePaging } from './list-response.js'

/** What a list asks for (RFC 7644 §3.4.2), with the 1-based index that the answer repeats. */
export interface ListQuery {
  readonly search: DirectorySearch
  readonly startIndex: number
}

/**
 * Read filter, sorting and paging. Without `sortBy` the order is that of creation, the same on every page.
 * Throws ScimError: filter_bad, filter_too_large, filter_attribute, filter_type, sort_bad, paging_bad.
 */
export function parseListQuery(query: URLSearchParams, schema: ResourceSchema): ListQuery {
  const { startIndex, count } = parsePaging(query)
  const filterText = query.get('filter')
  const sortText = query.get('sortBy')
  return {
    startIndex,
    search: {
      ...(filterText !== null && { filter: parsed(() => resolveFilter(parseFilter(filterText), schema)) }),
      ...(sortText && { sortBy: sortTarget(sortText, schema) }),
      sortOrder: query.get('sortOrder')?.toLowerCase() === 'descending' ? 'descending' : 'ascending',
      offset: startIndex - 1,
      limit: count,
    },
  }
}

function sortTarget(text: string, schema: ResourceSchema) {
  try {
    return resolveSortBy(parsePath(text), schema)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    throw new ScimError('sort_bad', `sortBy cannot be ${shown(text)}: ${error.message}`, { cause: error })
  }
}

function parsed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FilterError ? scimErrorFromFilter(error) : error
  }
}
