import type { Attribute, ResourceSchema } from './attribute.js'
import { checkValue, fitsOperator } from './check-value.js'
import { FilterError } from './errors.js'
import { findAttribute, findTarget } from './find-attribute.js'
import { resolveSchemas } from './resolve-schemas.js'
import type { ResolvedFilter, ResolvedPath, Target } from './resolved.js'
import type { AttributePathNode, FilterNode } from './syntax.js'

/** `unknown: 'no-value'` is for a query over all types, where an attribute that this type lacks has no value (RFC 7644 §3.4.2.1). */
export interface ResolveOptions {
  readonly unknown?: 'error' | 'no-value'
}

type Comparing = Extract<FilterNode, { kind: 'compare' }>

/** Where names are looked up: in a resource, or in one element of a multi-valued attribute. */
interface Scope {
  readonly find: (path: AttributePathNode) => Target | undefined
  readonly schema?: ResourceSchema
  readonly unknown: 'error' | 'no-value'
}

/**
 * Give every name its attribute and every value its type. Names and URNs ignore case; `emails eq "x"` means
 * `emails.value eq "x"`; `eq null` means not present, `ne null` present.
 * Throws FilterError: filter_attribute, filter_type.
 */
export function resolveFilter(node: FilterNode, schema: ResourceSchema, options: ResolveOptions = {}): ResolvedFilter {
  const find = (path: AttributePathNode) => findTarget(path.urn, path.name, schema)
  return resolveNode(node, { find, schema, unknown: options.unknown ?? 'error' })
}

/**
 * Give a PATCH path its attributes. It may name a complex attribute as a whole.
 * Throws FilterError: filter_attribute, filter_type.
 */
export function resolvePath(path: AttributePathNode, schema: ResourceSchema): ResolvedPath {
  const target = findTarget(path.urn, path.name, schema) ?? refuseUnknown(path)
  const withSub = path.sub === undefined ? target : { ...target, sub: subAttribute(path, target.attribute) }
  if (path.filter === undefined) return withSub
  return { ...withSub, filter: resolveElement(path.filter, path, target.attribute, 'error') }
}

/**
 * The one value that `sortBy` names (RFC 7644 §3.4.2.3): a complex attribute means its `value`.
 * Throws FilterError: filter_attribute.
 */
export function resolveSortBy(path: AttributePathNode, schema: ResourceSchema): Target {
  const { filter, ...target } = resolvePath(path, schema)
  if (filter !== undefined || isSecret(target.attribute))
    return refuse(path, `The list cannot be sorted by ${written(path)}`)
  return defaultToValue(path, target)
}

function resolveNode(node: FilterNode, scope: Scope): ResolvedFilter {
  switch (node.kind) {
    case 'and':
    case 'or':
      return { kind: node.kind, terms: node.terms.map((term) => resolveNode(term, scope)) }
    case 'not':
      return { kind: 'not', term: resolveNode(node.term, scope) }
    default:
      return resolveTerm(node, scope)
  }
}

function resolveTerm(node: Exclude<FilterNode, { kind: 'and' | 'or' | 'not' }>, scope: Scope): ResolvedFilter {
  const { path } = node
  const target = scope.find(path)
  if (target !== undefined && isSecret(target.attribute)) return refuseUnknown(path)
  if (target === undefined) {
    const schemas = scope.schema === undefined ? undefined : resolveSchemas(node, scope.schema)
    return schemas ?? (scope.unknown === 'error' ? refuseUnknown(path) : withoutValue(node))
  }
  if (path.filter !== undefined) return resolveValuePath(node, path.filter, target, scope)
  if (path.sub === undefined) return resolveLeaf(node, target)
  const sub = findAttribute(path.sub, target.attribute.subAttributes ?? [])
  if (sub === undefined && scope.unknown === 'no-value') return withoutValue(node)
  return resolveLeaf(node, { ...target, sub: subAttribute(path, target.attribute) })
}

/** What the rest of the filter sees where the attribute cannot have a value: `ne` holds, nothing else does. */
function withoutValue(node: FilterNode): ResolvedFilter {
  const value = node.kind === 'compare' && node.op === (node.value === null ? 'eq' : 'ne')
  return { kind: 'constant', value }
}

