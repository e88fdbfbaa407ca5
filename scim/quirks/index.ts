import { bareDates } from './bare-dates.js'
import { booleanWords } from './boolean-words.js'
import { ownIdDropped, passwordDropped } from './dropped-attributes.js'
import { keysAsPaths } from './keys-as-paths.js'
import { managerEncodings } from './manager-encodings.js'
import { numberWords } from './number-words.js'
import type { OperationQuirk, ValueQuirk } from './quirk.js'
import { roleEncodings } from './role-encodings.js'
import { schemaObjects } from './schema-objects.js'

/** Every rewrite of a value. They concern different attributes, so their order is of no account. */
export const VALUE_QUIRKS: readonly ValueQuirk[] = [
  booleanWords,
  numberWords,
  bareDates,
  managerEncodings,
  roleEncodings,
]

/** Every rewrite of a PATCH operation, in order: what one yields the next one sees. */
export const OPERATION_QUIRKS: readonly OperationQuirk[] = [keysAsPaths, schemaObjects, passwordDropped, ownIdDropped]
