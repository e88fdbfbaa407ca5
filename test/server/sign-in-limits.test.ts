import assert from 'node:assert/strict'
import request from 'supertest'
import { RateLimit } from '../../server/rate-limit.js'
import { aUser, useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { SignIns } from '../harness/sign-in.js'

const MINUTE_MS = 60_000

forEachDatabaseInTime((database) => {
  describe('limits by rate (SAML.md e)', () => {
    const app = useApp(database)
    let signIns: SignIns
    let minute = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS
    const domain = 'limits.example'

    before(async () => {
      signIns = await SignIns.in(app)
      await signIns.account.admin('post', '/domains', { name: domain, verified: true }).expect(201)
      await signIns.connection.provision(aUser({ userName: 'ada@limits.example' }))
    })
    // Each test has a minute to itself, in which the clock stands.
    beforeEach(() => {
      minute += MINUTE_MS
      app.at(new Date(minute + 20_000))
    })
    after(() => app.at(undefined))

    const post = (body = 'SAMLResponse=YQ==') => request(app.url).post(`${signIns.path}/acs`).type('form').send(body)
    const discover = (email: string) => request(app.url).post('/sso/discover').send({ email })
    const many = async (count: number, work: () => Promise<{ status: number }>) => {
      const statuses: number[] = []
      for (let sent = 0; sent < count; sent++) statuses.push((await work()).status)
      return statuses
    }

    it('thirty refused answers a minute are each told and logged; what follows is 429, and one event', async () => {
      assert.deepEqual(new Set(await many(30, () => post())), new Set([403]))
      const limited = await post()
      assert.equal(limited.status, 429)
      assert.equal(limited.headers['retry-after'], '40')
      assert.equal(limited.headers['x-usher-code'], 'rate_limited')
      await many(5, () => post('x'))
      const [last, ...before] = await signIns.account.events('action=signin.failed&limit=100')
      assert.deepEqual([last.code, last.http.status], ['rate_limited', 429])
      assert.deepEqual(last.signIn.checks.at(-1), { check: 'rate', passed: false })
      assert.equal(before.filter(({ code }) => code === 'rate_limited').length, 0)
      assert.equal(before.length, 30)
      app.at(new Date(minute + MINUTE_MS))
      assert.equal((await post()).status, 403)
    })

    it('whoever answers a sign-in of ours is not limited by the failures of others', async () => {
      await many(31, () => post())
      const claims = { nameId: 'ada@limits.example', aheadMs: minute - Date.now() + 20_000 }
      assert.equal((await signIns.signIn(signIns.browser(), claims)).status, 303)
      const refused = await signIns.signIn(signIns.browser(), { ...claims, nameId: 'eve@limits.example' })
      assert.equal(refused.headers['x-usher-code'], 'not_invited')
      assert.equal((await signIns.lastEvent()).code, 'not_invited')
    })

    it("failures at one connection are none of another's", async () => {
      await many(31, () => post())
      const other = await signIns.account.aConnection()
      const path = `/connections/${other.id}/saml`
      await signIns.account.admin('put', path, { idpMetadataXml: signIns.idp.metadata() }).expect(200)
      assert.equal((await request(app.url).post(`/saml/${other.id}/acs`).type('form').send('')).status, 403)
    })

    it('answers that begin at the identity provider are limited before their signature is looked at', async () => {
      await signIns.setUp({ allowIdpInitiated: true })
      await many(30, () => post())
      const answered = await signIns.answer(signIns.browser(), { inResponseTo: null })
      assert.equal(answered.status, 429)
      await signIns.setUp({ allowIdpInitiated: false })
    })

    it('a login that is refused is told why however often, and logged thirty times', async () => {
      const draft = await signIns.account.admin('post', '/connections', { name: 'Draft', idpKind: 'okta' }).expect(201)
      const login = () => request(app.url).get(`/saml/${draft.body.id}/login`).redirects(0)
      assert.deepEqual(new Set(await many(33, login)), new Set([403]))
      const events = await signIns.account.events(`connectionId=${draft.body.id}&action=signin.failed&limit=100`)
      assert.equal(events.length, 30)
    })

    it('twenty addresses of unknown domains a minute; those of known ones count for nothing', async () => {
      assert.deepEqual(new Set(await many(25, () => discover(`ada@${domain}`))), new Set([200]))
      assert.deepEqual(new Set(await many(20, () => discover('ada@unknown.example'))), new Set([200]))
      const limited = await discover(`ada@${domain}`)
      assert.deepEqual([limited.status, limited.body.code], [429, 'rate_limited'])
      assert.equal(limited.headers['retry-after'], '40')
      const page = await signIns.browser().submit('/sign-in', { email: `ada@${domain}` })
      assert.deepEqual([page.status, page.headers['retry-after']], [429, '40'])
      assert.match(page.text, /tried too often/)
    })

    it('600 sign-ins begin in a minute from one address, and no more', async () => {
      const { deps } = app.server
      const starts = new RateLimit(deps, 'sign-in-start', 600)
      for (let begun = 0; begun < 599; begun++) await starts.add({ address: '127.0.0.1' })
      const login = () => request(app.url).get(`${signIns.path}/login`).redirects(0)
      assert.equal((await login()).status, 302)
      const limited = await login()
      assert.deepEqual([limited.status, limited.headers['x-usher-code']], [429, 'rate_limited'])
    })
  })
})
