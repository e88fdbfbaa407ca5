import assert from 'node:assert/strict'
import { publishOutbox } from '../../accounts/outbox.js'
import { RETENTION_DAYS } from '../../accounts/retention.js'
import { composed } from '../../db/statement.js'
import { aUser, type TestConnection, useApp } from '../harness/app.js'
import { Browser } from '../harness/browser.js'
import { forEachDatabase } from '../harness/database.js'
import { SingleSignOn } from '../harness/single-sign-on.js'
import { TestIdp } from '../saml/an-idp.js'

const DAY_MS = 86_400_000

/** What is kept of an account beside its people; reads are written down at moments of their own. */
const TABLES = ['events', 'event_payloads', 'feed', 'jobs'] as const

/** What sign-in leaves behind. */
const OF_SIGN_IN = ['saml_requests', 'saml_arrivals', 'saml_used_assertions', 'sessions'] as const

forEachDatabase((database) => {
  describe('what is kept, and for how long (PRODUCT 2.9)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let start: number

    /** So many days and an hour after the start, when everything that is due has been done. */
    function countsAfter(days: number): Promise<Record<(typeof TABLES)[number], number>> {
      return countsAt(start + days * DAY_MS + DAY_MS / 24, TABLES)
    }

    async function countsAt<Table extends string>(
      at: number,
      tables: readonly Table[],
    ): Promise<Record<Table, number>> {
      app.at(new Date(at))
      await app.settle()
      const counts: [string, number][] = []
      for (const table of tables) {
        const text = composed(`SELECT count(*) AS number FROM ${table} WHERE account_id = ?`)
        const row = await app.server.deps.db.get<{ number: number }>(text, [okta.account.id])
        counts.push([table, Number(row?.number)])
      }
      return Object.fromEntries(counts) as Record<Table, number>
    }
    const sources = async () => new Set((await okta.account.events('limit=100')).map(({ source }) => source))

    it('the feed goes after a week, payloads, jobs and deleted people after a month, events after half a year, those of administrators after two', async () => {
      start = Date.now()
      okta = await app.aConnection()
      await okta.aRule({ effects: {} })
      const kept = await okta.provision(aUser())
      const gone = await okta.provision(aUser({ userName: 'gone@x.example', externalId: 'gone-42' }))
      await okta.delete(`/Users/${gone.id}`).expect(204)
      await okta.read(kept.id)
      while ((await publishOutbox(app.server.deps)) > 0);

      const first = await countsAfter(0)
      for (const table of ['events', 'event_payloads', 'feed', 'jobs'] as const) assert.ok(first[table] > 0, table)
      const week = await countsAfter(RETENTION_DAYS.feed - 1)
      assert.deepEqual(week, first)
      assert.deepEqual(await countsAfter(RETENTION_DAYS.feed), { ...week, feed: 0 })

      const logOf = async (text: string) => (await okta.account.events(`q=${text}`)).length
      assert.ok((await logOf('gone-42')) > 0)
      const month = await countsAfter(RETENTION_DAYS.payloads)
      assert.deepEqual([month.event_payloads, month.jobs], [0, 0])
      assert.ok(month.events >= week.events, 'that something happened is still told')
      const log = JSON.stringify(await okta.account.events('limit=100'))
      assert.doesNotMatch(log, /gone@x\.example|gone-42/)
      assert.deepEqual([await logOf('gone'), await logOf(kept.userName)], [0, 1])

      assert.ok((await sources()).has('scim'))
      await countsAfter(RETENTION_DAYS.events)
      assert.deepEqual(await sources(), new Set(['admin']))
      const end = await countsAfter(RETENTION_DAYS.adminEvents)
      assert.equal(end.events, 0)
      assert.ok((await okta.account.userByEmail(kept.userName)) !== undefined, 'who is there stays')
    })

    it('what a sign-in leaves goes soon after it has expired, though nobody signs in again, and sessions a month after', async () => {
      const clock = () => app.server.deps.now()
      start = clock().getTime()
      okta = await app.aConnection()
      const sso = await SingleSignOn.setUp(okta, await TestIdp.create('https://idp.example/entity', clock))
      const { userName: nameId } = await okta.provision(aUser())
      const browser = new Browser(app)
      for (let n = 0; n < 2; n += 1) assert.equal((await sso.signIn(browser, { nameId })).status, 303)
      // Ended sessions go with those that expired by themselves.
      await browser.delete('/api/v1/session', { Origin: app.server.publicUrl })
      const inResponseTo = await sso.begin(browser)
      const SAMLResponse = await sso.idp.response(sso.sp, { inResponseTo })
      await browser.postFromIdp(`/saml/${okta.id}/acs`, { SAMLResponse })

      const kept = { saml_requests: 1, saml_arrivals: 1, saml_used_assertions: 2, sessions: 2 }
      const hour = 3_600_000
      assert.deepEqual(await countsAt(start, OF_SIGN_IN), kept)
      const gone = { saml_requests: 0, saml_arrivals: 0, saml_used_assertions: 0 }
      assert.deepEqual(await countsAt(start + 2 * hour, OF_SIGN_IN), { ...kept, ...gone })
      const end = start + 12 * hour + RETENTION_DAYS.sessions * DAY_MS
      assert.deepEqual(await countsAt(end - 2 * hour, OF_SIGN_IN), { ...kept, ...gone })
      assert.deepEqual(await countsAt(end + 2 * hour, OF_SIGN_IN), { ...kept, ...gone, sessions: 0 })
    })
  })
})
