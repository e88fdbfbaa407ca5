import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import request from 'supertest'
import { composed } from '../../../db/statement.js'
import { aUser, type Body, TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { aForgery, anAssertion, anIssuerKey, type Claims, type IssuerKey, TestIssuer } from './an-issuer.js'

const TENANT = '11111111-2222-3333-4444-555555555555'
const V1 = `https://sts.windows.net/${TENANT}/`
const V2 = `https://login.microsoftonline.com/${TENANT}/v2.0`
const OTHER_TENANT = V2.replace('1111', '9999')
const SUBJECT = 'aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb'
const AUDIENCE = 'api://usher.example'
const JWT_BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const MINUTE_MS = 60_000

/** What Entra ID says of its provisioning service, in both versions of its tokens. */
const ENTRA_V2 = {
  iss: V2,
  sub: SUBJECT,
  aud: AUDIENCE,
  tid: TENANT,
  oid: SUBJECT,
  azp: 'app',
  azpacr: '2',
  ver: '2.0',
}
const ENTRA_V1 = {
  iss: V1,
  sub: SUBJECT,
  aud: AUDIENCE,
  tid: TENANT,
  oid: SUBJECT,
  appid: 'app',
  appidacr: '2',
  ver: '1.0',
}

/** Made once for both databases. */
const KEYS = Promise.all([
  ...['rsa', 'next', 'rsa'].map((kid) => anIssuerKey(kid)),
  anIssuerKey('ec', 'P-256'),
  anIssuerKey('ec384', 'P-384'),
])

forEachDatabaseInTime((database) => {
  describe('signing in with assertions of another issuer (RFC 7523, SCIM.md 1.1)', () => {
    const app = useApp(database, { USHER_ALLOW_PRIVATE_FETCH: 'on' })
    let keys: Record<'rsa' | 'pss' | 'next' | 'stranger' | 'ec' | 'ec384', IssuerKey>
    let issuer: TestIssuer
    let connection: TestConnection
    let now: Date

    before(async () => {
      const [rsa, next, stranger, ec, ec384] = (await KEYS) as [IssuerKey, IssuerKey, IssuerKey, IssuerKey, IssuerKey]
      keys = { rsa, pss: { ...rsa, alg: 'PS256' }, next, stranger, ec, ec384 }
      issuer = await TestIssuer.start()
    })
    after(() => issuer.stop())
    beforeEach(async () => {
      advance(0, new Date())
      issuer.keys = [keys.rsa.jwk, keys.ec.jwk, keys.ec384.jwk]
      issuer.answer = undefined
      issuer.fetches = 0
      connection = await app.aConnection({ name: 'Entra', idpKind: 'entra' })
      await trust()
    })
    afterEach(() => app.at(undefined))

    function advance(ms: number, from = now): void {
      now = new Date(from.getTime() + ms)
      app.at(now)
    }
    const path = () => `/connections/${connection.id}/federation`
    const terms = (more: object = {}) => ({
      ...{ issuer: V2, jwksUrl: issuer.jwksUrl, subject: SUBJECT, audience: AUDIENCE },
      ...more,
    })
    const trust = async (more: object = {}, at = connection) =>
      (await at.account.admin('put', `/connections/${at.id}/federation`, terms(more)).expect(200)).body
    const ask = (assertion: string, at = connection) =>
      request(app.url).post('/oauth/token').type('form').send({
        grant_type: 'client_credentials',
        client_id: at.id,
        client_assertion_type: JWT_BEARER,
        client_assertion: assertion,
      })
    const assertion = (claims: Claims = {}, key: IssuerKey = keys.rsa) =>
      anAssertion(key, now, { ...ENTRA_V2, ...claims })
    const signIn = async (): Promise<Body> => (await ask(await assertion()).expect(200)).body
    const scim = (token: string, at = connection) => new TestConnection(at.account, at.id, token)

    /** Refused with this code in the log; resolves to its event. */
    async function refuses(text: string, code: string, status = 401): Promise<Body> {
      const { body, headers } = await ask(text).expect(status)
      assert.equal(body.error, status === 401 ? 'invalid_client' : 'temporarily_unavailable')
      const events = await connection.account.events(`action=client.refused&code=${code}&limit=1`)
      assert.deepEqual([events[0]?.code, events[0]?.id], [code, headers['x-request-id']])
      advance(MINUTE_MS)
      return events[0]
    }

    it('lets Entra in end to end: the token opens SCIM, and the log knows the federation', async () => {
      const { body, headers } = await ask(await assertion()).expect(200)
      assert.deepEqual([body.token_type, headers['cache-control']], ['Bearer', 'no-store'])
      assert.ok(body.expires_in >= 3_600 && body.expires_in <= 3_700, 'as long as the assertion, with the skew')
      const client = scim(body.access_token)
      const ada = await client.provision(aUser())
      assert.equal((await client.find('Users', `userName eq "${ada.userName}"`)).length, 1)
      const [event] = await connection.account.events('action=user.created')
      assert.equal(event.actor.label, 'federation of Entra')
      const [signedIn] = await connection.account.events('action=client.signed_in')
      assert.deepEqual([signedIn.id, signedIn.tokenId], [headers['x-request-id'], event.tokenId])
      const shown = (await connection.account.admin('get', path()).expect(200)).body
      assert.deepEqual([shown.keysFetchedAt, shown.keysFailure], [now.toISOString(), null])
      assert.ok(shown.lastUsedAt !== null && shown.lastUsedIp !== null)
      assert.deepEqual([shown.clientId, shown.tokenUrl], [connection.id, `${app.server.publicUrl}/oauth/token`])
    })

    it('takes v1 and v2 assertions of one tenant, whichever of its names is set, and each algorithm', async () => {
      for (const name of [V2, V1]) {
        await trust({ issuer: name })
        for (const [claims, key] of [
          [ENTRA_V2, keys.rsa],
          [ENTRA_V1, keys.pss],
          [ENTRA_V1, keys.ec],
        ] as const)
          await ask(await anAssertion(key, now, claims)).expect(200)
      }
      await ask(await assertion({ aud: [AUDIENCE] })).expect(200)
    })

    it('refuses an assertion that says something else, and shows administrators what', async () => {
      const cases: readonly [claims: Claims, code: string, says: RegExp][] = [
        [{ iss: OTHER_TENANT }, 'assertion_issuer', /Expected .*11111111.*; received .*99991111/],
        [{ iss: `${V2}/` }, 'assertion_issuer', /another issuer/],
        [{ iss: undefined }, 'assertion_issuer', /received nothing/],
        [{ iss: [V2] }, 'assertion_issuer', /another issuer/],
        [{ sub: SUBJECT.toUpperCase() }, 'assertion_subject', /another subject/],
        [{ sub: undefined }, 'assertion_subject', /another subject/],
        [{ aud: 'api://elsewhere' }, 'assertion_audience', /received api:\/\/elsewhere/],
        [{ aud: [AUDIENCE, 'api://elsewhere'] }, 'assertion_audience', /another audience/],
        [{ aud: 'a\0\ud800"\u202e'.repeat(200) }, 'assertion_audience', /another audience/],
        [{ aud: {} }, 'assertion_audience', /received an object/],
      ]
      for (const [claims, code, says] of cases)
        assert.match((await refuses(await assertion(claims), code)).message, says)
      // Deeper than what writes JSON can go.
      const [head = ''] = (await assertion()).split('.')
      const deep = `{"iss":"${V2}","sub":"${SUBJECT}","aud":${'['.repeat(15_000)}${']'.repeat(15_000)}}`
      await refuses(`${head}.${Buffer.from(deep).toString('base64url')}.AAAA`, 'assertion_audience')
      assert.equal(issuer.fetches, 0, 'nobody who does not know the terms makes us fetch')
    })

    it('refuses what is expired, not valid yet or valid for ever; 90 seconds are forgiven', async () => {
      const at = (seconds: number) => Math.floor(now.getTime() / 1_000) + seconds
      const good = [{ exp: at(-89) }, { nbf: at(89), iat: at(89) }, { iat: undefined, nbf: undefined }]
      for (const claims of good) await ask(await assertion(claims)).expect(200)
      const bad = [
        () => ({ exp: at(-91) }),
        () => ({ nbf: at(92) }),
        () => ({ iat: at(92) }),
        () => ({ exp: at(172_801) }),
      ]
      for (const claims of [...bad, () => ({ exp: 1e300 })])
        assert.match((await refuses(await assertion(claims()), 'assertion_time')).message, /Expected a time around/)
      for (const claims of [{ exp: undefined }, { exp: '9999999999' }, { iat: 'now' }, { nbf: null }])
        await refuses(await assertion(claims), 'assertion_malformed')
    })

    it('refuses what nobody signed, or somebody else, or with a secret: alg none and HMAC (RFC 8725 §3.1)', async () => {
      const claims = () => ({ ...ENTRA_V2, exp: Math.floor(now.getTime() / 1_000) + 600, jti: randomUUID() })
      for (const alg of ['none', 'None', undefined]) await refuses(aForgery({ alg }, claims()), 'assertion_algorithm')
      const unsigned = aForgery({ alg: 'HS256', kid: 'rsa' }, claims()).slice(0, -1)
      const pem = JSON.stringify(keys.rsa.jwk)
      await refuses(
        `${unsigned}.${createHmac('sha256', pem).update(unsigned).digest('base64url')}`,
        'assertion_algorithm',
      )
      await refuses(await assertion({}, keys.ec384), 'assertion_algorithm')
      await refuses(aForgery({ alg: 'RS256', kid: 'rsa' }, claims(), 'AAAA'), 'assertion_signature')
      await refuses(await assertion({}, keys.stranger), 'assertion_signature')
      const [head, , signature] = (await assertion()).split('.')
      const other = aForgery({}, claims()).split('.')[1]
      await refuses(`${head}.${other}.${signature}`, 'assertion_signature')
      await refuses(aForgery({ alg: 'RS256', kid: 'rsa', crit: ['x'], x: 1 }, claims(), 'AAAA'), 'assertion_malformed')
      // A key in the header is the forger's own (RFC 8725 §3.10).
      await refuses(
        aForgery({ alg: 'RS256', jwk: keys.stranger.jwk, jku: issuer.url }, claims(), 'AAAA'),
        'assertion_signature',
      )
      for (const text of ['x', 'a.b.c', '..', `${'e30.'.repeat(40)}`, `${head}.e30`, `${head}.bnVsbA.${signature}`])
        await refuses(text, 'assertion_malformed')
    })

    it('refuses an assertion that was used: by jti, by the uti of Entra, or whole; of two at once one', async () => {
      for (const claims of [{}, { jti: undefined, uti: randomUUID() }, { jti: undefined }]) {
        const text = await assertion(claims)
        const both = await Promise.all([ask(text), ask(text)])
        assert.deepEqual(both.map(({ status }) => status).sort(), [200, 401])
        // Equal refusals of a minute are one event.
        advance(MINUTE_MS)
        await refuses(text, 'assertion_replayed')
      }
      const jti = randomUUID()
      await ask(await assertion({ jti })).expect(200)
      advance(MINUTE_MS)
      await refuses(await assertion({ jti, nonce: 'another' }), 'assertion_replayed')
      const used = await app.server.deps.db.all(USED, [connection.id])
      assert.equal(used.length, 4)
      advance(2 * 24 * 60 * MINUTE_MS)
      await app.settle()
      assert.deepEqual(await app.server.deps.db.all(USED, [connection.id]), [])
    })

    it('follows the keys of the issuer, which a client cannot have fetched more than once a minute', async () => {
      await signIn()
      await signIn()
      assert.equal(issuer.fetches, 1)
      issuer.keys = [keys.next.jwk]
      await refuses(await assertion({}, keys.next), 'assertion_key')
      assert.equal(issuer.fetches, 1, 'fetched less than a minute ago')
      const [first, second] = await Promise.all([assertion({}, keys.next), assertion({}, keys.next)])
      assert.deepEqual(
        (await Promise.all([ask(first), ask(second)])).map(({ status }) => status),
        [200, 200],
      )
      assert.equal(issuer.fetches, 2, 'those who come together wait for one answer')
      await refuses(await assertion(), 'assertion_key')
      assert.equal(issuer.fetches, 2)
      for (let count = 0; count < 5; count++)
        await ask(await assertion({}, { ...keys.stranger, kid: randomUUID() })).expect(401)
      assert.equal(issuer.fetches, 3)
      // A key that was taken back is refused after ten minutes though no new one was seen.
      issuer.keys = [keys.rsa.jwk]
      await ask(await assertion({}, keys.next)).expect(200)
      advance(11 * MINUTE_MS)
      await refuses(await assertion({}, keys.next), 'assertion_key')
    })

    it('goes on for an hour with the keys that it has while the issuer is away, and then asks to come back', async () => {
      await signIn()
      issuer.answer = { status: 500, body: '' }
      advance(59 * MINUTE_MS)
      await signIn()
      advance(2 * MINUTE_MS)
      const event = await refuses(await assertion(), 'keys_unavailable', 503)
      assert.match(event.message, /received .*it answered 500/)
      assert.match((await connection.account.admin('get', path())).body.keysFailure, /it answered 500/)
      issuer.answer = undefined
      await signIn()
    })

    it('takes no answer for keys that holds none, or secret ones', async () => {
      const bodies = ['', 'x', '[]', 'null', '{"keys":{}}', '{"keys":[null,1,{"kty":"oct","k":"AAAA"}]}']
      for (const body of bodies) {
        issuer.answer = { status: 200, body }
        await refuses(await assertion(), 'keys_unavailable', 503)
      }
      const broken = { kty: 'RSA', kid: 'rsa', n: 'AQAB', e: 'AQAB' }
      const bad = [
        [broken],
        [{ ...keys.rsa.jwk, use: 'enc' }, broken],
        [keys.rsa.jwk, keys.rsa.jwk],
        [{ ...keys.rsa.jwk, alg: 'PS256' }],
      ]
      for (const [index, jwks] of bad.entries()) {
        issuer.answer = { status: 200, body: JSON.stringify({ keys: jwks }) }
        await trust({ jwksUrl: `${issuer.jwksUrl}?${index}` })
        await refuses(await assertion(), 'assertion_key')
      }
    })

    it('ends what it gave when its terms change or go, at once, and not when they stay', async () => {
      const { access_token: token } = await signIn()
      assert.equal((await trust()).version, 1)
      await scim(token).get('/Users').expect(200)
      assert.equal((await trust({ audience: 'api://other' })).version, 2)
      await scim(token).get('/Users').expect(401)
      await trust()
      const { access_token: next } = await signIn()
      await scim(next).get('/Users').expect(200)
      await connection.account.admin('delete', path()).expect(204)
      await scim(next).get('/Users').expect(401)
      await refuses(await assertion(), 'federation_missing')
      assert.equal((await connection.account.admin('get', path()).expect(404)).body.code, 'federation_not_set_up')
      const events = await connection.account.events('action=federation.set,federation.removed&limit=10')
      assert.deepEqual(
        events.map(({ action, changes }: Body) => [action, changes.length]),
        [
          ['federation.removed', 4],
          ['federation.set', 1],
          ['federation.set', 1],
          ['federation.set', 4],
        ],
      )
    })

    it('belongs to its connection: the same assertion is good where it is trusted, and its token nowhere else', async () => {
      const beside = await connection.account.aConnection()
      const elsewhere = await app.aConnection()
      const { access_token: token } = await signIn()
      for (const other of [beside, elsewhere]) {
        assert.equal((await ask(await assertion(), other).expect(401)).body.error, 'invalid_client')
        await scim(token, other).get('/Users').expect(401)
      }
      // One application of Entra may serve two connections: what one of them used, the other has not.
      await trust({}, elsewhere)
      const text = await assertion()
      const given = [await ask(text).expect(200), await ask(text, elsewhere).expect(200)]
      const [here, there] = given.map(({ body }) => body.access_token)
      await scim(here!).get('/Users').expect(200)
      await scim(there!, elsewhere).get('/Users').expect(200)
      await scim(there!).get('/Users').expect(401)
    })
  })

  describe('keys at a private address, where the operator does not allow it (DESIGN 6)', () => {
    const app = useApp(database)

    it('are not fetched', async () => {
      const rsa = (await KEYS)[0]!
      const issuer = await TestIssuer.start()
      issuer.keys = [rsa.jwk]
      const connection = await app.aConnection()
      for (const jwksUrl of [issuer.jwksUrl, 'https://127.0.0.1/keys', 'https://localhost/keys']) {
        const terms = { issuer: 'https://i.example', jwksUrl, subject: 's', audience: 'a' }
        await connection.account.admin('put', `/connections/${connection.id}/federation`, terms).expect(200)
        const text = await anAssertion(rsa, new Date(), { iss: terms.issuer, sub: 's', aud: 'a' })
        const fields = { client_id: connection.id, client_assertion_type: JWT_BEARER, client_assertion: text }
        const sent = request(app.url).post('/oauth/token').type('form')
        await sent
          .send({ grant_type: 'client_credentials', ...fields })
          .expect(503)
          .expect('Retry-After', '60')
      }
      assert.equal(issuer.fetches, 0)
      await issuer.stop()
    })
  })
})

const USED = composed('SELECT assertion_hash FROM used_client_assertions WHERE connection_id = ?')
