import { STATUS_CODES } from 'node:http'
import { AccountError, type AccountErrorCode } from '../accounts/errors.js'
import { StorageError } from '../db/database.js'

/** What the HTTP layer itself refuses, beside the refusals of the domain. */
export type RequestErrorCode =
  | 'bad_metadata'
  | 'fetch_failed'
  | 'foreign_origin'
  | 'invalid_request'
  | 'malformed_json'
  | 'no_session'
  | 'not_found'
  | 'rate_limited'
  | 'token_missing'
  | 'token_unknown'
  | 'too_large'
  | 'unsupported_media_type'

const REQUEST_STATUS: Readonly<Record<RequestErrorCode, number>> = {
  bad_metadata: 422,
  foreign_origin: 403,
  fetch_failed: 422,
  invalid_request: 400,
  malformed_json: 400,
  no_session: 401,
  not_found: 404,
  rate_limited: 429,
  token_missing: 401,
  token_unknown: 401,
  too_large: 413,
  unsupported_media_type: 415,
}

/** One thing wrong with a request: where (`body.effects.role`), and what. */
export interface InvalidField {
  readonly path: string
  readonly message: string
}

/** A request that is refused before the domain sees it. */
export class RequestError extends Error {
  override readonly name = 'RequestError'
  readonly code: RequestErrorCode
  readonly fields: readonly InvalidField[]
  readonly details: RequestDetails

  constructor(
    code: RequestErrorCode,
    message: string,
    fields: readonly InvalidField[] = [],
    details: RequestDetails = {},
  ) {
    super(message)
    this.code = code
    this.fields = fields
    this.details = details
  }
}

/** What else the answer says. */
export interface RequestDetails {
  /** Identity providers to choose from. */
  readonly entityIds?: readonly string[]
  /** Also the header Retry-After. */
  readonly retryAfterSeconds?: number
}

/** How each refusal of the domain reads in HTTP outside SCIM; a code without a row does not compile. */
const STATUS = {
  account_not_found: 404,
  already_accepted: 409,
  attr_missing: 400,
  attr_too_long: 400,
  attr_type: 400,
  attribute_choices: 422,
  attribute_limit: 409,
  attribute_name_reserved: 422,
  attribute_name_taken: 409,
  attribute_not_found: 404,
  bundle_cycle: 422,
  code_paused: 429,
  code_used: 403,
  code_wrong: 403,
  connection_disabled: 409,
  connection_not_disabled: 409,
  connection_not_found: 404,
  cursor_expired: 410,
  cursor_invalid: 400,
  delivery_not_found: 404,
  domain_invalid: 422,
  domain_not_found: 404,
  domain_not_proved: 422,
  domain_taken: 409,
  email_immutable: 409,
  email_missing: 409,
  event_not_found: 404,
  expiry_invalid: 422,
  export_limit: 409,
  export_not_finished: 409,
  export_not_found: 404,
  externalid_taken: 409,
  federation_not_set_up: 404,
  forbidden: 403,
  grant_not_found: 404,
  group_name_taken: 409,
  group_not_found: 404,
  invitation_too_soon: 429,
  job_not_found: 404,
  link_expired: 410,
  link_unknown: 404,
  link_used: 410,
  local_admin_required: 409,
  match_request_decided: 409,
  match_request_not_found: 404,
  member_unknown: 422,
  mode_not_available: 422,
  no_seat: 409,
  no_seat_reject: 403,
  on_disable_required: 422,
  owner_must_be_local: 409,
  password_breached: 422,
  password_personal: 422,
  password_too_long: 422,
  password_too_short: 422,
  password_wrong: 403,
  product_key_taken: 409,
  product_not_found: 404,
  reason_required: 422,
  role_immutable: 409,
  role_key_taken: 409,
  role_not_found: 404,
  role_not_grantable: 403,
  rule_condition: 422,
  rule_not_found: 404,
  saml_not_set_up: 404,
  saml_nothing_pending: 409,
  second_factor_missing: 409,
  self_test_running: 409,
  session_not_found: 404,
  sign_in_test_not_found: 404,
  token_limit: 409,
  token_not_found: 404,
  too_busy: 503,
  unknown_effect: 422,
  unknown_entitlement: 422,
  user_deleted: 409,
  user_directory_managed: 409,
  user_exists_directory: 409,
  user_exists_local: 409,
  user_not_found: 404,
  user_suspended: 409,
  version_mismatch: 412,
  webhook_limit: 409,
  webhook_not_found: 404,
  webhook_url: 422,
} as const satisfies Record<AccountErrorCode, number>

/** RFC 9457, with a stable `code` to act on and the id under which the log has the request. */
export interface Problem {
  readonly type: 'about:blank'
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly InvalidField[]
  readonly [name: string]: unknown
}

/** The header Retry-After of a problem, in seconds; undefined where waiting does not help. */
export function retryAfterOf({ status, retryAfterSeconds }: Problem): string | undefined {
  return typeof retryAfterSeconds === 'number' ? String(retryAfterSeconds) : status === 503 ? '1' : undefined
}

export const PROBLEM_TYPE = 'application/problem+json'

/** Details of a refusal that are for readers of the answer; the others are for the log. */
const SHOWN = ['product', 'total', 'free', 'position', 'condition', 'connectionId', 'userId'] as const

/** Turn whatever was thrown into a problem. What we did not foresee says only the id of the request. */
export function problemFromError(error: unknown, requestId: string): Problem {
  if (error instanceof AccountError) {
    const shown = SHOWN.flatMap((name) => (error.details[name] === undefined ? [] : [[name, error.details[name]]]))
    return { ...Object.fromEntries(shown), ...problem(statusOf(error), error.code, error.message, requestId) }
  }
  if (error instanceof RequestError) {
    const base = { ...problem(REQUEST_STATUS[error.code], error.code, error.message, requestId), ...error.details }
    const errors = error.fields.map(({ path, message }) => ({ path: shortened(path), message: shortened(message) }))
    return errors.length === 0 ? base : { ...base, errors }
  }
  if (error instanceof StorageError) {
    return problem(503, 'storage_unavailable', 'The server cannot write at the moment. Send it again.', requestId)
  }
  return problem(500, 'internal_error', `Something failed here. Its id is ${requestId}.`, requestId)
}

/**
 * A key that the body names and the account does not have is a mistake in the body (422); the same code for an id of the
 * path is a resource that is not there (404).
 */
function statusOf({ code, details }: AccountError): number {
  return details.inBody === true ? 422 : STATUS[code]
}

function problem(status: number, code: string, detail: string, requestId: string): Problem {
  const title = STATUS_CODES[status] ?? 'Error'
  return { type: 'about:blank', title, status, code, detail: shortened(detail), requestId }
}

/** What was sent is named, and may be of any length. */
const MAX_TEXT = 900

function shortened(text: string): string {
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text
}
