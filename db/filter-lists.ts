import type { Target } from '../filter/resolved.js'
import type { FilterDialect } from './filter-dialect.js'
import { type Fragment, raw, sql } from './filter-fragment.js'
import { elementValues, type FilterResource, keysOf, ownerOf, refuse, type Values } from './filter-resource.js'
import type { FilterScope } from './filter-search.js'

/** The elements of a multi-valued attribute of the row `r`: what stands behind `SELECT 1 FROM`, ready for one more AND. */
export interface Elements {
  readonly from: Fragment
  readonly values: Values
}

/** Throws FilterError filter_attribute for a list that is not stored. */
export function elementsOf(
  target: Target,
  resource: FilterResource,
  dialect: FilterDialect,
  scope: FilterScope,
): Elements {
  const name = target.extension === undefined ? target.attribute.name : ''
  if (resource.lists.has(name)) return name === 'groups' ? groupsOfUser(dialect, scope) : membersOfGroup(scope)
  if (!resource.hasDocument) return refuse(target)
  const elements = dialect.elements('r.folded', keysOf(ownerOf(target)))
  return { from: raw(`${elements} WHERE TRUE`), values: elementValues(target.attribute, dialect) }
}

/** `User.groups`: a membership counts while its group stands. */
function groupsOfUser({ join }: FilterDialect, { accountId, connectionId }: FilterScope): Elements {
  const from = sql`directory_members m ${raw(join)} directory_groups g
    ON g.account_id = m.account_id AND g.connection_id = m.connection_id AND g.id = m.group_id
    WHERE m.account_id = ${accountId} AND m.connection_id = ${connectionId} AND m.directory_user_id = r.id`
  return { from, values: groupValues }
}

const groupValues: Values = (target) => {
  if (target.attribute.name === 'value') return { kind: 'text', expression: 'g.id' }
  if (target.attribute.name === 'display') return { kind: 'text', expression: 'g.display_key' }
  return target.attribute.name === 'type' ? { kind: 'fixed', value: 'direct' } : refuse(target)
}

/** `Group.members`. */
function membersOfGroup({ accountId, connectionId }: FilterScope): Elements {
  const from = sql`directory_members m
    WHERE m.account_id = ${accountId} AND m.connection_id = ${connectionId} AND m.group_id = r.id`
  return { from, values: memberValues }
}

const MEMBER_NAME = `(SELECT u.display_key FROM directory_users u
  WHERE u.account_id = m.account_id AND u.connection_id = m.connection_id AND u.id = m.directory_user_id)`

const memberValues: Values = (target) => {
  if (target.attribute.name === 'value') return { kind: 'text', expression: 'm.directory_user_id' }
  if (target.attribute.name === 'display') return { kind: 'text', expression: MEMBER_NAME }
  return target.attribute.name === 'type' ? { kind: 'fixed', value: 'User' } : refuse(target)
}
