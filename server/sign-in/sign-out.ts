import type { Request, Response } from 'express'
import type { Deps } from '../../accounts/deps.js'
import { signOut } from '../../accounts/end-sessions.js'
import { getConnectionById } from '../../accounts/find-connection.js'
import { readSaml } from '../../accounts/saml-settings.js'
import { newSecret } from '../../accounts/sessions.js'
import { beginSignIn } from '../../accounts/sign-in-request.js'
import { logoutRequestXml } from '../../saml/logout.js'
import { redirectUrl } from '../../saml/redirect-binding.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { attemptOf } from './attempt.js'
import type { SignInOptions } from './router.js'

const BROWSER_SECONDS = 3_600

/**
 * End the session of this browser. Resolves to where to go next: to the identity provider, which is asked to sign the
 * person out everywhere; undefined where it has no address for that.
 */
export async function endBrowserSession(
  deps: Deps,
  { cookies, publicUrl }: SignInOptions,
  request: Request,
  response: Response,
): Promise<string | undefined> {
  const secret = cookies.read(request, 'session')
  cookies.clear(response, 'session')
  const attempt = attemptOf(request, deps.newId(), undefined)
  response.set('X-Request-Id', attempt.id)
  const session = secret === undefined ? undefined : await signOut(deps, secret, attempt.request(303))
  if (session?.connection_id == null || session.name_id === null) return undefined
  const connection = await getConnectionById(deps, session.connection_id)
  const saml = connection && (await readSaml(deps, deps.db, connection.accountId, connection.id))
  const destination = saml?.settings.idp.sloRedirectUrl
  if (connection === undefined || saml === undefined || destination === undefined) return undefined
  const { entityId } = serviceProviderOf(publicUrl, connection.id)
  const person = { nameId: session.name_id, sessionIndex: session.session_index }
  const { id, xml } = logoutRequestXml(entityId, destination, person, deps.now())
  const browser = cookies.read(request, 'browser') ?? newSecret()
  await beginSignIn(deps, connection, { id, target: '/', browser })
  cookies.set(response, 'browser', browser, BROWSER_SECONDS)
  const message = { kind: 'SAMLRequest', xml, relayState: undefined } as const
  return redirectUrl(destination, message, saml.keys[0]!.privateKey)
}
