import assert from 'node:assert/strict'
import request from 'supertest'
import { aUser, useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { anOwner, codeAt, type Owner, PASSWORD } from '../../harness/owner.js'
import { SignIns } from '../../harness/sign-in.js'

const ANOTHER = 'eleven quiet trombones'

forEachDatabaseInTime((database) => {
  describe('what somebody does about herself', () => {
    const app = useApp(database)
    let owner: Owner
    const call = (...args: Parameters<Browser['call']>) => owner.browser.call(...args)
    const codeNow = (secret: string) => codeAt(secret, app.server.deps.now())
    const passwordOf = (password: string) =>
      new Browser(app).submit('/sign-in/password', { email: owner.email, password })

    beforeEach(async () => {
      owner = await anOwner(app, await app.anAccount())
    })

    it('is for who is signed in, and from pages of this server', async () => {
      assert.equal((await app.admin('get', '/me')).body.code, 'no_session')
      const { status } = await new Browser(app).call('get', '/me')
      assert.equal(status, 401)
      const foreign = { Cookie: owner.cookie, Origin: 'https://evil.example' }
      await request(app.url).post('/api/v1/me/recovery-codes').set(foreign).send({ password: PASSWORD }).expect(403)
    })

    it('reads herself', async () => {
      const { body } = await call('get', '/me')
      assert.deepEqual(
        { ...body, id: owner.userId, password: body.password.set },
        {
          id: owner.userId,
          email: owner.email,
          displayName: 'Olga Owner',
          givenName: 'Olga',
          familyName: 'Owner',
          language: null,
          directoryManaged: false,
          password: true,
          secondFactor: { enabled: true, recoveryCodesLeft: 10 },
        },
      )
      assert.doesNotMatch(JSON.stringify(body), /argon2|hash/)
    })

    it('changes her name and her language, which the session tells', async () => {
      const { body } = await call('patch', '/me', { language: 'it', familyName: 'Rossi' })
      assert.deepEqual([body.language, body.displayName], ['it', 'Olga Rossi'])
      assert.equal((await call('get', '/session')).body.user.language, 'it')
      assert.equal((await call('patch', '/me', { givenName: ' ' })).body.code, 'attr_missing')
      assert.equal((await call('patch', '/me', { language: 'xx' })).status, 400)
      const { body: events } = await call('get', `/accounts/${owner.accountId}/events?action=user.updated`)
      assert.deepEqual([events.items[0].source, events.items[0].actor.id], ['self', owner.userId])
    })

    it('changes her password, which ends her other sessions and not this one', async () => {
      const elsewhere = new Browser(app)
      await elsewhere.submit('/sign-in/password', { email: owner.email, password: PASSWORD })
      await elsewhere.submit('/sign-in/code', { code: owner.recoveryCodes[0]! })
      assert.equal((await elsewhere.call('get', '/session')).status, 200)
      const wrong = await call('post', '/me/password', { current: 'wrong', password: ANOTHER })
      assert.deepEqual([wrong.status, wrong.body.code], [403, 'password_wrong'])
      assert.equal((await call('post', '/me/password', { password: ANOTHER })).body.code, 'password_wrong')
      for (const [password, code] of [
        ['short', 'password_too_short'],
        ['password12345', 'password_breached'],
        [owner.email, 'password_personal'],
        ['x y'.repeat(100), 'password_too_long'],
      ] as const) {
        const refused = await call('post', '/me/password', { current: PASSWORD, password })
        assert.deepEqual([refused.status, refused.body.code], [422, code])
      }
      assert.equal((await call('post', '/me/password', { current: PASSWORD, password: ANOTHER })).status, 204)
      assert.equal((await call('get', '/session')).status, 200)
      assert.equal((await elsewhere.call('get', '/session')).status, 401)
      assert.equal((await passwordOf(PASSWORD)).status, 403)
      assert.equal((await passwordOf(ANOTHER)).headers.location, '/sign-in/code')
      const { body } = await call('get', `/accounts/${owner.accountId}/events?action=password.changed`)
      assert.deepEqual(body.items[0].effects, [{ kind: 'session', ended: 1, reason: 'password_changed' }])
    })

    it('adds another second factor once its code has come, and the one before counts until then', async () => {
      assert.equal((await call('post', '/me/second-factor', { password: 'wrong' })).body.code, 'password_wrong')
      const { body } = await call('post', '/me/second-factor', { password: PASSWORD })
      assert.match(body.otpauthUri, new RegExp(`^otpauth://totp/.*secret=${body.secret}`))
      assert.match(body.qrSvg, /^<svg[^>]*role="img"/)
      const early = await call('post', '/me/second-factor/confirm', { code: codeNow(owner.secret) })
      assert.deepEqual([early.status, early.body.code], [403, 'code_wrong'])
      const done = await call('post', '/me/second-factor/confirm', { code: codeNow(body.secret) })
      assert.equal(done.body.recoveryCodes.length, 10)
      const browser = new Browser(app)
      await browser.submit('/sign-in/password', { email: owner.email, password: PASSWORD })
      app.at(new Date(Date.now() + 60_000))
      const old = await browser.submit('/sign-in/code', { code: owner.recoveryCodes[1]! })
      assert.equal(old.headers['x-usher-code'], 'code_wrong')
      assert.equal((await browser.submit('/sign-in/code', { code: codeNow(body.secret) })).headers.location, '/')
      app.at(undefined)
    })

    it('begins again after five wrong codes', async () => {
      const { body } = await call('post', '/me/second-factor', { password: PASSWORD })
      for (let wrong = 0; wrong < 5; wrong++) await call('post', '/me/second-factor/confirm', { code: '12345' })
      const late = await call('post', '/me/second-factor/confirm', { code: codeNow(body.secret) })
      assert.equal(late.body.code, 'code_wrong')
    })

    it('asks for new recovery codes, which end those before', async () => {
      const { body } = await call('post', '/me/recovery-codes', { password: PASSWORD })
      assert.equal(new Set([...body.recoveryCodes, ...owner.recoveryCodes]).size, 20)
      assert.equal((await call('get', '/me')).body.secondFactor.recoveryCodesLeft, 10)
    })

    it('switches her second factor off, and adds one when she signs in again', async () => {
      assert.equal((await call('delete', '/me/second-factor', { password: 'wrong' })).body.code, 'password_wrong')
      assert.equal((await call('delete', '/me/second-factor', { password: PASSWORD })).status, 204)
      assert.equal(
        (await call('delete', '/me/second-factor', { password: PASSWORD })).body.code,
        'second_factor_missing',
      )
      assert.equal(
        (await call('post', '/me/recovery-codes', { password: PASSWORD })).body.code,
        'second_factor_missing',
      )
      assert.equal((await call('get', '/session')).body.secondFactor, false)
      assert.equal((await passwordOf(PASSWORD)).headers.location, '/sign-in/second-factor')
    })

    it('has neither name nor password here where a directory manages her', async () => {
      const signIns = await SignIns.in(app)
      const person = aUser()
      await signIns.connection.provision(person)
      const browser = signIns.browser()
      await signIns.signIn(browser, { nameId: person.userName })
      const { body } = await browser.call('get', '/me')
      assert.deepEqual([body.directoryManaged, body.password.set, body.secondFactor.enabled], [true, false, false])
      assert.equal((await browser.call('patch', '/me', { language: 'fr' })).body.language, 'fr')
      assert.equal((await browser.call('patch', '/me', { givenName: 'X' })).body.code, 'user_directory_managed')
      assert.equal(
        (await browser.call('post', '/me/password', { password: ANOTHER })).body.code,
        'user_directory_managed',
      )
    })

    it('is asked for a password twenty times a minute at most', async () => {
      app.at(new Date(Math.floor(Date.now() / 60_000) * 60_000 + 600_000))
      const answers = []
      for (let wrong = 0; wrong < 21; wrong++)
        answers.push((await call('post', '/me/recovery-codes', { password: 'wrong' })).body.code)
      app.at(undefined)
      assert.deepEqual([answers[19], answers[20]], ['password_wrong', 'rate_limited'])
    }).timeout(20_000)
  })

  describe('the way in that needs no identity provider (PRODUCT 2.1, principle 5; 2.6)', () => {
    const app = useApp(database)
    const goLive = (who: Owner, path: string) => who.browser.call('patch', path, { mode: 'live' })

    it('is asked for before a connection goes live, and then stays', async () => {
      const account = await app.anAccount()
      const owner = await anOwner(app, account)
      const { body } = await account.admin('post', '/connections', { name: 'Okta', idpKind: 'okta' }).expect(201)
      const path = `/accounts/${account.id}/connections/${body.id}`
      await owner.browser.call('delete', '/me/second-factor', { password: PASSWORD })
      const refused = await goLive(owner, path)
      assert.deepEqual([refused.status, refused.body.code], [409, 'local_admin_required'])
      const { secret } = (await owner.browser.call('post', '/me/second-factor', { password: PASSWORD })).body
      const code = codeAt(secret, app.server.deps.now())
      await owner.browser.call('post', '/me/second-factor/confirm', { code })
      assert.equal((await goLive(owner, path)).body.mode, 'live')
      const kept = await owner.browser.call('delete', '/me/second-factor', { password: PASSWORD })
      assert.deepEqual([kept.status, kept.body.code], [409, 'local_admin_required'])
      assert.equal((await owner.browser.call('get', '/me')).body.secondFactor.enabled, true)
    })

    it('of the last two who are switched off at once one remains', async () => {
      const account = await app.anAccount()
      const [first, second, owner] = [
        await anOwner(app, account),
        await anOwner(app, account),
        await anOwner(app, account),
      ]
      await account.aConnection()
      // The owner has lost her second factor: the other two are the way in.
      const off = (await owner.browser.call('delete', '/me/second-factor', { password: PASSWORD })).status
      assert.equal(off, 204)
      const suspend = (who: Owner, whom: Owner) =>
        who.browser.call('patch', `/accounts/${account.id}/users/${whom.userId}`, { suspended: true })
      const answers = await Promise.all([suspend(first, second), suspend(owner, first)])
      assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409])
      assert.equal(answers.find(({ status }) => status === 409)?.body.code, 'local_admin_required')
    })

    it('leaves the owner to herself and to the operator', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet' })
      const chief = await anOwner(app, account)
      const owner = await anOwner(app, account)
      const path = `/accounts/${account.id}/users/${owner.userId}`
      for (const [method, rest, body] of [
        ['patch', '', { suspended: true }],
        ['patch', '', { givenName: 'X' }],
        ['delete', '', undefined],
        ['delete', '/sessions', undefined],
        ['post', '/grants', { kind: 'role', value: 'member' }],
      ] as const) {
        const answer = await chief.browser.call(method, `${path}${rest}`, body)
        assert.deepEqual([answer.status, answer.body.code], [403, 'forbidden'], `${method} ${rest}`)
      }
      const product = await chief.browser.call('post', `${path}/grants`, { kind: 'product', value: 'meet' })
      assert.equal(product.status, 201)
      await account.admin('patch', `/users/${owner.userId}`, { givenName: 'X' }).expect(200)
    })
  })
})
