/** Every refusal of the domain (PRODUCT 3.5 and the admin API). Each protocol has a table that translates them. */
export type AccountErrorCode =
  | 'account_not_found'
  | 'already_accepted'
  | 'attr_missing'
  | 'attr_too_long'
  | 'attr_type'
  | 'attribute_choices'
  | 'attribute_limit'
  | 'attribute_name_reserved'
  | 'attribute_name_taken'
  | 'attribute_not_found'
  | 'bundle_cycle'
  | 'code_paused'
  | 'code_used'
  | 'code_wrong'
  | 'connection_not_found'
  | 'connection_disabled'
  | 'connection_not_disabled'
  | 'on_disable_required'
  | 'cursor_expired'
  | 'cursor_invalid'
  | 'delivery_not_found'
  | 'domain_taken'
  | 'domain_invalid'
  | 'domain_not_found'
  | 'domain_not_proved'
  | 'email_immutable'
  | 'email_missing'
  | 'event_not_found'
  | 'expiry_invalid'
  | 'export_limit'
  | 'export_not_finished'
  | 'export_not_found'
  | 'externalid_taken'
  | 'federation_not_set_up'
  | 'forbidden'
  | 'grant_not_found'
  | 'group_name_taken'
  | 'group_not_found'
  | 'invitation_too_soon'
  | 'job_not_found'
  | 'link_expired'
  | 'link_unknown'
  | 'link_used'
  | 'local_admin_required'
  | 'match_request_not_found'
  | 'match_request_decided'
  | 'member_unknown'
  | 'mode_not_available'
  | 'no_seat'
  | 'no_seat_reject'
  | 'owner_must_be_local'
  | 'password_breached'
  | 'password_personal'
  | 'password_too_long'
  | 'password_too_short'
  | 'password_wrong'
  | 'product_key_taken'
  | 'product_not_found'
  | 'reason_required'
  | 'role_immutable'
  | 'role_key_taken'
  | 'role_not_found'
  | 'role_not_grantable'
  | 'rule_condition'
  | 'rule_not_found'
  | 'saml_not_set_up'
  | 'saml_nothing_pending'
  | 'second_factor_missing'
  | 'self_test_running'
  | 'session_not_found'
  | 'sign_in_test_not_found'
  | 'token_limit'
  | 'token_not_found'
  | 'too_busy'
  | 'unknown_effect'
  | 'unknown_entitlement'
  | 'user_deleted'
  | 'user_directory_managed'
  | 'user_exists_directory'
  | 'user_exists_local'
  | 'user_not_found'
  | 'user_suspended'
  | 'version_mismatch'
  | 'webhook_limit'
  | 'webhook_not_found'
  | 'webhook_url'

/** What else a refusal has to say: for the log, for the reader, for the match request that it leaves behind. */
export interface RefusalDetails {
  /** Users whom the refusal is about: they find it in their timeline. */
  readonly userId?: string
  readonly match?: MatchCandidate
  /** What was not found was named by the content of a request, not by its address. */
  readonly inBody?: true
  readonly [name: string]: unknown
}

/** A person who may be the same as an existing user; recorded for an administrator to decide (PRODUCT 2.10). */
export interface MatchCandidate {
  readonly connectionId: string
  readonly userId: string
  readonly identityKey: string
  readonly cause: 'domain_not_verified' | 'admin_role' | 'owner' | 'review'
  readonly incoming: {
    readonly userName: string
    readonly externalId?: string
    readonly email: string | null
    /** Absent from requests of before it was kept. */
    readonly displayName?: string
  }
}

/** The domain refuses. `message` is in English, names what is wrong and who can mend it. */
export class AccountError extends Error {
  override readonly name = 'AccountError'
  readonly code: AccountErrorCode
  readonly details: RefusalDetails

  constructor(code: AccountErrorCode, message: string, details: RefusalDetails = {}) {
    super(message)
    this.code = code
    this.details = details
  }
}
