import assert from 'node:assert/strict'
import { aUser, type Body, replace, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

forEachDatabase((database) => {
  describe('one event, and how many there are (PRODUCT 3.2)', () => {
    const app = useApp(database)

    it('shows the steps of a request, and the rule that decided, also once it was changed or removed', async () => {
      const okta = await app.aConnection()
      const { account } = okta
      const rule = await okta.aRule({ condition: 'title eq "Boss"', effects: { role: 'admin' }, note: 'Heads' })
      const ada = await okta.provision(aUser())
      await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
      const [{ id }] = await account.events('action=user.updated')
      const read = async (): Promise<Body> => (await account.admin('get', `/events/${id}`).expect(200)).body
      const event = await read()
      assert.deepEqual(
        event.steps.map(({ step, result }: Body) => `${step} ${result}`),
        ['received', 'token', 'understood', 'found', 'compared', 'rules', 'applied'].map((step) => `${step} passed`),
      )
      const named = { id: rule.id, connectionId: okta.id, priority: 1, condition: 'title eq "Boss"', note: 'Heads' }
      assert.deepEqual(event.rules, [{ ...named, deleted: false }])
      const path = `/connections/${okta.id}/rules/${rule.id}`
      await account.admin('patch', path, { note: 'All heads' }).expect(200)
      assert.equal((await read()).rules[0].note, 'All heads')
      await account.admin('delete', path).expect(204)
      await app.settle()
      assert.deepEqual((await read()).rules, [{ ...named, note: 'All heads', deleted: true }])
    })

    it('shows at which step a request failed', async () => {
      const okta = await app.aConnection()
      await okta.patch('/Users/nobody', replace('title', 'x')).expect(404)
      const [{ id }] = await okta.account.events('outcome=failure')
      const { body } = await okta.account.admin('get', `/events/${id}`).expect(200)
      const failed = body.steps.find(({ result }: Body) => result === 'failed')
      assert.deepEqual([failed.step, failed.params.code], ['found', body.code])
      assert.deepEqual(body.rules, [])
    })

    it('counts what came after an event, by any filter', async () => {
      const okta = await app.aConnection()
      const { account } = okta
      const ada = await okta.provision(aUser())
      const [seen] = await account.events()
      await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
      await okta.patch(`/Users/${ada.id}`, replace('title', 5)).expect(400)
      const { id: userId } = await okta.userOf(ada)
      const count = async (query: string) => (await account.admin('get', `/events/count?${query}`).expect(200)).body
      const cases: readonly [query: string, count: number][] = [
        [`after=${seen.id}`, 2],
        [`after=${seen.id}&outcome=failure`, 1],
        [`after=${seen.id}&userId=${userId}`, 2],
        [`after=${seen.id}&q=${ada.userName.slice(0, 8)}&action=user.updated`, 1],
        [`connectionId=${okta.id}&source=scim`, 3],
        ['outcome=held', 0],
      ]
      for (const [query, expected] of cases)
        assert.deepEqual(await count(query), { count: expected, more: false }, query)
      const { body } = await account.admin('get', '/events/count?limit=5').expect(400)
      assert.equal(body.code, 'invalid_request')
    })
  })
})
