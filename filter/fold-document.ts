import type { Attribute, Document, Json, ResourceSchema } from './attribute.js'
import { foldText } from './fold-value.js'

type Attributes = ReadonlyMap<string, Attribute>

const byList = new WeakMap<readonly Attribute[], Attributes>()

/**
 * The document as filters see it: every text of an attribute that ignores case folded, every dateTime in UTC with
 * milliseconds, the rest as it is. Names are canonical already; what the schema does not name is left out, because no
 * filter can ask for it.
 */
export function foldDocument(document: Document, schema: ResourceSchema): Document {
  const folded = foldMembers(document, schema.core.attributes)
  Object.assign(folded, foldMembers(document, schema.common))
  for (const { id, attributes } of schema.extensions) {
    const value = document[id]
    if (isObject(value)) folded[id] = foldMembers(value, attributes)
  }
  return folded
}

function foldMembers(value: Document, attributes: readonly Attribute[]): Document {
  const known = attributesOf(attributes)
  const folded: Document = {}
  for (const name of Object.keys(value)) {
    const attribute = known.get(name)
    if (attribute !== undefined) folded[name] = foldValue(attribute, value[name]!)
  }
  return folded
}

function foldValue(attribute: Attribute, value: Json): Json {
  if (typeof value === 'string') return foldText(attribute, value)
  if (Array.isArray(value)) return value.map((element) => foldValue(attribute, element))
  return isObject(value) ? foldMembers(value, attribute.subAttributes ?? []) : value
}

/** Attributes by name, made once for each list of them. */
function attributesOf(list: readonly Attribute[]): Attributes {
  const known = byList.get(list)
  if (known !== undefined) return known
  const made = new Map(list.map((attribute) => [attribute.name, attribute]))
  byList.set(list, made)
  return made
}

function isObject(value: Json | undefined): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
