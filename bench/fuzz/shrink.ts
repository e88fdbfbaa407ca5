import type { Shot } from '../../test/fuzz/shot.js'

/** Tries that shrinking may take: each is a request or several. */
const MOST_TRIES = 400

/** A request as small as can be found that still does it. `does` is asked for each smaller one. */
export async function shrunk(shot: Shot, does: (shot: Shot) => Promise<boolean>): Promise<Shot> {
  let best = shot
  let left = MOST_TRIES
  for (let found = true; found && left > 0; ) {
    found = false
    for (const smaller of smallerThan(best)) {
      if (left-- <= 0) break
      if (sizeOf(smaller) >= sizeOf(best) || !(await does(smaller))) continue
      best = smaller
      found = true
      break
    }
  }
  return best
}

function sizeOf(shot: Shot): number {
  return JSON.stringify(shot).length
}

function* smallerThan(shot: Shot): Generator<Shot> {
  if (shot.raw !== undefined) {
    for (const raw of shorter(shot.raw)) yield { ...shot, raw }
    return
  }
  for (const name of Object.keys(shot.headers)) {
    const { [name]: _, ...headers } = shot.headers
    yield { ...shot, headers }
  }
  if (shot.body !== undefined) for (const body of smallerBodies(shot.body)) yield { ...shot, body }
  if (shot.saml !== undefined) for (const xml of shorter(shot.saml.xml)) yield { ...shot, saml: { ...shot.saml, xml } }
  for (const path of shorter(shot.path)) if (path.startsWith('/')) yield { ...shot, path }
  for (const [name, value] of Object.entries(shot.headers))
    for (const text of shorter(value)) yield { ...shot, headers: { ...shot.headers, [name]: text } }
}

function* smallerBodies(body: string): Generator<string> {
  const tree = parsed(body)
  if (tree !== undefined) for (const smaller of smallerTrees(tree)) yield JSON.stringify(smaller)
  if (tree === undefined || body.length < 300) yield* shorter(body)
}

/** The same without one of its parts, largest first, then with a shorter text. */
function* smallerTrees(tree: unknown): Generator<unknown> {
  if (typeof tree === 'string') yield* shorter(tree)
  if (typeof tree !== 'object' || tree === null) return
  const isList = Array.isArray(tree)
  const entries = Object.entries(tree)
  const made = (list: readonly (readonly [string, unknown])[]): unknown =>
    isList ? list.map(([, value]) => value) : Object.fromEntries(list)
  for (let part = Math.ceil(entries.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2))
    for (let at = 0; at < entries.length; at += part) yield made([...entries.slice(0, at), ...entries.slice(at + part)])
  for (const [at, [name, value]] of entries.entries())
    for (const smaller of smallerTrees(value))
      yield made(entries.map((entry, index) => (index === at ? [name, smaller] : entry)))
}

/** The text without a part of it, largest parts first. */
function* shorter(text: string): Generator<string> {
  for (let part = Math.ceil(text.length / 2); part >= 1; part = part === 1 ? 0 : Math.ceil(part / 2)) {
    if (text.length / part > 64) return
    for (let at = 0; at < text.length; at += part) yield text.slice(0, at) + text.slice(at + part)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: it is made smaller as text.
    return undefined
  }
}
