import { AccountError, type AccountErrorCode } from '../accounts/errors.js'
import { FilterError } from '../filter/errors.js'
import { type Refusal, ScimError, type ScimType, scimErrorFromFilter } from './errors.js'

const NOT_OURS = undefined

/** How each domain refusal reads in SCIM (RFC 7644 §3.12). Those of the admin API alone have no words here. */
const REFUSALS = {
  connection_disabled: { status: 401 },
  externalid_taken: { status: 409, scimType: 'uniqueness' },
  group_name_taken: { status: 409, scimType: 'uniqueness' },
  group_not_found: { status: 404 },
  member_unknown: { status: 400, scimType: 'invalidValue' },
  no_seat_reject: { status: 403 },
  unknown_entitlement: { status: 400, scimType: 'invalidValue' },
  user_exists_directory: { status: 409, scimType: 'uniqueness' },
  user_exists_local: { status: 409, scimType: 'uniqueness' },
  user_not_found: { status: 404 },
  version_mismatch: { status: 412 },
  webhook_limit: NOT_OURS,
  webhook_not_found: NOT_OURS,
  webhook_url: NOT_OURS,
  account_not_found: NOT_OURS,
  attr_missing: NOT_OURS,
  attr_too_long: NOT_OURS,
  attr_type: NOT_OURS,
  attribute_choices: NOT_OURS,
  attribute_limit: NOT_OURS,
  attribute_name_reserved: NOT_OURS,
  attribute_name_taken: NOT_OURS,
  attribute_not_found: NOT_OURS,
  bundle_cycle: NOT_OURS,
  connection_not_disabled: NOT_OURS,
  connection_not_found: NOT_OURS,
  cursor_expired: NOT_OURS,
  cursor_invalid: NOT_OURS,
  delivery_not_found: NOT_OURS,
  domain_invalid: NOT_OURS,
  domain_not_found: NOT_OURS,
  domain_not_proved: NOT_OURS,
  domain_taken: NOT_OURS,
  email_immutable: NOT_OURS,
  event_not_found: NOT_OURS,
  expiry_invalid: NOT_OURS,
  export_limit: NOT_OURS,
  export_not_finished: NOT_OURS,
  export_not_found: NOT_OURS,
  federation_not_set_up: NOT_OURS,
  forbidden: NOT_OURS,
  grant_not_found: NOT_OURS,
  job_not_found: NOT_OURS,
  code_paused: NOT_OURS,
  code_used: NOT_OURS,
  code_wrong: NOT_OURS,
  link_expired: NOT_OURS,
  link_unknown: NOT_OURS,
  link_used: NOT_OURS,
  local_admin_required: NOT_OURS,
  password_breached: NOT_OURS,
  password_personal: NOT_OURS,
  password_too_long: NOT_OURS,
  password_too_short: NOT_OURS,
  password_wrong: NOT_OURS,
  second_factor_missing: NOT_OURS,
  self_test_running: NOT_OURS,
  too_busy: NOT_OURS,
  already_accepted: NOT_OURS,
  email_missing: NOT_OURS,
  invitation_too_soon: NOT_OURS,
  user_suspended: NOT_OURS,
  match_request_decided: NOT_OURS,
  match_request_not_found: NOT_OURS,
  mode_not_available: NOT_OURS,
  no_seat: NOT_OURS,
  on_disable_required: NOT_OURS,
  owner_must_be_local: NOT_OURS,
  product_key_taken: NOT_OURS,
  product_not_found: NOT_OURS,
  reason_required: NOT_OURS,
  role_immutable: NOT_OURS,
  role_key_taken: NOT_OURS,
  role_not_found: NOT_OURS,
  role_not_grantable: NOT_OURS,
  rule_condition: NOT_OURS,
  rule_not_found: NOT_OURS,
  saml_not_set_up: NOT_OURS,
  saml_nothing_pending: NOT_OURS,
  session_not_found: NOT_OURS,
  sign_in_test_not_found: NOT_OURS,
  token_limit: NOT_OURS,
  token_not_found: NOT_OURS,
  unknown_effect: NOT_OURS,
  user_deleted: NOT_OURS,
  user_directory_managed: NOT_OURS,
} as const satisfies Record<AccountErrorCode, Refusal | undefined>

/** A refusal of any room, as the wire and the log need it. */
export interface WireRefusal {
  readonly status: number
  readonly scimType: ScimType | undefined
  readonly code: string
  readonly message: string
}

/** Undefined for whatever nobody meant to refuse: that is our fault, and answered with 500. */
export function refusalFromError(error: unknown): WireRefusal | undefined {
  if (error instanceof FilterError) return refusalFromError(scimErrorFromFilter(error))
  if (error instanceof ScimError) {
    const { status, scimType, code, message } = error
    return { status, scimType, code, message }
  }
  if (!(error instanceof AccountError)) return undefined
  const refusal: Refusal | undefined = REFUSALS[error.code]
  return refusal && { status: refusal.status, scimType: refusal.scimType, code: error.code, message: error.message }
}
