import { type DirectoryGroup, provisionGroup } from '../accounts/provision-group.js'
import { getDirectoryGroup } from '../accounts/read-directory.js'
import { removeGroup } from '../accounts/remove-group.js'
import { reviseGroup } from '../accounts/revise-group.js'
import { inTurns, type Work } from '../db/pace.js'
import { GROUP_SCHEMA } from '../filter/schemas/group.js'
import { parseGroupResource } from './canonical-group.js'
import { groupEtag, ifMatchCheck, unlessKnown } from './etag.js'
import { asPreferred, NO_CONTENT, type ScimReply, type ScimRequest } from './exchange.js'
import { parseGroupPatch } from './group-patch.js'
import { parsePatchOp } from './patch-op.js'
import { type Projection, parseProjection } from './projection.js'
import { groupToResource, type Resource } from './resource.js'

/**
 * POST /Groups (RFC 7644 §3.3). Replies 201 with the whole Group and its Location.
 * Refuses: 400 invalidSyntax | invalidValue (an unknown member is named), 409 uniqueness of displayName.
 */
export async function createGroup(request: ScimRequest): Promise<ScimReply> {
  const { deps, logged, query, body, baseUrl } = request
  const projection = parseProjection(query, GROUP_SCHEMA)
  return provisionGroup(deps, logged, await inTurns(parseGroupResource(body)), {
    wantsMembers: projection.wants('members'),
    *respond(group) {
      return asPreferred(yield* groupReply(201, group, baseUrl, projection), request)
    },
  })
}

/** GET /Groups/{id} (§3.4.1). Members are not read where `excludedAttributes` names them. Refuses: 404. */
export async function readGroup({
  deps,
  connection,
  id,
  query,
  baseUrl,
  ifNoneMatch,
}: ScimRequest): Promise<ScimReply> {
  const projection = parseProjection(query, GROUP_SCHEMA)
  const group = await getDirectoryGroup(deps, connection, id, projection.wants('members'))
  return unlessKnown(await inTurns(groupReply(200, group, baseUrl, projection)), ifNoneMatch)
}

/**
 * PUT /Groups/{id} (§3.5.1): the members sent are the members. Replies 200 with the whole Group.
 * Refuses: 400 invalidSyntax | invalidValue, 404, 409 uniqueness, 412 stale If-Match.
 */
export async function replaceGroup(request: ScimRequest): Promise<ScimReply> {
  const { deps, logged, id, query, body, baseUrl, ifMatch } = request
  const projection = parseProjection(query, GROUP_SCHEMA)
  const { displayName, externalId = null, members = [] } = await inTurns(parseGroupResource(body))
  return reviseGroup(deps, logged, id, {
    ...precondition(ifMatch),
    displayName,
    externalId,
    members: [{ kind: 'replace', ids: members }],
    wantsMembers: projection.wants('members'),
    *respond(group) {
      return asPreferred(yield* groupReply(200, group, baseUrl, projection), request)
    },
  })
}

/**
 * PATCH /Groups/{id} (§3.5.2). Replies 204, or 200 with what `attributes` asks for: the answer to adding one member to
 * a group of a hundred thousand does not repeat the others.
 * Refuses: 400 invalidSyntax | invalidPath | noTarget | mutability | invalidValue, 404, 409 uniqueness, 412.
 */
export async function patchGroup(request: ScimRequest): Promise<ScimReply> {
  const { deps, logged, id, query, body, baseUrl, ifMatch } = request
  const projection = query.has('attributes') ? parseProjection(query, GROUP_SCHEMA) : undefined
  const patch = await inTurns(parseGroupPatch(await inTurns(parsePatchOp(body)), { id }))
  return reviseGroup(deps, logged, id, {
    ...precondition(ifMatch),
    ...patch,
    wantsMembers: projection?.wants('members') ?? false,
    *respond(group) {
      if (projection === undefined) return { ...NO_CONTENT, etag: groupEtag(group) }
      return yield* groupReply(200, group, baseUrl, projection)
    },
  })
}

/** DELETE /Groups/{id} (§3.6). Replies 204. Refuses: 404, 412 stale If-Match. */
export function deleteGroup({ deps, logged, id, ifMatch }: ScimRequest): Promise<ScimReply> {
  return removeGroup(deps, logged, id, { ...precondition(ifMatch), respond: () => NO_CONTENT })
}

function precondition(ifMatch: string | undefined) {
  const check = ifMatchCheck<DirectoryGroup>(ifMatch, groupEtag)
  return check === undefined ? {} : { precondition: check }
}

function* groupReply(status: number, group: DirectoryGroup, baseUrl: string, projection: Projection): Work<ScimReply> {
  const text = yield* groupText(group, baseUrl, projection)
  return { status, text, etag: groupEtag(group), location: `${baseUrl}/Groups/${group.id}` }
}

/** Members that are written at a time. */
const PIECE = 500

/** The JSON text of a group. That of many members is written in pieces. */
export function* groupText(group: DirectoryGroup, baseUrl: string, projection: Projection): Work<string> {
  const { members = [] } = group
  const shown = (some: DirectoryGroup['members']): Resource =>
    projection.apply(groupResource({ ...group, ...(some && { members: some }) }, baseUrl))
  if (members.length <= PIECE) return JSON.stringify(shown(group.members))
  const parts: string[] = []
  for (let start = 0; start < members.length; start += PIECE) {
    const some = shown(members.slice(start, start + PIECE)).members
    if (some !== undefined) parts.push(JSON.stringify(some).slice(1, -1))
    yield
  }
  const around = Object.entries(shown(members.slice(0, 1)))
  const fields = around.map(
    ([name, value]) => `${JSON.stringify(name)}:${name === 'members' ? `[${parts.join(',')}]` : JSON.stringify(value)}`,
  )
  return `{${fields.join(',')}}`
}

/** A group as it travels; its members only where they were read. */
function groupResource(group: DirectoryGroup, baseUrl: string): Resource {
  const { id, displayName, externalId, createdAt, lastModified, members } = group
  return groupToResource({
    id,
    displayName,
    ...(externalId !== null && { externalId }),
    createdAt,
    lastModified,
    etag: groupEtag(group),
    location: `${baseUrl}/Groups/${id}`,
    ...(members && {
      members: members.map(({ id: value, display }) => ({
        id: value,
        location: `${baseUrl}/Users/${value}`,
        ...(display !== null && { display }),
      })),
    }),
  })
}
