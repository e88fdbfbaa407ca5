import assert from 'node:assert/strict'
import { useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'
import { directoryOf, runAllJobs } from '../../harness/directory.js'

interface Count {
  readonly field: string
  readonly product?: string
  readonly change: string
  readonly people: number
}

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('POST rules/preview (PRODUCT 3.4)', () => {
    async function aCompany() {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const [meet, assist] = [await app.aProduct(account), await app.aProduct(account)]
      const directory = directoryOf(app.deps, connection)
      const people = [await directory.user(), await directory.user(), await directory.user()]
      const sales = await directory.group('Sales', people.slice(0, 2))
      return { account, connection, meet, assist, people, sales }
    }

    const eventsOf = async (account: string) =>
      (await app.get(`${account}/events?children=true&limit=1000`)).body.items.length

    it('tells who would gain what through a draft, and writes nothing', async () => {
      const { account, connection, meet, people, sales } = await aCompany()
      await runAllJobs(app.deps)
      const before = await eventsOf(account)
      const rule = { condition: 'groups.display eq "sales"', effects: { role: 'admin', products: [{ key: meet.key }] } }
      const { body } = await app.post(`${connection}/rules/preview`, { rule, who: { everyone: true } }).expect(200)
      assert.equal(body.people, 3)
      assert.equal(body.complete, true)
      assert.deepEqual(body.counts, [
        { field: 'role', change: 'change', people: 2 },
        { field: 'product', product: meet.key, change: 'gain', people: 2 },
      ])
      const cell = body.items.find((item: { field: string }) => item.field === 'role')
      assert.deepEqual([cell.now, cell.after, cell.ruleId], ['member', 'admin', 'draft'])
      assert.equal(await eventsOf(account), before)
      assert.deepEqual((await app.get(`${connection}/rules`)).body.items, [])
      const group = await app.post(`${connection}/rules/preview`, { rule, who: { groupId: sales.id } }).expect(200)
      assert.equal(group.body.people, 2)
      const one = await app
        .post(`${connection}/rules/preview`, { rule, who: { userId: people[2]?.userId } })
        .expect(200)
      assert.deepEqual([one.body.people, one.body.counts], [1, []])
    })

    it('foretells what then happens: a rule added, moved behind another, and removed', async () => {
      const { account, connection, meet, assist } = await aCompany()
      const steps: { preview: object; apply: () => Promise<unknown> }[] = []
      const first = {
        condition: 'groups.display eq "Sales"',
        effects: { products: [{ key: meet.key, features: { rec: true } }] },
      }
      const second = {
        priority: 1,
        effects: { products: [{ key: meet.key, features: { rec: false } }, { key: assist.key }] },
      }
      let id = ''
      steps.push({
        preview: { rule: first },
        apply: async () => {
          id = (await app.post(`${connection}/rules`, first).expect(201)).body.id
        },
      })
      steps.push({ preview: { rule: second }, apply: () => app.post(`${connection}/rules`, second).expect(201) })
      for (const { preview, apply } of steps) await foretold(account, connection, preview, apply)
      await foretold(account, connection, { ruleId: id, rule: { priority: 1 } }, () =>
        app.patch(`${connection}/rules/${id}`, { priority: 1 }).expect(200),
      )
      await foretold(account, connection, { ruleId: id, remove: true }, () =>
        app.remove(`${connection}/rules/${id}`).expect(204),
      )
    })

    /** What each person has, before and after, cell by cell. */
    async function accessOf(account: string) {
      const { items } = (await app.get(`${account}/users?limit=1000`).expect(200)).body
      const cells = new Map<string, string>()
      for (const user of items) {
        cells.set(`${user.id} role`, user.role.key)
        for (const { product, features } of user.licenses) cells.set(`${user.id} ${product}`, JSON.stringify(features))
      }
      return cells
    }

    async function foretold(account: string, connection: string, preview: object, apply: () => Promise<unknown>) {
      const { body } = await app
        .post(`${connection}/rules/preview`, { ...preview, who: { everyone: true } })
        .expect(200)
      const before = await accessOf(account)
      await apply()
      await runAllJobs(app.deps)
      const after = await accessOf(account)
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (key) => before.get(key) !== after.get(key),
      )
      const cells = body.items.map(
        (item: { userId: string; product?: string }) => `${item.userId} ${item.product ?? 'role'}`,
      )
      assert.deepEqual(cells.sort(), changed.sort())
      for (const item of body.items) {
        if (item.field === 'role') continue
        const text = after.get(`${item.userId} ${item.product}`)
        assert.deepEqual(item.after, text === undefined ? null : JSON.parse(text))
      }
      const people = body.counts.reduce((sum: number, count: Count) => sum + count.people, 0)
      assert.equal(people, body.items.length)
      assert.ok(people > 0, 'a step that changes nothing proves nothing')
    }

    it('refuses what saving would refuse, and unknown people', async () => {
      const { connection, people } = await aCompany()
      const who = { everyone: true }
      const code = async (body: object, status: number) =>
        (await app.post(`${connection}/rules/preview`, body).expect(status)).body.code
      assert.equal(await code({ rule: { condition: '(', effects: {} }, who }, 422), 'rule_condition')
      assert.equal(await code({ rule: { effects: { role: 'king' } }, who }, 422), 'role_not_found')
      assert.equal(await code({ ruleId: 'nothing', who }, 404), 'rule_not_found')
      assert.equal(await code({ who: { userId: 'nobody' } }, 404), 'user_not_found')
      assert.equal(await code({ who: { groupId: 'none' } }, 404), 'group_not_found')
      assert.equal(await code({ who: { userId: people[0]?.userId, everyone: true } }, 400), 'invalid_request')
    })
  })

  describe('rules applied again', () => {
    it('changes nothing where everything is as the rules say, and says so', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { userId } = await directoryOf(app.deps, connection).user()
      const { body, headers } = await app.post(`${account}/users/${userId}/reapply`).expect(200)
      assert.deepEqual(body.effects, [])
      const event = (await app.get(`${account}/events/${headers['x-request-id']}`).expect(200)).body
      assert.deepEqual([event.action, event.outcome], ['user.access_changed', 'no_change'])
      await app.post(`${account}/users/nobody/reapply`).expect(404)
    })

    it('queues one job per connection that is not switched off', async () => {
      const account = await app.anAccount()
      const [okta, entra] = [await app.aConnection(account), await app.aConnection(account)]
      await app.patch(entra, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      assert.equal((await app.post(`${account}/reapply`).expect(202)).body.jobIds.length, 1)
      const { body } = await app.post(`${okta}/reapply`).expect(202)
      await runAllJobs(app.deps)
      assert.equal((await app.get(`${account}/jobs/${body.jobIds[0]}`).expect(200)).body.state, 'done')
      assert.equal((await app.post(`${entra}/reapply`).expect(409)).body.code, 'connection_disabled')
      const other = await app.anAccount()
      await app.get(`${other}/jobs/${body.jobIds[0]}`).expect(404)
    })
  })
})
