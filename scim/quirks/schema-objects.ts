import { findSchema } from '../../filter/find-attribute.js'
import { shown } from '../canonical-text.js'
import { ScimError } from '../errors.js'
import { isObject } from '../json-object.js'
import type { OperationQuirk } from './quirk.js'

/**
 * The URN of a schema as path, or as key of a value without path, means the attributes of that schema: those in the
 * object, or all of them in a remove. They are as many operations, so that attributes which are not named stay.
 */
export const schemaObjects: OperationQuirk = {
  name: 'schema-objects',
  rewrite(operation, { schema }) {
    const { op, path, value, index } = operation
    const named = path?.includes(':') ? findSchema(path, schema) : undefined
    if (!named) return [operation]
    const one = (name: string, part?: unknown) =>
      ({ op, path: `${named.id}:${name}`, value: part, index, fromObject: true }) as const
    if (op === 'remove') return named.attributes.map(({ name }) => one(name))
    if (value === null) return op === 'add' ? [] : named.attributes.map(({ name }) => one(name, null))
    if (!isObject(value)) throw new ScimError('attr_type', `${named.id} must be an object, got ${shown(value)}.`)
    return Object.keys(value).map((key) => one(key, value[key]))
  },
}
