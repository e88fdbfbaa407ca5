import type { Comparison, ResolvedFilter, Target } from '../filter/resolved.js'
import type { FilterDialect } from './filter-dialect.js'
import { type Fragment, raw, sql } from './filter-fragment.js'
import { elementValues, type FilterResource, keysOf, ownerOf, refuse, type Values } from './filter-resource.js'

/** The connection whose rows are searched. Its ids are parameters of every sub-select, so that each finds its index. */
export interface FilterScope {
  readonly accountId: string
  readonly connectionId: string
}

/** `open`, the condition that `filter` becomes over `values`, `)`: does one element match? */
export interface ListSearch {
  readonly open: Fragment
  readonly values: Values
  readonly filter: ResolvedFilter
}

/** `narrowed`: another condition leaves so few rows that their elements are looked at, in place of being searched for. */
export interface ListQuestion {
  readonly target: Target
  readonly filter: ResolvedFilter
  readonly resource: FilterResource
  readonly dialect: FilterDialect
  readonly scope: FilterScope
  readonly narrowed: boolean
}

/** How to ask whether an element of a list matches; all of the searches must. Throws FilterError filter_attribute. */
export function listSearches(question: ListQuestion): readonly ListSearch[] {
  const { target, resource } = question
  const name = target.extension === undefined ? target.attribute.name : ''
  if (resource.lists.has(name)) return [name === 'groups' ? groupsOfUser(question) : membersOfGroup(question)]
  if (!resource.hasDocument) return refuse(target)
  return name === 'emails' ? emails(question) : [inDocument(question)]
}

/** The element as it stands in the document. */
function inDocument({ target, filter, dialect }: ListQuestion): ListSearch {
  const open = raw(`EXISTS (SELECT 1 FROM ${dialect.elements('r.folded', keysOf(ownerOf(target)))} WHERE`)
  return { open, values: elementValues(target.attribute, dialect), filter }
}

/** `emails.value` has an index of its own: alone it is the answer, as a part of a filter it narrows the search. */
function emails(question: ListQuestion): readonly ListSearch[] {
  const { filter, narrowed } = question
  if (isByValue(filter) && filter.op !== 'ne' && (filter.op === 'eq' || !narrowed)) return [inIndex(filter, question)]
  const address = narrowed ? undefined : conjuncts(filter).find((term) => isByValue(term) && term.op === 'eq')
  return [...(address === undefined ? [] : [inIndex(address, question)]), inDocument(question)]
}

function inIndex(filter: ResolvedFilter, { scope }: ListQuestion): ListSearch {
  const open = sql`r.id IN (SELECT e.directory_user_id FROM directory_emails e
    WHERE e.account_id = ${scope.accountId} AND e.connection_id = ${scope.connectionId} AND`
  return { open, values: () => ({ kind: 'text', expression: 'e.value_key' }), filter }
}

/** `User.groups`: a membership counts while its group stands. */
function groupsOfUser({ filter, scope, dialect, narrowed }: ListQuestion): ListSearch {
  const join = raw(dialect.join)
  const searched = sql`r.id IN (SELECT m.directory_user_id FROM directory_groups g ${join} directory_members m
    ON m.account_id = g.account_id AND m.connection_id = g.connection_id AND m.group_id = g.id
    WHERE g.account_id = ${scope.accountId} AND g.connection_id = ${scope.connectionId} AND`
  const looked = sql`EXISTS (SELECT 1 FROM directory_members m ${join} directory_groups g
    ON g.account_id = m.account_id AND g.connection_id = m.connection_id AND g.id = m.group_id
    WHERE m.account_id = ${scope.accountId} AND m.connection_id = ${scope.connectionId}
    AND m.directory_user_id = r.id AND`
  return { open: isSearchable(filter) && !narrowed ? searched : looked, values: groupValues, filter }
}

const groupValues: Values = (target) => {
  if (target.attribute.name === 'value') return { kind: 'text', expression: 'g.id' }
  if (target.attribute.name === 'display') return { kind: 'text', expression: 'g.display_key' }
  return target.attribute.name === 'type' ? { kind: 'fixed', value: 'direct' } : refuse(target)
}

/** `Group.members`. */
function membersOfGroup({ filter, scope, narrowed }: ListQuestion): ListSearch {
  const scoped = sql`m.account_id = ${scope.accountId} AND m.connection_id = ${scope.connectionId}`
  const searched = sql`r.id IN (SELECT m.group_id FROM directory_members m WHERE ${scoped} AND`
  const looked = sql`EXISTS (SELECT 1 FROM directory_members m WHERE ${scoped} AND m.group_id = r.id AND`
  return { open: isSearchable(filter) && !narrowed ? searched : looked, values: memberValues, filter }
}

const MEMBER_NAME = `(SELECT u.display_key FROM directory_users u
  WHERE u.account_id = m.account_id AND u.connection_id = m.connection_id AND u.id = m.directory_user_id)`

const memberValues: Values = (target) => {
  if (target.attribute.name === 'value') return { kind: 'text', expression: 'm.directory_user_id' }
  if (target.attribute.name === 'display') return { kind: 'text', expression: MEMBER_NAME }
  return target.attribute.name === 'type' ? { kind: 'fixed', value: 'User' } : refuse(target)
}

/** Does the filter say enough to find its elements through an index, whichever rows they belong to? */
function isSearchable(filter: ResolvedFilter): boolean {
  return conjuncts(filter).some((term) => {
    if (term.kind === 'or') return term.terms.every(isSearchable)
    const byKey = term.kind === 'compare' && ['value', 'display'].includes(term.target.attribute.name)
    return byKey && (term.op === 'eq' || term.op === 'sw')
  })
}

function conjuncts(filter: ResolvedFilter): readonly ResolvedFilter[] {
  return filter.kind === 'and' ? filter.terms.flatMap(conjuncts) : [filter]
}

function isByValue(filter: ResolvedFilter): filter is Comparison {
  return filter.kind === 'compare' && filter.target.attribute.name === 'value'
}
