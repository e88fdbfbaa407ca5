import assert from 'node:assert/strict'
import { aUser, type Body, GROUP_URN, patchOf, replace } from '../harness/app.js'
import { type Races, scenario, statuses, together } from './fleet.js'

const TEN = Array.from({ length: 10 }, (_, index) => index)
const add = (person: Body): object => patchOf({ op: 'add', path: 'members', value: [{ value: person.id }] })
const remove = (person: Body): object => patchOf({ op: 'remove', path: `members[value eq "${person.id}"]` })
const named = (displayName: string): object => ({ schemas: [GROUP_URN], displayName })

export function groupRaces(races: Races): void {
  describe('groups', () => {
    scenario(races, 'ten PATCHes of one group at once: nobody is lost (trap 22)', async (account) => {
      const connection = await account.aConnection()
      const people = await Promise.all(TEN.map(() => connection.provision(aUser())))
      const group = await connection.aGroup('Sales', people.slice(0, 5))
      const [leaving, coming] = [people.slice(0, 5), people.slice(5)]
      await together([
        ...leaving.map((one) => connection.patch(`/Groups/${group.id}`, remove(one))),
        ...coming.map((one) => connection.patch(`/Groups/${group.id}`, add(one))),
      ])
      const now = await connection.readGroup(group.id)
      assert.deepEqual(now.members.map((one: Body) => one.value).sort(), coming.map(({ id }) => id).sort())
      assert.equal(now.meta.version, 'W/"11"')
    })

    scenario(races, 'five people put into two groups at once have what both groups give', async (account) => {
      const connection = await account.aConnection()
      for (const key of ['meet', 'fax']) {
        await account.aProduct({ key })
        await connection.aRule({ condition: `groups.display eq "${key}"`, effects: { products: [{ key }] } })
      }
      const groups = [await connection.aGroup('meet'), await connection.aGroup('fax')]
      const people = await Promise.all(TEN.slice(5).map(() => connection.provision(aUser())))
      await together(people.flatMap((one) => groups.map(({ id }) => connection.patch(`/Groups/${id}`, add(one)))))
      for (const one of people) {
        const { licenses } = await connection.userOf(one)
        assert.deepEqual(licenses.map((license: Body) => license.product).sort(), ['fax', 'meet'])
      }
    })

    scenario(races, 'people deleted while they join, leave and change: no membership stays behind', async (account) => {
      const connection = await account.aConnection()
      await account.aProduct({ key: 'meet', seats: 3 })
      await connection.aRule({ condition: 'groups.display sw "S"', effects: { products: [{ key: 'meet' }] } })
      const people = await Promise.all(TEN.map(() => connection.provision(aUser())))
      await Promise.all(
        people.map(({ id }, at) => connection.patch(`/Users/${id}`, replace('manager', people[9 - at].id))),
      )
      const groups = [await connection.aGroup('Sales', people.slice(0, 5)), await connection.aGroup('Support', people)]
      const answers = await together(
        people.flatMap((one, at) => [
          connection.delete(`/Users/${one.id}`),
          connection.patch(`/Groups/${groups[0].id}`, add(one)),
          connection.patch(`/Groups/${groups[1].id}`, at % 2 === 0 ? remove(one) : add(one)),
        ]),
      )
      assert.deepEqual(statuses(answers.filter((_, at) => at % 3 === 0)), { 204: 10 })
      for (const { id } of groups) assert.deepEqual((await connection.readGroup(id)).members, [])
      assert.equal((await account.products()).get('meet').reserved, 0)
    })

    scenario(races, 'one name for ten groups: one has it, nine are told', async (account) => {
      const connection = await account.aConnection()
      const created = await together(TEN.map((at) => connection.post('/Groups', named(at % 2 ? 'SALES' : 'Sales'))))
      assert.deepEqual(statuses(created), { 201: 1, 409: 9 })
      const groups = await Promise.all(TEN.map((at) => connection.aGroup(`Team ${at}`)))
      const renamed = await together(
        groups.map(({ id }) => connection.patch(`/Groups/${id}`, replace('displayName', 'Board'))),
      )
      assert.deepEqual(statuses(renamed), { 204: 1, 409: 9 })
      const refusal = JSON.parse(renamed.find(({ status }) => status === 409)!.text)
      assert.equal(refusal.scimType, 'uniqueness')
    })

    scenario(
      races,
      'groups that break and heal rules at once: every rule ends in the state of its group',
      async (account) => {
        const connection = await account.aConnection()
        const names = TEN.slice(4).map((at) => `Team ${at}`)
        const person = await connection.provision(aUser())
        const groups = await Promise.all(names.map((name) => connection.aGroup(name, [person])))
        for (const key of names) {
          await account.aProduct({ key: key.replace(' ', '') })
          const effects = { products: [{ key: key.replace(' ', '') }] }
          await connection.aRule({ condition: `groups.display eq "${key}"`, effects })
        }
        const states = async (): Promise<string[]> =>
          (await account.admin('get', `/connections/${connection.id}/rules`)).body.items.map((rule: Body) => rule.state)
        await together(groups.map(({ id }) => connection.delete(`/Groups/${id}`)))
        assert.deepEqual(
          await states(),
          names.map(() => 'broken'),
        )
        await together(names.map((name) => connection.post('/Groups', named(name))))
        assert.deepEqual(
          await states(),
          names.map(() => 'ok'),
        )
      },
    )
  })
}
