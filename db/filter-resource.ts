import type { Attribute } from '../filter/attribute.js'
import { FilterError } from '../filter/errors.js'
import type { Target } from '../filter/resolved.js'
import { ENTERPRISE_URN } from '../filter/schemas/enterprise-user.js'
import type { Operand } from './filter-compare.js'
import type { FilterDialect } from './filter-dialect.js'

/** Gives an attribute its value where the query stands: in a row of the table, or in an element of a list. */
export type Values = (target: Target) => Operand

/** The one complex attribute of users that has a column of its own. */
export const MANAGER = `${ENTERPRISE_URN}:manager`

const text = (expression: string): Operand => ({ kind: 'text', expression })
const instant = (expression: string): Operand => ({ kind: 'instant', expression })

const COMMON: Readonly<Record<string, Operand>> = {
  id: text('r.id'),
  externalId: text('r.external_id'),
  displayName: text('r.display_key'),
  'meta.created': instant('r.created_at'),
  'meta.lastModified': instant('r.last_modified'),
}

const MANAGER_NAME = `(SELECT u.display_key FROM directory_users u
  WHERE u.account_id = r.account_id AND u.connection_id = r.connection_id AND u.id = r.manager_id)`

const USER_COLUMNS: Readonly<Record<string, Operand>> = {
  ...COMMON,
  userName: text('r.user_name_key'),
  active: { kind: 'boolean', expression: 'r.desired_active' },
  [`${MANAGER}.value`]: text('r.manager_id'),
  [`${MANAGER}.displayName`]: text(MANAGER_NAME),
  'meta.resourceType': { kind: 'fixed', value: 'User' },
}

const GROUP_COLUMNS: Readonly<Record<string, Operand>> = {
  ...COMMON,
  'meta.resourceType': { kind: 'fixed', value: 'Group' },
}

/** How rows of `directory_users` or `directory_groups`, under the alias `r`, answer for a resource. */
export interface FilterResource {
  /** Values with a column of their own, by name. */
  readonly columns: Readonly<Record<string, Operand>>
  /** Those of which no two rows of a connection have the same. */
  readonly unique: ReadonlySet<string>
  /** Conditions that a complex attribute outside the document has a value, by name. */
  readonly complex: Readonly<Record<string, string>>
  /** Multi-valued attributes that are rows of other tables. */
  readonly lists: ReadonlySet<string>
  /** Whether all other attributes stand in the column `folded`; otherwise they cannot be asked about. */
  readonly hasDocument: boolean
}

export const FILTER_RESOURCES: Readonly<Record<'user' | 'group', FilterResource>> = {
  user: {
    columns: USER_COLUMNS,
    unique: new Set(['id', 'userName', 'externalId']),
    complex: { meta: 'TRUE', [MANAGER]: 'r.manager_id IS NOT NULL' },
    lists: new Set(['groups']),
    hasDocument: true,
  },
  group: {
    columns: GROUP_COLUMNS,
    unique: new Set(['id', 'displayName']),
    complex: { meta: 'TRUE' },
    lists: new Set(['members']),
    hasDocument: false,
  },
}

/** The values of a row. */
export function rowValues(resource: FilterResource, dialect: FilterDialect): Values {
  return (target) => {
    const column = resource.columns[nameOf(target)]
    if (column !== undefined) return column
    const complex = resource.complex[nameOf(ownerOf(target))]
    if (complex !== undefined || !resource.hasDocument) return refuse(target)
    return operandOf(target.sub ?? target.attribute, 'r.folded', keysOf(target), dialect)
  }
}

/** A condition: has the row an object for this complex attribute with one value? */
export function isObjectSql(target: Target, resource: FilterResource, dialect: FilterDialect): string {
  const complex = resource.complex[nameOf(ownerOf(target))]
  if (complex === undefined && !resource.hasDocument) return refuse(target)
  return complex ?? dialect.isObject('r.folded', keysOf(ownerOf(target)))
}

/** The values of one element in the list of a document, inside `FROM dialect.elements(…)`. */
export function elementValues(list: Attribute, dialect: FilterDialect): Values {
  return ({ attribute }) => {
    if (attribute === list) return operandOf(attribute, dialect.scalar, [], dialect)
    return operandOf(attribute, dialect.element, [attribute.name], dialect)
  }
}

/** The keys from the top of a document to an attribute. */
export function keysOf({ extension, attribute, sub }: Target): string[] {
  return [...(extension === undefined ? [] : [extension]), attribute.name, ...(sub === undefined ? [] : [sub.name])]
}

/** What is only made when a resource is read (links, versions) cannot be searched by. Throws filter_attribute. */
export function refuse(target: Target): never {
  throw new FilterError('filter_attribute', 1, `The attribute ${nameOf(target)} cannot be searched by.`)
}

/** As a client would write it: `name.givenName`, `urn:…:User:department`. */
export function nameOf({ extension, attribute, sub }: Target): string {
  const name = sub === undefined ? attribute.name : `${attribute.name}.${sub.name}`
  return extension === undefined ? name : `${extension}:${name}`
}

/** The attribute without its sub-attribute. */
export function ownerOf({ extension, attribute }: Target): Target {
  return extension === undefined ? { attribute } : { extension, attribute }
}

function operandOf(attribute: Attribute, json: string, keys: readonly string[], dialect: FilterDialect): Operand {
  if (attribute.type === 'boolean') return { kind: 'boolean', expression: dialect.boolean(json, keys) }
  const isNumber = attribute.type === 'decimal' || attribute.type === 'integer'
  return isNumber ? { kind: 'number', expression: dialect.number(json, keys) } : text(dialect.text(json, keys))
}
