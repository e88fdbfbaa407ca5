import assert from 'node:assert/strict'
import request, { type Response } from 'supertest'
import { composed } from '../../db/statement.js'
import { redirectUrl, verifyRedirect } from '../../saml/redirect-binding.js'
import { aUser, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { type Claims, deflated, type Signing, signed, TestIdp } from '../saml/an-idp.js'

forEachDatabaseInTime((database) => {
  describe('signing in through SAML', () => {
    const app = useApp(database)
    let idp: TestIdp
    let account: TestAccount
    let connection: TestConnection
    let sso: SingleSignOn

    before(async () => {
      idp = await TestIdp.create('https://idp.example/entity')
      account = await app.anAccount()
      connection = await account.aConnection()
      sso = await SingleSignOn.setUp(connection, idp)
    })
    beforeEach(() => {
      ada = `ada${++count}@acme.example`
    })

    /** A person of this test alone. */
    let ada = ''
    let count = 0

    function setUp(settings: object = {}) {
      const path = `/connections/${connection.id}/saml`
      return account.admin('put', path, { idpMetadataXml: idp.metadata(), ...settings }).expect(200)
    }

    /** To the identity provider and back; resolves to the last answer. */
    const signIn = (browser: Browser, claims: Claims = {}, signing: Signing = {}) =>
      sso.signIn(browser, { ...unique(), ...claims }, signing)
    const begin = (browser: Browser) => sso.begin(browser)
    const answer = (browser: Browser, claims: Claims, signing: Signing = {}) => sso.answer(browser, claims, signing)

    const unique = () => ({ nameId: ada, assertionId: `_a${++count}`, responseId: `_r${count}` })

    async function lastEvent() {
      const { body } = await account.admin('get', '/events?source=sso&limit=1').expect(200)
      return body.items[0]
    }

    it('lets a person in whom the directory pushed: she is active, and her seat is assigned', async () => {
      await account.admin('post', '/products', { key: 'meet', name: 'Meet', seats: 3 }).expect(201)
      await account.admin('post', `/connections/${connection.id}/rules`, {
        condition: 'userName pr',
        effects: { products: [{ key: 'meet' }] },
      })
      const person = await connection.provision(aUser({ userName: ada }))
      assert.equal((await connection.userOf(person)).status, 'invited')
      const browser = new Browser(app)
      const done = await signIn(browser)
      assert.equal(done.status, 303, done.text)
      const { body } = await browser.get('/api/v1/session')
      assert.equal(body.account.id, account.id)
      assert.equal(body.user.email, ada)
      assert.equal(body.user.role, 'member')
      const after = await connection.userOf(person)
      assert.equal(after.status, 'active')
      assert.equal(after.licenses[0].state, 'assigned')
      assert.match((await browser.get('/')).text, /Welcome, .*meet: assigned/s)
      const event = await lastEvent()
      assert.equal(event.action, 'signin.succeeded')
      assert.equal(event.signIn.nameId, ada)
      assert.ok(event.effects.some((effect: { kind: string }) => effect.kind === 'license'))
    })

    for (const sign of [['response'], ['assertion'], ['response', 'assertion']] as const) {
      it(`takes an encrypted assertion under a signed ${sign.join(' and ')}`, async () => {
        await connection.provision(aUser({ userName: ada }))
        const encryptFor = await ourCertificate()
        assert.equal((await signIn(new Browser(app), {}, { sign, encryptFor })).status, 303)
      })
    }

    it('puts out at once whom the directory switches off, and says why when she comes back', async () => {
      const person = await connection.provision(aUser({ userName: ada }))
      const browser = new Browser(app)
      await signIn(browser)
      await connection.patch(`/Users/${person.id}`, replace('active', false)).expect(200)
      assert.equal((await browser.get('/api/v1/session')).status, 401)
      await refused(await signIn(browser), 'user_deactivated')
    })

    it('keeps out whom the end of a large connection switched off, before the job has come to her', async () => {
      const { id } = await connection.userOf(await connection.provision(aUser({ userName: ada })))
      const fact = composed('UPDATE users SET suspended_by_end = 1 WHERE account_id = ? AND id = ?')
      await app.server.deps.db.transaction((tx) => tx.run(fact, [account.id, id]))
      await refused(await signIn(new Browser(app)), 'user_deactivated')
    })

    it('signs out, and only for our own pages', async () => {
      await connection.provision(aUser({ userName: ada }))
      const browser = new Browser(app)
      await signIn(browser)
      assert.equal((await browser.delete('/api/v1/session', { Origin: 'https://evil.example' })).status, 403)
      assert.equal((await browser.get('/api/v1/session')).status, 200)
      assert.equal((await browser.delete('/api/v1/session', { Origin: app.server.publicUrl })).status, 204)
      assert.equal((await browser.get('/api/v1/session')).status, 401)
    })

    async function refused(response: Response, code: string) {
      assert.equal(response.status, 403, response.text)
      assert.equal(response.headers['x-usher-code'], code)
      const event = await lastEvent()
      assert.equal(event.action, 'signin.failed')
      assert.equal(event.code, code)
      assert.equal(event.id, response.headers['x-request-id'])
    }

    describe('refuses', () => {
      let browser: Browser
      beforeEach(async () => {
        browser = new Browser(app)
        await connection.provision(aUser({ userName: ada, externalId: `ext-${ada}` }))
      })

      it('an answer that is sent twice', async () => {
        const id = await begin(browser)
        const claims = { inResponseTo: id, ...unique() }
        assert.equal((await answer(browser, claims)).status, 303)
        await refused(await answer(browser, claims), 'unknown_request')
      })

      it('an assertion that was used, though another request was made', async () => {
        await setUp({ allowIdpInitiated: true })
        const claims = { inResponseTo: null, ...unique() }
        assert.equal((await answer(browser, claims)).status, 303)
        await refused(await answer(browser, claims), 'replay')
        await setUp({ allowIdpInitiated: false })
      })

      it('an answer in another browser', async () => {
        const id = await begin(browser)
        const other = new Browser(app)
        await refused(await answer(other, { inResponseTo: id, ...unique() }), 'other_browser')
        assert.equal((await answer(browser, { inResponseTo: id, ...unique() })).status, 303)
      })

      it('an answer that nobody asked for', async () => {
        await refused(await answer(browser, { inResponseTo: null, ...unique() }), 'unsolicited')
      })

      it('an answer after ten minutes', async () => {
        const id = await begin(browser)
        app.at(new Date(Date.now() + 11 * 60_000))
        try {
          await refused(
            await answer(browser, { inResponseTo: id, ...unique(), aheadMs: 11 * 60_000 }),
            'expired_request',
          )
        } finally {
          app.at(undefined)
        }
      })

      it('who is unknown', async () => {
        await refused(await signIn(browser, { nameId: `nobody-${ada}` }), 'not_invited')
      })

      it('who is known by an address alone, outside verified domains', async () => {
        await account.aLocalUser({ email: `eve-${ada}` })
        await refused(await signIn(browser, { nameId: `eve-${ada}` }), 'domain_not_verified')
      })

      it('who would be two people', async () => {
        await connection.provision(aUser({ userName: `bob-${ada}`, externalId: `ext-bob-${ada}` }))
        const claims = { attributes: { objectid: [`ext-bob-${ada}`] } }
        await refused(await signIn(browser, claims), 'ambiguous_user')
      })

      it('a signature of somebody else', async () => {
        const stranger = await TestIdp.create('https://idp.example/entity')
        await refused(await signIn(browser, {}, { key: stranger.key }), 'bad_signature')
      })

      it('a form without an answer, or with two', async () => {
        const path = `/saml/${connection.id}/acs`
        await refused(await browser.postFromIdp(path, {}), 'bad_request')
        const twice = await request(app.url).post(path).type('form').send('SAMLResponse=YQ==&SAMLResponse=YQ==')
        await refused(twice, 'bad_request')
        const huge = `SAMLResponse=${'A'.repeat(300_000)}`
        await refused(await request(app.url).post(path).type('form').send(huge), 'bad_request')
        const packed = request(app.url).post(path).type('form').set('Content-Encoding', 'gzip')
        await refused(await packed.send('SAMLResponse=YQ=='), 'bad_request')
        await refused(await request(app.url).post(path).send({ SAMLResponse: 'YQ==' }), 'bad_request')
      })

      it('everyone while the connection is off', async () => {
        await account
          .admin('patch', `/connections/${connection.id}`, { mode: 'disabled', onDisable: 'keep' })
          .expect(200)
        await refused(await browser.get(`/saml/${connection.id}/login`), 'connection_disabled')
        await account.admin('patch', `/connections/${connection.id}`, { mode: 'live' }).expect(200)
      })
    })

    it('finds her by externalId when her name has changed, and later by what it has seen', async () => {
      const person = await connection.provision(aUser({ userName: ada, externalId: `ext-${ada}` }))
      const attributes = { 'http://schemas.microsoft.com/identity/claims/objectidentifier': [`ext-${ada}`] }
      assert.equal((await signIn(new Browser(app), { nameId: `lovelace-${ada}`, attributes })).status, 303)
      await connection.patch(`/Users/${person.id}`, replace('externalId', 'other')).expect(200)
      assert.equal((await signIn(new Browser(app), { nameId: `lovelace-${ada}` })).status, 303)
    })

    it('lets a local user in by her address, inside a verified domain', async () => {
      const domain = `${account.id.slice(-12)}.example`
      await account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
      const eve = await account.aLocalUser({ email: `eve@${domain}` })
      assert.equal((await signIn(new Browser(app), { nameId: `eve@${domain}` })).status, 303)
      assert.equal((await account.admin('get', `/users/${eve.id}`)).body.status, 'active')
    })

    describe('single logout', () => {
      let browser: Browser
      const sloUrl = () => `${app.server.publicUrl}/saml/${connection.id}/slo`
      const signedQuery = (kind: 'SAMLRequest' | 'SAMLResponse', xml: string, key = idp.key) =>
        new URL(redirectUrl('https://x.example/', { kind, xml, relayState: undefined }, key.privateKey)).search

      beforeEach(async () => {
        browser = new Browser(app)
        await connection.provision(aUser({ userName: ada }))
        assert.equal((await signIn(browser)).status, 303)
      })

      const isIn = async () => (await browser.get('/api/v1/session')).status === 200

      it('ends what the identity provider names, without a cookie, and answers signed', async () => {
        const xml = idp.logoutRequest(sloUrl(), ada, { id: `_${count}` })
        const answered = await new Browser(app).get(`/saml/${connection.id}/slo${signedQuery('SAMLRequest', xml)}`)
        assert.equal(answered.status, 302, answered.text)
        const target = new URL(answered.headers.location!)
        assert.equal(target.origin + target.pathname, 'https://idp.example/slo')
        assert.ok(target.searchParams.get('Signature'))
        assert.equal(await isIn(), false)
        assert.equal((await lastEvent()).action, 'session.ended')
      })

      it('takes the request as a posted form too', async () => {
        const xml = signed(idp.logoutRequest(sloUrl(), ada, { id: `_${count}` }), 'LogoutRequest', idp.key)
        const SAMLRequest = Buffer.from(xml).toString('base64')
        const answered = await browser.postFromIdp(`/saml/${connection.id}/slo`, { SAMLRequest })
        assert.equal(answered.status, 302, answered.text)
        assert.equal(await isIn(), false)
      })

      it('ends the session of that SessionIndex alone', async () => {
        const xml = idp.logoutRequest(sloUrl(), ada, { id: `_${count}`, sessionIndex: '_another' })
        await browser.get(`/saml/${connection.id}/slo${signedQuery('SAMLRequest', xml)}`)
        assert.equal(await isIn(), true)
      })

      it('refuses what is unsigned, signed by a stranger, sent twice, or two messages in one', async () => {
        const path = `/saml/${connection.id}/slo`
        const xml = idp.logoutRequest(sloUrl(), ada, { id: `_${count}` })
        await refused(await browser.get(`${path}?SAMLRequest=${encodeURIComponent(deflated(xml))}`), 'not_signed')
        const stranger = await TestIdp.create('https://idp.example/entity')
        await refused(await browser.get(path + signedQuery('SAMLRequest', xml, stranger.key)), 'bad_signature')
        // A signed answer beside a request whose name is encoded: one reader verifies the first, another does the second.
        const genuine = signedQuery('SAMLResponse', idp.logoutResponse(sloUrl(), '_x'))
        const trick = `${genuine}&SAML%52equest=${encodeURIComponent(deflated(xml))}`
        await refused(await browser.get(path + trick), 'bad_request')
        await refused(
          await browser.postFromIdp(path, { SAMLRequest: Buffer.from(xml).toString('base64') }),
          'not_signed',
        )
        const foreign = idp.logoutRequest('https://other.example/slo', ada, { id: `_f${count}` })
        await refused(await browser.get(path + signedQuery('SAMLRequest', foreign)), 'wrong_destination')
        assert.equal(await isIn(), true)
        const query = signedQuery('SAMLRequest', xml)
        assert.equal((await browser.get(path + query)).status, 302)
        await refused(await browser.get(path + query), 'replay')
      })

      it('begins here too: signed out, and on to the identity provider', async () => {
        const left = await browser.post('/sign-out', { Origin: app.server.publicUrl })
        assert.equal(left.status, 200)
        assert.equal(await isIn(), false)
        const url = new URL(/href="([^"]+)"/.exec(left.text)![1]!.replaceAll('&amp;', '&'))
        const { xml } = verifyRedirect(url.search.slice(1), [await ourCertificate()])
        const id = /ID="([^"]+)"/.exec(xml)![1]!
        const back = signedQuery('SAMLResponse', idp.logoutResponse(sloUrl(), id))
        assert.equal((await browser.get(`/saml/${connection.id}/slo${back}`)).headers.location, '/sign-in?signed-out')
        await refused(await browser.get(`/saml/${connection.id}/slo${back}`), 'unknown_request')
      })
    })

    it('tells where people of an address sign in, and nothing of whether they exist', async () => {
      const domain = `found-${account.id.slice(-12)}.example`
      await account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
      const ask = (body: object) => request(app.url).post('/sso/discover').send(body)
      const { loginUrl } = (await ask({ email: `anybody@${domain.toUpperCase()}` }).expect(200)).body
      assert.equal(loginUrl, `${app.server.publicUrl}/saml/${connection.id}/login`)
      for (const email of ['anybody@elsewhere.example', 'x', '', '@', `${domain}`])
        assert.deepEqual((await ask({ email }).expect(200)).body, { loginUrl: null, ssoRequired: false })
      await ask({}).expect(400)
      await ask([]).expect(400)
      await request(app.url).post('/sso/discover').type('json').send('{').expect(400)
    })

    it('ends the session when the identity provider says so', async () => {
      await connection.provision(aUser({ userName: ada }))
      const browser = new Browser(app)
      const end = new Date(Date.now() + 600_000).toISOString()
      await signIn(browser, { sessionNotOnOrAfter: end })
      assert.equal((await browser.get('/api/v1/session')).body.expiresAt, end)
    })

    it('changes our key: the one before it still opens what was encrypted for it', async () => {
      await connection.provision(aUser({ userName: ada }))
      const encryptFor = await ourCertificate()
      await account.admin('post', `/connections/${connection.id}/saml/rotate-key`).expect(200)
      assert.equal((await metadata()).match(/use="signing"/g)?.length, 2)
      assert.equal((await signIn(new Browser(app), {}, { encryptFor })).status, 303)
    })

    async function metadata(): Promise<string> {
      return (await request(app.url).get(`/saml/${connection.id}/metadata`).buffer()).text
    }

    /** The certificate of our current key, from our metadata. */
    async function ourCertificate(): Promise<string> {
      const base64 = /use="encryption".*?<ds:X509Certificate>([^<]+)/s.exec(await metadata())![1]!
      return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----`
    }
  })
})
