import type { SignInFacts } from '../../accounts/events.js'
import type { SignInCheck } from '../../accounts/sign-in-checks.js'
import type { SignInErrorCode } from '../../accounts/sign-in-errors.js'
import type { SamlErrorCode } from '../../saml/errors.js'

/** Every code with which a sign-in is refused; of metadata nobody signs in with `bad_metadata`. */
export type RefusalCode =
  | Exclude<SamlErrorCode, 'bad_metadata'>
  | SignInErrorCode
  | 'connection_disabled'
  | 'rate_limited'

interface Meaning {
  /** The check that did not hold. */
  readonly check: SignInCheck
  /** What the administrator does about it, in one line. */
  readonly remedy: string | ((facts: Partial<SignInFacts>) => string)
}

const START_AGAIN = 'Start the sign-in again.'
const METADATA_AGAIN = "Import the identity provider's metadata again."

/** What each refusal means to an administrator; a code without a row does not compile. */
const MEANINGS = {
  connection_disabled: { check: 'connection', remedy: 'Set the mode of the connection to live.' },
  rate_limited: { check: 'rate', remedy: 'Look at what was refused before it: that is what has to be mended.' },
  bad_request: {
    check: 'form',
    remedy: 'Paste acsUrl as the single sign-on URL, and see that sign-in is set up here.',
  },
  bad_encoding: { check: 'document', remedy: 'See what changes the answer between the identity provider and here.' },
  bad_xml: { check: 'document', remedy: 'See who sent this: no identity provider of note sends such a document.' },
  not_a_response: { check: 'status', remedy: 'Choose SAML 2.0 for the application, and use acsUrl for sign-in alone.' },
  idp_status: {
    check: 'status',
    remedy: ({ received }) => `Look up what the identity provider says in its own log: ${received ?? 'an error'}.`,
  },
  shape: { check: 'shape', remedy: 'See who sent this: forged documents look like that.' },
  not_signed: { check: 'signature', remedy: 'Have the identity provider sign the Response or the Assertion.' },
  weak_algorithm: { check: 'algorithm', remedy: 'Choose RSA-SHA256 at the identity provider.' },
  wrong_destination: {
    check: 'destination',
    remedy: ({ expected, received }) => `The identity provider sends to ${received}: set its reply URL to ${expected}.`,
  },
  wrong_issuer: {
    check: 'issuer',
    remedy: ({ received }) => `${METADATA_AGAIN} The answer comes from ${received ?? 'nobody'}.`,
  },
  bad_signature: { check: 'signature', remedy: `${METADATA_AGAIN} Its certificate has changed.` },
  decrypt_failed: { check: 'decryption', remedy: 'Have the identity provider read our metadata again.' },
  outside_time: { check: 'time_window', remedy: `${START_AGAIN} If it stays, set the clocks of both servers.` },
  unknown_condition: { check: 'conditions', remedy: 'Take the condition away at the identity provider.' },
  wrong_audience: {
    check: 'audience',
    remedy: ({ expected, received }) =>
      `The identity provider sends audience ${received}: set it there to ${expected}, or add it to audiences here.`,
  },
  no_confirmation: { check: 'recipient', remedy: 'Have the identity provider use the Web Browser SSO profile.' },
  wrong_recipient: {
    check: 'recipient',
    remedy: ({ expected, received }) =>
      `The identity provider sends recipient ${received}: set it there to ${expected}.`,
  },
  unknown_request: { check: 'in_response_to', remedy: START_AGAIN },
  expired_request: { check: 'in_response_to', remedy: `${START_AGAIN} It has to be done within ten minutes.` },
  other_browser: { check: 'browser', remedy: `${START_AGAIN} Cookies of this server have to be allowed.` },
  unsolicited: {
    check: 'in_response_to',
    remedy: 'Switch allowIdpInitiated on, or give people loginUrl as the link.',
  },
  no_identifier: {
    check: 'identifier',
    remedy: ({ attributes = [], expected }) =>
      `Have the identity provider send ${expected ?? 'a NameID'}, or name one of these in attributes.identifier: ${attributes.join(', ') || 'none came'}.`,
  },
  no_authn_statement: { check: 'authentication', remedy: 'Have the identity provider send an AuthnStatement.' },
  wrong_context: {
    check: 'context',
    remedy: ({ expected, received }) =>
      `She signed in by ${received}: ask for ${expected} there, or lift requiredContext.`,
  },
  replay: { check: 'replay', remedy: `${START_AGAIN} If nobody went back in the browser, somebody has a copy.` },
  not_invited: {
    check: 'user_match',
    remedy: ({ nameId }) => `Assign ${nameId ?? 'the person'} to the app for SCIM, or add her here.`,
  },
  domain_not_verified: {
    check: 'user_match',
    remedy: 'Verify the domain of the address, or have the directory push her.',
  },
  ambiguous_user: { check: 'user_match', remedy: 'Link or rename one of the two people.' },
  user_deactivated: { check: 'user_state', remedy: 'Switch her on again where she was switched off.' },
  user_transferred: { check: 'user_state', remedy: 'She signs in to the account to which she has moved.' },
  mapping_failed: {
    check: 'mapping',
    remedy: 'Mend the rule that the message names, or send fewer groups with the assertion.',
  },
  web_login_disabled: {
    check: 'user_state',
    remedy: 'Set webLoginAllowed of the user to true, or give her an address.',
  },
  password_wrong: { check: 'password', remedy: 'She asks for a new password where she signs in.' },
  code_wrong: { check: 'second_factor', remedy: 'Set the clock of her phone, or have her use a recovery code.' },
  code_used: { check: 'second_factor', remedy: 'She waits for the next code of her authenticator.' },
  code_paused: {
    check: 'second_factor',
    remedy: 'She waits some minutes or uses a recovery code, and then a new password.',
  },
  sso_required: { check: 'user_state', remedy: 'She signs in through her company.' },
} as const satisfies Record<RefusalCode, Meaning>

export function meaningOf(code: RefusalCode): Meaning {
  return MEANINGS[code]
}

export function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(MEANINGS, code)
}

/** Every code with which a sign-in may be refused. */
export const REFUSAL_CODES = Object.keys(MEANINGS) as RefusalCode[]

/** The line that tells an administrator what to do about a refusal. */
export function remedyOf(code: string, facts: Partial<SignInFacts> = {}): string | undefined {
  if (!isRefusalCode(code)) return undefined
  const { remedy } = meaningOf(code)
  return typeof remedy === 'string' ? remedy : remedy(facts)
}

/** What stays between us and the administrators reads as a broken signature to everybody else (SAML.md e, step 10). */
export function publicCode(code: RefusalCode): RefusalCode {
  return code === 'decrypt_failed' ? 'bad_signature' : code
}
