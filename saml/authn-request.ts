import { randomBytes } from 'node:crypto'
import { SAML } from '@node-saml/node-saml'
import type { IdentityProvider } from '../accounts/saml-settings.js'
import { SamlError } from './errors.js'
import type { ServiceProvider } from './sp-metadata.js'

/** How a browser is sent to its identity provider: by a link, or by a form that is posted. */
export type Sending =
  | { readonly binding: 'redirect'; readonly url: string }
  | { readonly binding: 'post'; readonly url: string; readonly fields: Readonly<Record<string, string>> }

export interface AuthnRequest {
  readonly id: string
  readonly sending: Sending
}

/** An id that nobody guesses: 160 random bits behind an underscore, since an XML ID begins with no digit. */
export function newMessageId(): string {
  return `_${randomBytes(20).toString('hex')}`
}

/**
 * Make a signed AuthnRequest (Core §3.4.1), by HTTP-Redirect where the identity provider takes it. No context is asked
 * for: that is what makes sign-ins with Windows Hello and the like fail (SAML.md c4). `relayState` is an opaque id.
 */
export async function authnRequest(
  sp: ServiceProvider,
  idp: IdentityProvider,
  privateKey: string,
  { forceAuthn, relayState }: { readonly forceAuthn: boolean; readonly relayState: string },
): Promise<AuthnRequest> {
  const id = newMessageId()
  const url = idp.ssoRedirectUrl ?? idp.ssoPostUrl
  if (url === undefined) throw new SamlError('bad_metadata', 'The identity provider has no address to sign in at.')
  const engine = new SAML({
    callbackUrl: sp.acsUrl,
    issuer: sp.entityId,
    entryPoint: url,
    idpCert: idp.certificates.map(({ pem }) => pem),
    privateKey,
    signatureAlgorithm: 'sha256',
    digestAlgorithm: 'sha256',
    disableRequestedAuthnContext: true,
    identifierFormat: null,
    forceAuthn,
    authnRequestBinding: idp.ssoRedirectUrl === undefined ? 'HTTP-POST' : 'HTTP-Redirect',
    // Only HTTP-Redirect deflates (Bindings §3.4.4.1, §3.5.4).
    skipRequestCompression: idp.ssoRedirectUrl === undefined,
    generateUniqueId: () => id,
  })
  if (idp.ssoRedirectUrl !== undefined)
    return { id, sending: { binding: 'redirect', url: await engine.getAuthorizeUrlAsync(relayState, undefined, {}) } }
  const fields = await engine.getAuthorizeMessageAsync(relayState)
  return { id, sending: { binding: 'post', url, fields: textFields(fields) } }
}

function textFields(fields: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
