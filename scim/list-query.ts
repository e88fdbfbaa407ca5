import type { ResourceSchema } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import { parseFilter, parsePath } from '../filter/parse.js'
import { type ResolveOptions, resolveFilter, resolveSortBy } from '../filter/resolve.js'
import type { ResolvedFilter, Target } from '../filter/resolved.js'
import { shown } from './canonical-text.js'
import { ScimError, scimErrorFromFilter } from './errors.js'
import { type ListParameters, type Paging, parsePaging } from './list-response.js'

/** What a list asks for (RFC 7644 §3.4.2), said of one or more types of resources. */
export interface ListQuery {
  readonly paging: Paging
  readonly sortOrder: 'ascending' | 'descending'
  /** In the order of the schemas it was read for. */
  readonly types: readonly TypeQuery[]
  /** What has to stay the same from page to page. */
  readonly fingerprint: string
}

/** Filter and order as one type reads them; without `sortBy` the order is that of creation, the same on every page. */
export interface TypeQuery {
  readonly filter?: ResolvedFilter
  readonly sortBy?: Target
}

/**
 * Read filter, sorting and paging, from a query string or from the body of a search. Over several types an attribute
 * that one of them lacks has no value there (§3.4.2.1); over one it is refused.
 * Throws ScimError: filter_bad, filter_too_large, filter_attribute, filter_type, sort_bad, paging_bad, count_bad.
 */
export function parseListQuery(parameters: ListParameters, ...schemas: readonly ResourceSchema[]): ListQuery {
  const paging = parsePaging(parameters)
  const filterText = parameters.get('filter')
  const sortText = parameters.get('sortBy') || null
  const sortOrder = parameters.get('sortOrder')?.toLowerCase() === 'descending' ? 'descending' : 'ascending'
  const node = filterText === null ? undefined : parsed(() => parseFilter(filterText))
  const options: ResolveOptions = { unknown: schemas.length > 1 ? 'no-value' : 'error' }
  const filters = schemas.map((schema) => node && parsed(() => resolveFilter(node, schema, options)))
  const sorts = sortText === null ? [] : sortTargets(sortText, schemas)
  return {
    paging,
    sortOrder,
    types: schemas.map((_, index) => ({
      ...(filters[index] && { filter: filters[index] }),
      ...(sorts[index] && { sortBy: sorts[index] }),
    })),
    fingerprint: JSON.stringify([schemas.map(({ core }) => core.id), filterText, sortText, sortOrder]),
  }
}

/** One of the types has to have the attribute; those that lack it have no value to be sorted by. */
function sortTargets(text: string, schemas: readonly ResourceSchema[]): (Target | undefined)[] {
  const found = schemas.map((schema) => sortTarget(text, schema))
  const [first] = found
  if (first instanceof ScimError && found.every((one) => one instanceof ScimError)) throw first
  return found.map((one) => (one instanceof ScimError ? undefined : one))
}

function sortTarget(text: string, schema: ResourceSchema): Target | ScimError {
  try {
    return resolveSortBy(parsePath(text), schema)
  } catch (error) {
    if (!(error instanceof FilterError)) throw error
    return new ScimError('sort_bad', `sortBy cannot be ${shown(text)}: ${error.message}`, { cause: error })
  }
}

function parsed<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof FilterError ? scimErrorFromFilter(error) : error
  }
}
