import type { Dialect } from './dialect.js'
import { type Fragment, raw, sql } from './filter-fragment.js'

/**
 * What SQLite and PostgreSQL say differently in a filter. `json` is a column of JSON text or an element of a list in it,
 * `keys` lead from there to a value. Wherever the JSON is of another shape the answer is NULL, never an error.
 */
export interface FilterDialect {
  /** A text, which compares byte by byte. */
  text(json: string, keys: readonly string[]): string
  number(json: string, keys: readonly string[]): string
  /** 1 for true, 0 for false. */
  boolean(json: string, keys: readonly string[]): string
  /** A condition: is there an object? */
  isObject(json: string, keys: readonly string[]): string
  /** A FROM item named `e` with a row for each element of a list; its column `key` rises with them. */
  elements(json: string, keys: readonly string[]): string
  /** An element of `elements` that is an object, as `json` of the other functions. */
  readonly element: string
  /** An element of `elements` that is no object, likewise, with no keys behind it. */
  readonly scalar: string
  /** A condition: does a text contain `part`? */
  contains(text: string, part: string): Fragment
  /** The last characters of a text, one or more. */
  lastCharacters(text: string, count: number): Fragment
  /** `CROSS JOIN` where the order of tables must be kept, see Dialect.join. */
  readonly join: string
}

const extracted = (json: string, keys: readonly string[]) =>
  keys.length === 0 ? json : `(${json} ->> ${jsonPath(keys)})`

const SQLITE: FilterDialect = {
  text: extracted,
  number: extracted,
  boolean: extracted,
  isObject: (json, keys) => `(json_type(${json}, ${jsonPath(keys)}) = 'object')`,
  elements: (json, keys) => `json_each(${json}, ${jsonPath(keys)}) AS e`,
  element: `(CASE e.type WHEN 'object' THEN e.value END)`,
  scalar: 'e.atom',
  contains: (text, part) => sql`instr(${raw(text)}, ${part}) > 0`,
  lastCharacters: (text, count) => sql`substr(${raw(text)}, ${-count})`,
  join: 'CROSS JOIN',
}

const POSTGRES: FilterDialect = {
  text: (json, keys) => `((${jsonb(json, keys)} #>> '{}') COLLATE "C")`,
  number: (json, keys) => numberOf(jsonb(json, keys)),
  boolean: (json, keys) => `(CASE ${jsonb(json, keys)} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END)`,
  isObject: (json, keys) => `(jsonb_typeof(${jsonb(json, keys)}) = 'object')`,
  elements: (json, keys) => `${elementsOf(jsonb(json, keys))} WITH ORDINALITY AS e(value, key)`,
  element: 'e.value',
  scalar: 'e.value',
  contains: (text, part) => sql`strpos(${raw(text)}, ${part}) > 0`,
  lastCharacters: (text, count) => sql`right(${raw(text)}, ${count})`,
  join: 'JOIN',
}

export const FILTER_DIALECTS: Readonly<Record<Dialect['name'], FilterDialect>> = { sqlite: SQLITE, postgres: POSTGRES }

/** `'$."urn:…:User"."department"'`: quoted, so that dots and colons belong to the key. */
function jsonPath(keys: readonly string[]): string {
  return quoted(`$${keys.map((key) => `."${key}"`).join('')}`)
}

function jsonb(json: string, keys: readonly string[]): string {
  return `(${[`${json}::jsonb`, ...keys.map(quoted)].join(' -> ')})`
}

function numberOf(json: string): string {
  return `(CASE jsonb_typeof(${json}) WHEN 'number' THEN (${json} #>> '{}')::numeric END)`
}

function elementsOf(json: string): string {
  return `jsonb_array_elements(CASE jsonb_typeof(${json}) WHEN 'array' THEN ${json} END)`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
