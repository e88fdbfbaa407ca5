import type { SignInFacts } from './events.js'

/** What is looked at before somebody is let in; the log lists what held, and what did not (PRODUCT 3.3, Sign-ins). */
export type SignInCheck =
  | 'connection'
  | 'rate'
  | 'form'
  | 'document'
  | 'status'
  | 'shape'
  | 'algorithm'
  | 'browser'
  | 'destination'
  | 'decryption'
  | 'signature'
  | 'issuer'
  | 'conditions'
  | 'audience'
  | 'recipient'
  | 'in_response_to'
  | 'time_window'
  | 'authentication'
  | 'context'
  | 'identifier'
  | 'replay'
  | 'user_match'
  | 'user_state'
  | 'mapping'
  | 'password'
  | 'second_factor'

export interface CheckResult {
  readonly check: SignInCheck
  readonly passed: boolean
}

/** Listens while a sign-in is checked: what is told here stands in its event, however it ends. */
export interface SignInTrace {
  passed(check: SignInCheck): void
  /** Add to what is known. Nothing is learned from what no signature covers. */
  learn(facts: Partial<SignInFacts>): void
}
