import { z } from 'zod'

/** One thing wrong with a body or a query, and where the answer has to say so. */
export interface Bad {
  readonly what: string
  /** As `errors` names it, or the object in which it stands. */
  readonly place: string
  readonly value: Readonly<Record<string, unknown>>
}

interface Node {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly Node[]
  readonly oneOf?: readonly Node[]
  readonly properties?: Readonly<Record<string, Node>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Node | boolean
  readonly items?: Node
  readonly maxLength?: number
  readonly minLength?: number
  readonly minimum?: number
  readonly format?: string
  readonly $ref?: string
}

type Values = Readonly<Record<string, unknown>>

/** The JSON schema of what a route takes, without references. */
export function inputOf(schema: z.ZodType): Node {
  const options = { io: 'input', unrepresentable: 'any', reused: 'inline' } as const
  const { $defs = {}, ...root } = z.toJSONSchema(schema, options) as Node & { $defs?: Values }
  const resolved = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value
    const { $ref } = value as Node
    if ($ref !== undefined) return resolved($defs[$ref.split('/').at(-1) ?? ''])
    const entries = Object.entries(value).map(([key, child]) => [key, resolved(child)])
    return Array.isArray(value) ? entries.map(([, child]) => child) : Object.fromEntries(entries)
  }
  return resolved(root) as Node
}

const HUGE = Number.MAX_VALUE
const LONE_SURROGATE = 'a\ud800b'
const NUL = 'a\0b'

/** One value of each kind that JSON has. */
const KINDS: readonly (readonly [kind: string, value: unknown])[] = [
  ['string', 'x'],
  ['number', HUGE],
  ['boolean', true],
  ['null', null],
  ['object', {}],
  ['array', [[]]],
]

/**
 * Good bodies made bad in one place, in every way that their schema forbids: kinds of value, limits, words, text that
 * cannot be stored, what is missing, what is unknown. A new property is tried without being named.
 */
export function badBodies(schema: Node, good: Values, place = 'body', wrap = (inner: unknown) => inner): Bad[] {
  const node = shapeOf(schema, good)
  const of = (what: string, at: string, value: unknown): Bad => {
    return { what: `${what} at ${at}`, place: at, value: wrap(value) as Values }
  }
  const required = (node.required ?? []).map((name) =>
    of('missing', `${place}.${name}`, { ...good, [name]: undefined }),
  )
  const strict = node.additionalProperties === false
  const strange = strict ? ['unheardOf', 'constructor', 'toString', 'prototype'] : []
  return [
    ...required,
    ...strange.map((name) => of(`the unknown ${name}`, place, { ...good, [name]: 1 })),
    ...Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
      const at = `${place}.${name}`
      const inner = (value: unknown) => wrap({ ...good, [name]: value })
      const bad = badValues(property).map((value) => of(shown(value), at, { ...good, [name]: value }))
      const objects = alternatives(property).filter((one) => one.properties !== undefined)
      const deeper = objects.flatMap((one) => badBodies(one, objectAt(good, name), at, inner))
      return [...bad, ...deeper]
    }),
  ]
}

/** Of several shapes the one that a good body has: its constants are the same. */
function shapeOf(schema: Node, good: Values): Node {
  const isOf = ({ properties = {} }: Node) =>
    Object.entries(properties).every(([name, { const: only }]) => only === undefined || good[name] === only)
  return schema.oneOf?.find(isOf) ?? schema
}

function objectAt(good: Values, name: string): Values {
  const value = good[name]
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Values) : {}
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'undefined').slice(0, 60)
}

function alternatives(node: Node): Node[] {
  return node.anyOf === undefined ? [node] : node.anyOf.flatMap(alternatives)
}

function kindsOf(node: Node): string[] {
  if (node.const !== undefined || node.enum !== undefined)
    return [node.const, ...(node.enum ?? [])].filter((one) => one !== undefined).map((one) => typeof one)
  const kinds = [node.type ?? []].flat()
  return kinds.map((kind) => (kind === 'integer' ? 'number' : kind))
}

let turn = 0

/** Values that a property cannot have. Of the wrong kinds two, which are others for the next property. */
function badValues(node: Node): unknown[] {
  const allowed = alternatives(node)
  const kinds = new Set(allowed.flatMap(kindsOf))
  const wrongKind = KINDS.filter(([kind]) => !kinds.has(kind)).map(([, value]) => value)
  const from = turn++ % wrongKind.length
  const chosen = [...wrongKind, ...wrongKind].slice(from, from + 2)
  return [...chosen, ...allowed.flatMap(badOfKind)]
}

function badOfKind(node: Node): unknown[] {
  if (node.enum !== undefined) return node.enum.some((one) => typeof one === 'number') ? [31] : ['nope', NUL]
  if (node.const !== undefined) return [typeof node.const === 'boolean' ? !node.const : HUGE]
  const { type, maxLength, minLength = 0, minimum, format, items, additionalProperties, properties } = node
  if (type === 'string')
    return [
      ...[LONE_SURROGATE, NUL],
      ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
      ...(minLength > 0 ? [''] : []),
      ...(format === undefined ? [] : ['yesterday']),
    ]
  if (type === 'integer') return [HUGE, 1.5, ...(minimum === undefined ? [] : [minimum - 1])]
  if (type === 'array') return items === undefined ? [] : badValues(items).map((value) => [value])
  // Beside properties of its own an object is open for what its handler refuses in words of its own.
  if (properties === undefined && typeof additionalProperties === 'object')
    return badValues(additionalProperties).map((value) => ({ key: value }))
  return []
}

/** Queries with one thing wrong, as the text behind the question mark. */
export function badQueries(node: Node): { readonly what: string; readonly place: string; readonly query: string }[] {
  const bad = Object.entries(node.properties ?? {}).flatMap(([name, property]) => {
    const lists = alternatives(property).some((one) => one.type === 'array')
    const texts = alternatives(property).flatMap(badTexts)
    return [
      ...texts.map((text) => ({ name, query: `${name}=${encodeURIComponent(text)}` })),
      ...(lists ? [] : [{ name, query: `${name}=1&${name}=2` }]),
    ]
  })
  const strange = ['unheardOf', '__proto__', 'constructor', 'limit[a]', 'cursor.x', 'toString'].map((name) => {
    return { what: name, place: 'query', query: `${encodeURIComponent(name)}=1` }
  })
  return [...bad.map(({ name, query }) => ({ what: query.slice(0, 60), place: `query.${name}`, query })), ...strange]
}

function badTexts(node: Node): string[] {
  if (node.enum !== undefined) return ['nope', '', '__proto__']
  const { maxLength, minLength = 0, format } = node
  if (node.type === 'string' || node.type === undefined)
    return [
      NUL,
      ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
      ...(minLength > 0 ? [''] : []),
      ...(format === undefined ? [] : ['yesterday', '5']),
    ]
  if (node.type === 'array') return [NUL, 'x'.repeat(300), '', ',']
  return ['x', '1.5', 'NaN', 'Infinity', '0', '-1', '1e999']
}
