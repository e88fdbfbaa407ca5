import assert from 'node:assert/strict'
import { aUser, type Body, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

forEachDatabase((database) => {
  describe('the groups of a directory (PRODUCT 6.1)', () => {
    const app = useApp(database)

    it('are listed by name, page after page, with their size and the rules that name them', async () => {
      const okta = await app.aConnection()
      const ada = await okta.provision(aUser())
      const sales = await okta.aGroup('sales', [ada])
      for (const name of ['Support', 'Engineering', 'Sales EMEA']) await okta.aGroup(name)
      const byName = await okta.aRule({
        condition: 'groups.display eq "SALES"',
        effects: { role: 'admin' },
        note: 'Heads',
      })
      const byId = await okta.aRule({ condition: `groups.value eq "${sales.id}"`, effects: {} })
      await okta.aRule({ condition: null, effects: {} })
      const path = `/connections/${okta.id}/groups`
      const names: string[] = []
      let cursor = ''
      do {
        const { body } = await okta.account.admin('get', `${path}?limit=3&cursor=${cursor}`).expect(200)
        names.push(...body.items.map((group: Body) => group.displayName))
        cursor = body.nextCursor ?? ''
      } while (cursor !== '')
      assert.deepEqual(names, ['Engineering', 'sales', 'Sales EMEA', 'Support'])
      const { items } = (await okta.account.admin('get', `${path}?q=SALES`).expect(200)).body
      assert.deepEqual(
        items.map(({ displayName, members }: Body) => [displayName, members]),
        [
          ['sales', 1],
          ['Sales EMEA', 0],
        ],
      )
      assert.deepEqual(
        items[0].rules.map(({ id, note }: Body) => [id, note]),
        [
          [byName.id, 'Heads'],
          [byId.id, null],
        ],
      )
      assert.deepEqual((await okta.account.admin('get', `${path}/${sales.id}`).expect(200)).body, items[0])
      assert.deepEqual(items[1].rules, [])
    })

    it('show their people, page after page', async () => {
      const okta = await app.aConnection()
      const people = [await okta.provision(aUser()), await okta.provision(aUser({ active: false }))]
      const group = await okta.aGroup('Sales', people)
      const path = `/connections/${okta.id}/groups/${group.id}/members?limit=1`
      const first = (await okta.account.admin('get', path).expect(200)).body
      const second = (await okta.account.admin('get', `${path}&cursor=${first.nextCursor}`).expect(200)).body
      const all = [...first.items, ...second.items]
      assert.deepEqual(
        all.map(({ scimId, userName, status }) => [scimId, userName, status]),
        people.map(({ id, userName, active }) => [id, userName, active ? 'invited' : 'suspended']),
      )
      assert.equal(all[0].userId, (await okta.userOf(people[0])).id)
      assert.equal(second.nextCursor, undefined)
    })

    it('that are not there are 404, and a cursor that is none is refused', async () => {
      const okta = await app.aConnection()
      const path = `/connections/${okta.id}/groups`
      for (const rest of ['/nothing', '/nothing/members']) {
        const { body } = await okta.account.admin('get', path + rest).expect(404)
        assert.equal(body.code, 'group_not_found')
      }
      assert.equal((await okta.account.admin('get', `${path}?cursor=x`).expect(400)).body.code, 'cursor_invalid')
    })
  })
})
