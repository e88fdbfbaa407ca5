import assert from 'node:assert/strict'
import {
  ACCOUNT_URN,
  aUser,
  type Body,
  patchOf,
  replace,
  type TestAccount,
  type TestConnection,
  useApp,
} from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { signIn } from '../../harness/people.js'

const REGION = { name: 'region', type: 'choice', choices: ['EMEA', 'APAC'] }

/** What cannot be added to an account that has `costCode` and `region`. */
const REFUSED: readonly (readonly [attribute: object, status: number, code: string])[] = [
  [{ name: 'COSTcode', type: 'text' }, 409, 'attribute_name_taken'],
  [{ name: 'userName', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'DEPARTMENT', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'externalid', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'groups', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'schemas', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'password', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'not', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'constructor', type: 'text' }, 422, 'attribute_name_reserved'],
  [{ name: 'grade', type: 'choice' }, 422, 'attribute_choices'],
  [{ name: 'grade', type: 'choice', choices: ['Gold', 'gold'] }, 422, 'attribute_choices'],
  [{ name: 'grade', type: 'number', choices: ['1'] }, 422, 'attribute_choices'],
  [{ name: 'grade', type: 'choice', choices: [] }, 400, 'invalid_request'],
  [{ name: 'grade', type: 'choice', choices: Array.from({ length: 51 }, (_, n) => `${n}`) }, 400, 'invalid_request'],
  [{ name: 'grade', type: 'choice', choices: ['x'.repeat(65)] }, 400, 'invalid_request'],
  [{ name: 'two words', type: 'text' }, 400, 'invalid_request'],
  [{ name: '7up', type: 'text' }, 400, 'invalid_request'],
  [{ name: '__proto__', type: 'text' }, 400, 'invalid_request'],
  [{ name: 'a.b', type: 'text' }, 400, 'invalid_request'],
  [{ name: 'x'.repeat(65), type: 'text' }, 400, 'invalid_request'],
  [{ name: 'grade', type: 'integer' }, 400, 'invalid_request'],
  [{ name: 'grade', type: 'text', description: 'x'.repeat(257) }, 400, 'invalid_request'],
]

