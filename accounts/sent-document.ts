import type { Document, ResourceSchema } from '../filter/attribute.js'
import type { Warning } from './access-report.js'

/** What a directory says of a person, read for the attributes that the account has. */
export interface SentDocument {
  /** Canonical. */
  readonly document: Document
  /** Values that came for attributes of the account which it does not have, by name. */
  readonly passedOver: readonly string[]
}

export type ReadDocument = (userSchema: ResourceSchema) => SentDocument

const MAX_NAMED = 5
const MAX_LENGTH = 64

/** Nothing is passed over silently (DESIGN 1, promise 9): a mapping with a typing error shows in the log. */
export function passedOverWarnings(names: readonly string[]): Warning[] {
  if (names.length === 0) return []
  const distinct = [...new Set(names)]
  const named = distinct.slice(0, MAX_NAMED).map((name) => JSON.stringify(name.slice(0, MAX_LENGTH)))
  const more = distinct.length > MAX_NAMED ? ` and ${distinct.length - MAX_NAMED} more` : ''
  const remedy = 'Add it to the account, or take it out of the mapping in the directory.'
  const message = `The account has no attribute ${named.join(', ')}${more}. ${remedy}`
  return [{ code: 'unknown_attribute', message }]
}
