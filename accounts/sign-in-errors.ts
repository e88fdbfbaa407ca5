/** Why somebody may not enter whose identity provider vouches for her (SAML.md e, steps 9 and 12 to 14), or who has a password. */
export type SignInErrorCode =
  | 'unknown_request'
  | 'expired_request'
  | 'other_browser'
  | 'unsolicited'
  | 'replay'
  | 'no_identifier'
  | 'domain_not_verified'
  | 'ambiguous_user'
  | 'not_invited'
  | 'user_deactivated'
  | 'user_transferred'
  | 'web_login_disabled'
  | 'mapping_failed'
  | 'password_wrong'
  | 'code_wrong'
  | 'code_used'
  | 'code_paused'
  | 'sso_required'

/** The domain lets nobody in. `message` is for administrators; people see the code. */
export class SignInError extends Error {
  override readonly name = 'SignInError'
  readonly code: SignInErrorCode
  /** Users whom it is about: the refusal stands in their timeline. */
  readonly userId: string | undefined

  constructor(code: SignInErrorCode, message: string, userId?: string) {
    super(message)
    this.code = code
    this.userId = userId
  }
}
