import { findSignInByDomain } from '../db/saml-settings.js'
import type { Deps } from './deps.js'
import { parseDomain } from './domains.js'

/**
 * The connection through which people of an address sign in: that of the account which has proved its domain. Nothing is
 * said of whether the person exists; undefined where there is no way, which takes as long to find out.
 */
export async function discoverConnection({ db }: Deps, email: string): Promise<string | undefined> {
  const at = email.lastIndexOf('@')
  const domain = at < 1 ? undefined : parseDomain(email.slice(at + 1))
  return findSignInByDomain(db, domain ?? '')
}
