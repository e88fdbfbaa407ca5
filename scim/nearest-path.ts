import type { Attribute, ResourceSchema } from '../filter/attribute.js'

const MAX_LENGTH = 60
const MAX_DISTANCE = 2

/** The known path that was most likely meant, for the text of an error; undefined where nothing is close. */
export function nearestPath(path: string, schema: ResourceSchema): string | undefined {
  const wanted = path.toLowerCase()
  if (wanted.length > MAX_LENGTH) return undefined
  const attributes = [schema.core, ...schema.extensions].flatMap((one) => one.attributes)
  const known = [...schema.common, ...attributes].flatMap(pathsOf).filter((name) => couldBe(name, wanted))
  const ranked = known.map((name) => ({ name, distance: editDistance(wanted, name.toLowerCase()) }))
  const [best] = ranked.sort((a, b) => a.distance - b.distance)
  return best !== undefined && best.distance <= MAX_DISTANCE ? best.name : undefined
}

/** Each letter more or less is an edit of its own. */
function couldBe(name: string, wanted: string): boolean {
  return Math.abs(name.length - wanted.length) <= MAX_DISTANCE
}

function pathsOf({ name, subAttributes = [] }: Attribute): string[] {
  return [name, ...subAttributes.map((sub) => `${name}.${sub.name}`)]
}

/** Levenshtein distance, row by row. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, char] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++)
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + (char === to[j] ? 0 : 1)))
    row = next
  }
  return row[to.length]!
}
