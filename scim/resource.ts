import type { Document, Json } from '../filter/attribute.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { ENTERPRISE_URN } from '../filter/schemas/enterprise-user.js'
import { GROUP_URN } from '../filter/schemas/group.js'
import { USER_URN } from '../filter/schemas/user.js'
import { isObject } from './json-object.js'

/** A resource as it travels. */
export type Resource = Document

/** What every resource says about itself (RFC 7643 §3.1). `etag` is the ETag header too, `location` the Location header. */
export interface ResourceFacts {
  readonly id: string
  readonly createdAt: Date
  readonly lastModified: Date
  readonly etag: string
  /** Absolute URI. */
  readonly location: string
}

/** One element of `User.groups` or `Group.members`: the id, name and absolute URI of the other side. */
export interface Reference {
  readonly id: string
  readonly display?: string
  readonly location: string
}

export interface UserFacts extends ResourceFacts {
  /** The desired state in canonical form. */
  readonly document: Document
  /** The groups the user is in; absent where they were not read because nobody asked for them. */
  readonly groups?: readonly Reference[]
  /** Name and URI of the manager whose id the document holds, where that is a user of the connection. */
  readonly manager?: Omit<Reference, 'id'>
}

export interface GroupFacts extends ResourceFacts {
  readonly displayName: string
  readonly externalId?: string
  /** Absent where they were not read because nobody asked for them. */
  readonly members?: readonly Reference[]
}

/** A User (RFC 7643 §4.1) with what is made at read: `groups`, `meta`, name and URI of the manager. */
export function userToResource({ document, id, groups, manager, ...facts }: UserFacts): Resource {
  const extension = document[ENTERPRISE_URN]
  return {
    schemas: schemasOf(document),
    id,
    ...document,
    ...(isObject(extension) && { [ENTERPRISE_URN]: withManager(extension, manager) }),
    ...(groups && { groups: groups.map((group) => referenceTo(group, 'direct')) }),
    meta: metaOf('User', facts),
  }
}

/** The URN of the core schema, and of each extension that has a value (RFC 7643 §3.3). */
export function schemasOf(document: Document): string[] {
  const schemas = [USER_URN]
  if (document[ENTERPRISE_URN] !== undefined) schemas.push(ENTERPRISE_URN)
  if (document[ACCOUNT_URN] !== undefined) schemas.push(ACCOUNT_URN)
  return schemas
}

/** A Group (RFC 7643 §4.2). */
export function groupToResource({ id, displayName, externalId, members, ...facts }: GroupFacts): Resource {
  return {
    schemas: [GROUP_URN],
    id,
    ...(externalId !== undefined && { externalId }),
    displayName,
    ...(members && { members: members.map((member) => referenceTo(member, 'User')) }),
    meta: metaOf('Group', facts),
  }
}

function withManager(extension: Document, facts: UserFacts['manager']): Document {
  const { manager } = extension
  if (!facts || !isObject(manager)) return extension
  const { display, location } = facts
  const shown = { ...manager, $ref: location, ...(display !== undefined && { displayName: display }) }
  return { ...extension, manager: shown }
}

function referenceTo({ id, display, location }: Reference, type: string): Json {
  return { value: id, ...(display !== undefined && { display }), type, $ref: location }
}

function metaOf(resourceType: string, { createdAt, lastModified, etag, location }: Omit<ResourceFacts, 'id'>): Json {
  return {
    resourceType,
    created: createdAt.toISOString(),
    lastModified: lastModified.toISOString(),
    location,
    version: etag,
  }
}
