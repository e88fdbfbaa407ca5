import assert from 'node:assert/strict'
import request from 'supertest'
import { type Body, type TestAccount, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'

let named = 0

forEachDatabaseInTime((database) => {
  describe('domains, proved by DNS', () => {
    const app = useApp(database)
    let account: TestAccount
    let name: string

    before(async () => {
      account = await app.anAccount()
    })
    beforeEach(() => {
      name = `d${++named}.example`
    })

    const add = async (to = account): Promise<Body> => (await to.admin('post', '/domains', { name }).expect(201)).body
    const verify = (of = account, domain = name) => of.admin('post', `/domains/${domain}/verify`)
    const events = (action: string) => account.events(`action=${action}&limit=1`)

    it('says where which TXT record has to stand, and is verified once it does', async () => {
      const { txtName, txtRecord, state, ssoRequired } = await add()
      assert.deepEqual([txtName, state, ssoRequired], [name, 'pending', false])
      assert.match(txtRecord, /^usher-domain-verification=[\w-]{24}$/)
      app.txtRecords.set(name, ['v=spf1 -all', ` ${txtRecord} `])
      const { body } = await verify().expect(200)
      assert.deepEqual([body.state, typeof body.verifiedAt], ['verified', 'string'])
      const [event] = await events('domain.verified')
      assert.deepEqual(event.changes, [{ attribute: 'state', before: 'pending', after: 'verified' }])
      app.txtRecords.delete(name)
      assert.equal((await verify().expect(200)).body.verifiedAt, body.verifiedAt)
    })

    it("is not verified by nothing, by half of it, or by another account's record", async () => {
      const { txtRecord } = await add()
      const other = await add(await app.anAccount())
      for (const records of [[], [''], [txtRecord.slice(0, -1)], [txtRecord.toUpperCase()], [other.txtRecord]]) {
        app.txtRecords.set(name, records)
        const { body } = await verify().expect(422)
        assert.equal(body.code, 'domain_not_proved')
        assert.ok(body.detail.includes(txtRecord), body.detail)
      }
      assert.equal(
        (await account.admin('get', '/domains')).body.items.find((one: Body) => one.name === name).state,
        'pending',
      )
    })

    it('belongs to the account that verified it first, and nobody hears to whom', async () => {
      const second = await app.anAccount('Second')
      const [first, other] = [await add(), await add(second)]
      app.txtRecords.set(name, [first.txtRecord, other.txtRecord])
      const both = await Promise.all([verify(), verify(second)])
      assert.deepEqual(both.map(({ status }) => status).sort(), [200, 409])
      const refused = both.find(({ status }) => status === 409)!
      assert.equal(refused.body.code, 'domain_taken')
      assert.doesNotMatch(refused.text, /Acme|Second/)
    })

    it('is looked up for an account that has it, and for no other', async () => {
      await verify().expect(404)
      await verify(account, 'not%20a%20domain').expect(404)
    })

    it('may require sign-in through the identity provider once it is verified', async () => {
      await add()
      const require = (ssoRequired: boolean) => account.admin('patch', `/domains/${name}`, { ssoRequired })
      assert.equal((await require(true).expect(422)).body.code, 'domain_not_proved')
      await account.admin('post', '/domains', { name, verified: true }).expect(201)
      assert.equal((await require(true).expect(200)).body.ssoRequired, true)
      const [event] = await events('domain.updated')
      assert.deepEqual(event.changes, [{ attribute: 'ssoRequired', before: false, after: true }])
      const discover = async () =>
        (
          await request(app.url)
            .post('/sso/discover')
            .send({ email: `a@${name}` })
        ).body
      assert.deepEqual(await discover(), { loginUrl: null, ssoRequired: true })
      await require(true).expect(200)
      assert.equal((await events('domain.updated'))[0].outcome, 'no_change')
      await require(false).expect(200)
      assert.deepEqual(await discover(), { loginUrl: null, ssoRequired: false })
    })
  })
})
