import { booleanWords } from './boolean-words.js'
import { managerEncodings } from './manager-encodings.js'
import type { ValueQuirk } from './quirk.js'
import { roleEncodings } from './role-encodings.js'

/** Every rewrite of a value, in the order of application. They concern different attributes. */
export const VALUE_QUIRKS: readonly ValueQuirk[] = [booleanWords, managerEncodings, roleEncodings]
