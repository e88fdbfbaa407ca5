import type { Response } from 'express'
import type { Saml } from '../../accounts/saml-settings.js'
import { findOwnPending, takePending } from '../../accounts/sign-in-request.js'
import { endByIdentityProvider } from '../../accounts/single-logout.js'
import { SamlError } from '../../saml/errors.js'
import { logoutResponseXml, readLogoutRequest, readLogoutResponse } from '../../saml/logout.js'
import { verifyPosted } from '../../saml/post-binding.js'
import { type MessageKind, redirectUrl, verifyRedirect } from '../../saml/redirect-binding.js'
import { serviceProviderOf } from '../../saml/sp-metadata.js'
import { type Place, refuseByMode, samlOf } from './acs.js'

/** Where a person is who has signed out. */
export const SIGNED_OUT = '/sign-in?signed-out'

/** A logout message that is verified, whichever way it came. */
interface Verified {
  readonly kind: MessageKind
  readonly signedXml: string
  readonly relayState: string | undefined
}

/** GET …/slo: the message is in the query. */
export async function logoutByRedirect(place: Place, url: string, response: Response): Promise<void> {
  refuseByMode(place.connection, place.attempt)
  const saml = await samlOf(place.deps, place.connection)
  const mark = url.indexOf('?')
  const message = verifyRedirect(mark === -1 ? '' : url.slice(mark + 1), certificatesOf(saml))
  await answer(place, saml, { ...message, signedXml: message.xml }, response)
}

/** POST …/slo: the message is in a form. */
export async function logoutByPost(place: Place, form: URLSearchParams, response: Response): Promise<void> {
  refuseByMode(place.connection, place.attempt)
  const saml = await samlOf(place.deps, place.connection)
  const [requests, responses] = [form.getAll('SAMLRequest'), form.getAll('SAMLResponse')]
  const [field] = [...requests, ...responses]
  if (field === undefined || requests.length + responses.length !== 1)
    throw new SamlError('bad_request', 'The form has to hold one SAMLRequest or SAMLResponse.')
  const kind = requests.length === 1 ? 'SAMLRequest' : 'SAMLResponse'
  const signedXml = verifyPosted(field, certificatesOf(saml))
  await answer(place, saml, { kind, signedXml, relayState: form.get('RelayState') ?? undefined }, response)
}

function certificatesOf({ settings }: Saml): string[] {
  return settings.idp.certificates.map(({ pem }) => pem)
}

async function answer(place: Place, saml: Saml, message: Verified, response: Response): Promise<void> {
  const { deps, connection, publicUrl, attempt } = place
  const { entityId, sloUrl } = serviceProviderOf(publicUrl, connection.id)
  const terms = { issuer: saml.settings.idp.entityId, sloUrl, now: deps.now() }
  if (message.kind === 'SAMLResponse') {
    const { inResponseTo } = readLogoutResponse(message.signedXml, terms)
    const pending = await findOwnPending(deps, connection, inResponseTo, attempt.browser)
    await deps.db.transaction((tx) => takePending(tx, connection, pending))
    response.redirect(303, SIGNED_OUT)
    return
  }
  const order = readLogoutRequest(message.signedXml, terms)
  attempt.learn({ flow: 'idp', nameId: order.nameId })
  const ended = await endByIdentityProvider(deps, connection, order, attempt.request(302))
  const destination = saml.settings.idp.sloRedirectUrl
  if (destination === undefined) {
    // There is nowhere to answer to; the person is signed out all the same.
    response.redirect(303, SIGNED_OUT)
    return
  }
  const xml = logoutResponseXml(entityId, destination, order.id, ended === 0, deps.now())
  const { relayState } = message
  response.redirect(302, redirectUrl(destination, { kind: 'SAMLResponse', xml, relayState }, saml.keys[0]!.privateKey))
}
