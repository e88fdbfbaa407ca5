import assert from 'node:assert/strict'
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import request from 'supertest'
import { ROTATION } from '../../accounts/rotate-signing-keys.js'
import { TOKEN_SECONDS } from '../../accounts/session-token.js'
import { composed } from '../../db/statement.js'
import { type Body, type TestAccount, useApp } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { signIn } from '../harness/people.js'

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const ROWS = composed('SELECT * FROM signing_keys ORDER BY generation')
const EVENTS = composed(
  `SELECT f.source, f.outcome FROM events e JOIN event_facets f ON f.account_id = e.account_id AND f.id = e.facet_id
   WHERE e.account_id = '' AND f.action = 'signing_keys.rotated' ORDER BY e.id`,
)

forEachDatabaseInTime((database) => {
  describe('the keys that sign tokens (SAML.md e, Sessions)', () => {
    const app = useApp(database)
    let account: TestAccount
    let userId: string
    /** Since when the clock stands still. */
    let now: number

    before(async () => {
      account = await app.anAccount()
      userId = (await account.aLocalUser({ email: 'ada@acme.example', status: 'active' })).id
      setClock(Date.now())
    })

    function setClock(to: number): void {
      now = to
      app.at(new Date(to))
    }

    /** So much later, when what is due has been done. */
    async function later(ms: number): Promise<void> {
      setClock(now + ms)
      await app.settle()
    }

    const jwks = async (): Promise<JSONWebKeySet> =>
      (await request(app.url).get('/.well-known/jwks.json').expect(200)).body
    const kids = async () => (await jwks()).keys.map(({ kid }) => kid)
    const listed = async () => (await app.admin('get', '/signing-keys').expect(200)).body.items
    const states = async () => (await listed()).map(({ state }: Body) => state)
    const rotate = (body = {}) => app.admin('post', '/signing-keys/rotate', body).expect(200)

    async function aToken(): Promise<string> {
      const browser = new Browser(app).give((await signIn(account, userId)).cookie)
      const answer = await browser.post('/api/v1/session/token', { Origin: app.server.publicUrl })
      assert.equal(answer.status, 200, answer.text)
      return answer.body.token
    }
    const kidOf = (token: string) => decodeProtectedHeader(token).kid
    const verify = async (token: string) =>
      jwtVerify(token, createLocalJWKSet(await jwks()), { algorithms: ['ES256'], currentDate: new Date(now) })

    it('begin with one, made on first need and once, of P-256', async () => {
      assert.deepEqual(await app.server.deps.db.all(ROWS, []), [])
      const answers = await Promise.all(Array.from({ length: 8 }, jwks))
      const [{ keys }] = answers as [JSONWebKeySet]
      assert.deepEqual(new Set(answers.map((one) => JSON.stringify(one))).size, 1)
      assert.equal(keys.length, 1)
      const { x, y, kid, ...rest } = keys[0]!
      assert.deepEqual(rest, { kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' })
      assert.equal(kidOf(await aToken()), kid)
    })

    it('are public to everybody for five minutes, and nothing else of them is', async () => {
      const answer = await request(app.url).get('/.well-known/jwks.json').expect(200)
      assert.equal(answer.headers['cache-control'], 'public, max-age=300')
      assert.equal(answer.headers['access-control-allow-origin'], '*')
      const [row] = await app.server.deps.db.all<Record<string, string>>(ROWS, [])
      assert.doesNotMatch(JSON.stringify(row), /"d\\?":/)
      const { sealer } = app.server.deps
      assert.ok('d' in JSON.parse(sealer.open(row!.sealed_key!, `signing key ${row!.id}`)))
      assert.throws(() => sealer.open(row!.sealed_key!, 'signing key of another row'))
    })

    it('rotate by a command: published at once, signing a day later, and the old one goes an hour after', async () => {
      const before = await aToken()
      const { body } = await rotate()
      assert.deepEqual(
        body.items.map(({ state }: Body) => state),
        ['current', 'next'],
      )
      const [old, next] = body.items.map(({ id }: Body) => id)
      assert.deepEqual([kidOf(before), kidOf(await aToken())], [old, old])
      assert.deepEqual(await kids(), [old, next])

      await later(ROTATION.publishedBeforeMs - 1)
      const last = await aToken()
      assert.equal(kidOf(last), old)
      await later(1)
      assert.equal(kidOf(await aToken()), next)
      assert.deepEqual(await states(), ['previous', 'current'])
      await later((TOKEN_SECONDS - 1) * 1_000)
      await verify(last)
      assert.deepEqual(await kids(), [old, next])
      await later(ROTATION.publishedAfterMs)
      assert.deepEqual(await kids(), [next])
      assert.equal((await app.server.deps.db.all(ROWS, [])).length, 1, 'its private part is gone')
    })

    it('rotate once where the command comes twice', async () => {
      const [first, second] = [(await rotate()).body, (await rotate()).body]
      assert.deepEqual(first, second)
      const outcomes = (await app.server.deps.db.all<{ outcome: string }>(EVENTS, [])).map(({ outcome }) => outcome)
      assert.deepEqual(outcomes.slice(-2), ['success', 'no_change'])
      await later(2 * DAY_MS)
    })

    it('rotate by themselves after 90 days, the next one published on the last of them', async () => {
      const [{ id, signsFrom }] = await listed()
      const end = Date.parse(signsFrom) + 90 * DAY_MS
      await later(end - DAY_MS - HOUR_MS - now)
      assert.deepEqual(await states(), ['current'])
      await later(HOUR_MS)
      assert.deepEqual(await states(), ['current', 'next'])
      await later(DAY_MS - 1)
      assert.equal(kidOf(await aToken()), id)
      await later(1)
      assert.notEqual(kidOf(await aToken()), id)
      const events = await app.server.deps.db.all(EVENTS, [])
      assert.deepEqual(events.at(-1), { source: 'system', outcome: 'success' })
      await later(2 * DAY_MS)
    })

    it('are replaced at once where one is known to others: what it signed is not valid any more', async () => {
      await rotate()
      const token = await aToken()
      const leaked = await kids()
      const { body } = await rotate({ immediately: true })
      assert.deepEqual(
        body.items.map(({ state }: Body) => state),
        ['current'],
      )
      const [fresh] = await kids()
      assert.ok(!leaked.includes(fresh), 'the one that waited may be known too')
      assert.deepEqual(await kids(), [fresh])
      assert.equal(kidOf(await aToken()), fresh)
      await assert.rejects(verify(token), { code: 'ERR_JWKS_NO_MATCHING_KEY' })
      await later(HOUR_MS)
      assert.equal((await app.server.deps.db.all(ROWS, [])).length, 1)
    })

    it('sign even where the clock was set back', async () => {
      setClock(now - 365 * DAY_MS)
      assert.deepEqual(await kids(), [kidOf(await aToken())])
    })
  })
})
