import assert from 'node:assert/strict'
import { claimJobs, finishJob, insertJob } from '../../db/jobs.js'
import { aUser, type Body, ENTERPRISE_URN, replace } from '../harness/app.js'
import { type Races, scenario, together } from './fleet.js'

const TEN = Array.from({ length: 10 }, (_, index) => index)
const KEYS = ['k1', 'k2', 'k3', 'k4', 'k5']
const inSales = (): Body => aUser({ [ENTERPRISE_URN]: { department: 'Sales' } })

export function ruleRaces(races: Races): void {
  describe('rules and jobs', () => {
    scenario(races, 'a job is claimed once, however many ask', async ({ id: accountId }) => {
      const db = races.db()
      await db.transaction(async (tx) => {
        for (const at of TEN) {
          const job = { id: `job-${at}`, kind: 'race', subject: `job-${at}`, version: 1, payload: '{}', runAt: 0 }
          await insertJob(tx, accountId, job)
        }
      })
      const claims = await Promise.all([...TEN, ...TEN].map(() => claimJobs(db, 'race', 1, 60_000, 1)))
      assert.deepEqual(
        claims
          .flat()
          .map((job) => job.id)
          .sort(),
        TEN.map((at) => `job-${at}`),
      )
      const close = (job: { account_id: string; id: string }) =>
        db.transaction((tx) => finishJob(tx, job, 'done', null, null, 1))
      await Promise.all(claims.flat().map(close))
      assert.deepEqual(await claimJobs(db, 'race', 99_000, 160_000, 10), [])
    })

    scenario(races, 'five rules for ten people at once: each job does its part once', async (account) => {
      const connection = await account.aConnection()
      for (const key of KEYS) await account.aProduct({ key, seats: 7 })
      await Promise.all(TEN.map(() => connection.provision(aUser())))
      const rules = `/connections/${connection.id}/rules`
      await together(
        KEYS.map((key) => account.admin('post', rules, { condition: null, effects: { products: [{ key }] } })),
      )
      await account.app.settle()
      const events = await account.events('action=user.access_changed&children=true&limit=1000')
      const given = events.flatMap((event) =>
        event.effects
          .filter((effect: Body) => effect.kind === 'license')
          .map((effect: Body) => `${event.userId} ${effect.product}`),
      )
      assert.deepEqual([given.length, new Set(given).size], [50, 50])
    })

    scenario(
      races,
      'rules, products and defaults that change while people come: nobody stays under the old ones',
      async (account) => {
        const connection = await account.aConnection()
        const products = await Promise.all(KEYS.map((key) => account.aProduct({ key, seats: 12 })))
        const here = `/connections/${connection.id}`
        const rule = await connection.aRule({ condition: null, effects: { products: [{ key: 'k1' }] } })
        const onSales = `${ENTERPRISE_URN}:department eq "Sales"`
        await together([
          ...TEN.map(() => connection.post('/Users', inSales())),
          account.admin('patch', `${here}/rules/${rule.id}`, { effects: { products: [{ key: 'k2' }] } }),
          account.admin('post', `${here}/rules`, { condition: onSales, effects: { products: [{ key: 'k3' }] } }),
          ...TEN.map(() => connection.post('/Users', inSales())),
          account.admin('patch', `/products/${products[2].id}`, { includes: ['k4'] }),
          account.admin('patch', here, { defaults: { role: 'admin', products: [{ key: 'k5' }] } }),
          account.admin('delete', `${here}/rules/${rule.id}`),
          ...TEN.map(() => connection.post('/Users', aUser())),
        ])
        await account.app.settle()
        const pools = await account.products()
        assert.deepEqual(
          KEYS.map((key) => pools.get(key).reserved + pools.get(key).waiting),
          [0, 0, 20, 0, 10],
        )
      },
    )

    scenario(
      races,
      'a person who changes while her rules are applied again has what her last state gives',
      async (account) => {
        const connection = await account.aConnection()
        await account.aProduct({ key: 'meet' })
        const condition = `${ENTERPRISE_URN}:department eq "Sales"`
        await connection.aRule({ condition, effects: { products: [{ key: 'meet' }] } })
        const people = await Promise.all(TEN.slice(4).map(() => connection.provision(inSales())))
        const users = await Promise.all(people.map((one) => connection.userOf(one)))
        const move = (to: string) =>
          people.map(({ id }) => connection.patch(`/Users/${id}`, replace(`${ENTERPRISE_URN}:department`, to)))
        await together([
          ...move('Support'),
          ...users.map(({ id }) => account.admin('post', `/users/${id}/reapply`)),
          ...users.map(({ id }) =>
            account.admin('post', `/users/${id}/grants`, { kind: 'role', value: 'admin', reason: 'now' }),
          ),
          account.admin('post', `/connections/${connection.id}/reapply`),
        ])
        assert.equal((await account.products()).get('meet').reserved, 0)
      },
    )

    scenario(
      races,
      'a connection switched off while people come: whoever came is off, whoever is late is refused',
      async (account) => {
        const connection = await account.aConnection()
        const off = { mode: 'disabled', onDisable: 'suspend' }
        const answers = await together([
          ...TEN.map(() => connection.post('/Users', aUser())),
          account.admin('patch', `/connections/${connection.id}`, off),
          ...TEN.map(() => connection.post('/Users', aUser())),
        ])
        const came = answers.filter(({ status }) => status === 201).length
        assert.equal(answers.filter(({ status }) => status === 401).length, 20 - came)
        const { body } = await account.admin('get', '/users?status=suspended&limit=100')
        assert.equal(body.items.length, came)
      },
    )
  })
}
