import { shown } from '../canonical-text.js'
import { ScimError } from '../errors.js'
import { isObject } from '../json-object.js'
import type { OperationQuirk } from './quirk.js'

/** As many operations as a PATCH of a user may have. */
const MAX_KEYS = 1_000

/**
 * A value without path is an object of attributes (RFC 7644 §3.5.2.1). Entra writes whole paths as its keys:
 * `name.givenName`, `urn:…:User:department`, `emails[type eq "work"].value` (trap 9). So every key is a path of its own.
 */
export const keysAsPaths: OperationQuirk = {
  name: 'keys-as-paths',
  rewrite({ op, path, value, index }) {
    // A client that adds the URN of an extension together with its values says nothing new by it.
    if (path !== undefined) return op !== 'remove' && isSchemas(path) ? [] : [{ op, path, value, index }]
    if (!isObject(value))
      throw new ScimError('attr_type', `A value without path must be an object of attributes, got ${shown(value)}.`)
    const keys = Object.keys(value)
    if (keys.length > MAX_KEYS)
      throw new ScimError('patch_op', `A value without path has ${keys.length} attributes, limit ${MAX_KEYS}.`)
    return keys
      .filter((key) => !isSchemas(key))
      .map((key) => ({ op, path: key, value: value[key], index, fromObject: true }))
  },
}

const isSchemas = (path: string): boolean => path.toLowerCase() === 'schemas'
