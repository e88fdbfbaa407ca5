import assert from 'node:assert/strict'
import { ACCOUNT_URN, aUser, type Body, replace, type TestConnection } from '../harness/app.js'
import { type Races, scenario, together } from './fleet.js'

const TEN = Array.from({ length: 10 }, (_, index) => index)
const COST = { name: 'costCode', type: 'text' }
const paidBy = (costCode: string): Body => aUser({ [ACCOUNT_URN]: { costCode } })

/** Everyone's cost code as a read shows it; a filter has to find the same. */
async function codesOf(connection: TestConnection): Promise<string[]> {
  const { Resources } = JSON.parse((await connection.get('/Users?count=200').expect(200)).text)
  const codes = Resources.flatMap((user: Body) => user[ACCOUNT_URN]?.costCode ?? [])
  assert.equal((await connection.find('Users', 'costCode pr')).length, codes.length)
  return codes.sort()
}

export function attributeRaces(races: Races): void {
  describe('attributes of an account', () => {
    scenario(races, 'are what they are now, whichever process is asked next', async (account) => {
      const connection = await account.aConnection()
      for (const _ of TEN) {
        const { id } = await account.anAttribute(COST)
        const ada = await connection.provision(paidBy('x'))
        assert.deepEqual(ada[ACCOUNT_URN], { costCode: 'x' })
        assert.equal((await connection.find('Users', 'costCode eq "X"')).length, 1)
        await account.admin('delete', `/attributes/${id}`).expect(204)
        assert.equal(ACCOUNT_URN in (await connection.read(ada.id)), false)
        await connection.get('/Users?filter=costCode+pr').expect(400)
        await connection.delete(`/Users/${ada.id}`).expect(204)
      }
    })

    scenario(races, 'come and go while people are written: each write is of before or of after', async (account) => {
      const connection = await account.aConnection()
      await account.aProduct({ key: 'meet', seats: 100 })
      const { id } = await account.anAttribute(COST)
      await connection.aRule({ condition: 'costCode eq "blue"', effects: { products: [{ key: 'meet' }] } })
      const people = await Promise.all(TEN.map(() => connection.provision(paidBy('red'))))
      const writes = () =>
        TEN.flatMap((at) => [
          connection.post('/Users', paidBy('Blue')),
          connection.patch(`/Users/${people[at]!.id}`, replace(`${ACCOUNT_URN}:costCode`, 'BLUE')),
        ])
      const answers = await together([
        ...writes(),
        account.admin('delete', `/attributes/${id}`),
        account.admin('post', '/connections', { name: 'Meanwhile', idpKind: 'okta' }),
        ...writes(),
        account.admin('post', '/attributes', { name: 'other', type: 'number' }),
      ])
      assert.deepEqual(
        answers.filter(({ status }) => status >= 300),
        [],
      )
      await account.app.settle()
      const { body } = await account.admin('get', '/connections').expect(200)
      assert.equal(body.items.length, 2)
      await account.anAttribute(COST)
      await account.app.settle()
      const codes = await codesOf(connection)
      const blue = codes.filter((code) => code.toLowerCase() === 'blue').length
      const pools = await account.products()
      assert.equal(pools.get('meet').reserved, blue)
    })
  })
}
