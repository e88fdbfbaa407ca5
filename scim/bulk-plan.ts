import { referencesIn } from './bulk-references.js'
import type { BulkOperation } from './bulk-request.js'
import { isObject, memberOf } from './json-object.js'

/** One thing to do for operation `index`. */
export type Step =
  | {
      readonly kind: 'run'
      readonly index: number
      /** Everything that it refers to. */
      readonly references: ReadonlySet<string>
      /** Those of them that are made only later, because they refer back. */
      readonly open: ReadonlySet<string>
    }
  /** Now that everything exists: put in what was left out. */
  | { readonly kind: 'link'; readonly index: number }

/**
 * The order of execution (RFC 7644 §3.7): as sent, but what is referred to comes first; operations that refer to each other
 * in a circle (§3.7.1) are run without the reference that closes it, and linked at the end of the circle.
 */
export function planBulk(operations: readonly BulkOperation[]): Step[] {
  const makers = new Map<string, number>()
  for (const [index, { bulkId, refused }] of operations.entries())
    if (bulkId !== undefined && refused === undefined) makers.set(bulkId, index)
  const steps: Step[] = []
  const begun = new Set<number>()
  const done = new Set<number>()
  const links: number[] = []
  const visit = (index: number): void => {
    begun.add(index)
    const { path, data, refused } = operations[index]!
    const references = refused === undefined ? referencesIn(path, data) : new Set<string>()
    const open = new Set<string>()
    for (const reference of references) {
      const maker = makers.get(reference)
      if (maker === undefined || done.has(maker)) continue
      if (begun.has(maker)) open.add(reference)
      else visit(maker)
    }
    steps.push({ kind: 'run', index, references, open })
    done.add(index)
    if (open.size > 0) links.push(index)
  }
  for (const index of operations.keys()) {
    if (begun.has(index)) continue
    visit(index)
    steps.push(...links.splice(0).map((one): Step => ({ kind: 'link', index: one })))
  }
  return steps
}

const MAX_WIDTH = 100

/**
 * How many of the next steps may be under way at once without anybody noticing: people who are created one after another
 * and have no name in common. `allowed` is how many may fail before the rest must not be run.
 */
export function widthOf(steps: readonly Step[], operations: readonly BulkOperation[], allowed: number): number {
  const names = new Set<string>()
  const limit = Math.min(MAX_WIDTH, allowed, steps.length)
  let width = 0
  while (width < limit) {
    const step = steps[width]!
    const own = step.kind === 'run' && step.references.size === 0 ? namesOf(operations[step.index]!) : undefined
    if (own === undefined || own.some((name) => names.has(name))) break
    for (const name of own) names.add(name)
    width += 1
  }
  return Math.max(1, width)
}

/** By what a person who is created may be somebody else; undefined for every other operation. */
function namesOf({ method, path, data, refused }: BulkOperation): string[] | undefined {
  if (refused !== undefined || method.toUpperCase() !== 'POST' || path !== '/Users' || !isObject(data)) return undefined
  const emails = memberOf(data, 'emails')
  const addresses = Array.isArray(emails) ? emails.map((one) => (isObject(one) ? memberOf(one, 'value') : one)) : []
  const values = [memberOf(data, 'userName'), memberOf(data, 'externalId'), ...addresses]
  return values.filter((value) => value !== undefined).map((value) => String(value).toLowerCase())
}
