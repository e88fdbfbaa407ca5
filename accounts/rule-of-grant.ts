/**
 * The rule that a grant, or what was derived from it, comes from: of the directory's by its id, of a sign-in's behind the
 * connection's id. Null where no rule gave it.
 */
export function ruleIdOf(source: string, sourceId: string): string | null {
  if (source === 'rule') return sourceId
  return source === 'assertion' ? sourceId.slice(sourceId.lastIndexOf(' ') + 1) : null
}

/** The same as a property that is there or not. */
export function ruleOf(source: string, sourceId: string): { readonly ruleId?: string } {
  const ruleId = ruleIdOf(source, sourceId)
  return ruleId === null ? {} : { ruleId }
}
