import { type DirectoryItem, listDirectory } from '../accounts/list-directory.js'
import { findCandidate } from '../accounts/read-directory.js'
import { inTurns, type Work } from '../db/pace.js'
import type { ResourceSchema } from '../filter/attribute.js'
import type { ResolvedFilter } from '../filter/resolved.js'
import { GROUP_SCHEMA } from '../filter/schemas/group.js'
import { addressLookup } from './address-lookup.js'
import type { ScimReply, ScimRequest } from './exchange.js'
import { groupText } from './groups.js'
import { type ListQuery, parseListQuery } from './list-query.js'
import { type ListParameters, listText } from './list-response.js'
import { cursorOf, placeOf } from './page-cursor.js'
import { type Projection, parseProjection } from './projection.js'
import { userResource } from './users.js'

/** A type of resources that the directory keeps. */
export interface ListedType {
  readonly kind: 'user' | 'group'
  readonly schemaOf: (connection: ScimRequest['connection']) => ResourceSchema
  /** Attributes that cost a query of their own. */
  readonly related: readonly string[]
}

export const USERS: ListedType = {
  kind: 'user',
  schemaOf: ({ userSchema }) => userSchema,
  related: ['groups', 'meta'],
}
export const GROUPS: ListedType = { kind: 'group', schemaOf: () => GROUP_SCHEMA, related: ['members'] }

type Asker = Pick<ScimRequest, 'deps' | 'connection' | 'baseUrl'>

/** GET /Users (RFC 7644 §3.4.2). Replies 200 with a ListResponse. Refuses: see `listResources`. */
export const listUsers = (request: ScimRequest): Promise<ScimReply> => listResources(request, [USERS], request.query)

/** GET /Groups. */
export const listGroups = (request: ScimRequest): Promise<ScimReply> => listResources(request, [GROUPS], request.query)

/** GET at the base URI: people and groups as one list (§3.4.2.1). */
export const listAll = (request: ScimRequest): Promise<ScimReply> =>
  listResources(request, [USERS, GROUPS], request.query)

/**
 * A ListResponse of one or more types, in one order, by index or by cursor (RFC 7644 §3.4.2, RFC 9865).
 * Refuses: 400 invalidFilter | invalidPath | invalidValue | invalidCursor | expiredCursor | invalidCount.
 */
export async function listResources(
  { deps, connection, baseUrl }: Asker,
  types: readonly ListedType[],
  parameters: ListParameters,
): Promise<ScimReply> {
  const projections = new Map(
    types.map(({ kind, schemaOf }) => [kind, parseProjection(parameters, schemaOf(connection))]),
  )
  const query = parseListQuery(parameters, ...types.map(({ schemaOf }) => schemaOf(connection)))
  const { paging, sortOrder, fingerprint } = query
  const { cursor, startIndex, count } = paging
  const place = cursor ? placeOf(deps, connection, fingerprint, cursor) : undefined
  const page = await listDirectory(deps, connection, {
    kinds: types.map(({ kind, related }, index) => ({
      kind,
      ...query.types[index],
      wantsRelated: related.some((name) => projections.get(kind)?.wants(name)),
    })),
    sortOrder,
    paging: cursor === undefined ? { kind: 'index', offset: startIndex - 1 } : { kind: 'cursor', after: place?.after },
    limit: count,
  })
  const counted = page.total ?? place?.total ?? 0
  const found = counted === 0 && isFirst(query) ? await candidates(deps, connection, types, query) : []
  const items = [...page.items, ...found.slice(0, count)]
  const total = counted + found.length
  const { next } = page
  const nextCursor = next && cursorOf(deps, connection, fingerprint, { after: next, total })
  const resources = await inTurns(resourceTexts(items, baseUrl, projections))
  const where = cursor === undefined ? { startIndex } : { nextCursor }
  return { status: 200, text: listText({ resources, total, ...where }) }
}

/** Each as JSON, and everybody else has a turn in between. */
function* resourceTexts(
  items: readonly DirectoryItem[],
  baseUrl: string,
  projections: ReadonlyMap<DirectoryItem['kind'], Projection>,
): Work<string[]> {
  const texts: string[] = []
  for (const item of items) {
    const projection = projections.get(item.kind)!
    if (item.kind === 'group') texts.push(yield* groupText(item.group, baseUrl, projection))
    else texts.push(JSON.stringify(projection.apply(userResource(item.user, baseUrl))))
    yield
  }
  return texts
}

function isFirst({ paging: { cursor = '', startIndex } }: ListQuery): boolean {
  return cursor === '' && startIndex === 1
}

/** A look-up that found nobody also finds a local user who may be linked, so that the IdP adopts and does not collide. */
async function candidates(
  deps: Asker['deps'],
  connection: Asker['connection'],
  types: readonly ListedType[],
  query: ListQuery,
): Promise<DirectoryItem[]> {
  const filter: ResolvedFilter | undefined =
    types.length === 1 && types[0] === USERS ? query.types[0]?.filter : undefined
  const address = filter === undefined ? undefined : addressLookup(filter)
  const user = address === undefined ? undefined : await findCandidate(deps, connection, address)
  return user === undefined ? [] : [{ kind: 'user', user }]
}
