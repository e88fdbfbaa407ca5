/** Every reason for which a sign-in or a logout is refused. */
export type SamlErrorCode =
  | 'bad_request'
  | 'bad_encoding'
  | 'bad_xml'
  | 'not_a_response'
  | 'idp_status'
  | 'shape'
  | 'not_signed'
  | 'weak_algorithm'
  | 'wrong_destination'
  | 'wrong_issuer'
  | 'bad_signature'
  | 'decrypt_failed'
  | 'outside_time'
  | 'unknown_condition'
  | 'wrong_audience'
  | 'no_confirmation'
  | 'wrong_recipient'
  | 'unknown_request'
  | 'no_identifier'
  | 'no_authn_statement'
  | 'wrong_context'
  | 'bad_metadata'

/** What an administrator compares: what was wanted, and what came. */
export interface Comparison {
  readonly expected?: string
  readonly received?: string
}

/**
 * A SAML message refused by this room. `message` is for administrators: it says what is wrong and never repeats the
 * document; people see the code alone.
 */
export class SamlError extends Error {
  override readonly name = 'SamlError'
  readonly code: SamlErrorCode
  readonly comparison: Comparison

  constructor(code: SamlErrorCode, message: string, comparison: Comparison = {}, options?: ErrorOptions) {
    super(message, options)
    this.code = code
    this.comparison = comparison
  }
}
