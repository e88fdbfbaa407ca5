import { findVerifiedDomain } from '../db/domains.js'
import { findSignInOfAccount } from '../db/saml-settings.js'
import type { Deps } from './deps.js'
import { parseDomain } from './domains.js'

/** Where people of an address sign in. */
export interface SignInWay {
  /** Undefined where there is none. */
  readonly connectionId: string | undefined
  /** They may not sign in another way. */
  readonly ssoRequired: boolean
}

/**
 * The way for an address: that of the account which has proved its domain. Nothing is said of whether the person exists;
 * that there is none takes as long to find out.
 */
export async function discoverSignIn({ db }: Pick<Deps, 'db'>, email: string): Promise<SignInWay> {
  const at = email.lastIndexOf('@')
  const name = at < 1 ? undefined : parseDomain(email.slice(at + 1))
  const domain = await findVerifiedDomain(db, name ?? '')
  const connectionId = await findSignInOfAccount(db, domain?.account_id ?? '')
  return { connectionId, ssoRequired: domain?.sso_required === 1 }
}
