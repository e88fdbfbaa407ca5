import assert from 'node:assert/strict'
import {
  ACCOUNT_URN,
  aUser,
  type Body,
  replace,
  type TestAccount,
  type TestConnection,
  useApp,
} from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

const REGION = { name: 'region', type: 'choice', choices: ['EMEA', 'APAC'] }

forEachDatabase((database) => {
  describe('rules that ask for attributes of the account (PRODUCT 2.8)', () => {
    const app = useApp(database)
    let account: TestAccount
    let connection: TestConnection
    let ada: Body

    beforeEach(async () => {
      account = await app.anAccount()
      connection = await account.aConnection()
      await account.aProduct({ key: 'meet' })
      ada = await connection.provision(aUser())
    })

    const rule = async (id: string) => (await account.admin('get', `/connections/${connection.id}/rules/${id}`)).body
    const set = (name: string, value: unknown) =>
      connection.patch(`/Users/${ada.id}`, replace(`${ACCOUNT_URN}:${name}`, value)).expect(200)
    const holds = async () => {
      await app.settle()
      return (await connection.userOf(ada)).licenses.length === 1
    }
    const effects = { products: [{ key: 'meet' }] }

    it('give what they give while the condition holds', async () => {
      await account.anAttribute({ name: 'headcount', type: 'number' })
      await account.anAttribute({ name: 'contractEnd', type: 'date' })
      const condition = `headcount gt 10 and ${ACCOUNT_URN}:contractEnd ge "2027-01-01T00:00:00Z"`
      await connection.aRule({ condition, effects })
      const seen = [await holds()]
      await set('headcount', 11)
      await set('contractEnd', '2027-06-30')
      seen.push(await holds())
      await set('headcount', 10)
      seen.push(await holds())
      assert.deepEqual(seen, [false, true, false])
    })

    it('are refused for what the account does not have, and for what a choice can never be', async () => {
      await account.anAttribute(REGION)
      for (const condition of ['costCode eq "x"', 'region eq "Moon"', 'not (region ne "Moon")', 'headcount gt 1']) {
        const answer = await account
          .admin('post', `/connections/${connection.id}/rules`, { condition, effects })
          .expect(422)
        assert.equal(answer.body.code, 'rule_condition', condition)
      }
      const stranger = await app.aConnection()
      const elsewhere = { condition: 'region eq "EMEA"', effects: {} }
      await stranger.account.admin('post', `/connections/${stranger.id}/rules`, elsewhere).expect(422)
    })

    it('are broken when it is deleted, whole when it comes back, and evaluated anew both times', async () => {
      const cost = await account.anAttribute({ name: 'costCode', type: 'text' })
      const other = await connection.aRule({ condition: 'title eq "x"', effects: {} })
      const { id } = await connection.aRule({ condition: 'costCode eq "blue"', effects })
      await set('costCode', 'Blue')
      assert.equal(await holds(), true)
      await account.admin('delete', `/attributes/${cost.id}`).expect(204)
      assert.deepEqual([(await rule(id)).state, (await rule(other.id)).state], ['broken', 'ok'])
      assert.equal(await holds(), false)
      const [event] = await account.events('action=attribute.deleted')
      assert.deepEqual([event.outcome, event.code], ['warning', 'rule_broken'])
      assert.deepEqual(event.effects[0], { kind: 'rule', ruleId: id, state: 'broken' })
      // A broken rule is no reason to refuse what a directory does.
      await connection.aGroup('Sales', [ada])
      await account.anAttribute({ name: 'costCode', type: 'text' })
      assert.equal((await rule(id)).state, 'ok')
      assert.equal(await holds(), true)
    })

    it('are broken when the choice that they name is taken away, and whole when it returns', async () => {
      const region = await account.anAttribute(REGION)
      const { id } = await connection.aRule({ condition: 'region eq "apac"', effects })
      await set('region', 'APAC')
      const states = []
      for (const choices of [['EMEA'], ['EMEA', 'Moon'], ['Apac']]) {
        await account.admin('patch', `/attributes/${region.id}`, { choices }).expect(200)
        states.push([(await rule(id)).state, await holds()])
      }
      assert.deepEqual(states, [
        ['broken', false],
        ['broken', false],
        ['ok', true],
      ])
    })

    it('stay broken by a group that is gone', async () => {
      const cost = await account.anAttribute({ name: 'costCode', type: 'text' })
      const group = await connection.aGroup('Sales', [ada])
      const { id } = await connection.aRule({ condition: `groups.value eq "${group.id}" or costCode eq "x"`, effects })
      await connection.delete(`/Groups/${group.id}`).expect(204)
      assert.equal((await rule(id)).state, 'broken')
      await account.admin('patch', `/attributes/${cost.id}`, { description: 'changed' }).expect(200)
      assert.equal((await rule(id)).state, 'broken')
    })

    it('queue no work where no rule turns', async () => {
      const { rulesVersion } = (await account.admin('get', `/connections/${connection.id}`)).body
      const cost = await account.anAttribute({ name: 'costCode', type: 'text' })
      await account.admin('delete', `/attributes/${cost.id}`).expect(204)
      assert.equal((await account.admin('get', `/connections/${connection.id}`)).body.rulesVersion, rulesVersion)
      for (const event of await account.events('action=attribute.created,attribute.deleted'))
        assert.deepEqual(event.effects, [])
    })
  })
})
