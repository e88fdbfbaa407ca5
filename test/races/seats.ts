import assert from 'node:assert/strict'
import { aUser, type Body, patchOf, replace, type TestConnection } from '../harness/app.js'
import { type Races, scenario, statuses, together } from './fleet.js'

const add = (person: Body): object => patchOf({ op: 'add', path: 'members', value: [{ value: person.id }] })
const provisioned = async (connection: TestConnection, count: number): Promise<Body[]> =>
  (await together(Array.from({ length: count }, () => connection.post('/Users', aUser())))).map(({ text }) =>
    JSON.parse(text),
  )

/** Seats of a product: how many are taken, how many people wait. */
async function pool(connection: TestConnection, key: string): Promise<{ taken: number; waiting: number }> {
  const product = (await connection.account.products()).get(key)
  return { taken: product.assigned + product.reserved, waiting: product.waiting }
}

/** PRODUCT 2.5: a pool is handed out atomically, whoever asks through whichever process. */
export function seatRaces(races: Races): void {
  describe('seats', () => {
    scenario(races, '50 people created at once for 10 seats: 10 taken, 40 waiting', async (account) => {
      await account.aProduct({ key: 'meet', seats: 10 })
      const connection = await account.aConnection()
      await connection.aRule({ condition: null, effects: { products: [{ key: 'meet' }] } })
      const answers = await together(Array.from({ length: 50 }, () => connection.post('/Users', aUser())))
      assert.deepEqual(statuses(answers), { 201: 50 })
      assert.deepEqual(await pool(connection, 'meet'), { taken: 10, waiting: 40 })
    })

    scenario(races, '50 people put into two groups at once for 10 seats: 10 taken, 40 waiting', async (account) => {
      await account.aProduct({ key: 'meet', seats: 10 })
      const connection = await account.aConnection()
      const condition = 'groups.display eq "Sales" or groups.display eq "Support"'
      await connection.aRule({ condition, effects: { products: [{ key: 'meet' }] } })
      const groups = [await connection.aGroup('Sales'), await connection.aGroup('Support')]
      const people = await provisioned(connection, 50)
      const answers = await together(
        people.map((one, at) => connection.patch(`/Groups/${groups[at % 2].id}`, add(one))),
      )
      assert.deepEqual(statuses(answers), { 204: 50 })
      assert.deepEqual(await pool(connection, 'meet'), { taken: 10, waiting: 40 })
    })

    scenario(races, 'a seat that is freed goes to who still waits, while others stop waiting', async (account) => {
      await account.aProduct({ key: 'meet', seats: 4 })
      await account.aProduct({ key: 'fax', seats: 9 })
      await account.aProduct({ key: 'suite', seats: 5, includes: ['fax'] })
      const connection = await account.aConnection()
      await connection.aRule({ condition: null, effects: { products: [{ key: 'meet' }, { key: 'suite' }] } })
      const people = await provisioned(connection, 12)
      const leaving = people.filter((_, at) => at % 3 !== 0)
      await together(leaving.map(({ id }) => connection.patch(`/Users/${id}`, replace('active', false))))
      assert.deepEqual(await pool(connection, 'meet'), { taken: 4, waiting: 0 })
      assert.deepEqual(await pool(connection, 'suite'), { taken: 4, waiting: 0 })

      const { id } = (await account.products()).get('meet')
      await together([
        ...leaving.map((one, at) => connection.patch(`/Users/${one.id}`, replace('active', at % 2 === 0))),
        account.admin('patch', `/products/${id}`, { seats: 7 }),
        ...people.filter((_, at) => at % 3 === 0).map((one) => connection.delete(`/Users/${one.id}`)),
      ])
      assert.deepEqual(await pool(connection, 'meet'), { taken: 4, waiting: 0 })
    })
  })
}