forEachDatabase((database) => {
  describe('attributes of an account (JM-19)', () => {
    const app = useApp(database)

    it('are added, listed oldest first, changed and deleted, each with its event', async () => {
      const account = await app.anAccount()
      const cost = await account.anAttribute({ name: 'costCode', type: 'text', description: 'Who pays' })
      const region = await account.anAttribute(REGION)
      assert.deepEqual(
        [cost.name, cost.type, cost.description, cost.choices, cost.path, cost.version],
        ['costCode', 'text', 'Who pays', null, `${ACCOUNT_URN}:costCode`, 1],
      )
      assert.deepEqual(await listed(account), [cost, region])
      const changed = await account
        .admin('patch', `/attributes/${region.id}`, { choices: ['EMEA', 'Moon'], version: 1 })
        .expect(200)
      assert.deepEqual([changed.body.choices, changed.body.version], [['EMEA', 'Moon'], 2])
      await account.admin('patch', `/attributes/${region.id}`, { description: 'x', version: 1 }).expect(412)
      await account.admin('delete', `/attributes/${cost.id}`).expect(204)
      await account.admin('delete', `/attributes/${cost.id}`).expect(404)
      assert.deepEqual(await listed(account), [changed.body])
      const events = await account.events('action=attribute.created,attribute.updated,attribute.deleted')
      assert.deepEqual(
        events.map(({ action, subject, changes }) => [action, subject.displayName, changes.length]),
        [
          ['attribute.deleted', 'costCode', 3],
          ['attribute.updated', 'region', 1],
          ['attribute.created', 'region', 4],
          ['attribute.created', 'costCode', 3],
        ],
      )
      assert.deepEqual(events[1].changes, [{ attribute: 'choices', before: ['EMEA', 'APAC'], after: ['EMEA', 'Moon'] }])
    })

    it('leaves no event where nothing changes', async () => {
      const account = await app.anAccount()
      const region = await account.anAttribute(REGION)
      const same = await account.admin('patch', `/attributes/${region.id}`, { choices: REGION.choices }).expect(200)
      assert.deepEqual(same.body, region)
      assert.deepEqual(await account.events('action=attribute.updated'), [])
    })

    it('have names that are free, and choices where they need them', async () => {
      const account = await app.anAccount()
      await account.anAttribute({ name: 'costCode', type: 'text' })
      const region = await account.anAttribute(REGION)
      for (const [attribute, status, code] of REFUSED) {
        const { body } = await account.admin('post', '/attributes', attribute)
        assert.deepEqual([body.status, body.code], [status, code], JSON.stringify(attribute))
      }
      const twice = await account.admin('patch', `/attributes/${region.id}`, { choices: ['a', 'A'] }).expect(422)
      assert.equal(twice.body.code, 'attribute_choices')
      assert.equal((await listed(account)).length, 2)
      await (await app.anAccount('Elsewhere')).anAttribute({ name: 'costCode', type: 'number' })
    })

    it('are twenty at most, also when they come at once', async () => {
      const account = await app.anAccount()
      const answers = await Promise.all(
        Array.from({ length: 24 }, (_, n) => account.admin('post', '/attributes', { name: `a${n}`, type: 'text' })),
      )
      const refused = answers.filter(({ status }) => status === 409)
      assert.deepEqual([(await listed(account)).length, refused.length], [20, 4])
      assert.deepEqual([...new Set(refused.map(({ body }) => body.code))], ['attribute_limit'])
    })

    it('one name has one winner, whatever its letter case', async () => {
      const account = await app.anAccount()
      const statuses = await Promise.all(
        ['grade', 'Grade', 'GRADE'].map(async (name) => {
          return (await account.admin('post', '/attributes', { name, type: 'text' })).status
        }),
      )
      assert.deepEqual(statuses.sort(), [201, 409, 409])
    })

    it('are seen with users.view and changed with settings.manage (PRODUCT 2.6)', async () => {
      const account = await app.anAccount()
      const { body: role } = await account
        .admin('post', '/roles', { key: 'viewer', name: 'Viewer', permissions: ['users.view'] })
        .expect(201)
      const viewer = await account.aLocalUser({ email: 'viewer@example.com', role: role.key, status: 'active' })
      const { cookie } = await signIn(account, viewer.id)
      const path = `${app.url}/api/v1/accounts/${account.id}/attributes`
      const headers = { Cookie: cookie, Origin: app.publicUrl, 'Content-Type': 'application/json' }
      assert.equal((await fetch(path, { headers })).status, 200)
      const body = JSON.stringify({ name: 'x', type: 'text' })
      assert.equal((await fetch(path, { method: 'POST', headers, body })).status, 403)
    })

    describe('that are deleted', () => {
      let account: TestAccount
      let connection: TestConnection
      let cost: Body
      beforeEach(async () => {
        account = await app.anAccount()
        connection = await account.aConnection()
        cost = await account.anAttribute({ name: 'costCode', type: 'text' })
      })

      const values = async (id: string) => (await connection.read(id))[ACCOUNT_URN]

      it('are not shown, found or taken any more, and leave a document with its next write', async () => {
        const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { costCode: 'x' } }))
        await account.admin('delete', `/attributes/${cost.id}`).expect(204)
        const { [ACCOUNT_URN]: _, ...rest } = ada
        const shown = await connection.read(ada.id)
        assert.deepEqual(shown, { ...rest, schemas: ada.schemas.slice(0, -1) })
        const { Resources } = JSON.parse((await connection.get('/Users').expect(200)).text)
        assert.deepEqual(Resources, [shown])
        await connection.get('/Users?filter=costCode+eq+%22x%22').expect(400)
        const user = await connection.userOf(ada)
        assert.equal(ACCOUNT_URN in user.directoryUser.document, false)

        const operations = [
          { op: 'add', path: `${ACCOUNT_URN}:costCode`, value: 'y' },
          { op: 'add', path: 'title', value: 'T' },
        ]
        await connection.patch(`/Users/${ada.id}`, patchOf(...operations)).expect(200)
        const [event] = await account.events('action=user.updated')
        assert.deepEqual(
          event.changes.map(({ attribute, before, after }: Body) => [attribute, before, after]),
          [
            [`${ACCOUNT_URN}:costCode`, 'x', null],
            ['title', null, 'T'],
          ],
        )
        await account.anAttribute({ name: 'costCode', type: 'text' })
        assert.equal(await values(ada.id), undefined)
      })

      it('do not keep a directory that goes on sending them from switching somebody off', async () => {
        await account.anAttribute(REGION)
        const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { costCode: 'x', region: 'EMEA' } }))
        await account.admin('delete', `/attributes/${cost.id}`).expect(204)
        const value = { active: false, [`${ACCOUNT_URN}:costCode`]: 'y' }
        await connection.patch(`/Users/${ada.id}`, patchOf({ op: 'replace', value })).expect(200)
        const read = await connection.read(ada.id)
        assert.deepEqual([read.active, read[ACCOUNT_URN]], [false, { region: 'EMEA' }])
      })

      it('come back with the values that are still stored, under the same type alone', async () => {
        const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { costCode: 'x' } }))
        await account.admin('delete', `/attributes/${cost.id}`).expect(204)
        const other = await account.admin('post', '/attributes', { name: 'COSTCODE', type: 'number' }).expect(409)
        assert.match(other.body.detail, /was an attribute of the type text/)
        const again = await account.anAttribute({ name: 'costCode', type: 'text' })
        assert.deepEqual([again.id, again.version], [cost.id, 3])
        assert.deepEqual(await values(ada.id), { costCode: 'x' })
        assert.equal((await connection.find('Users', 'costCode eq "X"')).length, 1)
      })

      it('may come back under another type, or spelled otherwise, when nobody has a value any more', async () => {
        const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { costCode: 'x' } }))
        await account.admin('delete', `/attributes/${cost.id}`).expect(204)
        for (const other of [
          { name: 'CostCode', type: 'text' },
          { name: 'costCode', type: 'date' },
        ])
          await account.admin('post', '/attributes', other).expect(409)
        await connection.patch(`/Users/${ada.id}`, replace('title', 'T')).expect(200)
        const again = await account.anAttribute({ name: 'CostCode', type: 'number' })
        assert.deepEqual([again.type, again.name, await values(ada.id)], ['number', 'CostCode', undefined])
        await connection.patch(`/Users/${ada.id}`, replace('costcode', 7)).expect(200)
        assert.equal((await connection.find('Users', 'costCode gt 6')).length, 1)
      })

      it('are no part of what webhooks and the feed tell', async () => {
        const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { costCode: 'x' } }))
        await connection.put(`/Users/${ada.id}`, { ...ada, title: 'T' }).expect(200)
        const told = async () => JSON.stringify((await account.admin('get', '/feed?mode=full').expect(200)).body)
        await app.settle()
        const schemas = /"schemas":\["[^"]*:core:2.0:User","[^"]*:usher:2.0:User"\]/
        assert.match(await told(), schemas)
        assert.match(await told(), /:usher:2\.0:User":\{"costCode":"x"\}/)
        await account.admin('delete', `/attributes/${cost.id}`).expect(204)
        assert.doesNotMatch(await told(), /extension:usher/)
      })
    })

    it('keep what people have when a choice is taken away, and take it from nobody else', async () => {
      const account = await app.anAccount()
      const connection = await account.aConnection()
      const region = await account.anAttribute(REGION)
      const ada = await connection.provision(aUser({ [ACCOUNT_URN]: { region: 'APAC' } }))
      await account.admin('patch', `/attributes/${region.id}`, { choices: ['EMEA'] }).expect(200)
      assert.deepEqual((await connection.read(ada.id))[ACCOUNT_URN], { region: 'APAC' })
      await connection.put(`/Users/${ada.id}`, { ...ada, title: 'Put' }).expect(200)
      await connection.patch(`/Users/${ada.id}`, replace(`${ACCOUNT_URN}:region`, 'APAC')).expect(200)
      await connection.patch(`/Users/${ada.id}`, replace('title', 'Patched')).expect(200)
      assert.deepEqual((await connection.read(ada.id))[ACCOUNT_URN], { region: 'APAC' })
      await connection.post('/Users', aUser({ [ACCOUNT_URN]: { region: 'APAC' } })).expect(400)
      await connection.patch(`/Users/${ada.id}`, replace(`${ACCOUNT_URN}:region`, 'EMEA')).expect(200)
      await connection.patch(`/Users/${ada.id}`, replace(`${ACCOUNT_URN}:region`, 'APAC')).expect(400)
    })

    it('may come and go while people are written: each write is of before or of after', async () => {
      const account = await app.anAccount()
      const connection = await account.aConnection()
      const cost = await account.anAttribute({ name: 'costCode', type: 'text' })
      const people = await Promise.all(
        Array.from({ length: 30 }, async (_, n) => {
          if (n === 15) await account.admin('delete', `/attributes/${cost.id}`).expect(204)
          const more = { userName: `p${n}@example.com`, displayName: `p${n}`, [ACCOUNT_URN]: { costCode: 'x' } }
          return connection.provision(aUser(more))
        }),
      )
      await account.anAttribute({ name: 'costCode', type: 'text' })
      const found = await connection.find('Users', 'costCode eq "x"')
      for (const { id } of people) {
        const value = (await connection.read(id))[ACCOUNT_URN]?.costCode
        assert.equal(
          value === 'x',
          found.some((one) => one.id === id),
        )
      }
    })
  })
})

async function listed(account: TestAccount): Promise<Body[]> {
  return (await account.admin('get', '/attributes').expect(200)).body.items
}
