import type { Attribute, Document, Json, ResourceSchema } from '../filter/attribute.js'
import { findAttribute, findTarget } from '../filter/find-attribute.js'
import { isObject } from './json-object.js'
import type { Resource } from './resource.js'

/** Canonical names; under an attribute that is meant whole stands `all`, else the part of it that is meant. */
type Selection = Map<string, Selection | 'all'>

/** Which attributes the client wants to see (RFC 7644 §3.9), read once per request. */
export interface Projection {
  /** Whether any of this top-level attribute will be shown, so that a read can leave out its query. */
  wants(attribute: string): boolean
  apply(resource: Resource): Resource
}

interface Parameters {
  get(name: string): string | null
}

/**
 * Read `attributes` and `excludedAttributes`. Names ignore case, may carry a URN, may name a sub-attribute or a whole
 * extension; unknown ones are ignored. Where both are sent `attributes` wins, and an empty parameter counts as not sent.
 * `id` and `schemas` are always shown; what is `returned: request` only by name (RFC 7643 §7).
 */
export function parseProjection(query: Parameters, schema: ResourceSchema): Projection {
  const attributes = query.get('attributes')
  if (attributes) return including(selectionOf(attributes, schema), schema)
  const excluded = query.get('excludedAttributes')
  return excluded ? excluding(selectionOf(excluded, schema), schema) : everything(schema)
}

const known = new WeakMap<ResourceSchema, Projection>()

/** What most requests ask for: worked out once. */
function everything(schema: ResourceSchema): Projection {
  const projection = known.get(schema) ?? excluding(new Map(), schema)
  known.set(schema, projection)
  return projection
}

function including(selection: Selection, schema: ResourceSchema): Projection {
  for (const name of ['schemas', ...namesReturned('always', schema)]) selection.set(name, 'all')
  return {
    wants: (attribute) => selection.has(attribute),
    apply: (resource) => picked(resource, selection),
  }
}

function excluding(selection: Selection, schema: ResourceSchema): Projection {
  for (const name of namesReturned('request', schema)) selection.set(name, 'all')
  for (const name of namesReturned('always', schema)) selection.delete(name)
  return {
    wants: (attribute) => selection.get(attribute) !== 'all',
    apply: (resource) => (selection.size === 0 ? resource : omitted(resource, selection)),
  }
}

function namesReturned(returned: Attribute['returned'], { common, core }: ResourceSchema): string[] {
  return [...common, ...core.attributes].filter((one) => one.returned === returned).map(({ name }) => name)
}

function selectionOf(text: string, schema: ResourceSchema): Selection {
  const selection: Selection = new Map()
  for (const name of text.split(',')) for (const path of pathsOf(name.trim(), schema)) select(selection, path)
  return selection
}

/** What one name means, as keys from the top of a resource downwards; nothing where it is unknown. */
function pathsOf(name: string, schema: ResourceSchema): string[][] {
  const urn = name.toLowerCase()
  const extension = schema.extensions.find(({ id }) => id.toLowerCase() === urn)
  if (extension) return [[extension.id]]
  if (schema.core.id.toLowerCase() === urn) return schema.core.attributes.map((attribute) => [attribute.name])
  const colon = name.lastIndexOf(':')
  const [attributeName = '', subName] = name.slice(colon + 1).split('.')
  const target = findTarget(colon === -1 ? undefined : name.slice(0, colon), attributeName, schema)
  if (!target) return []
  const sub = subName === undefined ? undefined : findAttribute(subName, target.attribute.subAttributes ?? [])
  if (subName !== undefined && !sub) return []
  const keys = [target.extension, target.attribute.name, sub?.name]
  return [keys.filter((key) => key !== undefined)]
}

function select(selection: Selection, [key, ...rest]: readonly string[]): void {
  if (key === undefined) return
  const selected = selection.get(key)
  if (selected === 'all') return
  if (rest.length === 0) {
    selection.set(key, 'all')
    return
  }
  const below: Selection = selected ?? new Map()
  selection.set(key, below)
  select(below, rest)
}

function picked(source: Document, selection: Selection): Document {
  const result: Document = {}
  for (const [name, value] of Object.entries(source)) {
    const selected = selection.get(name)
    if (selected === undefined) continue
    const part = selected === 'all' ? value : inside(value, (object) => picked(object, selected))
    if (part !== undefined) result[name] = part
  }
  return result
}

function omitted(source: Document, selection: Selection): Document {
  const result: Document = {}
  for (const [name, value] of Object.entries(source)) {
    const selected = selection.get(name)
    if (selected === 'all') continue
    const part = selected === undefined ? value : inside(value, (object) => omitted(object, selected))
    if (part !== undefined) result[name] = part
  }
  return result
}

/** The same change made to an object or to each element of a list; what becomes empty is gone. */
function inside(value: Json, change: (object: Document) => Document): Json | undefined {
  if (Array.isArray(value)) {
    const elements = value.map((element) => inside(element, change)).filter((element) => element !== undefined)
    return elements.length > 0 || value.length === 0 ? elements : undefined
  }
  if (!isObject(value)) return value
  const changed = change(value)
  return Object.keys(changed).length > 0 ? changed : undefined
}
