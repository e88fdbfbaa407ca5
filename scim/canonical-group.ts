import type { Work } from '../db/pace.js'
import { GROUP_SCHEMA, GROUP_URN } from '../filter/schemas/group.js'
import { attributeTable, findSlot } from './attribute-table.js'
import { canonicalValue } from './canonical-value.js'
import { ScimError } from './errors.js'
import { memberOf } from './json-object.js'
import { parseMemberIds } from './member-ids.js'
import { objectOfSchema } from './resource-body.js'

/** What a POST or PUT says about a group. */
export interface GroupResource {
  readonly displayName: string
  readonly externalId?: string
  /** The ids of the members, each once, in the order sent; absent when `members` was not sent. */
  readonly members?: readonly string[]
}

const TABLE = attributeTable(GROUP_SCHEMA)

/**
 * Read the body of POST or PUT /Groups, in pieces where it has many members. Throws ScimError: bad_json, bad_schema, attr_missing, attr_type,
 * attr_too_long, nested_group.
 */
export function* parseGroupResource(body: unknown): Work<GroupResource> {
  const source = objectOfSchema(body, GROUP_URN)
  const externalId = groupExternalId(memberOf(source, 'externalId'))
  const members = memberOf(source, 'members')
  return {
    displayName: groupName(memberOf(source, 'displayName')),
    ...(externalId !== undefined && { externalId }),
    ...(members !== undefined && { members: yield* parseMemberIds(members) }),
  }
}

/** The name of a group, which it must have (erratum 5368). */
export function groupName(sent: unknown): string {
  const name = canonicalText('displayName', sent)
  if (name === undefined || name.trim() === '')
    throw new ScimError('attr_missing', 'Attribute displayName is required.')
  return name
}

/** The externalId of a group, or undefined for none. */
export function groupExternalId(sent: unknown): string | undefined {
  return canonicalText('externalId', sent)
}

function canonicalText(name: 'displayName' | 'externalId', sent: unknown): string | undefined {
  const text = canonicalValue(findSlot(TABLE, name)!, sent)
  return typeof text === 'string' ? text : undefined
}
