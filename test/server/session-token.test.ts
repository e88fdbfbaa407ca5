import assert from 'node:assert/strict'
import { createLocalJWKSet, decodeProtectedHeader, type JWTPayload, jwtVerify } from 'jose'
import request, { type Response } from 'supertest'
import { composed } from '../../db/statement.js'
import { type Body, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { anActivePerson, endedSessions, type LinkedPerson, signIn } from '../harness/people.js'

const TOKEN = '/api/v1/session/token'
const MINUTE_MS = 60_000

forEachDatabaseInTime((database) => {
  describe('tokens of a session (issue 3, Sessions)', () => {
    const app = useApp(database)
    let account: TestAccount
    let connection: TestConnection

    before(async () => {
      account = await app.anAccount()
      await account.aProduct({ key: 'meet' })
      await account.aProduct({ key: 'assist', seats: 0 })
      await account.aProduct({ key: 'fax' })
      connection = await account.aConnection()
      const products = [{ key: 'meet' }, { key: 'assist' }]
      await connection.aRule({ condition: null, effects: { products } })
    })

    const origin = () => ({ Origin: app.server.publicUrl })
    const ask = (browser: Browser, body?: object) => browser.post(TOKEN, origin(), body)
    const browserOf = async (userId: string, lastsMs?: number) =>
      new Browser(app).give((await signIn(account, userId, lastsMs)).cookie)

    async function verified({ body }: Response, audience: string = app.server.publicUrl): Promise<JWTPayload> {
      const { body: keys } = await request(app.url).get('/.well-known/jwks.json').expect(200)
      const expected = { issuer: app.server.publicUrl, audience, algorithms: ['ES256'], typ: 'JWT' }
      const options = { ...expected, currentDate: app.server.deps.now() }
      return (await jwtVerify(body.token, createLocalJWKSet(keys), options)).payload
    }

    it('say who she is, for five minutes: account, role, the licenses that are assigned, and the session', async () => {
      const { userId } = await anActivePerson(connection)
      const session = await signIn(account, userId)
      const answer = await ask(new Browser(app).give(session.cookie))
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.headers['cache-control'], 'no-store')
      const { iat, exp, jti, ...claims } = await verified(answer)
      assert.deepEqual(claims, {
        ...{ iss: app.server.publicUrl, aud: app.server.publicUrl, sub: userId, sid: session.id },
        ...{ account: account.id, role: 'member', licenses: ['meet'] },
      })
      assert.equal(exp, iat! + 300)
      assert.equal(answer.body.expiresAt, new Date(exp! * 1_000).toISOString())
      assert.match(jti!, /^[0-9a-f-]{36}$/)
      const { kid, ...header } = decodeProtectedHeader(answer.body.token)
      assert.deepEqual(header, { alg: 'ES256', typ: 'JWT' })
      assert.match(kid!, /^[\w-]{43}$/, 'the thumbprint of the key (RFC 7638)')
    })

    it('are as things are at that moment: another role and license stand in the next one', async () => {
      const { userId } = await anActivePerson(connection)
      const browser = await browserOf(userId)
      const first = await verified(await ask(browser))
      const grant = { kind: 'product', value: 'fax', reason: 'She sends letters.' }
      await account.admin('post', `/users/${userId}/grants`, grant).expect(201)
      const role = { kind: 'role', value: 'admin', reason: 'She helps.' }
      await account.admin('post', `/users/${userId}/grants`, role).expect(201)
      const second = await verified(await ask(browser))
      assert.deepEqual(
        [first.role, first.licenses, second.role, second.licenses],
        [...['member', ['meet']], ...['admin', ['fax', 'meet']]],
      )
      assert.notEqual(first.jti, second.jti)
    })

    it('are for the application that is named', async () => {
      const browser = await browserOf((await anActivePerson(connection)).userId)
      const answer = await ask(browser, { audience: 'https://wiki.example' })
      assert.equal((await verified(answer, 'https://wiki.example')).aud, 'https://wiki.example')
      await assert.rejects(verified(answer), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' })
    })

    it('never outlive the session', async () => {
      const browser = await browserOf((await anActivePerson(connection)).userId, 2 * MINUTE_MS)
      const { iat, exp } = await verified(await ask(browser))
      assert.ok(exp! - iat! <= 120)
    })

    describe('are refused', () => {
      let browser: Browser
      before(async () => {
        browser = await browserOf((await anActivePerson(connection)).userId)
      })

      const bodies: readonly [what: string, body: unknown][] = [
        ['an empty audience', { audience: '' }],
        ['a blank in it', { audience: 'a b' }],
        ['NUL in it', { audience: 'a\0' }],
        ['a long one', { audience: 'x'.repeat(256) }],
        ['a list', { audience: ['x'] }],
        ['null', { audience: null }],
        ['something unknown', { subject: 'eve' }],
        ['a list in place of an object', []],
      ]
      for (const [what, body] of bodies)
        it(`for ${what}: 400`, async () => {
          const answer = await ask(browser, body as object)
          assert.deepEqual([answer.status, answer.body.code], [400, 'invalid_request'])
          assert.equal(answer.body.requestId, answer.headers['x-request-id'])
        })

      it('for what is no JSON: 400 and 415', async () => {
        const { cookie } = await signIn(account, (await anActivePerson(connection)).userId)
        const raw = (type: string) =>
          request(app.url)
            .post(TOKEN)
            .set({ ...origin(), Cookie: cookie, 'Content-Type': type })
        await raw('application/json').send('{').expect(400)
        await raw('text/plain').send('{}').expect(415)
      })

      it('to nobody, to who has a wrong or expired cookie, and to the operator: 401', async () => {
        const { userId } = await anActivePerson(connection)
        const expired = await browserOf(userId, -1)
        const strange = new Browser(app).give(`usher-session=${'A'.repeat(43)}`)
        for (const one of [new Browser(app), expired, strange]) {
          const answer = await ask(one)
          assert.deepEqual([answer.status, answer.body.code], [401, 'no_session'])
        }
        await app.admin('post', '/session/token', {}).expect(401)
      })

      const foreign: readonly Record<string, string>[] = [
        {},
        { Origin: 'https://evil.example' },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
        { 'Sec-Fetch-Site': 'none' },
      ]
      for (const headers of foreign)
        it(`to a page of another site, ${JSON.stringify(headers)}: 403`, async () => {
          const answer = await browser.post(TOKEN, headers)
          assert.deepEqual([answer.status, answer.body.code], [403, 'foreign_origin'])
        })
    })

    /** Each way in by which somebody is switched off; resolves to the id of its request. */
    type Way = (person: LinkedPerson & { readonly place: TestConnection }) => PromiseLike<Response>
    const ways: readonly [way: string, switchOff: Way][] = [
      ['SCIM PATCH', ({ place, resource }) => place.patch(`/Users/${resource.id}`, replace('active', false))],
      ['SCIM PUT', ({ place, resource }) => place.put(`/Users/${resource.id}`, { ...resource, active: false })],
      [
        'SCIM Bulk',
        ({ place, resource }) =>
          place.post('/Bulk', {
            schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkRequest'],
            Operations: [{ method: 'PATCH', path: `/Users/${resource.id}`, data: replace('active', false) }],
          }),
      ],
      ['SCIM DELETE', ({ place, resource }) => place.delete(`/Users/${resource.id}`)],
      [
        'suspension by an administrator',
        ({ userId }) => account.admin('patch', `/users/${userId}`, { suspended: true }),
      ],
      [
        'the end of the connection',
        ({ place }) => account.admin('patch', `/connections/${place.id}`, { mode: 'disabled', onDisable: 'suspend' }),
      ],
    ]
    for (const [way, switchOff] of ways)
      it(`end with ${way}: sessions are over, and no token is given, with the answer`, async () => {
        const place = await account.aConnection()
        const person = await anActivePerson(place)
        const browsers = [
          await browserOf(person.userId),
          await browserOf(person.userId),
          await browserOf(person.userId, -1),
        ]
        assert.equal((await ask(browsers[0]!)).status, 200)
        const done = await switchOff({ ...person, place })
        assert.ok(done.status < 300, done.text)
        for (const browser of browsers) assert.equal((await ask(browser)).status, 401)
        assert.deepEqual(await endedSessions(account, person.userId), Array(3).fill('deactivated'))
        const [event] = await account.events(`userId=${person.userId}&limit=1`)
        const [effect] = event.effects.filter(({ kind }: Body) => kind === 'session')
        assert.equal(effect?.ended, 2, 'those that were live')
      })

    it('end with the removal of a local user', async () => {
      const { id } = await account.aLocalUser({ email: 'leaver@acme.example', status: 'active' })
      const browser = await browserOf(id)
      assert.equal((await ask(browser)).status, 200)
      await account.admin('delete', `/users/${id}`).expect(204)
      assert.equal((await ask(browser)).status, 401)
    })

    it('end with the connection of thousands before the job has come to her', async () => {
      const { userId } = await anActivePerson(connection)
      const browser = await browserOf(userId)
      // What the request leaves to the job: the fact is there, the status follows.
      const fact = composed('UPDATE users SET suspended_by_end = 1 WHERE account_id = ? AND id = ?')
      await app.server.deps.db.transaction((tx) => tx.run(fact, [account.id, userId]))
      assert.equal((await ask(browser)).status, 401)
      assert.equal((await browser.get('/api/v1/session')).status, 401)
    })
  })
})
