import assert from 'node:assert/strict'
import { aUser, type Body, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { anActivePerson, invitationStates, invite } from '../harness/people.js'

const DAY_MS = 86_400_000

forEachDatabase((database) => {
  describe('a deleted person who comes back (DESIGN 4, Delete and restore)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let account: TestConnection['account']
    before(async () => {
      account = await app.anAccount()
      await account.aProduct({ key: 'meet' })
      await account.aProduct({ key: 'assist' })
      await account.aProduct({ key: 'webinar' })
      okta = await account.aConnection()
      await okta.aRule({ effects: { products: [{ key: 'webinar' }] } })
    })
    afterEach(() => app.at(undefined))

    /** Created, deleted; `again` is the body that comes back. Resolves to both SCIM ids and both account users. */
    async function deletedAndBack(user: Body, again: Body, days = 0, other = okta) {
      const first = await okta.provision(user)
      const { id: userId } = await okta.userOf(first)
      await okta.delete(`/Users/${first.id}`).expect(204)
      if (days > 0) app.at(new Date(Date.now() + days * DAY_MS))
      const second = await other.provision(again)
      const { body } = await account.admin('get', `/events?correlationId=${await lastEvent()}`).expect(200)
      return { first, second, userId, event: body.items.at(-1) }
    }

    const lastEvent = async (): Promise<string> => (await account.events('source=scim&limit=1'))[0].id

    const named = (name: string, externalId?: string) =>
      aUser({ userName: `${name}@x.example`, ...(externalId === undefined ? {} : { externalId }) })

    it('2.3 deleted → previous, 2.10 row 7: restored by an equal externalId, under a new SCIM id, with history', async () => {
      const { first, second, userId, event } = await deletedAndBack(named('a', 'a-1'), named('a.renamed', 'a-1'))
      assert.notEqual(second.id, first.id)
      assert.deepEqual([event.action, event.userId], ['user.restored', userId])
      const person = await account.user(userId)
      assert.deepEqual([person.status, person.directoryUser.id], ['invited', second.id])
      assert.equal(second.meta.created, second.meta.lastModified)
      const actions = (await account.events(`userId=${userId}`)).map(({ action }) => action)
      assert.deepEqual(actions, ['user.restored', 'user.deleted', 'user.created'])
      await okta.get(`/Users/${first.id}`).expect(404)
    })

    it('is found by the name under which she came back, and no more by the one that left', async () => {
      await deletedAndBack(
        { ...named('n', 'n-1'), displayName: 'Leaving' },
        { ...named('n', 'n-1'), displayName: 'Back' },
      )
      const found = async (q: string) => (await account.admin('get', `/users?q=${q}`).expect(200)).body.items.length
      assert.deepEqual([await found('leaving'), await found('back')], [0, 1])
    })

    it('2.10 row 7: is restored by an equal userName where neither has an externalId', async () => {
      const { userId, event } = await deletedAndBack(named('b'), named('B'))
      assert.deepEqual([event.action, event.userId], ['user.restored', userId])
    })

    const strangers: [string, Body, Body][] = [
      ['another externalId under the same userName', named('c', 'c-1'), named('c', 'c-2')],
      ['an externalId where the deleted had none', named('d'), named('d', 'd-1')],
      ['no externalId where the deleted had one', named('e', 'e-1'), named('e')],
      ['an externalId in another case', named('f', 'f-one'), named('f', 'F-ONE')],
    ]
    for (const [what, user, again] of strangers)
      it(`is a new person with ${what}`, async () => {
        const { userId, event } = await deletedAndBack(user, again)
        assert.equal(event.action, 'user.created')
        assert.notEqual(event.userId, userId)
        assert.equal((await account.user(userId)).status, 'deleted')
      })

    it('is a new person for another connection', async () => {
      const entra = await account.aConnection()
      const { userId, event } = await deletedAndBack(named('g', 'g-1'), named('g', 'g-1'), 0, entra)
      assert.equal(event.action, 'user.created')
      assert.notEqual(event.userId, userId)
    })

    it('is restored on the 29th day and a new person on the 31st', async () => {
      const within = await deletedAndBack(named('h', 'h-1'), named('h', 'h-1'), 29)
      assert.equal(within.event.action, 'user.restored')
      app.at(undefined)
      const after = await deletedAndBack(named('i', 'i-1'), named('i', 'i-1'), 31)
      assert.equal(after.event.action, 'user.created')
      assert.notEqual(after.event.userId, after.userId)
    })

    it('keeps manual products; manual roles, overrides and invitations do not return', async () => {
      const { resource, userId } = await anActivePerson(okta, { products: [{ key: 'meet' }] })
      const grant = (body: object) =>
        account.admin('post', `/users/${userId}/grants`, { reason: 'on trial', ...body }).expect(201)
      await grant({ kind: 'role', value: 'admin' })
      await grant({ kind: 'product', value: 'assist' })
      await grant({ kind: 'product', value: 'webinar', effect: 'deny' })
      await invite(account, userId)
      const before = await account.user(userId)
      assert.equal(before.role.key, 'admin')
      assert.deepEqual(before.flags, ['override'])

      await okta.delete(`/Users/${resource.id}`).expect(204)
      assert.deepEqual((await account.user(userId)).licenses, [])
      await okta.provision(aUser({ userName: resource.userName }))
      const back = await account.user(userId)
      assert.deepEqual([back.status, back.role.key, back.flags], ['active', 'member', []])
      assert.deepEqual(
        back.licenses.map(({ product, state, source }: Body) => `${product} ${state} ${source}`).sort(),
        ['assist assigned manual', 'meet assigned manual', 'webinar assigned rule'],
      )
      assert.deepEqual(await invitationStates(account, userId), ['revoked'])
    })

    it('comes back without her groups and her reports: both vanished with her (RFC 7644 §3.6)', async () => {
      const boss = await okta.provision(named('boss', 'boss-1'))
      const report = await okta.provision(
        aUser({ 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { manager: { value: boss.id } } }),
      )
      const group = await okta.aGroup('Bosses', [boss])
      await okta.delete(`/Users/${boss.id}`).expect(204)
      const orphan = await okta.read(report.id)
      assert.equal(JSON.stringify(orphan).includes(boss.id), false)
      assert.notEqual(orphan.meta.version, report.meta.version)
      const left = await okta.readGroup(group.id)
      assert.deepEqual(left.members ?? [], [])
      assert.notEqual(left.meta.version, group.meta.version)
      const back = await okta.provision(named('boss', 'boss-1'))
      assert.deepEqual((await okta.read(back.id)).groups, [])
      assert.equal(JSON.stringify(await okta.read(report.id)).includes('manager'), false)
    })

    it('cannot come back into an address that somebody else has by now', async () => {
      const user = named('taken', 'taken-1')
      const { id } = await okta.provision(user)
      await okta.delete(`/Users/${id}`).expect(204)
      const { id: heir } = await account.aLocalUser({ email: user.userName })
      const { body } = await okta.post('/Users', user).expect(409)
      assert.equal(body.scimType, 'uniqueness')
      assert.equal((await account.user(heir)).origin, 'local')
    })
  })
})
