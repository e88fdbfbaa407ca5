import type { Position } from '../accounts/list-directory.js'
import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { compareText } from '../filter/compare-text.js'
import { evaluate } from '../filter/evaluate.js'
import { foldText } from '../filter/fold-value.js'
import type { Target } from '../filter/resolved.js'
import type { ScimReply, ScimRequest } from './exchange.js'
import { isObject } from './json-object.js'
import { parseListQuery } from './list-query.js'
import { type ListPage, type ListParameters, listResponse, type Paging } from './list-response.js'
import { cursorOf, type Place, placeOf } from './page-cursor.js'
import { parseProjection } from './projection.js'
import type { Resource } from './resource.js'

/**
 * A ListResponse of resources of which an account has few: filtered, sorted and paged in memory as the database does it
 * with people. Refuses: 400 invalidFilter | invalidPath | invalidValue | invalidCursor | expiredCursor | invalidCount.
 */
export function shortList(
  { deps, connection }: Pick<ScimRequest, 'deps' | 'connection'>,
  schema: ResourceSchema,
  resources: readonly Resource[],
  parameters: ListParameters,
): ScimReply {
  const projection = parseProjection(parameters, schema)
  const { paging, sortOrder, types, fingerprint } = parseListQuery(parameters, schema)
  const { filter, sortBy } = types[0]!
  const place = paging.cursor ? placeOf(deps, connection, fingerprint, paging.cursor) : undefined
  const sign = sortOrder === 'ascending' ? 1 : -1
  const entries = resources
    .filter((resource) => filter === undefined || evaluate(filter, resource))
    .map((resource) => ({ resource, position: positionOf(resource, sortBy) }))
    .sort((a, b) => sign * comparePositions(a.position, b.position))
  const behind = (place && entries.findIndex((one) => sign * comparePositions(one.position, place.after) > 0)) ?? 0
  const { start, end } = windowOf(paging, behind === -1 ? entries.length : behind)
  const page = entries.slice(start, end).map(({ resource }) => projection.apply(resource))
  const total = place?.total ?? entries.length
  const last = end < entries.length ? entries[end - 1] : undefined
  const next = last && cursorOf(deps, connection, fingerprint, { after: last.position, total })
  const where: Partial<ListPage<Resource>> =
    paging.cursor === undefined
      ? { startIndex: paging.startIndex }
      : { nextCursor: paging.count === 0 ? undefined : next }
  return { status: 200, text: JSON.stringify(listResponse({ resources: page, total, ...where })) }
}

function windowOf({ cursor, startIndex, count }: Paging, behind: number): { start: number; end: number } {
  const start = cursor === undefined ? startIndex - 1 : behind
  return { start, end: start + count }
}

/** By the sort key, the missing last, then by id (RFC 7644 §3.4.2.3). */
function comparePositions({ key: a, id }: Position, { key: b, id: other }: Place['after']): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null) || compareText(id, other)
  const order = typeof a === 'string' ? compareText(a, String(b)) : a - Number(b)
  return order || compareText(id, other)
}

function positionOf(resource: Resource, target: Target | undefined): Position {
  const value = target && sortedValue(resource, target)
  const attribute = target && (target.sub ?? target.attribute)
  const id = String(resource.id)
  if (typeof value === 'boolean') return { key: Number(value), id }
  if (typeof value === 'number') return { key: value, id }
  return { key: typeof value === 'string' && attribute ? foldText(attribute, value) : null, id }
}

/** A list is sorted by its primary element, else its first. */
function sortedValue(resource: Document, { attribute, sub }: Target): Json | undefined {
  const found = resource[attribute.name]
  const elements = Array.isArray(found) ? found : [found]
  const chosen = elements.find((element) => isObject(element) && element.primary === true) ?? elements[0]
  return sub === undefined ? chosen : isObject(chosen) ? chosen[sub.name] : undefined
}
