import assert from 'node:assert/strict'
import { aUser, type Body, replace, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const DAY_MS = 86_400_000

forEachDatabase((database) => {
  describe('the overview and the health of a connection (PRODUCT 3.3 and 3.4)', () => {
    const app = useApp(database)

    /** The health once everything that was counted is stored. */
    async function healthOf(connection: TestConnection): Promise<Body> {
      await app.server.reads.flush()
      return (await connection.account.admin('get', `/connections/${connection.id}/health`).expect(200)).body
    }
    const codesOf = (health: Body) => health.reasons.map(({ code }: Body) => code)

    it('a connection that was never used is quiet, and says so', async () => {
      const health = await healthOf(await app.aConnection())
      assert.deepEqual([health.state, codesOf(health)], ['quiet', ['never_used']])
      assert.deepEqual([health.users, health.groups, health.requests24h, health.lastRequestAt], [0, 0, 0, undefined])
      assert.equal(health.failuresByHour.length, 24)
      assert.equal(health.token.daysLeft, 364)
    })

    it('counts what came in the last day, reads and writes, and knows when it last went well', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      await okta.aGroup('Sales', [ada])
      const before = new Date().toISOString()
      await okta.get(`/Users/${ada.id}`).expect(200)
      await okta.patch(`/Users/${ada.id}`, replace('userName', 5)).expect(400)
      const health = await healthOf(okta)
      assert.deepEqual([health.state, health.users, health.groups], ['healthy', 1, 1])
      assert.deepEqual([health.requests24h, health.failures24h], [4, 1])
      assert.deepEqual(health.failuresByHour.at(-1).failures, 1)
      assert.ok(health.lastSuccessAt >= before && health.lastChangeAt < before, 'a read goes well and changes nothing')
    })

    it('is stopped by a wrong token until a right one comes, and names both ends', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      await okta.get('/Users').set('Authorization', 'Bearer scim_wrong9f3c').expect(401)
      const stopped = await healthOf(okta)
      assert.deepEqual([stopped.state, stopped.failures24h], ['stopped', 1])
      const { received, current, code } = stopped.reasons[0].params
      assert.deepEqual([received, current, code], ['9f3c', okta.token.slice(-4), 'token_unknown'])
      await okta.get(`/Users/${ada.id}`).expect(200)
      assert.equal((await healthOf(okta)).state, 'healthy')
    })

    it('is failing where a fifth of twenty requests failed, and names the most frequent code', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      for (let i = 0; i < 15; i++) await okta.get(`/Users/${ada.id}`).expect(200)
      for (let i = 0; i < 4; i++) await okta.post('/Users', { schemas: [], userName: i }).expect(400)
      const health = await healthOf(okta)
      assert.deepEqual([health.state, codesOf(health)], ['failing', ['requests_failing']])
      const { percent, requests, failures } = health.reasons[0].params
      assert.deepEqual([percent, requests, failures], [20, 20, 4])
      assert.equal(health.reasons[0].params.codeCount, 4)
    })

    it('is failing while one person fails again and again, and no longer once she went well', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      for (let i = 0; i < 3; i++) await okta.patch(`/Users/${ada.id}`, replace('userName', 5)).expect(400)
      const health = await healthOf(okta)
      assert.deepEqual([health.state, codesOf(health)], ['failing', ['person_failing']])
      assert.deepEqual([health.reasons[0].params.userName, health.reasons[0].params.failures], [ada.userName, 3])
      await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
      assert.equal((await healthOf(okta)).state, 'healthy')
    })

    it('asks for attention where seats and matches wait', async () => {
      const account = await app.anAccount()
      const okta = await account.aConnection()
      await account.aProduct({ key: 'meet', seats: 0 })
      await okta.aRule({ effects: { products: [{ key: 'meet' }] } })
      await okta.provision(aUser())
      const { email } = await account.aLocalUser({ email: 'chief@x.example', role: 'admin' })
      await okta.post('/Users', aUser({ userName: email })).expect(409)
      const health = await healthOf(okta)
      assert.equal(health.state, 'attention')
      assert.deepEqual(codesOf(health), ['seats_waiting', 'match_requests_open', 'warnings'])
      assert.deepEqual(health.reasons[0].params, { product: 'meet', name: 'meet', waiting: 1 })
      const { body } = await account.admin('get', '/overview').expect(200)
      assert.deepEqual(body.users, { active: 0, invited: 2, suspended: 0 })
      assert.deepEqual(
        body.seats.map(({ key, waiting }: Body) => [key, waiting]),
        [['meet', 1]],
      )
      assert.deepEqual([body.openMatchRequests, body.overrides, body.invitationsOlderThan7Days], [1, 0, 0])
      assert.deepEqual(body.connections, [health])
    })

    it('is quiet after a day without a request; people who were invited before a week are counted', async () => {
      const okta = await app.aConnection()
      await okta.provision(aUser())
      await app.server.reads.flush()
      try {
        app.at(new Date(Date.now() + DAY_MS + 60_000))
        assert.deepEqual(codesOf(await healthOf(okta)), ['quiet'])
        app.at(new Date(Date.now() + 8 * DAY_MS))
        const { body } = await okta.account.admin('get', '/overview').expect(200)
        assert.equal(body.invitationsOlderThan7Days, 1)
      } finally {
        app.at(undefined)
      }
    })

    it('an override is counted', async () => {
      const okta = await app.aConnection()
      const ada = await okta.userOf(await okta.provision(aUser()))
      const grant = { kind: 'role', value: 'admin', reason: 'Stands in' }
      await okta.account.admin('post', `/users/${ada.id}/grants`, grant).expect(201)
      const { body } = await okta.account.admin('get', '/overview').expect(200)
      assert.equal(body.overrides, 1)
    })
  })
})
