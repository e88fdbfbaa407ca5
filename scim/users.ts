import type { DirectoryUser } from '../accounts/directory-user.js'
import { managerIdOf } from '../accounts/link-user.js'
import { provisionUser } from '../accounts/provision-user.js'
import { getDirectoryUser } from '../accounts/read-directory.js'
import { removeUser } from '../accounts/remove-user.js'
import { reviseUser } from '../accounts/revise-user.js'
import { shownDocument } from '../accounts/user-schema.js'
import { inTurns } from '../db/pace.js'
import type { ResourceSchema } from '../filter/attribute.js'
import { applyPatch } from './apply-patch.js'
import { unknownAttributes, userReader } from './canonical-user.js'
import { checkChoices } from './check-choices.js'
import { ifMatchCheck, unlessKnown, userEtag } from './etag.js'
import { asPreferred, NO_CONTENT, type ScimReply, type ScimRequest } from './exchange.js'
import { parsePatchOp } from './patch-op.js'
import { type Projection, parseProjection } from './projection.js'
import { type Resource, userToResource } from './resource.js'

/**
 * POST /Users (RFC 7644 §3.3). Replies 201 with the whole User and its Location.
 * Refuses: 400 invalidSyntax | invalidValue, 403 where no seat is free and the connection rejects, 409 uniqueness.
 */
export function createUser(request: ScimRequest): Promise<ScimReply> {
  const { deps, connection, logged, query, body, baseUrl } = request
  const projection = parseProjection(query, connection.userSchema)
  const reader = userReader(body)
  const read = (userSchema: ResourceSchema) => {
    const { document } = reader(userSchema)
    checkChoices(document, userSchema, {})
    return { document, passedOver: unknownAttributes(body, userSchema) }
  }
  return provisionUser(deps, logged, read, (user) => asPreferred(userReply(201, user, baseUrl, projection), request))
}

/** GET /Users/{id} (§3.4.1). Replies 200, or 304 where If-None-Match names the version. Refuses: 404. */
export async function readUser({ deps, connection, id, query, baseUrl, ifNoneMatch }: ScimRequest): Promise<ScimReply> {
  const projection = parseProjection(query, connection.userSchema)
  const user = await getDirectoryUser(deps, connection, id, true)
  const reply = userReply(200, user, baseUrl, projection)
  return unlessKnown(reply, ifNoneMatch)
}

/**
 * PUT /Users/{id} (§3.5.1): replaces the profile; `active` and the password stay where they were not sent.
 * Refuses: 400 invalidSyntax | invalidValue, 404, 409 uniqueness, 412 stale If-Match.
 */
export function replaceUser(request: ScimRequest): Promise<ScimReply> {
  const { deps, connection, logged, id, query, body, baseUrl, ifMatch } = request
  const projection = parseProjection(query, connection.userSchema)
  const read = userReader(body)
  // What cannot be read is refused without a transaction.
  read(connection.userSchema)
  return reviseUser(deps, logged, id, {
    ...precondition(ifMatch),
    change: (current, userSchema) => {
      const { document: sent, activeSent } = read(userSchema)
      checkChoices(sent, userSchema, current)
      const document = activeSent ? sent : { ...sent, active: current.active ?? true }
      return { document, passedOver: unknownAttributes(body, userSchema) }
    },
    respond: (user) => asPreferred(userReply(200, user, baseUrl, projection), request),
  })
}

/**
 * PATCH /Users/{id} (§3.5.2). Replies 200 with the whole User.
 * Refuses: 400 invalidSyntax | invalidPath | noTarget | mutability | invalidValue, 404, 409 uniqueness, 412 stale If-Match.
 */
export async function patchUser(request: ScimRequest): Promise<ScimReply> {
  const { deps, connection, logged, id, query, body, baseUrl, ifMatch } = request
  const projection = parseProjection(query, connection.userSchema)
  const operations = await inTurns(parsePatchOp(body))
  return reviseUser(deps, logged, id, {
    ...precondition(ifMatch),
    change: (current, userSchema) => {
      const passedOver: string[] = []
      return { document: applyPatch(current, operations, userSchema, { id }, passedOver), passedOver }
    },
    respond: (user) => asPreferred(userReply(200, user, baseUrl, projection), request),
  })
}

/** DELETE /Users/{id} (§3.6). Replies 204. Refuses: 404, 412 stale If-Match. */
export function deleteUser({ deps, logged, id, ifMatch }: ScimRequest): Promise<ScimReply> {
  return removeUser(deps, logged, id, { ...precondition(ifMatch), respond: () => NO_CONTENT })
}

function precondition(ifMatch: string | undefined) {
  const check = ifMatchCheck<DirectoryUser>(ifMatch, userEtag)
  return check === undefined ? {} : { precondition: check }
}

function userReply(status: number, user: DirectoryUser, baseUrl: string, projection: Projection): ScimReply {
  const resource = projection.apply(userResource(user, baseUrl))
  return { status, text: JSON.stringify(resource), etag: userEtag(user), location: locationOf(user.id, baseUrl) }
}

const locationOf = (id: string, baseUrl: string): string => `${baseUrl}/Users/${id}`

/** A user as she travels, with what is computed at read. */
export function userResource(user: DirectoryUser, baseUrl: string): Resource {
  const { id, userSchema, createdAt, lastModified, managerName } = user
  const document = shownDocument(user.document, userSchema)
  const managerId = managerIdOf(document)
  return userToResource({
    id,
    document,
    createdAt,
    lastModified,
    etag: userEtag(user),
    location: locationOf(id, baseUrl),
    groups: user.groups.map((group) => ({ ...group, location: `${baseUrl}/Groups/${group.id}` })),
    ...(managerId !== undefined && {
      manager: { location: locationOf(managerId, baseUrl), ...(managerName !== null && { display: managerName }) },
    }),
  })
}
