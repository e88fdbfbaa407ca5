import assert from 'node:assert/strict'
import request from 'supertest'
import { composed } from '../../../db/statement.js'
import { AccessTokenSchema, OAuthErrorSchema, TokenRequestSchema } from '../../../server/oauth/openapi.js'
import { aUser, type Body, replace, TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'

const DAY_MS = 86_400_000

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`

forEachDatabaseInTime((database) => {
  describe('signing in with a client secret (RFC 6749 §4.4)', () => {
    const app = useApp(database)
    let connection: TestConnection
    let secret: Body

    const secrets = () => `/connections/${connection.id}/secrets`
    const aSecret = async (body: object = {}): Promise<Body> =>
      (await connection.account.admin('post', secrets(), body).expect(201)).body
    /** As the client of the connection, unless the fields say otherwise. */
    const ask = (fields: object = {}, headers: Record<string, string> = {}) =>
      request(app.url)
        .post('/oauth/token')
        .type('form')
        .set(headers)
        .send({ grant_type: 'client_credentials', ...fields })
    const inBody = ({ clientSecret }: Body) => ({ client_id: connection.id, client_secret: clientSecret })
    const signIn = async (with_: Body = secret) => (await ask(inBody(with_)).expect(200)).body.access_token
    /** SCIM of this connection, or another, with an access token. */
    const scim = (token: string, at = connection) => new TestConnection(at.account, at.id, token)
    const last = async (query: string): Promise<Body> => (await connection.account.events(`${query}&limit=1`))[0]

    beforeEach(async () => {
      connection = await app.aConnection({ name: 'Entra', idpKind: 'entra' })
      secret = await aSecret()
    })
    afterEach(() => app.at(undefined))

    it('gives an access token for a secret in the form, with which SCIM works, and tells the log who it was', async () => {
      const { body, headers } = await ask(inBody(secret)).expect(200)
      assert.deepEqual(Object.keys(body), ['access_token', 'token_type', 'expires_in', 'scope'])
      assert.deepEqual([body.token_type, body.expires_in, body.scope], ['Bearer', 3_600, 'scim'])
      assert.deepEqual([headers['cache-control'], headers.pragma], ['no-store', 'no-cache'])
      const ada = await scim(body.access_token).provision(aUser())
      await scim(body.access_token).get(`/Users/${ada.id}`).expect(200)
      const label = `secret ····${secret.last4} of Entra`
      for (const action of ['client.signed_in', 'user.created'])
        assert.deepEqual((await last(`action=${action}&tokenId=${secret.id}`)).actor, {
          type: 'token',
          id: secret.id,
          label,
        })
      const signedIn = await last('action=client.signed_in')
      assert.deepEqual(
        [signedIn.id, signedIn.http.path, signedIn.http.status],
        [headers['x-request-id'], '/oauth/token', 200],
      )
    })

    it('takes HTTP Basic, percent-encoded or not (§2.3.1), with the client_id in the form or without', async () => {
      const plain = `Basic ${Buffer.from(`${connection.id}:${secret.clientSecret}`).toString('base64')}`
      const encoded = [...secret.clientSecret].map((char) => `%${char.charCodeAt(0).toString(16)}`).join('')
      const every = `Basic ${Buffer.from(`${connection.id}:${encoded}`).toString('base64')}`
      for (const Authorization of [plain, every, basic(connection.id, secret.clientSecret)]) {
        await ask({}, { Authorization }).expect(200)
        await ask({ client_id: connection.id, scope: 'scim', resource: 'x' }, { Authorization }).expect(200)
      }
    })

    it('is as its description in OpenAPI says, asked rightly and wrongly', async () => {
      const fields = { grant_type: 'client_credentials', ...inBody(secret), scope: 'scim' }
      assert.deepEqual(TokenRequestSchema.strict().parse(fields), fields)
      const given = (await ask(fields).expect(200)).body
      assert.deepEqual(AccessTokenSchema.strict().parse(given), given)
      for (const wrong of [{ client_secret: 'no' }, { scope: 'all' }, { grant_type: 'password' }, { client_id: '' }]) {
        const { body, status } = await ask({ ...fields, ...wrong })
        assert.deepEqual([OAuthErrorSchema.strict().parse(body), status < 402], [body, true])
      }
    })

    it('is set up by an administrator: shown once, two live ones, last used, revoked; each an event', async () => {
      assert.match(secret.clientSecret, /^secret_[\w-]{43}$/)
      assert.deepEqual([secret.clientId, secret.last4], [connection.id, secret.clientSecret.slice(-4)])
      await aSecret()
      assert.equal((await connection.account.admin('post', secrets(), {}).expect(409)).body.code, 'token_limit')
      await signIn()
      const { body } = await connection.account.admin('get', secrets()).expect(200)
      assert.deepEqual(
        body.items.map(({ state }: Body) => state),
        ['active', 'active'],
      )
      assert.ok(body.items[0].lastUsedAt !== null && body.items[0].lastUsedIp !== null)
      assert.equal(JSON.stringify(body).includes(secret.clientSecret), false)
      for (const outcome of ['success', 'no_change']) {
        await connection.account.admin('delete', `${secrets()}/${secret.id}`).expect(204)
        assert.equal((await last('action=secret.revoked')).outcome, outcome)
      }
      const log = JSON.stringify(await connection.account.events('limit=100'))
      assert.equal(log.includes(secret.clientSecret), false)
      const { tokenUrl, clientId } = (await connection.account.admin('get', `/connections/${connection.id}`)).body
      assert.deepEqual([tokenUrl, clientId], [`${app.server.publicUrl}/oauth/token`, connection.id])
      const metadata = await request(app.url).get('/.well-known/oauth-authorization-server').expect(200)
      assert.equal(metadata.body.token_endpoint, tokenUrl)
    })

    it('changes its secret while it goes on pushing: no request is refused but those with the old one', async () => {
      const ada = await scim(await signIn()).provision(aUser())
      const push = async (token: string, title: string) =>
        scim(token).patch(`/Users/${ada.id}`, replace('title', title))
      const old = await signIn()
      const next = await aSecret()
      assert.equal((await push(old, 'a')).status, 200)
      const fresh = await signIn(next)
      assert.deepEqual([(await push(old, 'b')).status, (await push(fresh, 'c')).status], [200, 200])
      await connection.account.admin('delete', `${secrets()}/${secret.id}`).expect(204)
      const late = await push(old, 'd')
      assert.deepEqual(
        [late.status, late.headers['www-authenticate']],
        [401, 'Bearer realm="scim", error="invalid_token"'],
      )
      assert.equal((await push(fresh, 'e')).status, 200)
      assert.equal((await ask(inBody(secret)).expect(401)).body.error, 'invalid_client')
      await push(await signIn(next), 'f')
      assert.equal((await scim(fresh).read(ada.id)).title, 'f')
    })

    it('ends with its time, which the connection sets, and never outlives its secret', async () => {
      const start = Date.now()
      app.at(new Date(start))
      const path = `/connections/${connection.id}`
      await connection.account.admin('patch', path, { accessTokenSeconds: 21_601 }).expect(400)
      await connection.account.admin('patch', path, { accessTokenSeconds: 21_600 }).expect(200)
      const { access_token: token, expires_in: seconds } = (await ask(inBody(secret)).expect(200)).body
      assert.equal(seconds, 21_600)
      const short = await aSecret({ expiresAt: new Date(start + 600_000).toISOString() })
      assert.equal((await ask(inBody(short)).expect(200)).body.expires_in, 600)
      app.at(new Date(start + 600_000))
      assert.match((await ask(inBody(short)).expect(401)).body.error_description, /expired on/)
      app.at(new Date(start + 21_600_000 - 1))
      await scim(token).get('/Users').expect(200)
      app.at(new Date(start + 21_600_000))
      const { text } = await scim(token).get('/Users').expect(401)
      assert.match(text, /expired on .* ask the token endpoint for a new one/)
      app.at(new Date(start + 2 * DAY_MS))
      await app.settle()
      const kept = await app.server.deps.db.all(TOKENS, [connection.id])
      assert.deepEqual(kept, [])
    })

    it('ends with the connection: disabled or removed, at once', async () => {
      const token = await signIn()
      const path = `/connections/${connection.id}`
      await connection.account.admin('patch', path, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      assert.match((await scim(token).get('/Users').expect(401)).text, /switched off/)
      const refused = await ask(inBody(secret)).expect(401)
      assert.match(refused.body.error_description, /switched off/)
      assert.equal((await last('action=client.refused')).code, 'connection_disabled')
      await connection.account.admin('delete', path).expect(202)
      await app.settle()
      await scim(token).get('/Users').expect(404)
      assert.equal((await ask(inBody(secret)).expect(401)).body.error, 'invalid_client')
    })

    it('leaves nothing to those who ask while their secret is revoked', async () => {
      const asked = Array.from({ length: 12 }, async () => ask(inBody(secret)))
      const revoked = connection.account.admin('delete', `${secrets()}/${secret.id}`).expect(204)
      const answers = await Promise.all(asked)
      await revoked
      for (const { status, body } of answers)
        if (status === 200) await scim(body.access_token).get('/Users').expect(401)
        else assert.deepEqual([status, body.error], [401, 'invalid_client'])
      assert.deepEqual(await app.server.deps.db.all(TOKENS, [connection.id]), [])
    })

    it('opens its own connection alone, in its account and in others', async () => {
      const token = await signIn()
      const beside = await connection.account.aConnection()
      const elsewhere = await app.aConnection()
      for (const other of [beside, elsewhere]) {
        assert.match((await scim(token, other).get('/Users').expect(401)).text, /is not valid for this connection/)
        const answer = await ask({ ...inBody(secret), client_id: other.id }).expect(401)
        assert.equal(answer.body.error, 'invalid_client')
        const [event] = await other.account.events(`connectionId=${other.id}&action=client.refused&limit=1`)
        assert.equal(event.code, 'secret_unknown')
      }
      // What is for one door opens no other.
      await scim(secret.clientSecret).get('/Users').expect(401)
      await ask({ client_id: connection.id, client_secret: connection.token }).expect(401)
      await ask({ client_id: connection.id, client_secret: token }).expect(401)
    })

    it('logs every kind of refusal with its reason, equal ones of a minute once, and then answers 429', async () => {
      app.at(new Date(Math.floor(Date.now() / 60_000) * 60_000))
      const wrong = { client_id: connection.id, client_secret: `${secret.clientSecret.slice(0, -1)}~` }
      const first = await ask(wrong).expect(401)
      assert.match(first.headers['www-authenticate'] ?? '', /^Basic realm=/)
      assert.match(first.body.error_description, new RegExp(`Request ${first.headers['x-request-id']}\\.$`))
      for (let count = 1; count < 60; count++) await ask(wrong).expect(401)
      const limited = await ask(wrong).expect(429)
      assert.equal(limited.headers['retry-after'], '60')
      await signIn()
      // Who names no connection is in no log, and counted by address alone.
      const strangers = []
      for (let count = 0; count <= 60; count++)
        strangers.push((await ask({ client_id: 'nobody', client_secret: 'x' })).status)
      assert.deepEqual([strangers[0], strangers.at(-1)], [401, 429])
      await signIn()
      const events = await connection.account.events('action=client.refused&limit=100')
      assert.deepEqual(
        events.map(({ id, code }: Body) => [id, code]),
        [[first.headers['x-request-id'], 'secret_unknown']],
      )
      assert.deepEqual([events[0].http.path, events[0].http.status], ['/oauth/token', 401])
    })

    it('asks for a token without growing: few statements, and one indexed read for whoever comes with it (DESIGN 2)', async () => {
      const token = await signIn()
      const ada = await scim(token).provision(aUser())
      const read = (with_: string) => app.counting(async () => scim(with_).get(`/Users/${ada.id}`).expect(200))
      const [access, fixed] = [await read(token), await read(connection.token)]
      assert.deepEqual([access.statements, access.rows], [fixed.statements, fixed.rows])
      assert.deepEqual(access.texts.slice(1), fixed.texts.slice(1))
      const { statements } = await app.counting(async () => signIn())
      assert.ok(statements <= 12, `${statements} statements`)
    })
  })
})

const TOKENS = composed('SELECT hash FROM access_tokens WHERE connection_id = ?')
