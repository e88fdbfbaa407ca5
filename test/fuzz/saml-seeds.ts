import { type Claims, TestIdp } from '../saml/an-idp.js'
import type { SamlMessage, Shot, SignedElement } from './shot.js'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded', Cookie: '{{browser}}' }
const TARGET = { entityId: '{{spEntityId}}', acsUrl: '{{acsUrl}}' }
/** Times of a message are told by how far they are from this one. */
const THEN = new Date('2026-01-01T00:00:00.000Z')
const idp = await TestIdp.create('https://idp.example/entity', () => THEN)

/** Times in place of instants, so that a message is as new whenever it is sent. */
function dated(xml: string): string {
  const seconds = (instant: string) => Math.round((Date.parse(instant) - THEN.getTime()) / 1_000)
  return xml.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (instant) => `{{at:${seconds(instant)}}}`)
}

const unsigned = async (claims: Claims): Promise<string> =>
  dated(
    await idp.responseXml(
      TARGET,
      { responseId: '_r{{fresh}}', assertionId: '_a{{fresh}}', nameId: '{{userName}}', ...claims },
      { sign: [] },
    ),
  )

const attributes = {
  email: ['{{userName}}'],
  groups: ['People', 'Sales & <Marketing>'.replaceAll('<', '&lt;').replaceAll('&', '&amp;')],
}
const RESPONSES: readonly (readonly [xml: string, sign: readonly SignedElement[]])[] = [
  [await unsigned({ inResponseTo: '{{request}}' }), ['Response']],
  [await unsigned({ attributes }), ['Response']],
  [await unsigned({ nameId: 'new{{fresh}}@x.example' }), ['Response']],
  [await unsigned({}), []],
]

const logout: SamlMessage = {
  ...{ xml: dated(idp.logoutRequest('{{sloUrl}}', '{{userName}}', { id: '_l{{fresh}}' })), sign: ['LogoutRequest'] },
  ...{ field: 'SAMLRequest', binding: 'post' },
}
const loggedOut: SamlMessage = {
  ...{ xml: dated(idp.logoutResponse('{{sloUrl}}', '{{request}}')), sign: ['LogoutResponse'] },
  ...{ field: 'SAMLResponse', binding: 'post' },
}

/** What identity providers and browsers send to sign in and out. */
export function samlSeeds(): Shot[] {
  const path = (name: string) => `/saml/{{connection}}/${name}`
  const acs = RESPONSES.map(([xml, sign]): Shot => {
    return {
      method: 'POST',
      path: path('acs'),
      headers: FORM,
      saml: { xml, sign, field: 'SAMLResponse', binding: 'post' },
    }
  })
  const slo = [logout, loggedOut].flatMap((saml): Shot[] => [
    { method: 'POST', path: path('slo'), headers: FORM, saml },
    { method: 'GET', path: path('slo'), headers: {}, saml: { ...saml, binding: 'redirect' } },
  ])
  const get = (rest: string): Shot => ({ method: 'GET', path: path(rest), headers: { Cookie: '{{browser}}' } })
  return [...acs, ...slo, get('metadata'), get('login?target=/reports'), get('login?test={{signInTest}}')]
}
