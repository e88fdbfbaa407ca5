import assert from 'node:assert/strict'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import request, { type Response } from 'supertest'
import { ROTATION } from '../../accounts/rotate-signing-keys.js'
import { verifyRedirect } from '../../saml/redirect-binding.js'
import { aUser, type Body, replace, type TestAccount, type TestConnection } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { assertInvariants } from '../harness/invariants.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { TestIdp } from '../saml/an-idp.js'
import type { Races } from './fleet.js'

const DAY_MS = 86_400_000

/** Days that clocks have been ahead: keys stand in the order of time, so each run begins after the one before it. */
let days = 0

/** Issue 3, Done when 3 and 4: what counts once counts once, and keys change under way, whichever process is asked. */
export function signInRaces({ app, db, setAhead }: Races): void {
  describe('sign-in', () => {
    let account: TestAccount
    let connection: TestConnection
    let sso: SingleSignOn

    before(async () => {
      account = await app.anAccount()
      connection = await account.aConnection()
      const settings = { allowIdpInitiated: true, sessionHours: 720 }
      sso = await SingleSignOn.setUp(connection, await TestIdp.create('https://idp.example/entity'), settings)
    })

    const aPerson = async (): Promise<string> => (await connection.provision(aUser())).userName
    const times = <T>(count: number, work: () => Promise<T>): Promise<T[]> =>
      Promise.all(Array.from({ length: count }, work))

    /** One is in, all others are refused with this code. */
    function oneIsIn(answers: readonly Response[], code: string): void {
      const told = answers.map(({ status, headers }) =>
        status === 303 ? 'in' : `${status} ${headers['x-usher-code']}`,
      )
      assert.deepEqual(told.sort(), [...answers.slice(1).map(() => `403 ${code}`), 'in'])
    }

    it('an answer that is posted several times at once lets in once', async () => {
      const browser = new Browser(app)
      const inResponseTo = await sso.begin(browser)
      const response = await sso.idp.response(sso.sp, { inResponseTo, nameId: await aPerson(), ...sso.unused() })
      oneIsIn(await times(4, () => sso.post(browser, response)), 'unknown_request')
    })

    it('several answers to one request at once let in once', async () => {
      const browser = new Browser(app)
      const [inResponseTo, nameId] = [await sso.begin(browser), await aPerson()]
      const answers = await times(4, () => sso.answer(browser, { inResponseTo, nameId, ...sso.unused() }))
      oneIsIn(answers, 'unknown_request')
    })

    it('an assertion that nobody asked for, used several times at once, lets in once', async () => {
      const response = await sso.idp.response(sso.sp, { nameId: await aPerson(), ...sso.unused() })
      oneIsIn(await times(4, () => sso.post(new Browser(app), response)), 'replay')
    })

    it('people who sign in while they are switched off: whoever is out is not in', async () => {
      const attempts = await times(5, async () => {
        const [browser, person]: [Browser, Body] = [new Browser(app), await connection.provision(aUser())]
        const claims = { inResponseTo: await sso.begin(browser), nameId: person.userName, ...sso.unused() }
        return { browser, person, response: await sso.idp.response(sso.sp, claims) }
      })
      const switchedOff = attempts.map(({ person }) =>
        connection.patch(`/Users/${person.id}`, replace('active', false)),
      )
      const signedIn = attempts.map(({ browser, response }) => sso.post(browser, response))
      const [answers, off] = await Promise.all([Promise.all(signedIn), Promise.all(switchedOff)])
      for (const { status, headers } of answers)
        assert.ok(status === 303 || headers['x-usher-code'] === 'user_deactivated')
      for (const { status } of off) assert.equal(status, 200)
      const now = await Promise.all(attempts.map(({ browser }) => browser.get('/api/v1/session')))
      assert.deepEqual(
        now.map(({ status }) => status),
        Array(5).fill(401),
      )
      await assertInvariants(db(), new Date(), account.id)
    })

    /** Our certificates, the current one first. */
    async function certificates(): Promise<string[]> {
      const { text } = await request(app.url).get(`/saml/${connection.id}/metadata`).buffer()
      const found = [...text.matchAll(/use="encryption".*?<ds:X509Certificate>([^<]+)/gs)].map(
        ([, base64 = '']) => base64,
      )
      return found.map((base64) => {
        const lines = base64.replaceAll(/(.{64})/g, '$1\n')
        return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----`
      })
    }

    it('goes on while one process changes the key of the connection, and the new one counts in all at once', async () => {
      const people = await times(2, aPerson)
      const signIns = (encryptFor: string) =>
        people.map((nameId) => sso.signIn(new Browser(app), { nameId }, { encryptFor }))
      const [old] = (await certificates()) as [string]
      const rotated = account.admin('post', `/connections/${connection.id}/saml/rotate-key`)
      const [{ status }, ...answers] = await Promise.all([rotated, ...signIns(old), ...signIns(old)])
      assert.deepEqual([status, ...answers.map((one) => one.status)], [200, ...Array(4).fill(303)])

      const [fresh] = (await certificates()) as [string]
      assert.notEqual(fresh, old)
      for (const answer of await Promise.all([...signIns(fresh), ...signIns(old)])) assert.equal(answer.status, 303)
      const sent = await times(2, () => new Browser(app).get(`/saml/${connection.id}/login`))
      for (const { headers } of sent) verifyRedirect(new URL(headers.location!).search.slice(1), [fresh])
    })

    describe('and tokens', () => {
      let browser: Browser
      let person: Body
      let start: number
      before(async () => {
        browser = new Browser(app)
        person = await connection.provision(aUser())
        assert.equal((await sso.signIn(browser, { nameId: person.userName })).status, 303)
        start = days * DAY_MS
        days += 3
        await setAhead(start)
      })
      after(() => setAhead(0))

      const kids = async (): Promise<string[]> => {
        const { body } = await request(app.url).get('/.well-known/jwks.json').expect(200)
        return body.keys.map(({ kid }: Body) => kid)
      }
      const rotate = async (body = {}): Promise<Body[]> =>
        (await app.admin('post', '/signing-keys/rotate', body).expect(200)).body.items
      const kidOf = (token: string) => decodeProtectedHeader(token).kid

      async function aToken(): Promise<string> {
        const answer = await browser.post('/api/v1/session/token', { Origin: app.publicUrl })
        assert.equal(answer.status, 200, answer.text)
        return answer.body.token
      }

      /** With the keys that a process publishes now, at the time when the token was made. */
      async function verify(token: string): Promise<void> {
        const { body } = await request(app.url).get('/.well-known/jwks.json').expect(200)
        const currentDate = new Date(decodeJwt(token).iat! * 1_000)
        await jwtVerify(token, createLocalJWKSet(body), { algorithms: ['ES256'], currentDate })
      }

      it('have one first key, whichever processes are asked first', async () => {
        const answers = await times(8, kids)
        assert.equal(new Set(answers.flat()).size, 1)
      })

      it('go on while keys change: both processes know the next one before either signs with it', async () => {
        const [old] = await kids()
        const [[, next], again, ...before] = await Promise.all([
          rotate(),
          rotate(),
          ...Array.from({ length: 8 }, aToken),
        ])
        assert.equal(again[1].id, next.id, 'two who ask at once get one next key')
        for (const token of before) {
          assert.equal(kidOf(token), old)
          await verify(token)
        }
        await setAhead(start + ROTATION.publishedBeforeMs + 1_000)
        const after = await times(4, aToken)
        assert.deepEqual(after.map(kidOf), Array(4).fill(next.id))
        for (const token of [...before.slice(0, 2), ...after]) await verify(token)
        await setAhead(start + ROTATION.publishedBeforeMs + ROTATION.publishedAfterMs + 1_000)
        assert.deepEqual(await times(2, kids), [[next.id], [next.id]])
      })

      it('go on with a new key in all at once where the old one is known to others', async () => {
        const [old] = await kids()
        const [one, two] = await Promise.all([rotate({ immediately: true }), rotate({ immediately: true }), aToken()])
        const [latest] = await kids()
        assert.ok([one, two].some((items) => items[0].id === latest))
        assert.deepEqual(await times(4, kids), Array(4).fill([latest]))
        const tokens = await times(4, aToken)
        assert.deepEqual(tokens.map(kidOf), Array(4).fill(latest))
        for (const token of tokens) await verify(token)
        assert.notEqual(latest, old)
      })

      it('end in all at once, whichever process switches her off while she asks', async () => {
        const ask = () => browser.post('/api/v1/session/token', { Origin: app.publicUrl })
        const off = connection.patch(`/Users/${person.id}`, replace('active', false))
        const [{ status }, ...during] = await Promise.all([off, ...Array.from({ length: 6 }, ask)])
        assert.equal(status, 200)
        for (const answer of during) assert.ok([200, 401].includes(answer.status), answer.text)
        assert.deepEqual(
          (await times(4, ask)).map((answer) => answer.status),
          Array(4).fill(401),
        )
      })
    })
  })
}
