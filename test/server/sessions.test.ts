import assert from 'node:assert/strict'
import { aUser, type Body, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { endedSessions, signIn, type TestSession } from '../harness/people.js'
import { rawCall } from '../harness/raw-call.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { TestIdp } from '../saml/an-idp.js'

const OWN = '/api/v1/sessions'

forEachDatabaseInTime((database) => {
  describe('sessions (issue 3, Sessions)', () => {
    const app = useApp(database)
    let account: TestAccount
    let connection: TestConnection
    let people = 0

    before(async () => {
      account = await app.anAccount()
      connection = await account.aConnection()
    })

    const origin = () => ({ Origin: app.server.publicUrl })
    const aPerson = (role = 'member'): Promise<Body> =>
      account.aLocalUser({ email: `p${++people}@acme.example`, role, status: 'active' })
    const browserOf = ({ cookie }: TestSession) => new Browser(app).give(cookie)
    const isIn = async (session: TestSession) => (await browserOf(session).get('/api/v1/session')).status === 200
    const idsOf = async (browser: Browser) => (await browser.get(OWN)).body.items.map(({ id }: Body) => id)
    const inTurn = async (userId: string, count: number): Promise<TestSession[]> => {
      const all: TestSession[] = []
      for (let n = 0; n < count; n += 1) all.push(await signIn(account, userId))
      return all
    }
    const lastEvent = async (userId: string) => (await account.events(`userId=${userId}&limit=1`))[0]

    it('are listed to whose they are: which is this one, how, through what, from where', async () => {
      const sso = await SingleSignOn.setUp(connection, await TestIdp.create('https://idp.example/entity'))
      const ada = await connection.provision(aUser({ userName: 'ada@acme.example' }))
      const browser = new Browser(app)
      assert.equal((await sso.signIn(browser, { nameId: ada.userName })).status, 303)
      const { id: userId } = await connection.userOf(ada)
      const other = await signIn(account, userId)
      const { body } = await browser.get(OWN)
      const [{ id, createdAt, expiresAt, address, ...first }, second] = body.items
      assert.deepEqual(first, { method: 'saml', connectionId: connection.id, userAgent: null, current: true })
      assert.match(address, /127\.0\.0\.1/)
      assert.equal(Date.parse(expiresAt) - Date.parse(createdAt), 12 * 3_600_000)
      assert.deepEqual([second.id, second.current, second.method], [other.id, false, 'password'])
      const { sessions } = await account.user(userId)
      assert.deepEqual(
        sessions,
        body.items.map(({ current: _, ...session }: Body) => session),
      )
      assert.ok(!JSON.stringify(body).includes(other.cookie.split('=')[1]!))
    })

    it('end one by one, and all others at once; each end is told', async () => {
      const { id: userId } = await aPerson()
      const [mine, second, third, fourth] = (await inTurn(userId, 4)) as [
        TestSession,
        TestSession,
        TestSession,
        TestSession,
      ]
      const browser = browserOf(mine)
      assert.equal((await browser.delete(`${OWN}/${second.id}`, origin())).status, 204)
      assert.deepEqual([await isIn(second), await isIn(third)], [false, true])
      const event = await lastEvent(userId)
      assert.deepEqual(
        [event.action, event.source, event.actor.id, event.http.path],
        ['session.ended', 'self', userId, `${OWN}/${second.id}`],
      )
      assert.deepEqual(event.effects, [{ kind: 'session', ended: 1, reason: 'ended_by_user' }])

      const all = await browser.delete(OWN, origin())
      assert.equal(all.status, 204)
      assert.deepEqual(await Promise.all([mine, third, fourth].map(isIn)), [true, false, false])
      const { id, effects } = await lastEvent(userId)
      assert.equal(id, all.headers['x-request-id'])
      assert.deepEqual(effects, [{ kind: 'session', ended: 2, reason: 'ended_by_user' }])
      await browser.delete(OWN, origin())
      assert.equal((await lastEvent(userId)).outcome, 'no_change')

      assert.equal((await browser.delete(`${OWN}/${mine.id}`, origin())).status, 204)
      assert.equal((await browser.get(OWN)).status, 401)
      assert.deepEqual(await endedSessions(account, userId), Array(4).fill('ended_by_user'))
    })

    it('end with signing out, which is told too', async () => {
      const { id: userId } = await aPerson()
      for (const leave of [
        (browser: Browser) => browser.delete('/api/v1/session', origin()),
        (browser: Browser) => browser.post('/sign-out', origin()),
      ]) {
        const answer = await leave(browserOf(await signIn(account, userId)))
        const event = await lastEvent(userId)
        assert.deepEqual([event.action, event.id], ['session.ended', answer.headers['x-request-id']])
        assert.deepEqual(event.effects, [{ kind: 'session', ended: 1, reason: 'signed_out' }])
      }
    })

    it("of somebody else, ended or unknown, are not there; another site's pages end none", async () => {
      const [ada, eve] = [await aPerson(), await aPerson()]
      const [mine, gone] = (await inTurn(ada.id, 2)) as [TestSession, TestSession]
      const hers = await signIn(account, eve.id)
      const browser = browserOf(mine)
      await browser.delete(`${OWN}/${gone.id}`, origin())
      for (const id of [hers.id, gone.id, 'unknown']) {
        const { status, body } = await browser.delete(`${OWN}/${id}`, origin())
        assert.deepEqual([status, body.code], [404, 'session_not_found'])
      }
      for (const id of ['%00', 'a%20b', 'x'.repeat(200)])
        assert.equal((await browser.delete(`${OWN}/${id}`, origin())).status, 404)
      for (const path of [OWN, `${OWN}/${mine.id}`])
        assert.equal((await browser.delete(path, { Origin: 'https://evil.example' })).status, 403)
      assert.deepEqual([await isIn(mine), await isIn(hers)], [true, true])
      assert.deepEqual(await idsOf(browser), [mine.id])
      for (const call of [new Browser(app).get(OWN), new Browser(app).delete(OWN, origin())])
        assert.equal((await call).status, 401)
    })

    it('end for what is being sent: a body that is long in coming comes too late', async () => {
      const { id: userId } = await aPerson('admin')
      const calls: readonly [path: string, body: object][] = [
        ['/api/v1/session/token', {}],
        [`/api/v1/accounts/${account.id}/users`, { email: 'late@acme.example', givenName: 'L', familyName: 'L' }],
      ]
      for (const [path, body] of calls) {
        const { cookie } = await signIn(account, userId)
        const headers = { ...origin(), Cookie: cookie, 'Content-Type': 'application/json' }
        const meanwhile = () => account.admin('delete', `/users/${userId}/sessions`).expect(204)
        const { status } = await rawCall(app.url, {
          method: 'POST',
          path,
          headers,
          body: JSON.stringify(body),
          meanwhile,
        })
        assert.equal(status, 401, path)
      }
    })

    describe('of others', () => {
      const pathOf = (userId: string, id = '') =>
        `/api/v1/accounts/${account.id}/users/${userId}/sessions${id && `/${id}`}`

      it('are seen and ended by administrators, with their reason in the log', async () => {
        const [chief, { id: userId }] = [await aPerson('admin'), await aPerson()]
        const browser = browserOf(await signIn(account, chief.id))
        const [one, two, three] = (await inTurn(userId, 3)) as [TestSession, TestSession, TestSession]
        const { body } = await browser.get(pathOf(userId))
        assert.deepEqual(
          body.items.map(({ id }: Body) => id),
          [one.id, two.id, three.id],
        )
        assert.equal((await browser.delete(pathOf(userId, two.id), origin())).status, 204)
        assert.deepEqual(await Promise.all([one, two, three].map(isIn)), [true, false, true])
        const event = await lastEvent(userId)
        assert.deepEqual([event.action, event.source, event.actor.id], ['session.ended', 'admin', chief.id])
        assert.deepEqual(event.effects, [{ kind: 'session', ended: 1, reason: 'administrator' }])
        assert.equal((await browser.delete(pathOf(userId, two.id), origin())).body.code, 'session_not_found')
        assert.equal((await browser.delete(pathOf(userId), origin())).status, 204)
        assert.deepEqual(await Promise.all([one, three].map(isIn)), [false, false])
        assert.deepEqual(await endedSessions(account, userId), Array(3).fill('administrator'))
        assert.equal((await browser.delete(pathOf(userId), origin())).status, 204)
        assert.equal((await lastEvent(userId)).outcome, 'no_change')
      })

      const rights: readonly [who: string, whom: string, status: number][] = [
        ['admin', 'admin', 403],
        ['admin', 'super_admin', 403],
        ['super_admin', 'super_admin', 204],
        ['member', 'member', 403],
      ]
      for (const [who, whom, status] of rights)
        it(`are ended by ${who} for ${whom}: ${status} (PRODUCT 2.6)`, async () => {
          const [actor, person] = [await aPerson(who), await aPerson(whom)]
          const browser = browserOf(await signIn(account, actor.id))
          const session = await signIn(account, person.id)
          for (const path of [pathOf(person.id, session.id), pathOf(person.id)])
            assert.equal((await browser.delete(path, origin())).status, status)
          assert.equal(await isIn(session), status !== 204)
        })

      it('need users.suspend to end them, and users.view to see them', async () => {
        const draft = { key: 'viewer', name: 'Viewer', permissions: ['users.view'] }
        await account.admin('post', '/roles', draft).expect(201)
        const [viewer, person] = [await aPerson('viewer'), await aPerson()]
        const browser = browserOf(await signIn(account, viewer.id))
        assert.equal((await browser.get(pathOf(person.id))).status, 200)
        assert.equal((await browser.delete(pathOf(person.id), origin())).body.code, 'forbidden')
        const member = browserOf(await signIn(account, person.id))
        assert.equal((await member.get(pathOf(person.id))).body.code, 'forbidden')
      })
    })
  })
})
