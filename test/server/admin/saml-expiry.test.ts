import assert from 'node:assert/strict'
import { type Body, type TestAccount, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { TestIdp } from '../../saml/an-idp.js'

const DAY_MS = 86_400_000

forEachDatabaseInTime((database) => {
  describe('what sign-in depends on and ends (PRODUCT 3.4)', () => {
    const app = useApp(database)
    let idp: TestIdp
    let account: TestAccount
    let connection: TestConnection

    before(async () => {
      // Made ten years before its end, so that it ends before ours does.
      idp = await TestIdp.create('https://idp.example/entity', () => new Date('2020-06-01T00:00:00Z'))
      account = await app.anAccount()
      connection = await account.aConnection()
    })
    after(() => app.at(undefined))

    const put = (validUntil?: string) => {
      const idpMetadataXml = idp.metadata({ ...(validUntil !== undefined && { validUntil }) })
      return account.admin('put', `/connections/${connection.id}/saml`, { idpMetadataXml }).expect(200)
    }

    /** What is announced on these days, counted from an instant. */
    async function announced(end: number, ...each: number[]): Promise<Body[]> {
      const begunAt = new Date().toISOString()
      const found = new Map<string, Body>()
      for (const days of each) {
        app.at(new Date(end + days * DAY_MS))
        await app.settle()
        // Looked at every day: years later the log forgets.
        const query = `from=${begunAt}&source=system&limit=1000&connectionId=${connection.id}`
        for (const event of (await account.events(query)).reverse()) found.set(event.id, event)
      }
      return [...found.values()]
    }
    const daysOf = (events: Body[]) => events.map(({ effects }) => effects[0].days)

    it('a certificate of the identity provider is announced at 60, 30, 14, 7 and 1 days and at its end, each once', async () => {
      await put()
      const end = Date.parse('2030-06-01T00:00:00Z')
      const events = await announced(end, -61, -60, -59, -31, -30, -29, -15, -14, -13, -8, -7, -6, -2, -1, 0, 1, 2)
      assert.deepEqual(daysOf(events), [60, 30, 14, 7, 1, 0])
      const [first] = events
      assert.deepEqual([first.action, first.outcome, first.code], ['saml.certificate_expiring', 'warning', 'expiring'])
      assert.match(first.message, /identity provider expires on 2030-06-01/)
      assert.equal(first.effects[0].of, 'idp')
      assert.match(first.effects[0].sha256, /^[0-9a-f]{64}$/)
      assert.deepEqual([events.at(-1).code, events.at(-1).effects[0].at], ['expired', new Date(end).toISOString()])
      // It is used all the same, and said so where one looks.
      const { body } = await account.admin('get', `/connections/${connection.id}/saml`).expect(200)
      assert.deepEqual(
        body.warnings.map(({ code }: Body) => code),
        ['certificate_expired', 'no_valid_certificate'],
      )
    })

    it('metadata by the days it is valid, anew after it was put off', async () => {
      const end = Date.parse('2031-06-01T00:00:00Z')
      app.at(new Date(end - 20 * DAY_MS))
      await put(new Date(end).toISOString())
      const events = await announced(end, -20, -15, -14, -8, -7, -5)
      assert.deepEqual(
        events.map(({ action, effects }) => [action, effects[0].of, effects[0].days]),
        [30, 14, 7].map((days) => ['saml.metadata_expiring', 'metadata', days]),
      )
      // What is issued anew for two weeks every day is not announced every day.
      for (let day = 1; day < 5; day++) {
        await put(new Date(end + (day + 13.5) * DAY_MS).toISOString())
        assert.deepEqual(await announced(end, day), [])
      }
      assert.deepEqual(daysOf(await announced(end, 10, 11, 12, 16, 17, 18, 19)), [7, 1, 0])
      await put()
      assert.deepEqual(await announced(end, 20, 21), [])
    })

    it('a certificate of ours', async () => {
      const own = await account.aConnection()
      connection = own
      app.at(undefined)
      await put()
      const made = Date.now()
      const end = new Date(made)
      end.setUTCFullYear(end.getUTCFullYear() + 10)
      const events = await announced(end.getTime(), -32, -31, -30, -29)
      const ours = events.filter(({ effects }) => effects[0].of === 'sp')
      assert.deepEqual(daysOf(ours), [60, 30])
      assert.match(ours[0].message, /of this connection expires/)
    })

    it('nothing of a connection that is switched off', async () => {
      const own = await account.aConnection()
      connection = own
      app.at(new Date('2029-01-01T00:00:00Z'))
      await put()
      await account.admin('patch', `/connections/${own.id}`, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      assert.deepEqual(await announced(Date.parse('2030-06-01T00:00:00Z'), -1, 1), [])
    })
  })
})
