import { type DesiredGrant, type Features, type Grant, type GrantChanges, SYNC_SOURCES } from './evaluate-types.js'

const SYNC: ReadonlySet<string> = new Set(SYNC_SOURCES)

/** The identity of a grant inside one user, as in the primary key of its table. Only the last part may contain spaces. */
function keyOf({ kind, value, source, sourceId }: Pick<Grant, 'kind' | 'value' | 'source' | 'sourceId'>): string {
  return `${kind} ${value} ${source} ${sourceId}`
}

/**
 * Compare the grants of one user with what sync wants (PRODUCT 2.8, step 5). `stored` may hold grants of every source:
 * those that sync did not give are neither changed nor counted (DESIGN 1, promise 3).
 */
export function diffGrants(stored: readonly Grant[], desired: readonly DesiredGrant[]): GrantChanges {
  const present = new Map(stored.filter((grant) => SYNC.has(grant.source)).map((grant) => [keyOf(grant), grant]))
  const add: DesiredGrant[] = []
  const update: { before: Grant; after: DesiredGrant }[] = []
  for (const after of desired) {
    const key = keyOf(after)
    const before = present.get(key)
    if (!before) add.push(after)
    else if (!sameFeatures(before.features, after.features)) update.push({ before, after })
    present.delete(key)
  }
  return { add, remove: [...present.values()], update }
}

function sameFeatures(a: Features, b: Features): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
}
