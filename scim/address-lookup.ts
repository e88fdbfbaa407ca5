import type { ResolvedFilter } from '../filter/resolved.js'

/**
 * The address that a look-up asks for, where the filter is a single `eq` on `userName`, `emails.value` or
 * `emails[type eq "work"].value` (DESIGN 4, Linkable local users); undefined for every other filter.
 */
export function addressLookup(filter: ResolvedFilter): string | undefined {
  if (filter.kind === 'compare') return plainLookup(filter)
  if (filter.kind !== 'some' || filter.target.attribute.name !== 'emails' || filter.filter.kind !== 'and')
    return undefined
  const [first, second, ...others] = filter.filter.terms
  if (others.length > 0) return undefined
  const byType = [first, second].find((term) => isEq(term, 'type'))
  const byValue = [first, second].find((term) => isEq(term, 'value'))
  return literalOf(byType)?.toLowerCase() === 'work' ? literalOf(byValue) : undefined
}

function plainLookup(filter: ResolvedFilter & { readonly kind: 'compare' }): string | undefined {
  const { extension, attribute, sub } = filter.target
  if (filter.op !== 'eq' || extension !== undefined) return undefined
  const asked = attribute.name === 'userName' || (attribute.name === 'emails' && sub?.name === 'value')
  return asked ? literalOf(filter) : undefined
}

function isEq(term: ResolvedFilter | undefined, name: string): boolean {
  return term?.kind === 'compare' && term.op === 'eq' && term.target.attribute.name === name
}

function literalOf(term: ResolvedFilter | undefined): string | undefined {
  return term?.kind === 'compare' && typeof term.literal === 'string' ? term.literal : undefined
}
