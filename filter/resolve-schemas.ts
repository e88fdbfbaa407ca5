import type { ResourceSchema } from './attribute.js'
import { findSchema } from './find-attribute.js'
import type { ResolvedFilter } from './resolved.js'
import type { FilterNode } from './syntax.js'

/**
 * `schemas eq "urn…"` (RFC 7644 §3.4.2.2, figure 2). `schemas` is made from the document when it is read: the core URN
 * always, the URN of an extension where one of its attributes has a value. So it is asked about in those terms.
 * Undefined if the node is about something else, or asks what these terms cannot say.
 */
export function resolveSchemas(node: FilterNode, schema: ResourceSchema): ResolvedFilter | undefined {
  if (node.kind !== 'compare' && node.kind !== 'present') return undefined
  const { urn, name, filter, sub } = node.path
  if (name.toLowerCase() !== 'schemas' || urn !== undefined || filter !== undefined || sub !== undefined)
    return undefined
  if (node.kind === 'present') return { kind: 'constant', value: true }
  if (node.op !== 'eq' || typeof node.value !== 'string') return undefined
  return hasSchema(node.value, schema)
}

function hasSchema(urn: string, schema: ResourceSchema): ResolvedFilter {
  const found = findSchema(urn, schema)
  if (found === undefined || found === schema.core) return { kind: 'constant', value: found !== undefined }
  const terms = found.attributes.map((attribute): ResolvedFilter => {
    return { kind: 'present', target: { extension: found.id, attribute } }
  })
  return { kind: 'or', terms }
}
