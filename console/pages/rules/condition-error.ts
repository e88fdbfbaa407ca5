import { problemOf } from '../../api/queries.js'

/** Where the server stopped reading a condition, counted from 1; undefined for any other refusal. */
export function positionOf(error: unknown): number | undefined {
  if (error === null || error === undefined) return undefined
  const problem = problemOf(error) as { readonly code: string; readonly position?: number }
  return problem.code === 'rule_condition' ? problem.position : undefined
}
