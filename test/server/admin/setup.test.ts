import assert from 'node:assert/strict'
import request from 'supertest'
import { composed } from '../../../db/statement.js'
import { aUser, type Body, replace, type TestConnection, useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { SingleSignOn } from '../../harness/single-sign-on.js'
import { TestIdp } from '../../saml/an-idp.js'

forEachDatabaseInTime((database) => {
  describe('setting a connection up (PRODUCT 4.6 and 4.7)', () => {
    const app = useApp(database)
    afterEach(() => app.at(undefined))

    async function setupOf({ account, id }: TestConnection): Promise<Body> {
      await app.server.reads.flush()
      return (await account.admin('get', `/connections/${id}/setup`).expect(200)).body
    }
    const statesOf = ({ checks }: Body) =>
      Object.fromEntries(checks.map(({ check, state, code }: Body) => [check, code ?? state]))
    const hintsOf = ({ hints }: Body) => hints.map(({ code }: Body) => code)
    const unknown = (connection: TestConnection, token: string) =>
      connection.get('/Users').set('Authorization', `Bearer ${token}`).expect(401)

    it('nothing is done where nothing came, and after five minutes it says so', async () => {
      const okta = await app.aConnection()
      const setup = await setupOf(okta)
      assert.deepEqual(new Set(Object.values(statesOf(setup))), new Set(['waiting']))
      assert.deepEqual([setup.requests, setup.hints], [[], []])
      app.at(new Date(Date.now() + 6 * 60_000))
      const later = await setupOf(okta)
      assert.deepEqual(later.hints, [{ code: 'nothing_arrived', params: { minutes: 6 } }])
    })

    it('each step is done when the server has seen it', async () => {
      const okta = await app.aConnection()
      const agent = 'Okta SCIM Client 1.0.0'
      await okta.get('/Users?startIndex=1&count=2').set('User-Agent', agent).expect(200)
      const tested = statesOf(await setupOf(okta))
      for (const check of ['address_reached', 'token_seen', 'token_accepted', 'idp_recognised', 'lookup_answered'])
        assert.equal(tested[check], 'done', check)
      assert.equal(tested.first_user, 'waiting')
      const ada = await okta.provision(aUser())
      await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
      await okta.patch(`/Users/${ada.id}`, replace('active', false)).expect(200)
      await okta.aGroup('Sales', [ada])
      const states = statesOf(await setupOf(okta))
      assert.deepEqual(
        Object.entries(states).filter(([, state]) => state !== 'done'),
        [
          ['sign_in', 'waiting'],
          ['same_person', 'waiting'],
        ],
      )
    })

    it('lists the latest requests, reads too, the newest first', async () => {
      const okta = await app.aConnection()
      await okta.get('/Users').set('User-Agent', 'Okta SCIM Client 1.0.0').expect(200)
      await app.server.reads.flush()
      await okta.post('/Users', { schemas: [] }).expect(400)
      await unknown(okta, 'scim_nothing')
      const { requests } = await setupOf(okta)
      assert.deepEqual(
        requests.map(({ method, status, code }: Body) => [method, status, code]),
        [
          ['GET', 401, 'token_unknown'],
          ['POST', 400, requests[1].code],
          ['GET', 200, undefined],
        ],
      )
      assert.equal(requests[2].userAgent, 'Okta SCIM Client 1.0.0')
      assert.equal(requests[2].path, `/scim/v2/${okta.id}/Users`)
    })

    it('names both ends of a token that is another one, and forgets it once a right one came', async () => {
      const okta = await app.aConnection()
      await unknown(okta, 'scim_old9f3c')
      const setup = await setupOf(okta)
      assert.equal(statesOf(setup).token_accepted, 'token_unknown')
      const { code, params } = setup.hints[0]
      assert.deepEqual([code, params.received, params.current], ['token_mismatch', '9f3c', [okta.token.slice(-4)]])
      await okta.get('/Users').expect(200)
      const after = await setupOf(okta)
      assert.deepEqual([statesOf(after).token_accepted, hintsOf(after)], ['done', []])
    })

    it('says that there was no token, and that a draft takes none', async () => {
      const okta = await app.aConnection()
      await request(app.url).get(`/scim/v2/${okta.id}/Users`).expect(401)
      assert.deepEqual(hintsOf(await setupOf(okta)), ['token_missing'])
      const draft = await app.aConnection({ mode: 'draft' })
      await draft.get('/Users').expect(401)
      assert.deepEqual(hintsOf(await setupOf(draft)), ['connection_draft'])
    })

    it('recognises another identity provider than was chosen', async () => {
      const entra = await app.aConnection({ idpKind: 'entra' })
      await entra.get('/Users').set('User-Agent', 'Okta SCIM Client 1.0.0').expect(200)
      assert.equal(statesOf(await setupOf(entra)).idp_recognised, 'other_idp')
    })

    it('asks Entra, and nobody else, for the object id', async () => {
      const entra = await app.aConnection({ idpKind: 'entra' })
      const stateWith = async (person: object) => {
        await entra.provision(aUser(person))
        return statesOf(await setupOf(entra)).external_id
      }
      assert.equal(await stateWith({}), 'external_id_missing')
      assert.equal(await stateWith({ externalId: 'ada' }), 'external_id_no_object_id')
      assert.equal(await stateWith({ externalId: '0b6e1d3c-7a52-4f14-9c7e-3f1b2a4d5e6f' }), 'done')
      assert.equal('external_id' in statesOf(await setupOf(await app.aConnection())), false)
    })

    it('shows requests to wrong addresses: those that name the connection, and those from where it is spoken to from', async () => {
      const okta = await app.aConnection()
      const elsewhere = await app.aConnection()
      await request(app.url).get(`/scim/${okta.id}/Users`).expect(404)
      await okta.get('/Users/Users').expect(404)
      for (let i = 0; i < 2; i++) await request(app.url).get('/scim/v2/Users').expect(404)
      const { hints } = await setupOf(okta)
      const shown = hints.map(({ code, params }: Body) => [code, params.path, params.attempts])
      assert.deepEqual(
        shown.sort(),
        [
          ['wrong_path', `/scim/${okta.id}/Users`, 1],
          ['wrong_path', `/scim/v2/${okta.id}/Users/Users`, 1],
          ['wrong_path', '/scim/v2/Users', 2],
        ].sort(),
      )
      assert.ok(hints[0].params.address.endsWith(`/scim/v2/${okta.id}`))
      assert.deepEqual(hintsOf(await setupOf(elsewhere)), [], 'nobody spoke to this one')
    })

    it('keeps few of them in a minute, and none for longer than a day', async () => {
      const { db } = app.server.deps
      const count = async () =>
        (await db.get<{ n: number }>(composed('SELECT count(*) AS n FROM stray_requests'), []))?.n
      app.at(new Date(Date.now() + 3_600_000))
      const before = (await count()) ?? 0
      for (let i = 0; i < 20; i++) await request(app.url).get(`/scim/v2/guess-${i}/Users`).expect(404)
      assert.equal(await count(), before + 5)
      app.at(new Date(Date.now() + 30 * 3_600_000))
      await app.settle()
      assert.equal(await count(), 0)
    })

    it('says that Okta sends nobody, that a group came without members, and that somebody is here already', async () => {
      const okta = await app.aConnection()
      await okta.get('/Users').expect(200)
      await app.server.reads.flush()
      app.at(new Date(Date.now() + 6 * 60_000))
      assert.deepEqual(hintsOf(await setupOf(okta)), ['no_user_sent'])
      await okta.provision(aUser())
      await okta.aGroup('Sales')
      const { email } = await okta.account.aLocalUser({ email: 'chief@x.example', role: 'admin' })
      await okta.post('/Users', aUser({ userName: email })).expect(409)
      const { hints } = await setupOf(okta)
      assert.deepEqual(
        hints.map(({ code, params }: Body) => [code, params.groups ?? params.count]),
        [
          ['groups_without_members', ['Sales']],
          ['match_requests_open', 1],
        ],
      )
    })

    it('a sign-in is done by somebody of this directory; of somebody unknown it names the NameID', async () => {
      const okta = await app.aConnection()
      const sso = await SingleSignOn.setUp(okta, await TestIdp.create('https://idp.example/setup'))
      const { userName } = await okta.provision(aUser())
      await sso.signIn(new Browser(app), { nameId: 'somebody@else.example' })
      const failed = await setupOf(okta)
      assert.deepEqual([statesOf(failed).sign_in, statesOf(failed).same_person], ['sign_in_failed', 'waiting'])
      assert.deepEqual(failed.hints, [{ code: 'sign_in_unknown_person', params: { nameId: 'somebody@else.example' } }])
      assert.equal((await sso.signIn(new Browser(app), { nameId: userName })).status, 303)
      const states = statesOf(await setupOf(okta))
      assert.deepEqual([states.sign_in, states.same_person], ['done', 'done'])
    })
  })
})
