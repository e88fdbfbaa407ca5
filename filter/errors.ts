/**
 * Why a filter or an attribute path is refused: `filter_bad` cannot be read, `filter_too_large` is over a limit,
 * `filter_attribute` names an attribute that is unknown or may not be searched, `filter_type` compares a value with
 * an attribute or operator that it does not fit; `sort_bad` names an attribute that nothing can be sorted by. All are 400
 * in a query: invalidFilter (RFC 7644 §3.4.2.2), and invalidPath for the last (§3.4.2.3).
 */
export type FilterErrorCode = 'filter_bad' | 'filter_too_large' | 'filter_attribute' | 'filter_type' | 'sort_bad'

/** A filter or path that is refused. `position` counts characters of the text from 1. */
export class FilterError extends Error {
  readonly code: FilterErrorCode
  readonly position: number

  constructor(code: FilterErrorCode, position: number, message: string) {
    super(message)
    this.name = 'FilterError'
    this.code = code
    this.position = position
  }
}
