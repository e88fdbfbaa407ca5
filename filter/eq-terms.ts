import type { Comparison, ResolvedFilter } from './resolved.js'

/**
 * The comparisons of a filter that is one `eq`, or only `eq`s joined by `and`; undefined for any other filter. From
 * these PATCH makes the element it does not find (`emails[type eq "work"]` makes `{ type: 'work' }`, from `literal`),
 * and a look-up recognises the question of an IdP. For `emails[…].value eq …` ask about the filter inside the `some`.
 */
export function eqTerms(filter: ResolvedFilter): Comparison[] | undefined {
  if (filter.kind === 'compare') return filter.op === 'eq' ? [filter] : undefined
  if (filter.kind !== 'and') return undefined
  const terms = filter.terms.map(eqTerms)
  return terms.every((found) => found !== undefined) ? terms.flat() : undefined
}
