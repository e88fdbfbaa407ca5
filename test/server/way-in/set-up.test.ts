import assert from 'node:assert/strict'
import { useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { anOwner, codeAt, PASSWORD, recoveryCodesOn, secretOn } from '../../harness/owner.js'

const DAY_MS = 86_400_000
const TYPED = {
  accountName: 'Acme',
  givenName: 'Olga',
  familyName: 'Owner',
  email: 'olga@acme.example',
  password: PASSWORD,
}

forEachDatabaseInTime((database) => {
  describe('the first start (PRODUCT 2.1, principle 5)', () => {
    const app = useApp(database)

    it('gives a link, by which of two who have it one makes the account and owns it', async () => {
      const { url, expiresAt } = app.server.setUpLink ?? assert.fail('no account, and no link')
      assert.ok(Math.abs(expiresAt.getTime() - Date.now() - DAY_MS) < 60_000)
      const path = new URL(url).pathname
      const [one, two] = [new Browser(app), new Browser(app)]
      const secrets: string[] = []
      for (const browser of [one, two]) {
        assert.equal((await browser.submit(path, TYPED)).status, 303)
        secrets.push(secretOn((await browser.get(path)).text))
      }
      assert.notEqual(secrets[0], secrets[1])
      const now = app.server.deps.now()
      const done = await Promise.all(
        [one, two].map((browser, index) =>
          browser.submit(path, { page: 'factor', code: codeAt(secrets[index]!, now) }),
        ),
      )
      assert.deepEqual(done.map(({ status }) => status).sort(), [200, 410])
      const { body } = await app.admin('get', '/accounts').expect(200)
      assert.deepEqual(
        body.items.map(({ name }: { name: string }) => name),
        ['Acme'],
      )
      const [winner, loser] = done[0]!.status === 200 ? [one, two] : [two, one]
      const session = (await winner.call('get', '/session')).body
      assert.equal(session.account.name, 'Acme')
      assert.deepEqual(
        [session.user.role, session.user.owner, session.signedInWith, session.secondFactor, session.user.language],
        ['super_admin', true, 'password', true, null],
      )
      assert.ok(session.permissions.includes('connections.manage'))
      assert.equal((await loser.call('get', '/session')).status, 401)
      assert.equal((await loser.get(path)).status, 410)
    })

    it('tells of it in the log, without the password, the secret or a code', async () => {
      const { body } = await app.admin('get', '/accounts')
      const events = await app.admin('get', `/accounts/${body.items[0].id}/events?children=true`).expect(200)
      assert.deepEqual(events.body.items.map(({ action }: { action: string }) => action).sort(), [
        'account.created',
        'password.changed',
        'second_factor.enabled',
        'signin.succeeded',
        'user.created',
      ])
      assert.ok(events.body.items.every(({ source }: { source: string }) => source === 'self'))
      assert.doesNotMatch(JSON.stringify(events.body), /otters|argon2|[A-Z2-7]{32}/)
    })
  })

  describe('a link that sets up an account', () => {
    const app = useApp(database)
    const aLink = async (accountId: string) => {
      const { body } = await app.admin('post', `/accounts/${accountId}/setup-link`, {}).expect(201)
      return new URL(body.url).pathname
    }

    it('is void once there is an account, made in whichever way', async () => {
      await app.anAccount()
      const page = await new Browser(app).get(new URL(app.server.setUpLink!.url).pathname)
      assert.equal(page.status, 410)
      assert.equal(page.headers['x-usher-code'], 'link_used')
    })

    it('gives an account an owner, and its ten recovery codes this once', async () => {
      const account = await app.anAccount()
      const owner = await anOwner(app, account)
      assert.equal(owner.accountId, account.id)
      assert.equal(new Set(owner.recoveryCodes).size, 10)
      const user = await account.user(owner.userId)
      assert.deepEqual([user.status, user.role.key, user.role.source], ['active', 'super_admin', 'manual'])
    })

    it('lets somebody in again who is here already and has lost everything', async () => {
      const account = await app.anAccount()
      const before = await anOwner(app, account)
      await account.admin('patch', `/users/${before.userId}`, { suspended: true }).expect(200)
      const after = await anOwner(app, account, { email: before.email, password: 'nine geese paint barns' })
      assert.equal(after.userId, before.userId)
      assert.notEqual(after.secret, before.secret)
      assert.equal((await before.browser.call('get', '/session')).status, 401)
      assert.equal((await account.user(after.userId)).status, 'active')
    })

    it('makes nobody an owner whom a directory manages', async () => {
      const connection = await app.aConnection()
      const email = 'managed@acme.example'
      await connection.provision({
        userName: email,
        emails: [{ value: email, primary: true }],
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      })
      const path = await aLink(connection.account.id)
      const browser = new Browser(app)
      await browser.submit(path, { ...TYPED, email })
      const code = codeAt(secretOn((await browser.get(path)).text), app.server.deps.now())
      const refused = await browser.submit(path, { page: 'factor', code })
      assert.equal(refused.status, 409)
      assert.match(refused.text, /A directory manages the person/)
      assert.equal((await browser.get(path)).status, 200)
    })

    it('is replaced by the next, and ends after a day', async () => {
      const account = await app.anAccount()
      const [old, path] = [await aLink(account.id), await aLink(account.id)]
      assert.equal((await new Browser(app).get(old)).status, 404)
      assert.equal((await new Browser(app).get(path)).status, 200)
      app.at(new Date(Date.now() + DAY_MS + 1_000))
      const late = await new Browser(app).get(path)
      app.at(undefined)
      assert.deepEqual([late.status, late.headers['x-usher-code']], [410, 'link_expired'])
      assert.match(late.text, /This link has expired/)
    })

    it('lets one go back to the beginning after five wrong codes, and keeps what was typed but for the password', async () => {
      const path = await aLink((await app.anAccount()).id)
      const browser = new Browser(app)
      await browser.submit(path, TYPED)
      for (let wrong = 1; wrong <= 4; wrong++) {
        const again = await browser.submit(path, { page: 'factor', code: 'nothing' })
        assert.equal(again.status, 403)
        assert.match(again.text, /This code is not right.*<svg/s)
      }
      const fifth = await browser.submit(path, { page: 'factor', code: '12345' })
      assert.equal(fifth.status, 403)
      assert.match(fifth.text, /Too many wrong codes.*value="Olga".*value="olga@acme\.example"/s)
      assert.doesNotMatch(fifth.text, /otters/)
    })

    const wrong: readonly [what: string, typed: Record<string, string>, field: string, says: RegExp][] = [
      ['a password of 11 characters', { password: 'aaaaabcdefg' }, 'password', /too short: at least 12/],
      ['a password of 257', { password: `${'xy z'.repeat(64)}!` }, 'password', /at most 256/],
      ['a password that everybody uses', { password: 'Password1234' }, 'password', /tried first/],
      ['one with figures around it', { password: '!!sunshine2026!!' }, 'password', /tried first/],
      ['one that repeats itself', { password: 'dragondragondragon' }, 'password', /tried first/],
      ['a single letter', { password: 'zzzzzzzzzzzzzzzz' }, 'password', /tried first/],
      ['her address', { password: TYPED.email.toUpperCase() }, 'password', /easy to guess/],
      [
        'her company and a year',
        { email: 'olga@longcompany.example', password: 'LongCompany2026' },
        'password',
        /easy to guess/,
      ],
      ['no name', { givenName: '  ' }, 'givenName', /must not be empty/],
      ['a long name', { familyName: 'x'.repeat(33) }, 'familyName', /too long/],
      ['what is no address', { email: 'olga' }, 'email', /no e-mail address/],
    ]
    for (const [what, typed, field, says] of wrong)
      it(`refuses ${what}, at its field, and keeps what was typed`, async () => {
        const path = await aLink((await app.anAccount('LongCompany')).id)
        const page = await new Browser(app).submit(path, { ...TYPED, ...typed })
        assert.equal(page.status, 422, page.text)
        assert.match(page.text, says)
        assert.match(page.text, new RegExp(`href="#${field}"`))
        assert.match(page.text, new RegExp(`<input id="${field}"[^>]* aria-invalid="true"`))
        assert.match(page.text, /<input id="password"[^>]* value=""/)
      })

    it('takes a password of any characters, however they are composed', async () => {
      const account = await app.anAccount()
      const owner = await anOwner(app, account, { password: 'Grüße an die Gänse ﬁn 😀' })
      const decomposed = owner.password.normalize('NFD')
      assert.notEqual(decomposed, owner.password)
      const entered = await new Browser(app).submit('/sign-in/password', { email: owner.email, password: decomposed })
      assert.equal(entered.headers.location, '/sign-in/code')
    })

    it('reads markup as text', async () => {
      const path = await aLink((await app.anAccount('<script>alert(1)</script>')).id)
      const page = await new Browser(app).submit(path, { ...TYPED, givenName: '"><img src=x>', password: 'short' })
      assert.doesNotMatch(page.text, /<script>|<img/)
    })

    it('takes nothing from pages of others', async () => {
      const path = await aLink((await app.anAccount()).id)
      const foreign = await new Browser(app).post(path, { Origin: 'https://evil.example' })
      assert.equal(foreign.status, 403)
      assert.equal(foreign.body.code, 'foreign_origin')
    })

    it('speaks three languages', async () => {
      const path = await aLink((await app.anAccount()).id)
      for (const [language, title] of [
        ['fr', /Installer Usher/],
        ['it', /Configura Usher/],
      ] as const)
        assert.match((await new Browser(app).get(path, { 'Accept-Language': language })).text, title)
    })

    it('recovery codes are a list on a page that nothing is loaded into', async () => {
      const path = await aLink((await app.anAccount()).id)
      const browser = new Browser(app)
      await browser.submit(path, TYPED)
      const code = codeAt(secretOn((await browser.get(path)).text), app.server.deps.now())
      const page = await browser.submit(path, { page: 'factor', code })
      assert.equal(recoveryCodesOn(page.text).length, 10)
      assert.match(page.headers['content-security-policy'] ?? '', /^default-src 'none'; style-src 'sha256-/)
      assert.equal(page.headers['cache-control'], 'no-store')
    })
  })
})
