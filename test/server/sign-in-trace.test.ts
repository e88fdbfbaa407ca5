import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import request from 'supertest'
import { runRetention } from '../../accounts/retention.js'
import type { JobRow } from '../../db/jobs.js'
import { composed } from '../../db/statement.js'
import { aUser, type Body, replace, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { SignIns } from '../harness/sign-in.js'
import { TestIdp } from '../saml/an-idp.js'

const DAY_MS = 86_400_000
const ALL =
  `form document status shape browser destination algorithm signature issuer conditions audience recipient in_response_to
  authentication time_window identifier replay user_match user_state`.split(/\s+/)

forEachDatabaseInTime((database) => {
  describe('what the log says of a sign-in (PRODUCT 3.3, Sign-ins)', () => {
    const app = useApp(database)
    let signIns: SignIns
    const ada = 'ada@acme.example'

    before(async () => {
      signIns = await SignIns.in(app)
      await signIns.connection.provision(aUser({ userName: ada }))
    })

    const checksOf = ({ signIn }: Body) => signIn.checks.map(({ check }: Body) => check)
    const fingerprint = () => {
      const der = Buffer.from(signIns.idp.key.certificate.replaceAll(/-----[^-]*-----|\s/g, ''), 'base64')
      return createHash('sha256').update(der).digest('hex')
    }

    it('of one that succeeded: everything that held, the clock, the certificate, the names of attributes', async () => {
      const attributes = { department: ['Secret plans'], mail: [ada] }
      assert.equal((await signIns.signIn(signIns.browser(), { attributes, aheadMs: 30_000 })).status, 303)
      const event = await signIns.lastEvent()
      const { skewMs, assertionAgeMs, certificate, flow, nameId } = event.signIn
      assert.deepEqual(checksOf(event), ALL.slice(ALL.indexOf('document')))
      assert.ok(event.signIn.checks.every(({ passed }: Body) => passed))
      assert.deepEqual([flow, nameId, certificate, assertionAgeMs], ['sp', ada, fingerprint(), 0])
      assert.ok(skewMs > 20_000 && skewMs <= 30_000, `${skewMs}`)
      assert.deepEqual(event.signIn.attributes, ['department', 'mail'])
      const { payload, ...rest } = event
      assert.doesNotMatch(JSON.stringify(rest), /Secret plans/)
      assert.match(payload.request, /Secret plans/)
    })

    const refusals = [
      [
        'wrong_audience',
        { audience: 'https://other.example/sp' },
        'audience',
        /sends audience https:\/\/other\.example/,
      ],
      ['wrong_recipient', { recipient: 'https://other.example/acs' }, 'recipient', /set it there to http.*\/acs\.$/],
      ['wrong_destination', { destination: 'https://other.example/acs' }, 'destination', /set its reply URL to http/],
      ['wrong_issuer', { issuer: 'https://other.example/idp' }, 'issuer', /comes from https:\/\/other\.example\/idp/],
      ['outside_time', { aheadMs: 600_000 }, 'time_window', /clocks/],
      ['unknown_request', { confirmedRequest: '_other' }, 'in_response_to', /again/],
      ['not_invited', { nameId: 'nobody@acme.example' }, 'user_match', /Assign nobody@acme\.example/],
      ['no_identifier', { nameId: null, attributes: { upn: [ada] } }, 'identifier', /upn/],
      ['idp_status', { statusXml: statusOf('Responder', 'AuthnFailed') }, 'status', /AuthnFailed/],
    ] as const

    for (const [code, claims, check, remedy] of refusals) {
      it(`of ${code}: what held before it, and what to do about it`, async () => {
        assert.equal((await signIns.signIn(signIns.browser(), claims)).headers['x-usher-code'], code)
        const event = await signIns.lastEvent()
        const { checks, ...facts } = event.signIn
        assert.deepEqual([event.action, event.code], ['signin.failed', code])
        assert.deepEqual(checks.at(-1), { check, passed: false })
        assert.ok(checks.slice(0, -1).every(({ passed }: Body) => passed))
        assert.match(facts.remedy, remedy)
        assert.match(event.payload.request, /<samlp:Response/)
      })
    }

    it('of a foreign signature: the fingerprints that were wanted, and the one that came', async () => {
      const { key } = await TestIdp.create('https://idp.example/entity')
      await signIns.signIn(signIns.browser(), {}, { key })
      const { code, signIn } = await signIns.lastEvent()
      assert.equal(code, 'bad_signature')
      assert.equal(signIn.expected, fingerprint())
      assert.doesNotMatch(checksOf({ signIn }).join(), /issuer|audience/)
    })

    it('keeps no signature, no text of an encrypted assertion, and nothing in the clear', async () => {
      const { text } = await request(app.url).get(`${signIns.path}/metadata`).buffer()
      const base64 = /use="encryption".*?<ds:X509Certificate>([^<]+)/s.exec(text)![1]!
      const encryptFor = `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----`
      const attributes = { department: ['Secret plans'] }
      assert.equal((await signIns.signIn(signIns.browser(), { attributes }, { encryptFor })).status, 303)
      const { id, payload } = await signIns.lastEvent()
      assert.match(payload.request, /EncryptedAssertion.*CipherValue>\(removed\)</s)
      assert.match(payload.request, /SignatureValue>\(removed\)</)
      const said = payload.request.replaceAll(/X509Certificate>[^<]+</g, '')
      assert.doesNotMatch(said, /Secret plans|[A-Za-z0-9+/]{100}/)
      const stored = composed('SELECT sealed_response FROM sign_in_traces WHERE account_id = ? AND event_id = ?')
      const row = await app.server.deps.db.get<{ sealed_response: string }>(stored, [signIns.account.id, id])
      assert.doesNotMatch(Buffer.from(row!.sealed_response, 'base64').toString('latin1'), /samlp:|acme\.example/)
    })

    it('keeps nothing of what answers no sign-in of ours', async () => {
      await signIns.answer(signIns.browser(), { inResponseTo: '_nobody-asked' })
      const { code, payload } = await signIns.lastEvent()
      assert.deepEqual([code, payload], ['unknown_request', null])
    })

    it('shows the answer to readers of payloads alone', async () => {
      const { id } = await signIns.lastEvent()
      const reader = { role: { key: 'auditor', name: 'Auditor', permissions: ['logs.view'] } }
      await signIns.account.admin('post', '/roles', reader.role).expect(201)
      const chief = await signIns.connection.provision(aUser({ userName: 'auditor@acme.example' }))
      const user = await signIns.connection.userOf(chief)
      const grant = { kind: 'role', value: 'auditor', reason: 'she audits' }
      await signIns.account.admin('post', `/users/${user.id}/grants`, grant).expect(201)
      const browser = signIns.browser()
      await signIns.signIn(browser, { nameId: 'auditor@acme.example' })
      const seen = await browser.get(`/api/v1/accounts/${signIns.account.id}/events/${id}`)
      assert.equal(seen.status, 200)
      assert.equal(seen.body.id, id)
      assert.equal('payload' in seen.body, false)
    })

    describe('a test sign-in', () => {
      const path = () => `/connections/${signIns.connection.id}/saml/test`
      const open = async () => (await signIns.account.admin('post', path()).expect(201)).body
      const read = async (id: string) => (await signIns.account.admin('get', `${path()}/${id}`).expect(200)).body
      const beginAt = (browser: ReturnType<SignIns['browser']>, { loginUrl }: Body) =>
        signIns.begin(browser, loginUrl.slice(app.server.publicUrl.length))
      const userRows = () =>
        app.server.deps.db.all(composed('SELECT * FROM users WHERE account_id = ? ORDER BY id'), [signIns.account.id])

      it('goes the whole way, and lets nobody in', async () => {
        const invited = 'invited@acme.example'
        await signIns.connection.provision(aUser({ userName: invited }))
        const before = await userRows()
        const test = await open()
        assert.deepEqual([test.state, (await read(test.id)).state], ['open', 'open'])
        const browser = signIns.browser()
        const done = await signIns.answer(browser, { inResponseTo: await beginAt(browser, test), nameId: invited })
        assert.equal(done.status, 200)
        assert.match(done.text, /The sign-in works.*user match/s)
        assert.equal((await browser.get('/api/v1/session')).status, 401)
        assert.deepEqual(await userRows(), before)
        const { state, event } = await read(test.id)
        assert.deepEqual([state, event.action, event.subject.email], ['passed', 'signin.tested', invited])
        assert.equal(event.actor.type, 'operator')
        assert.deepEqual(checksOf(event), ALL.slice(1))
      })

      it('tells why it would fail, as JSON and as a page', async () => {
        const test = await open()
        const browser = signIns.browser()
        const claims = { inResponseTo: await beginAt(browser, test), audience: 'https://other.example/<b>' }
        const page = await signIns.answer(browser, { ...claims, audience: 'https://other.example/sp' })
        assert.equal(page.status, 403)
        assert.equal(page.headers['x-usher-code'], 'wrong_audience')
        assert.match(page.text, /does not work.*other\.example\/sp.*audience<\/th><td>failed/s)
        const { state, event } = await read(test.id)
        assert.deepEqual([state, event.code, event.action], ['failed', 'wrong_audience', 'signin.tested'])
        assert.match(event.signIn.remedy, /set it there to/)
      })

      it('is told an error of the identity provider too', async () => {
        const test = await open()
        const browser = signIns.browser()
        const statusXml = statusOf('Requester', 'InvalidNameIDPolicy')
        await signIns.answer(browser, { inResponseTo: await beginAt(browser, test), statusXml })
        assert.equal((await read(test.id)).event.code, 'idp_status')
      })

      it('works before the connection is live, where nobody signs in', async () => {
        const { body } = await signIns.account
          .admin('post', '/connections', { name: 'New', idpKind: 'okta' })
          .expect(201)
        const at = `/connections/${body.id}/saml`
        await signIns.account.admin('put', at, { idpMetadataXml: signIns.idp.metadata() }).expect(200)
        const test = (await signIns.account.admin('post', `${at}/test`).expect(201)).body
        const browser = signIns.browser()
        assert.equal((await browser.get(test.loginUrl.slice(app.server.publicUrl.length))).status, 302)
        const refused = await browser.get(`/saml/${body.id}/login`)
        assert.equal(refused.headers['x-usher-code'], 'connection_disabled')
      })

      it('is refused once it is done, after ten minutes, and at another connection', async () => {
        const test = await open()
        const browser = signIns.browser()
        await signIns.answer(browser, { inResponseTo: await beginAt(browser, test) })
        const { pathname, search } = new URL(test.loginUrl)
        const codeAt = async (address: string) => (await browser.get(address)).headers['x-usher-code']
        assert.equal(await codeAt(pathname + search), 'expired_request')
        const late = await open()
        const other = await signIns.account.aConnection()
        assert.equal(await codeAt(`/saml/${other.id}/login?test=${late.id}`), 'expired_request')
        app.at(new Date(Date.now() + 11 * 60_000))
        try {
          assert.equal(await codeAt(`${signIns.path}/login?test=${late.id}`), 'expired_request')
          assert.equal((await read(late.id)).state, 'expired')
        } finally {
          app.at(undefined)
        }
        for (const wrong of ['?test=', '?test=%00', '?test=x&test=y', `?test=${'x'.repeat(5_000)}`])
          assert.equal(await codeAt(`${signIns.path}/login${wrong}`), 'expired_request', wrong)
      })

      it('belongs to the browser that began it', async () => {
        const test = await open()
        const inResponseTo = await beginAt(signIns.browser(), test)
        const stranger = await signIns.answer(signIns.browser(), { inResponseTo })
        assert.equal(stranger.headers['x-usher-code'], 'other_browser')
      })

      it('is begun by an administrator in her browser, and by nobody else', async () => {
        const at = `/sso/test/${signIns.connection.id}`
        const member = signIns.browser()
        assert.equal((await signIns.signIn(member)).status, 303)
        assert.equal((await member.get(at)).status, 403)
        assert.equal((await signIns.browser().get(at)).status, 401)
        await signIns.connection.provision(aUser({ userName: 'boss@acme.example' }))
        const boss = await signIns.account.userByEmail('boss@acme.example')
        const grant = { kind: 'role', value: 'super_admin', reason: 'she is' }
        await signIns.account.admin('post', `/users/${boss.id}/grants`, grant).expect(201)
        const browser = signIns.browser()
        await signIns.signIn(browser, { nameId: 'boss@acme.example' })
        const other = await app.aConnection()
        assert.equal((await browser.get(`/sso/test/${other.id}`)).status, 404)
        const begun = await browser.get(at)
        assert.equal(begun.status, 303, begun.text)
        const login = new URL(begun.headers.location!)
        const inResponseTo = await signIns.begin(browser, login.pathname + login.search)
        assert.equal((await signIns.answer(browser, { inResponseTo })).status, 200)
        assert.equal((await browser.get('/api/v1/session')).body.user.email, 'boss@acme.example')
        assert.equal((await signIns.lastEvent()).actor.id, boss.id)
      })
    })

    it('forgets the answer after seven days, and who she was when she is erased', async () => {
      const nameId = 'leaver@acme.example'
      const person = await signIns.connection.provision(aUser({ userName: nameId }))
      await signIns.signIn(signIns.browser(), { nameId })
      const { id } = await signIns.lastEvent()
      const job = { id: 'none', account_id: '', payload: '{}' } as unknown as JobRow
      const passDays = async (days: number) => {
        app.at(new Date(Date.now() + days * DAY_MS))
        await runRetention(app.server.deps, job)
      }
      const read = async () => (await signIns.account.admin('get', `/events/${id}`).expect(200)).body
      try {
        await passDays(6)
        assert.ok((await read()).payload)
        await passDays(8)
        assert.equal((await read()).payload, null)
        await signIns.connection.delete(`/Users/${person.id}`).expect(204)
        await passDays(40)
        const { signIn, actor, subject } = await read()
        assert.doesNotMatch(JSON.stringify([signIn, actor, subject]), /leaver|Grace/)
        assert.equal(signIn.checks.length > 10, true)
      } finally {
        app.at(undefined)
      }
    })

    it('refuses who may not sign in with a browser, before anything is written (PBX-20)', async () => {
      const grace = 'grace@acme.example'
      const { id: scimId } = await signIns.connection.provision(aUser({ userName: grace }))
      const user = await signIns.account.userByEmail(grace)
      assert.equal(user.webLoginAllowed, true)
      const browser = signIns.browser()
      await signIns.signIn(browser, { nameId: grace })
      const set = (webLoginAllowed: boolean) =>
        signIns.account.admin('patch', `/users/${user.id}`, { webLoginAllowed }).expect(200)
      const off = (await set(false)).body
      assert.deepEqual([off.webLoginAllowed, off.sessions, off.flags.includes('no_sign_in')], [false, [], true])
      const [event] = await signIns.account.events(`userId=${user.id}&source=admin&limit=1`)
      assert.deepEqual(event.changes, [{ attribute: 'webLoginAllowed', before: true, after: false }])
      assert.deepEqual(event.effects, [{ kind: 'session', ended: 1, reason: 'web_login_disabled' }])
      assert.equal((await browser.get('/api/v1/session')).status, 401)
      const { version, lastSignInAt } = await signIns.account.user(user.id)
      const refused = await signIns.signIn(browser, { nameId: grace })
      assert.equal(refused.headers['x-usher-code'], 'web_login_disabled')
      const after = await signIns.account.user(user.id)
      assert.deepEqual([after.version, after.lastSignInAt], [version, lastSignInAt])
      await signIns.connection.patch(`/Users/${scimId}`, replace('active', true)).expect(200)
      assert.equal((await set(true)).body.webLoginAllowed, true)
      assert.equal((await signIns.signIn(browser, { nameId: grace })).status, 303)
    })

    it('refuses whoever has no address, unless an administrator allows it (PBX-20)', async () => {
      const bare = await signIns.connection.provision({ ...aUser({ userName: 'kiosk7' }), emails: undefined })
      const user = await signIns.connection.userOf(bare)
      assert.deepEqual([user.email, user.webLoginAllowed], [null, false])
      const refused = await signIns.signIn(signIns.browser(), { nameId: 'kiosk7' })
      assert.equal(refused.headers['x-usher-code'], 'web_login_disabled')
      await signIns.account.admin('patch', `/users/${user.id}`, { webLoginAllowed: true }).expect(200)
      assert.equal((await signIns.signIn(signIns.browser(), { nameId: 'kiosk7' })).status, 303)
    })
  })
})

function statusOf(outer: string, inner: string): string {
  const urn = 'urn:oasis:names:tc:SAML:2.0:status:'
  return `<samlp:Status><samlp:StatusCode Value="${urn}${outer}"><samlp:StatusCode Value="${urn}${inner}"/></samlp:StatusCode></samlp:Status>`
}
