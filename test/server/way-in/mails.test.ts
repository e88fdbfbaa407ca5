import assert from 'node:assert/strict'
import { runDueJobs } from '../../../accounts/worker.js'
import { composed } from '../../../db/statement.js'
import { aUser, type Body, type TestAccount, TestApp, useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { aMailServer } from '../../harness/mail-server.js'
import { anOwner, codeAt, type Owner, PASSWORD, recoveryCodesOn, secretOn } from '../../harness/owner.js'
import { SignIns } from '../../harness/sign-in.js'

const WAITING = composed(`SELECT id FROM jobs WHERE kind = 'mail' AND state = 'open' AND failure IS NOT NULL`)
const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const NEW = 'four violins on a roof'
let people = 0

/** The address behind the last link of a text, as a path of ours. */
const pathIn = (text: string): string => new URL(/https?:\/\/\S+/.exec(text)?.[0] ?? 'http://none').pathname

forEachDatabaseInTime((database) => {
  describe('an invitation', () => {
    const app = useApp(database)
    let account: TestAccount
    let owner: Owner

    before(async () => {
      account = await app.anAccount('Acme')
      owner = await anOwner(app, account)
    })
    afterEach(() => app.at(undefined))

    const aPerson = (details: object = {}): Promise<Body> =>
      account.aLocalUser({ email: `invited${++people}@acme.example`, ...details })
    const invite = async (id: string, as = owner) => {
      const answer = await as.browser.call('post', `/accounts/${account.id}/users/${id}/invitation`, {})
      return { status: answer.status, ...answer.body }
    }
    const follow = (browser: Browser, url: string, password = PASSWORD) =>
      browser.submit(new URL(url).pathname, { password })

    it('lets a member set a password, who is active and signed in then, with her seats (PRODUCT 2.3, 2.5)', async () => {
      await account.aProduct({ key: 'meet', seats: 5 })
      const person = await aPerson({ products: [{ key: 'meet' }] })
      assert.equal((await account.user(person.id)).licenses[0].state, 'reserved')
      const { url, mail, expiresAt } = await invite(person.id)
      assert.equal(mail, 'kept')
      assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 7 * DAY_MS) < MINUTE_MS)
      const browser = new Browser(app)
      const page = await browser.get(new URL(url).pathname)
      assert.match(page.text, /You are invited to Acme.*autocomplete="new-password"/s)
      const weak = await follow(browser, url, 'short')
      assert.deepEqual([weak.status, /too short/.test(weak.text)], [422, true])
      assert.equal((await follow(browser, url)).headers.location, '/')
      const user = await account.user(person.id)
      assert.deepEqual([user.status, user.licenses[0].state], ['active', 'assigned'])
      assert.equal((await browser.call('get', '/session')).body.user.id, person.id)
      assert.match((await browser.get('/')).text, /Welcome/)
      const again = await follow(new Browser(app), url)
      assert.deepEqual([again.status, again.headers['x-usher-code']], [410, 'link_used'])
      const actions = (await account.events(`userId=${person.id}`)).map(({ action }) => action)
      for (const action of ['user.invited', 'invitation.accepted', 'password.changed', 'signin.succeeded'])
        assert.ok(actions.includes(action), `${action}: ${actions}`)
    })

    it('asks an administrator for a second factor before she is in', async () => {
      const person = await aPerson({ role: 'admin' })
      const { url } = await invite(person.id)
      const browser = new Browser(app)
      assert.equal((await follow(browser, url)).headers.location, '/sign-in/second-factor')
      assert.equal((await browser.call('get', '/session')).status, 401)
      const secret = secretOn((await browser.get('/sign-in/second-factor')).text)
      const wrong = await browser.submit('/sign-in/second-factor', { code: '1' })
      assert.deepEqual([wrong.status, secretOn(wrong.text)], [403, secret])
      const code = codeAt(secret, app.server.deps.now())
      const done = await browser.submit('/sign-in/second-factor', { code })
      assert.equal(recoveryCodesOn(done.text).length, 10)
      assert.equal((await browser.call('get', '/session')).body.secondFactor, true)
    })

    it('of two who follow it at once one sets the password', async () => {
      const { url } = await invite((await aPerson()).id)
      const answers = await Promise.all([new Browser(app), new Browser(app)].map((one) => follow(one, url)))
      assert.deepEqual(answers.map(({ status }) => status).sort(), [303, 410])
    })

    it('is sent again after a minute, ten times a day, and the one before ends (GA-35)', async () => {
      const person = await aPerson()
      const first = await invite(person.id)
      const soon = await invite(person.id)
      assert.deepEqual([soon.status, soon.code], [429, 'invitation_too_soon'])
      let last = first
      for (let sent = 2; sent <= 10; sent++) {
        app.at(new Date(app.server.deps.now().getTime() + MINUTE_MS + 1))
        last = await invite(person.id)
        assert.equal(last.status, 201)
      }
      app.at(new Date(app.server.deps.now().getTime() + MINUTE_MS + 1))
      assert.equal((await invite(person.id)).code, 'invitation_too_soon')
      assert.equal((await follow(new Browser(app), first.url)).status, 404)
      app.at(new Date(app.server.deps.now().getTime() + 7 * DAY_MS))
      const late = await follow(new Browser(app), last.url)
      assert.deepEqual([late.status, late.headers['x-usher-code']], [410, 'link_expired'])
    })

    it('ends when she is switched off, for good', async () => {
      const person = await aPerson()
      const { url } = await invite(person.id)
      await account.admin('patch', `/users/${person.id}`, { suspended: true }).expect(200)
      assert.equal((await invite(person.id)).code, 'user_suspended')
      await account.admin('patch', `/users/${person.id}`, { suspended: false }).expect(200)
      assert.equal((await follow(new Browser(app), url)).status, 404)
    })

    it('is for local people who have an address and no password yet, and from who may change them', async () => {
      assert.equal((await invite(owner.userId)).code, 'forbidden')
      assert.equal((await account.admin('post', `/users/${owner.userId}/invitation`, {})).body.code, 'already_accepted')
      const connection = await account.aConnection()
      const managed = await connection.userOf(await connection.provision(aUser()))
      assert.equal((await invite(managed.id)).code, 'user_directory_managed')
    })

    it('is accepted by a first sign-in through the identity provider as well, and leads there where it is asked for', async () => {
      const signIns = await SignIns.in(app)
      await signIns.account.admin('post', '/domains', { name: 'idp.example', verified: true }).expect(201)
      const local = await signIns.account.aLocalUser({ email: 'local@idp.example' })
      const { body } = await signIns.account.admin('post', `/users/${local.id}/invitation`, {}).expect(201)
      await signIns.signIn(signIns.browser(), { nameId: 'local@idp.example' })
      assert.equal((await signIns.account.user(local.id)).status, 'active')
      assert.equal((await follow(new Browser(app), body.url)).headers['x-usher-code'], 'link_used')
      await signIns.account.admin('patch', '/domains/idp.example', { ssoRequired: true }).expect(200)
      const other = await signIns.account.aLocalUser({ email: 'other@idp.example' })
      const asked = await signIns.account.admin('post', `/users/${other.id}/invitation`, {}).expect(201)
      assert.equal(new URL(asked.body.url).pathname, '/sign-in')
    })

    it('shows what was kept: the link of an invitation to who may invite, that of a new password to the operator alone', async () => {
      const own = await app.anAccount()
      const chief = await anOwner(app, own)
      const admin = await own.aLocalUser({ email: `admin${++people}@acme.example`, role: 'admin' })
      const member = await own.aLocalUser({ email: `member${++people}@acme.example` })
      for (const { id } of [admin, member]) await own.admin('post', `/users/${id}/invitation`, {}).expect(201)
      await new Browser(app).submit('/forgotten', { email: chief.email })
      await app.settle()
      const mailsFor = async (list: Body[]) =>
        Object.fromEntries(list.map(({ kind, to, text }) => [`${kind} ${to}`, /https?:\/\//.test(text)]))
      const reset = `reset ${chief.email}`
      const [first, second] = [`invitation ${admin.email}`, `invitation ${member.email}`]
      const seen = (await chief.browser.call('get', `/accounts/${own.id}/mails`)).body.items
      assert.deepEqual(await mailsFor(seen), { [reset]: false, [first]: true, [second]: true })
      assert.ok(seen.every(({ state }: Body) => state === 'kept'))
      const { body } = await own.admin('get', '/mails').expect(200)
      assert.deepEqual(await mailsFor(body.items), { [reset]: true, [first]: true, [second]: true })
      // An admin invites members, so the link of another administrator is not for her.
      const entered = new Browser(app)
      await entered.submit(pathIn(body.items.find(({ to }: Body) => to === admin.email).text), { password: PASSWORD })
      const code = codeAt(secretOn((await entered.get('/sign-in/second-factor')).text), app.server.deps.now())
      await entered.submit('/sign-in/second-factor', { code })
      const other = await own.aLocalUser({ email: `other${++people}@acme.example`, role: 'admin' })
      await own.admin('post', `/users/${other.id}/invitation`, {}).expect(201)
      const hers = (await entered.call('get', `/accounts/${own.id}/mails`)).body.items
      assert.deepEqual(await mailsFor(hers), {
        [reset]: false,
        [first]: false,
        [second]: true,
        [`invitation ${other.email}`]: false,
      })
    })
  })

  describe('mails', () => {
    let mailServer: Awaited<ReturnType<typeof aMailServer>>
    let app: TestApp
    let account: TestAccount
    let owner: Owner

    before(async function () {
      this.timeout(60_000)
      mailServer = await aMailServer()
      app = new TestApp(database, { SMTP_URL: mailServer.url, MAIL_FROM: 'Usher <usher@mail.example>' })
      await app.start()
      account = await app.anAccount('Zoë & Söhne')
      owner = await anOwner(app, account)
    })
    after(async () => {
      await app.stop()
      await mailServer.close()
    })
    afterEach(() => {
      app.at(undefined)
      mailServer.refuseWith = undefined
      mailServer.mails.length = 0
    })

    const forgotten = async (email: string) => {
      const page = await new Browser(app).submit('/forgotten', { email })
      await app.settle()
      return page
    }

    it('carry an invitation in the language of the person, and the answer has no link', async () => {
      const person = await account.aLocalUser({ email: 'invité@acme.example' })
      const { body } = await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      assert.deepEqual(Object.keys(body).sort(), ['expiresAt', 'mail'])
      await app.settle()
      const [mail] = mailServer.mails
      assert.equal(mail?.from?.address, 'usher@mail.example')
      assert.equal(mail?.to?.[0]?.address, 'invité@acme.example')
      assert.equal(mail?.subject, 'You are invited to Zoë & Söhne')
      assert.equal((await new Browser(app).submit(pathIn(mail?.text ?? ''), { password: PASSWORD })).status, 303)
      const [kept] = (await account.admin('get', '/mails').expect(200)).body.items
      assert.deepEqual([kept.state, /https?:/.test(kept.text)], ['sent', false])
    })

    it('lead to a new password: once, for half an hour, ending all sessions and asking for the second factor', async () => {
      await owner.browser.call('patch', '/me', { language: 'it' })
      await forgotten(owner.email.toUpperCase())
      const [mail] = mailServer.mails
      assert.match(mail?.subject ?? '', /^Nuova password/)
      const path = pathIn(mail?.text ?? '')
      const browser = new Browser(app)
      assert.equal((await browser.submit(path, { password: 'too short' })).status, 422)
      const set = await browser.submit(path, { password: NEW })
      assert.equal(set.headers.location, '/sign-in/code')
      assert.equal((await owner.browser.call('get', '/session')).status, 401)
      app.at(new Date(Date.now() + MINUTE_MS))
      const code = codeAt(owner.secret, app.server.deps.now())
      assert.equal((await browser.submit('/sign-in/code', { code })).headers.location, '/')
      assert.equal((await browser.submit(path, { password: NEW })).status, 410)
      const sent = { email: owner.email, password: PASSWORD }
      assert.equal((await new Browser(app).submit('/sign-in/password', sent)).status, 403)
    })

    it('are answered alike for who is known and who is not, and one asks once a minute', async () => {
      app.at(new Date(Date.now() + 5 * MINUTE_MS))
      const pages = [
        await forgotten(owner.email),
        await forgotten('nobody@nowhere.example'),
        await forgotten(owner.email),
      ]
      assert.deepEqual(new Set(pages.map(({ status, text }) => `${status} ${text}`)).size, 1)
      assert.equal(mailServer.mails.length, 1)
      app.at(new Date(app.server.deps.now().getTime() + 31 * MINUTE_MS))
      const late = await new Browser(app).get(pathIn(mailServer.mails[0]?.text ?? ''))
      assert.deepEqual([late.status, late.headers['x-usher-code']], [410, 'link_expired'])
    })

    it('are sent to nobody who may not sign in by password', async () => {
      app.at(new Date(Date.now() + 60 * MINUTE_MS))
      await account.admin('patch', `/users/${owner.userId}`, { suspended: true }).expect(200)
      await forgotten(owner.email)
      assert.equal(mailServer.mails.length, 0)
      await account.admin('patch', `/users/${owner.userId}`, { suspended: false }).expect(200)
    })

    it('are given up where the mail server refuses for good', async () => {
      app.at(new Date(Date.now() + 90 * MINUTE_MS))
      const person = await account.aLocalUser({ email: `bounced${++people}@acme.example` })
      mailServer.refuseWith = 550
      await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      await app.settle()
      const [failed] = (await account.admin('get', '/mails').expect(200)).body.items
      assert.equal(failed.state, 'failed')
      assert.match(failed.failure, /550/)
      const [event] = await account.events('action=mail.failed')
      assert.equal(event.userId, person.id)
      assert.match(event.message, /550/)
    })

    it('are tried again where it is busy', async () => {
      app.at(new Date(Date.now() + 120 * MINUTE_MS))
      const person = await account.aLocalUser({ email: `busy${++people}@acme.example` })
      mailServer.refuseWith = 451
      await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      const mail = async () => (await account.admin('get', '/mails').expect(200)).body.items[0]
      for (let failed = false; !failed; ) {
        await runDueJobs(app.server.deps, () => {
          failed = true
        })
        const waiting = await app.server.deps.db.all(WAITING, [])
        failed ||= waiting.length > 0
      }
      assert.equal((await mail()).state, 'queued')
      mailServer.refuseWith = undefined
      app.at(new Date(app.server.deps.now().getTime() + MINUTE_MS))
      await app.settle()
      assert.equal((await mail()).state, 'sent')
    })

    it('keep no line of a name for a header', async () => {
      const named = await app.anAccount('Acme\r\nBcc: all@evil.example')
      const person = await named.aLocalUser({ email: `named${++people}@acme.example`, givenName: '{link}' })
      await named.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      await app.settle()
      const [mail] = mailServer.mails
      assert.deepEqual([mail?.to?.length, mail?.bcc], [1, undefined])
      assert.equal(mail?.text?.match(/https?:\/\//g)?.length, 1)
    })
  })

  describe('whom a directory has taken over', () => {
    const app = useApp(database)

    it('signs in by password no more', async () => {
      const account = await app.anAccount()
      await account.admin('post', '/domains', { name: 'taken.example', verified: true }).expect(201)
      const email = 'taken@taken.example'
      const person = await account.aLocalUser({ email })
      const { body } = await account.admin('post', `/users/${person.id}/invitation`, {}).expect(201)
      const browser = new Browser(app)
      await browser.submit(new URL(body.url).pathname, { password: PASSWORD })
      await (await account.aConnection()).provision(aUser({ userName: email }))
      const refused = await new Browser(app).submit('/sign-in/password', { email, password: PASSWORD })
      assert.equal(refused.headers['x-usher-code'], 'sso_required')
    })
  })
})
