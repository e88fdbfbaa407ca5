import type { Deps } from '../../accounts/deps.js'
import { RateLimit } from '../rate-limit.js'

/** How often a minute what may happen (SAML.md e). A whole company can sit behind one address. */
export interface SignInLimits {
  /** Refused messages by address and connection, unless they answer a request of ours. */
  readonly failures: RateLimit
  /** Sign-ins that begin, by address. */
  readonly starts: RateLimit
  /** Messages of identity providers, by address. */
  readonly posts: RateLimit
  /** Domains that nobody has proved, by address. */
  readonly discovery: RateLimit
  /** Wrong passwords and codes, by address; of an address with a known browser, by that browser. */
  readonly passwords: RateLimit
  readonly knownPasswords: RateLimit
  /** Wrong passwords for one e-mail address, wherever they come from: beyond it an answer takes a little longer. */
  readonly slowPasswords: RateLimit
  /** Questions for a new password, by address. */
  readonly resets: RateLimit
}

const FAILURES = 30
const ATTEMPTS = 600
const DISCOVERY = 20
const PASSWORDS = 30
const KNOWN_PASSWORDS = 10
const SLOW_PASSWORDS = 20
const RESETS = 10

/** `enabled` is the operator's USHER_RATE_LIMITS. */
export function signInLimits(deps: Deps, enabled: boolean): SignInLimits {
  const limit = (name: string, most: number) => new RateLimit(deps, name, enabled ? most : undefined)
  return {
    failures: limit('sign-in-refused', FAILURES),
    starts: limit('sign-in-start', ATTEMPTS),
    posts: limit('sign-in-post', ATTEMPTS),
    discovery: limit('discover', DISCOVERY),
    passwords: limit('password', PASSWORDS),
    knownPasswords: limit('password-known', KNOWN_PASSWORDS),
    slowPasswords: limit('password-slow', SLOW_PASSWORDS),
    resets: limit('password-reset', RESETS),
  }
}
