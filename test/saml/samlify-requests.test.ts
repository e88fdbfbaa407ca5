import assert from 'node:assert/strict'
import * as samlify from 'samlify'
import { authnRequest } from '../../saml/authn-request.js'
import { readIdpMetadata } from '../../saml/idp-metadata.js'
import { logoutRequestXml, logoutResponseXml, readLogoutRequest, readLogoutResponse } from '../../saml/logout.js'
import { verifyPosted } from '../../saml/post-binding.js'
import { redirectUrl, verifyRedirect } from '../../saml/redirect-binding.js'
import { serviceProviderOf, spMetadata } from '../../saml/sp-metadata.js'
import { useWorld } from './hostile.js'

// Requests and logout, each way, with an implementation that shares nothing with ours but the documents on the way.

const SP = serviceProviderOf('https://usher.example', 'c1')
const BINDINGS = 'urn:oasis:names:tc:SAML:2.0:bindings'
const SSO = 'https://idp.example/sso'
const SLO = 'https://idp.example/slo'
const ADA = 'ada@acme.example'

describe('requests and logout with samlify', () => {
  const world = useWorld()
  const now = new Date()
  const terms = { issuer: 'https://idp.example/entity', sloUrl: SP.sloUrl, now }

  before(() => samlify.setSchemaValidator({ validate: async () => 'not judged' }))

  function providers(bindings: readonly string[] = ['HTTP-Redirect', 'HTTP-POST'], signer = world.idp.key) {
    const at = (location: string, names: readonly string[]) =>
      names.map((name) => ({ Binding: `${BINDINGS}:${name}`, Location: location }))
    const idp = samlify.IdentityProvider({
      entityID: terms.issuer,
      privateKey: signer.privateKey,
      signingCert: signer.certificate,
      wantAuthnRequestsSigned: true,
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
      singleSignOnService: at(SSO, bindings),
      singleLogoutService: at(SLO, ['HTTP-Redirect', 'HTTP-POST']),
    })
    const sp = samlify.ServiceProvider({
      metadata: spMetadata(SP, [world.ours.certificate]),
      wantLogoutRequestSigned: true,
      wantLogoutResponseSigned: true,
    })
    return { idp, sp, described: readIdpMetadata(idp.getMetadata()) }
  }

  /** What a browser brings by a redirect, as samlify wants it. */
  function brought(url: string) {
    const { searchParams, search } = new URL(url)
    return { query: Object.fromEntries(searchParams), octetString: search.slice(1).split('&Signature=')[0] ?? '' }
  }

  const certificates = () => [world.idp.key.certificate]
  const queryOf = (url: string) => new URL(url).search.slice(1)

  const login = { forceAuthn: true, relayState: 'opaque' }

  it('it reads our AuthnRequest from a redirect, and what it asks for', async () => {
    const { idp, sp, described } = providers()
    const { id, sending } = await authnRequest(SP, described, world.ours.privateKey, login)
    assert.equal(sending.binding, 'redirect')
    const parsed = await idp.parseLoginRequest(sp, 'redirect', brought(sending.url))
    assert.equal(parsed.extract.request?.id, id)
    assert.equal(parsed.extract.request?.destination, SSO)
    assert.equal(parsed.extract.request?.assertionConsumerServiceUrl, SP.acsUrl)
    assert.equal(parsed.extract.issuer, SP.entityId)
    assert.match(parsed.samlContent, /ForceAuthn="true"/)
    assert.equal(new URL(sending.url).searchParams.get('RelayState'), 'opaque')
  })

  it('it reads our AuthnRequest from a form, where it takes no redirect (Bindings §3.5.4)', async () => {
    const { idp, sp, described } = providers(['HTTP-POST'])
    const { id, sending } = await authnRequest(SP, described, world.ours.privateKey, login)
    assert.ok(sending.binding === 'post')
    assert.equal(sending.url, SSO)
    assert.equal(sending.fields.RelayState, 'opaque')
    const parsed = await idp.parseLoginRequest(sp, 'post', { body: sending.fields })
    assert.equal(parsed.extract.request?.id, id)
    assert.equal(parsed.extract.issuer, SP.entityId)
  })

  for (const bindings of [['HTTP-Redirect'], ['HTTP-POST']])
    it(`it refuses an AuthnRequest by ${bindings} that somebody else has signed`, async () => {
      const { idp, sp, described } = providers(bindings)
      const { sending } = await authnRequest(SP, described, world.stranger.privateKey, login)
      const message = sending.binding === 'post' ? { body: sending.fields } : brought(sending.url)
      await assert.rejects(idp.parseLoginRequest(sp, sending.binding, message), /SIGNATURE|signature/)
    })

  const user = { logoutNameID: ADA, sessionIndex: '_s1' }

  it('we read its LogoutRequest from a redirect', () => {
    const { idp, sp } = providers()
    const { id, context } = idp.createLogoutRequest(sp, 'redirect', user, { relayState: 'theirs' })
    const { kind, xml, relayState } = verifyRedirect(queryOf(String(context)), certificates())
    assert.deepEqual([kind, relayState], ['SAMLRequest', 'theirs'])
    assert.deepEqual(readLogoutRequest(xml, terms), { id, nameId: ADA, sessionIndexes: ['_s1'] })
  })

  it('we read its LogoutRequest from a form', () => {
    const { idp, sp } = providers()
    const { id, context } = idp.createLogoutRequest(sp, 'post', user)
    const signedXml = verifyPosted(String(context), certificates())
    assert.deepEqual(readLogoutRequest(signedXml, terms), { id, nameId: ADA, sessionIndexes: ['_s1'] })
  })

  for (const partial of [false, true])
    it(`it reads our LogoutResponse${partial ? ' where nobody was found' : ''}`, async () => {
      const { idp, sp } = providers()
      const xml = logoutResponseXml(SP.entityId, SLO, '_theirs', partial, now)
      const url = redirectUrl(SLO, { kind: 'SAMLResponse', xml, relayState: 'theirs' }, world.ours.privateKey)
      const { extract } = await idp.parseLogoutResponse(sp, 'redirect', brought(url))
      assert.equal(extract.response?.inResponseTo, '_theirs')
      assert.equal(extract.issuer, SP.entityId)
    })

  it('it reads our LogoutRequest, and we its answer, by redirect and from a form', async () => {
    const { idp, sp } = providers()
    const { id, xml } = logoutRequestXml(SP.entityId, SLO, { nameId: ADA, sessionIndex: '_s1' }, now)
    const url = redirectUrl(SLO, { kind: 'SAMLRequest', xml, relayState: undefined }, world.ours.privateKey)
    const { extract } = await idp.parseLogoutRequest(sp, 'redirect', brought(url))
    assert.deepEqual([extract.request?.id, extract.nameID, extract.sessionIndex], [id, ADA, '_s1'])
    const redirected = idp.createLogoutResponse(sp, { extract }, 'redirect')
    const { xml: answer } = verifyRedirect(queryOf(String(redirected.context)), certificates())
    assert.deepEqual(readLogoutResponse(answer, terms), { inResponseTo: id })
    const posted = idp.createLogoutResponse(sp, { extract }, 'post')
    assert.deepEqual(readLogoutResponse(verifyPosted(String(posted.context), certificates()), terms), {
      inResponseTo: id,
    })
  })

  it('neither takes what somebody else has signed for the other', async () => {
    const { idp: stranger, sp } = providers(undefined, world.stranger)
    const redirected = stranger.createLogoutRequest(sp, 'redirect', user)
    assert.throws(() => verifyRedirect(queryOf(String(redirected.context)), certificates()), { code: 'bad_signature' })
    const posted = stranger.createLogoutRequest(sp, 'post', user)
    assert.throws(() => verifyPosted(String(posted.context), certificates()), { code: 'bad_signature' })
    const { xml } = logoutRequestXml(SP.entityId, SLO, { nameId: ADA, sessionIndex: null }, now)
    const url = redirectUrl(SLO, { kind: 'SAMLRequest', xml, relayState: undefined }, world.stranger.privateKey)
    await assert.rejects(providers().idp.parseLogoutRequest(sp, 'redirect', brought(url)), /SIGNATURE/)
  })
})