/** `attr[filter]`, and `attr[filter].sub …`, which asks about `sub` of the elements that the filter chooses. */
function resolveValuePath(node: FilterNode, filter: FilterNode, target: Target, scope: Scope): ResolvedFilter {
  const { path } = node as Comparing
  const chosen = resolveElement(filter, path, target.attribute, scope.unknown)
  if (path.sub === undefined) return { kind: 'some', target, filter: chosen }
  const leaf = resolveLeaf(node, { attribute: subAttribute(path, target.attribute) })
  const some = (term: ResolvedFilter): ResolvedFilter => ({
    kind: 'some',
    target,
    filter: { kind: 'and', terms: [chosen, term] },
  })
  if (leaf.kind === 'not') return { kind: 'not', term: some(leaf.term) }
  if (leaf.kind !== 'compare' || leaf.op !== 'ne') return some(leaf)
  const none: ResolvedFilter = { kind: 'not', term: { kind: 'some', target, filter: chosen } }
  return { kind: 'or', terms: [some(leaf), none] }
}

function resolveElement(
  filter: FilterNode,
  owner: AttributePathNode,
  attribute: Attribute,
  unknown: Scope['unknown'],
): ResolvedFilter {
  if (attribute.type !== 'complex') return refuse(owner, `${attribute.name} has no sub-attributes to choose by`)
  const find = (path: AttributePathNode): Target | undefined => {
    const found = path.urn === undefined && path.sub === undefined && findAttribute(path.name, attribute.subAttributes!)
    return found ? { attribute: found } : undefined
  }
  return resolveNode(filter, { find, unknown })
}

/** A test of one attribute whose place is known. */
function resolveLeaf(node: FilterNode, target: Target): ResolvedFilter {
  if (node.kind !== 'compare') return { kind: 'present', target }
  if (node.value === null) {
    const present: ResolvedFilter = { kind: 'present', target }
    if (node.op === 'ne') return present
    return node.op === 'eq' ? { kind: 'not', term: present } : refuseType(node, 'null has no order and no parts')
  }
  return resolveComparison(node, defaultToValue(node.path, target))
}

function resolveComparison(node: Comparing, target: Target): ResolvedFilter {
  const attribute = target.sub ?? target.attribute
  const name = written(node.path)
  if (isSecret(attribute)) return refuseUnknown(node.path)
  if (!fitsOperator(attribute, node.op)) return refuseType(node, `"${node.op}" is not defined for ${attribute.type}`)
  const checked = checkValue(attribute, node.value)
  if (checked === undefined) return refuseType(node, `${name} is of type ${attribute.type}, the value is not`)
  return { kind: 'compare', target, op: node.op, ...checked }
}

/** A complex attribute is compared by its `value` (RFC 7644 §3.4.2.2: `emails co` means `emails.value`). */
function defaultToValue(path: AttributePathNode, target: Target): Target {
  if ((target.sub ?? target.attribute).type !== 'complex') return target
  const sub = findAttribute('value', target.attribute.subAttributes ?? [])
  return sub === undefined
    ? refuse(path, `${written(path)} is complex: name one of its sub-attributes`)
    : { ...target, sub }
}

function subAttribute(path: AttributePathNode, attribute: Attribute): Attribute {
  const sub = findAttribute(path.sub ?? '', attribute.subAttributes ?? [])
  return sub === undefined || isSecret(sub) ? refuseUnknown(path) : sub
}

/** What is never returned must not be found out by asking either (RFC 7644 §7.5.2). */
function isSecret(attribute: Attribute): boolean {
  return attribute.returned === 'never' || attribute.mutability === 'writeOnly'
}

function written({ urn, name, sub }: AttributePathNode): string {
  return `${urn === undefined ? '' : `${urn}:`}${name}${sub === undefined ? '' : `.${sub}`}`
}

function refuseUnknown(path: AttributePathNode): never {
  return refuse(path, `The attribute ${written(path)} is not known`)
}

function refuse(path: AttributePathNode, message: string): never {
  throw new FilterError('filter_attribute', path.position, `${message}.`)
}

function refuseType({ path }: Comparing, reason: string): never {
  const message = `The comparison at position ${path.position} is not possible: ${reason}.`
  throw new FilterError('filter_type', path.position, message)
}
