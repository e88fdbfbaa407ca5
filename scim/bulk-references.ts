import { isObject } from './json-object.js'

const PREFIX = 'bulkId:'
/** In the path of a PATCH operation: `members[value eq "bulkId:x"]`. */
const QUOTED = /"bulkId:([^"]*)"/g

/** The bulkId that a text refers to (RFC 7644 §3.7.2), or undefined. */
function referenceOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.startsWith(PREFIX) ? value.slice(PREFIX.length) : undefined
}

/** Every bulkId that a path or the data of an operation refers to. */
export function referencesIn(path: string, data: unknown): Set<string> {
  const found = new Set<string>()
  for (const segment of path.split('/')) add(found, referenceOf(segment))
  collect(data, found)
  return found
}

/** `name` is that of the member that holds the value. */
function collect(value: unknown, found: Set<string>, name = ''): void {
  if (typeof value === 'string') {
    add(found, referenceOf(value))
    if (isPath(name)) for (const [, quoted] of value.matchAll(QUOTED)) add(found, quoted)
  } else if (Array.isArray(value)) for (const one of value) collect(one, found)
  else if (isObject(value)) for (const key of Object.keys(value)) collect(value[key], found, key)
}

const isPath = (name: string): boolean => name.toLowerCase() === 'path'

function add(found: Set<string>, reference: string | undefined): void {
  if (reference !== undefined) found.add(reference)
}

/** The path with ids in place of references. */
export function resolvePath(path: string, idOf: (bulkId: string) => string | undefined): string {
  return path
    .split('/')
    .map((segment) => idOf(referenceOf(segment) ?? '') ?? segment)
    .join('/')
}

/** The same data with ids in place of references; where `idOf` knows none the reference stays as it is. */
export function resolveData(value: unknown, idOf: (bulkId: string) => string | undefined, name = ''): unknown {
  if (typeof value === 'string') {
    const reference = referenceOf(value)
    if (reference !== undefined) return idOf(reference) ?? value
    return isPath(name) ? value.replaceAll(QUOTED, (whole, one: string) => quoted(idOf(one)) ?? whole) : value
  }
  if (Array.isArray(value)) return value.map((one) => resolveData(one, idOf))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolveData(one, idOf, key)]))
}

function quoted(id: string | undefined): string | undefined {
  return id === undefined ? undefined : `"${id}"`
}

/**
 * The data without the values that refer to one of `open`: to be created first and linked later (§3.7.1). A complex value
 * goes as a whole: a member without its value is none.
 */
export function withoutReferences(value: unknown, open: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.filter((one) => !refers(one, open)).map((one) => withoutReferences(one, open))
  if (!isObject(value)) return value
  const kept = Object.entries(value).filter(([, one]) => !refers(one, open))
  return Object.fromEntries(kept.map(([key, one]) => [key, withoutReferences(one, open)]))
}

/** A reference itself, or a complex value that stands for one. */
function refers(value: unknown, open: ReadonlySet<string>): boolean {
  const own = isObject(value) ? Object.values(value) : [value]
  return own.some((one) => open.has(referenceOf(one) ?? '\0'))
}
