import type { Json } from '../filter/attribute.js'

/** An object as JSON.parse makes it. Its keys are data: they are looked up, never used as paths into our own objects. */
export type JsonObject = { readonly [key: string]: unknown }

/** Whether a value is an object in the sense of JSON. A `Json` stays one, with `Json` members. */
export function isObject(value: Json | undefined): value is { [key: string]: Json }
export function isObject(value: unknown): value is JsonObject
export function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The member of this name, in whatever letter case it was sent (RFC 7643 §2.1); own members only, so that nothing
 * comes from a prototype. `name` is in canonical spelling.
 */
export function memberOf(object: JsonObject, name: string): unknown {
  if (Object.hasOwn(object, name)) return object[name]
  const folded = name.toLowerCase()
  const key = Object.keys(object).find((candidate) => candidate.toLowerCase() === folded)
  return key === undefined ? undefined : object[key]
}
