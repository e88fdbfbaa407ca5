import assert from 'node:assert/strict'
import { cursorOf } from '../../../accounts/opaque-cursor.js'
import { findUser, updateUser } from '../../../db/users.js'
import { useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'
import { directoryOf } from '../../harness/directory.js'

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('the list of users, narrowed and sorted', () => {
    /** Given names, in the order of the list. */
    async function named(account: string, query: string): Promise<string[]> {
      const { body } = await app.get(`${account}/users?${query}`).expect(200)
      return body.items.map((user: { givenName: string }) => user.givenName)
    }

    it('is narrowed by role, product, state of the license, connection, origin and flag', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key } = await app.aProduct(account, { seats: 1 })
      const products = [{ key }]
      await app.aUser(account, { givenName: 'Ada', products })
      await app.aUser(account, { givenName: 'Bob', role: 'admin' })
      await app.post(`${connection}/rules`, { effects: { products } }).expect(201)
      await directoryOf(app.deps, connection).user({ name: { givenName: 'Cleo' } })
      const id = connection.split('/').at(-1)
      const cases: readonly (readonly [query: string, names: readonly string[]])[] = [
        ['role=admin', ['Bob']],
        ['role=member', ['Ada', 'Cleo']],
        ['role=nobody', []],
        [`product=${key}`, ['Ada', 'Cleo']],
        [`product=${key}&licenseState=reserved`, ['Ada']],
        ['licenseState=waiting', ['Cleo']],
        ['product=nothing', []],
        [`connectionId=${id}`, ['Cleo']],
        ['origin=local', ['Ada', 'Bob']],
        ['flag=no_products', ['Bob', 'Cleo']],
        ['flag=waiting_for_seat', ['Cleo']],
        ['flag=waiting_for_seat&origin=local', []],
        ['flag=inactive', []],
        ['flag=override', []],
        ['flag=held', []],
        [`q=lovelace&role=admin`, ['Bob']],
        [`status=invited&product=${key}&sort=-name`, ['Cleo', 'Ada']],
        ['status=deleted&role=member', []],
      ]
      for (const [query, names] of cases) assert.deepEqual(await named(account, query), names, query)
      const [cleo] = (await app.get(`${account}/users?flag=waiting_for_seat`)).body.items
      assert.deepEqual([cleo.origin, cleo.connectionId, cleo.lastSignInAt], ['directory', id, null])
    })

    it('is sorted by name without case and accents, by creation and by the last sign-in, page after page', async () => {
      const account = await app.anAccount()
      const accountId = account.split('/').at(-1) ?? ''
      const names = ['emma', 'Zoe', 'Élodie', 'Ada', 'Edgar']
      for (const [index, givenName] of names.entries()) {
        const { id } = await app.aUser(account, { givenName, familyName: 'B' })
        const row = await findUser(app.deps.db, accountId, id)
        assert.ok(row)
        const last_sign_in_at = index < 2 ? null : 1_000 * (9 - index)
        await app.deps.db.transaction((tx) => updateUser(tx, { ...row, last_sign_in_at }, row))
      }
      const orders = {
        created: names,
        name: ['Ada', 'Edgar', 'Élodie', 'emma', 'Zoe'],
        lastSignIn: ['emma', 'Zoe', 'Edgar', 'Ada', 'Élodie'],
      }
      for (const [sort, expected] of Object.entries(orders))
        for (const query of [`sort=${sort}`, `sort=${sort}&q=b`, `sort=${sort}&status=invited`]) {
          assert.deepEqual(await paged(account, query), expected, query)
          assert.deepEqual(await paged(account, query.replace('sort=', 'sort=-')), expected.toReversed(), `-${query}`)
        }
    })

    /** Given names, read two at a time. */
    async function paged(account: string, query: string): Promise<string[]> {
      const seen: string[] = []
      let cursor = ''
      do {
        const { body } = await app.get(`${account}/users?limit=2&${query}&cursor=${cursor}`).expect(200)
        seen.push(...body.items.map((user: { givenName: string }) => user.givenName))
        cursor = body.nextCursor ?? ''
      } while (cursor !== '')
      return seen
    }

    it('refuses a cursor of another order, and what is none', async () => {
      const account = await app.anAccount()
      for (const query of [
        'sort=name&cursor=x',
        `sort=name&cursor=${cursorOf([5, 'x'])}`,
        'sort=-lastSignIn&cursor=e30',
      ]) {
        const { body } = await app.get(`${account}/users?${query}`).expect(400)
        assert.equal(body.code, 'cursor_invalid', query)
      }
    })

    it('a new name moves her in the order', async () => {
      const account = await app.anAccount()
      const [ada] = [await app.aUser(account, { givenName: 'Ada' }), await app.aUser(account, { givenName: 'Bob' })]
      await app.patch(`${account}/users/${ada.id}`, { givenName: 'Cleo', displayName: 'Cleo' }).expect(200)
      assert.deepEqual(await named(account, 'sort=name'), ['Bob', 'Cleo'])
    })

    it('who waits for a seat stands in the order in which seats are handed out, page after page (PRODUCT 2.5)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { id, key } = await app.aProduct(account, { seats: 0 })
      const rule = (await app.post(`${connection}/rules`, { effects: { products: [{ key }] } }).expect(201)).body
      const directory = directoryOf(app.deps, connection)
      const people = [await directory.user({}), await directory.user({}), await directory.user({})]
      const path = `${account}/products/${id}/waiting`
      const first = (await app.get(`${path}?limit=2`).expect(200)).body
      const second = (await app.get(`${path}?limit=2&cursor=${first.nextCursor}`).expect(200)).body
      const all = [...first.items, ...second.items]
      assert.deepEqual(
        all.map(({ position, userId }) => [position, userId]),
        people.map(({ userId }, i) => [i + 1, userId]),
      )
      assert.deepEqual([all[0].source, all[0].ruleId, typeof all[0].displayName], ['rule', rule.id, 'string'])
      assert.equal(second.nextCursor, undefined)
      const role = { key: 'seats', permissions: ['licenses.view'] as const }
      const actor = { type: 'user', id: 'u', label: 'u' } as const
      const accountId = account.split('/').at(-1) ?? ''
      const seen = (await app.call('get', path, { as: { actor, role, accountId } }).expect(200)).body.items[0]
      assert.deepEqual([seen.displayName, seen.email], [null, null], 'without users.view nobody is named')
    })

    it('roles tell how many people have them', async () => {
      const account = await app.anAccount()
      await app.aUser(account)
      const { id } = await app.aUser(account, { role: 'admin' })
      const members = async () =>
        (await app.get(`${account}/roles`)).body.items.map(({ key, members }: Record<string, unknown>) => [
          key,
          members,
        ])
      assert.deepEqual(await members(), [
        ['super_admin', 0],
        ['admin', 1],
        ['member', 1],
      ])
      await app.remove(`${account}/users/${id}`).expect(204)
      assert.deepEqual((await members())[1], ['admin', 0])
    })
  })
})
