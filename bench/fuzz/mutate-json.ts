import type { Random } from '../../test/harness/random.js'
import { aFilter, aPath } from './grammar.js'
import { aValue, aWord, repeated } from './words.js'

/** A place in a tree: who holds the value, and under which name. */
interface Place {
  readonly holder: Record<string, unknown>
  readonly name: string
}

const NAMES = [
  'schemas',
  'Operations',
  'op',
  'path',
  'value',
  'filter',
  'attributes',
  'members',
  'emails',
  'primary',
  'type',
  'id',
  'meta',
]

/** A copy of the tree in which one value is another, gone, moved, doubled, or deeper. `borrowed` may lend a value. */
export function mutateJson(tree: unknown, random: Random, borrowed: unknown): unknown {
  const root = { tree: structuredClone(tree) as unknown }
  const place = random.oneOf(placesIn(root))
  if (place === undefined) return tree
  const { holder, name } = place
  const luck = random.next()
  if (luck < 0.4) holder[name] = another(name, holder[name], random)
  else if (luck < 0.5) delete holder[name]
  else if (luck < 0.6) rename(place, random)
  else if (luck < 0.7) multiply(place, random)
  else if (luck < 0.76) holder[name] = deep(holder[name], random)
  else if (luck < 0.86) lend(place, borrowed, random)
  else add(place, random)
  return root.tree
}

/** As deep as any place that means something. */
const DEEPEST = 80

function placesIn(holder: object, depth = 0): Place[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    { holder: holder as Record<string, unknown>, name },
    ...(typeof value === 'object' && value !== null && depth < DEEPEST ? placesIn(value, depth + 1) : []),
  ])
}

function another(name: string, value: unknown, random: Random): unknown {
  if ((name === 'filter' || name === 'condition') && random.chance(0.8)) return aFilter(random)
  if (name === 'path' && random.chance(0.8)) return aPath(random)
  if (name === 'op') return random.oneOf(['add', 'Replace', 'remove', 'REMOVE', 'move', ''])
  if (typeof value === 'string' && random.chance(0.6)) {
    const at = random.below(value.length + 1)
    return random.chance(0.5) ? aWord(random) : value.slice(0, at) + aWord(random) + value.slice(at)
  }
  if (typeof value === 'number' && random.chance(0.6))
    return random.oneOf([0, -1, value + 1, value * 1_000, 2 ** 53, 0.5])
  return aValue(random)
}

function rename({ holder, name }: Place, random: Random): void {
  const value = holder[name]
  const other = random.oneOf([
    name.toUpperCase(),
    `urn:ietf:params:scim:schemas:core:2.0:User:${name}`,
    `${name}.value`,
    aWord(random),
    random.oneOf(NAMES),
  ])
  if (Array.isArray(holder)) return
  delete holder[name]
  // Not by assignment, which would set a prototype.
  Object.defineProperty(holder, other.slice(0, 5_000), { value, enumerable: true, configurable: true, writable: true })
}

function multiply({ holder, name }: Place, random: Random): void {
  const value = holder[name]
  const count = random.oneOf([2, 10, 200, 2_000])
  const times = JSON.stringify(value ?? null).length * count > 800_000 ? 2 : count
  if (Array.isArray(value)) holder[name] = Array.from({ length: times }, () => value).flat()
  else if (typeof value === 'object' && value !== null) {
    for (let number = 0; number < times; number++)
      (value as Record<string, unknown>)[`${random.oneOf(NAMES)}${number}`] = number
  } else if (typeof value === 'string')
    holder[name] = random.chance(0.5) ? value.repeat(times).slice(0, 500_000) : repeated(random)
  else holder[name] = Array.from({ length: times }, () => value)
}

function deep(value: unknown, random: Random): unknown {
  const levels = random.oneOf([1, 5, 63, 64, 65, 1_000])
  const list = random.chance(0.5)
  let inner = value
  for (let level = 0; level < levels; level++) inner = list ? [inner] : { value: inner }
  return inner
}

function lend({ holder, name }: Place, borrowed: unknown, random: Random): void {
  const lender = random.oneOf(placesIn({ borrowed }))
  if (lender !== undefined) holder[name] = structuredClone(lender.holder[lender.name])
}

function add({ holder, name }: Place, random: Random): void {
  const value = holder[name]
  if (Array.isArray(value))
    value.splice(random.below(value.length + 1), 0, random.chance(0.5) ? aValue(random) : value[0])
  else if (typeof value === 'object' && value !== null) {
    const added = random.chance(0.5) ? random.oneOf(NAMES) : aWord(random).slice(0, 5_000)
    Object.defineProperty(value, added, { value: aValue(random), enumerable: true, configurable: true, writable: true })
  } else holder[name] = [value, aValue(random)]
}
