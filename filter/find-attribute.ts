import type { Attribute, ResourceSchema, Schema } from './attribute.js'
import type { Target } from './resolved.js'

/** The core or extension schema that `urn` names, in any case. */
export function findSchema(urn: string, schema: ResourceSchema): Schema | undefined {
  const wanted = urn.toLowerCase()
  return [schema.core, ...schema.extensions].find(({ id }) => id.toLowerCase() === wanted)
}

/** The attribute of that name, in any case (RFC 7643 §2.1). */
export function findAttribute(name: string, attributes: readonly Attribute[]): Attribute | undefined {
  const wanted = name.toLowerCase()
  return attributes.find((attribute) => attribute.name.toLowerCase() === wanted)
}

/**
 * The attribute of a resource that a name and, where written, the URN of its schema mean. Without a URN the common and
 * core attributes come first, then those of the extensions, because IdPs write `manager` for the enterprise one.
 */
export function findTarget(urn: string | undefined, name: string, schema: ResourceSchema): Target | undefined {
  const named = urn === undefined ? undefined : findSchema(urn, schema)
  if (urn !== undefined && named === undefined) return undefined
  if (named === undefined || named === schema.core) {
    const attribute = findAttribute(name, schema.common) ?? findAttribute(name, schema.core.attributes)
    if (attribute !== undefined) return { attribute }
  }
  for (const extension of named === undefined ? schema.extensions : [named]) {
    const attribute = extension === schema.core ? undefined : findAttribute(name, extension.attributes)
    if (attribute !== undefined) return { extension: extension.id, attribute }
  }
  return undefined
}
