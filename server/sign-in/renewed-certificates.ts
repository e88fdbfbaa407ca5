import type { Connection } from '../../accounts/connection.js'
import type { Deps } from '../../accounts/deps.js'
import { refreshAfterBadSignature } from '../../accounts/saml-refresh.js'
import type { Saml } from '../../accounts/saml-settings.js'
import type { VerifiedAssertion } from '../../saml/check-assertion.js'
import { SamlError } from '../../saml/errors.js'

/**
 * Verify with the certificates that are stored and, where the signature matches none of them, once more with those that
 * the identity provider has by now (SAML.md e, step 10). Throws as `verify` does.
 */
export async function withRenewedCertificates(
  deps: Deps,
  connection: Connection,
  saml: Saml,
  verify: (certificates: readonly string[]) => Promise<VerifiedAssertion>,
): Promise<VerifiedAssertion> {
  try {
    return await verify(pemsOf(saml))
  } catch (error) {
    if (!(error instanceof SamlError && error.code === 'bad_signature')) throw error
    const renewed = await refreshAfterBadSignature(deps, connection, saml)
    if (renewed === undefined) throw error
    return verify(pemsOf(renewed))
  }
}

function pemsOf({ settings }: Saml): string[] {
  return settings.idp.certificates.map(({ pem }) => pem)
}
