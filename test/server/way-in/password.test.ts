import assert from 'node:assert/strict'
import { type TestAccount, useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { anOwner, codeAt, type Owner, PASSWORD } from '../../harness/owner.js'
import { SignIns } from '../../harness/sign-in.js'

forEachDatabaseInTime((database) => {
  describe('signing in by password', () => {
    const app = useApp(database)
    let account: TestAccount
    let owner: Owner
    const later = (seconds: number) => app.at(new Date(app.server.deps.now().getTime() + seconds * 1_000))

    before(async () => {
      account = await app.anAccount()
      owner = await anOwner(app, account)
    })
    afterEach(() => app.at(undefined))

    const withPassword = (browser: Browser, password = PASSWORD, rest: Record<string, string> = {}) =>
      browser.submit('/sign-in/password', { email: owner.email, password, ...rest })

    it('asks for the address, the password and a code, and leads where one wanted to go', async () => {
      later(60)
      const browser = new Browser(app)
      const asked = await browser.submit('/sign-in', { email: owner.email, target: '/connections' })
      assert.match(asked.text, /name="target" value="\/connections".*autocomplete="current-password"/s)
      assert.equal(
        (await withPassword(browser, PASSWORD, { target: '/connections' })).headers.location,
        '/sign-in/code',
      )
      assert.equal((await browser.call('get', '/session')).status, 401)
      assert.match((await browser.get('/sign-in/code')).text, /autocomplete="one-time-code"/)
      const code = codeAt(owner.secret, app.server.deps.now())
      const entered = await browser.submit('/sign-in/code', { code: `${code.slice(0, 3)} ${code.slice(3)}` })
      assert.deepEqual([entered.status, entered.headers.location], [303, '/connections'])
      const { body } = await browser.call('get', '/session')
      assert.equal(body.user.id, owner.userId)
      assert.equal((await browser.get('/sign-in')).headers.location, '/')
      assert.equal((await browser.delete('/api/v1/session', { 'Sec-Fetch-Site': 'same-origin' })).status, 204)
      assert.equal((await browser.call('get', '/session')).status, 401)
    })

    it('answers alike whether somebody is known or not', async () => {
      const texts = []
      for (const email of [owner.email, `x${owner.email}`]) {
        const page = await new Browser(app).submit('/sign-in/password', { email, password: 'wrong' })
        assert.deepEqual([page.status, page.headers['x-usher-code']], [403, 'password_wrong'])
        texts.push(page.text.replaceAll(email, '…'))
      }
      assert.equal(texts[0], texts[1])
    })

    it('accepts a code once, and each recovery code once', async () => {
      later(300)
      const code = codeAt(owner.secret, app.server.deps.now())
      const enter = async (given: string) => {
        const browser = new Browser(app)
        await withPassword(browser)
        const answer = await browser.submit('/sign-in/code', { code: given })
        return answer.headers['x-usher-code'] ?? answer.headers.location
      }
      assert.deepEqual([await enter(code), await enter(code)], ['/', 'code_used'])
      const recovery = owner.recoveryCodes[3]!.toUpperCase()
      assert.deepEqual([await enter(recovery), await enter(recovery)], ['/', 'code_wrong'])
    })

    it('of ten who come with one code at once one enters', async () => {
      later(600)
      const browsers = Array.from({ length: 5 }, () => new Browser(app))
      for (const browser of browsers) await withPassword(browser)
      const code = codeAt(owner.secret, app.server.deps.now())
      const answers = await Promise.all(browsers.map((browser) => browser.submit('/sign-in/code', { code })))
      assert.equal(answers.filter(({ status }) => status === 303).length, 1)
    })

    it('begins again after five wrong codes, and pauses the authenticator of who goes on', async () => {
      later(900)
      for (let round = 0; round < 3; round++) {
        const browser = new Browser(app)
        await withPassword(browser)
        const statuses = []
        for (let wrong = 0; wrong < 5; wrong++) statuses.push(await browser.submit('/sign-in/code', { code: '000 00' }))
        assert.match(statuses[3]!.text, /action="\/sign-in\/code"/)
        assert.match(statuses[4]!.text, /Too many wrong codes.*action="\/sign-in"/s)
        assert.match((await browser.submit('/sign-in/code', { code: '000000' })).text, /action="\/sign-in"/)
      }
      const stranger = new Browser(app)
      await withPassword(stranger)
      const code = () => codeAt(owner.secret, app.server.deps.now())
      const paused = await stranger.submit('/sign-in/code', { code: code() })
      assert.equal(paused.headers['x-usher-code'], 'code_paused')
      // Her own browser is known, and so nobody can shut her out.
      await owner.browser.submit('/sign-in/password', { email: owner.email, password: PASSWORD })
      assert.equal((await owner.browser.submit('/sign-in/code', { code: code() })).headers.location, '/')
      later(1_000)
      await withPassword(stranger)
      assert.equal((await stranger.submit('/sign-in/code', { code: code() })).headers.location, '/')
    })

    it('what was done on one page ends after a quarter of an hour', async () => {
      const browser = new Browser(app)
      await withPassword(browser)
      later(901)
      assert.equal((await browser.get('/sign-in/code')).headers.location, '/sign-in')
    })

    it('lets nobody in who is switched off, and says so to who knows the password alone', async () => {
      const user = `/users/${owner.userId}`
      await account.admin('patch', user, { suspended: true }).expect(200)
      assert.equal((await withPassword(new Browser(app), 'wrong')).headers['x-usher-code'], 'password_wrong')
      const off = await withPassword(new Browser(app))
      assert.deepEqual([off.status, off.headers['x-usher-code']], [403, 'user_deactivated'])
      await account.admin('patch', user, { suspended: false, webLoginAllowed: false }).expect(200)
      assert.equal((await withPassword(new Browser(app))).headers['x-usher-code'], 'web_login_disabled')
      await account.admin('patch', user, { webLoginAllowed: true }).expect(200)
      assert.equal((await withPassword(new Browser(app))).headers.location, '/sign-in/code')
    })

    it('tells each refusal in the log of its person, and nothing of what was typed', async () => {
      const events = await account.events(`userId=${owner.userId}&action=signin.failed&limit=100`)
      assert.deepEqual([...new Set(events.map(({ code }) => code))].sort(), [
        'code_paused',
        'code_used',
        'code_wrong',
        'password_wrong',
        'user_deactivated',
        'web_login_disabled',
      ])
      const [wrong] = events.filter(({ code }) => code === 'password_wrong')
      assert.equal(wrong.source, 'self')
      assert.deepEqual(wrong.signIn.checks, [{ check: 'password', passed: false }])
      assert.doesNotMatch(JSON.stringify(events), /otters/)
    })

    it('of a domain that asks for it goes to the identity provider, but a local super admin may enter all the same', async () => {
      const signIns = await SignIns.in(app)
      await signIns.account.admin('post', '/domains', { name: 'sso.example', verified: true }).expect(201)
      await signIns.account.admin('patch', '/domains/sso.example', { ssoRequired: true }).expect(200)
      const last = await anOwner(app, signIns.account, { email: 'last@sso.example' })
      const gone = await new Browser(app).submit('/sign-in', { email: last.email })
      assert.match(gone.headers.location!, /\/saml\//)
      const sent = { email: last.email, password: PASSWORD }
      assert.equal((await new Browser(app).submit('/sign-in/password', sent)).headers.location, '/sign-in/code')
      await anOwner(app, signIns.account, { email: 'other@elsewhere.example' })
      await signIns.account.admin('post', `/users/${last.userId}/grants`, { kind: 'role', value: 'admin' }).expect(201)
      const refused = await new Browser(app).submit('/sign-in/password', sent)
      assert.equal(refused.headers['x-usher-code'], 'sso_required')
      const unknown = await new Browser(app).submit('/sign-in/password', { ...sent, password: 'wrong' })
      assert.equal(unknown.headers['x-usher-code'], 'password_wrong')
    })
  })

  describe('wrong passwords', () => {
    const app = useApp(database, { TRUST_PROXY: '127.0.0.1' })
    const from = (address: string) => ({ 'X-Forwarded-For': address, 'Sec-Fetch-Site': 'same-origin' })

    it('are limited by address, shut nobody out elsewhere, and not in a browser that is known', async () => {
      app.at(new Date(Math.floor(Date.now() / 60_000) * 60_000))
      const owner = await anOwner(app)
      const attempt = async (browser: Browser, password: string, address: string) => {
        const body = { email: owner.email, password }
        const answer = await browser.postForm('/sign-in/password', from(address), body)
        return answer.headers['x-usher-code'] ?? answer.headers.location
      }
      const guesser = new Browser(app)
      for (let wrong = 0; wrong < 19; wrong++)
        assert.equal(await attempt(guesser, `wrong ${wrong}`, '203.0.113.7'), 'password_wrong')
      const more = Array.from({ length: 11 }, () => attempt(guesser, 'wrong', '203.0.113.7'))
      assert.ok((await Promise.all(more)).every((code) => code === 'password_wrong'))
      assert.equal(await attempt(guesser, 'wrong', '203.0.113.7'), 'rate_limited')
      assert.equal(await attempt(guesser, PASSWORD, '203.0.113.7'), 'rate_limited')
      // From elsewhere, and from her own browser at the same address, she enters.
      assert.equal(await attempt(new Browser(app), PASSWORD, '203.0.113.8'), '/sign-in/code')
      assert.equal(await attempt(owner.browser, PASSWORD, '203.0.113.7'), '/sign-in/code')
      for (let wrong = 0; wrong < 10; wrong++) await attempt(owner.browser, 'wrong', '203.0.113.8')
      assert.equal(await attempt(owner.browser, PASSWORD, '203.0.113.8'), 'rate_limited')
      app.at(new Date(app.server.deps.now().getTime() + 60_000))
      assert.equal(await attempt(guesser, PASSWORD, '203.0.113.7'), '/sign-in/code')
    }).timeout(30_000)
  })
})
