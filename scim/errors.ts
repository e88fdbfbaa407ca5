import type { FilterError } from '../filter/errors.js'

/** The keywords of RFC 7644 §3.12, table 9, and those of RFC 9865 §2.1 about cursors. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount'

/** How a refusal reads on the wire. */
export interface Refusal {
  readonly status: number
  readonly scimType?: ScimType
}

/** Every reason for which this room refuses, with its status and keyword. The words are made where it is thrown. */
const REFUSALS = {
  bad_json: { status: 400, scimType: 'invalidSyntax' },
  bad_schema: { status: 400, scimType: 'invalidSyntax' },
  attr_missing: { status: 400, scimType: 'invalidValue' },
  attr_too_long: { status: 400, scimType: 'invalidValue' },
  attr_type: { status: 400, scimType: 'invalidValue' },
  attr_primary: { status: 400, scimType: 'invalidValue' },
  nested_group: { status: 400, scimType: 'invalidValue' },
  patch_op: { status: 400, scimType: 'invalidSyntax' },
  patch_path: { status: 400, scimType: 'invalidPath' },
  patch_no_target: { status: 400, scimType: 'noTarget' },
  mutability: { status: 400, scimType: 'mutability' },
  filter_bad: { status: 400, scimType: 'invalidFilter' },
  filter_too_large: { status: 400, scimType: 'invalidFilter' },
  filter_attribute: { status: 400, scimType: 'invalidFilter' },
  filter_type: { status: 400, scimType: 'invalidFilter' },
  sort_bad: { status: 400, scimType: 'invalidPath' },
  paging_bad: { status: 400, scimType: 'invalidValue' },
  cursor_bad: { status: 400, scimType: 'invalidCursor' },
  cursor_expired: { status: 400, scimType: 'expiredCursor' },
  count_bad: { status: 400, scimType: 'invalidCount' },
  bulk_reference: { status: 409, scimType: 'invalidValue' },
  forbidden: { status: 403 },
  not_found: { status: 404 },
  endpoint_unknown: { status: 404 },
  method_not_allowed: { status: 405 },
  version_mismatch: { status: 412 },
  too_large: { status: 413 },
  media_type: { status: 415 },
  not_implemented: { status: 501 },
} as const satisfies Record<string, Refusal>

export type ScimErrorCode = keyof typeof REFUSALS

/** A SCIM request refused by this room. `message` becomes `detail`: it names the attribute and the rule, never a secret. */
export class ScimError extends Error {
  override readonly name = 'ScimError'
  readonly code: ScimErrorCode
  readonly status: number
  readonly scimType: ScimType | undefined

  constructor(code: ScimErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options)
    const refusal: Refusal = REFUSALS[code]
    this.code = code
    this.status = refusal.status
    this.scimType = refusal.scimType
  }

  /** The same refusal, told with the place where it arose: `Operations[1] (active): active must be …`. */
  within(place: string): ScimError {
    return new ScimError(this.code, `${place}: ${this.message}`, { cause: this })
  }
}

/** A filter of a query that cannot be used. A path of PATCH refuses in its own words (`resolveTarget`). */
export function scimErrorFromFilter(error: FilterError): ScimError {
  return new ScimError(error.code, error.message, { cause: error })
}

export const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error'

/** The body of RFC 7644 §3.12. `status` travels as text. Takes any refusal, so that those of other rooms read alike. */
export function scimErrorBody(error: { status: number; scimType?: ScimType | undefined; message: string }) {
  return {
    schemas: [ERROR_URN],
    status: String(error.status),
    ...(error.scimType && { scimType: error.scimType }),
    detail: error.message,
  }
}
