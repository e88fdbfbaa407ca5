import assert from 'node:assert/strict'
import { aUser, type Body, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { anActivePerson, aVerifiedDomain, endedSessions, signIn } from '../harness/people.js'

forEachDatabase((database) => {
  describe('the end of a connection (DESIGN 4)', () => {
    const app = useApp(database)

    /** A live connection whose rule gives everyone Meet and, if told, a role. */
    async function aDirectory(role: { role?: string } = {}): Promise<TestConnection> {
      const account = await app.anAccount()
      for (const key of ['meet', 'assist']) await account.aProduct({ key })
      for (const key of ['desk', 'field'])
        await account.admin('post', '/roles', { key, name: key, permissions: [] }).expect(201)
      const okta = await account.aConnection({ name: 'Old Okta' })
      await okta.aRule({ effects: { ...role, products: [{ key: 'meet' }] } })
      return okta
    }

    const setMode = (connection: TestConnection, mode: object) =>
      connection.account.admin('patch', `/connections/${connection.id}`, mode)
    const disable = (connection: TestConnection, onDisable: 'keep' | 'suspend') =>
      setMode(connection, { mode: 'disabled', onDisable }).expect(200)
    const remove = async (connection: TestConnection): Promise<void> => {
      await connection.account.admin('delete', `/connections/${connection.id}`).expect(202)
      await app.settle()
    }

    async function standOf(account: TestAccount, userId: string) {
      const { status, statusReason, origin, role, licenses } = await account.user(userId)
      const list = licenses.map(({ product, state, source }: Body) => `${product} ${state} ${source}`).sort()
      return { status, reason: statusReason, origin, role: `${role.key} ${role.source}`, licenses: list }
    }

    it('asks for onDisable: 422 without it, and nothing changes', async () => {
      const okta = await aDirectory()
      const { body } = await setMode(okta, { mode: 'disabled' }).expect(422)
      assert.equal(body.code, 'on_disable_required')
      await okta.get('/Users').expect(200)
    })

    it('keep: tokens answer 401, people stay as they are with roles and seats', async () => {
      const okta = await aDirectory()
      const { resource, userId } = await anActivePerson(okta)
      await signIn(okta.account, userId)
      const before = await standOf(okta.account, userId)
      await disable(okta, 'keep')
      for (const answer of [
        await okta.get('/Users').expect(401),
        await okta.patch(`/Users/${resource.id}`, replace('active', false)).expect(401),
      ])
        assert.match(answer.body.detail, /switched off/)
      assert.deepEqual(await standOf(okta.account, userId), before)
      assert.deepEqual(await endedSessions(okta.account, userId), [])
      const [event] = await okta.account.events('code=connection_disabled')
      assert.deepEqual([event.action, event.outcome], ['token.refused', 'failure'])
    })

    it('suspend: people are off at once, with sessions ended and seats freed', async () => {
      const okta = await aDirectory({ role: 'desk' })
      const { userId } = await anActivePerson(okta)
      await signIn(okta.account, userId)
      await disable(okta, 'suspend')
      const stand = await standOf(okta.account, userId)
      assert.deepEqual([stand.status, stand.reason, stand.licenses], ['suspended', 'directory', []])
      assert.equal(stand.role, 'desk rule', 'the grants stay')
      assert.deepEqual(await endedSessions(okta.account, userId), ['deactivated'])
      assert.equal((await okta.account.products()).get('meet').assigned, 0)
    })

    for (const onDisable of ['keep', 'suspend'] as const)
      it(`${onDisable}: is reversible; what was decided meanwhile is applied on return`, async () => {
        const okta = await aDirectory()
        const { resource, userId } = await anActivePerson(okta)
        const off = await okta.provision(aUser({ active: false }))
        const before = await standOf(okta.account, userId)
        const offBefore = await okta.userOf(off)
        await disable(okta, onDisable)
        const frozen = await standOf(okta.account, userId)
        await okta.aRule({ effects: { products: [{ key: 'assist' }] } })
        assert.deepEqual(await standOf(okta.account, userId), frozen, 'rules do not reach who is frozen')
        await setMode(okta, { mode: 'live' }).expect(200)
        await app.settle()
        assert.deepEqual(await okta.read(resource.id), resource)
        const licenses = ['assist assigned rule', 'meet assigned rule']
        assert.deepEqual(await standOf(okta.account, userId), { ...before, licenses })
        const { status, statusReason } = await okta.userOf(off)
        assert.deepEqual([status, statusReason], [offBefore.status, offBefore.statusReason])
      })

    for (const onDisable of ['keep', 'suspend'] as const)
      it(`${onDisable}: a successor adopts: the link moves, sync grants are made anew, manual ones stay`, async () => {
        const okta = await aDirectory()
        const { account } = okta
        const { resource, userId } = await anActivePerson(okta, { products: [{ key: 'assist' }] })
        await okta.aGroup('Everyone', [resource])
        await disable(okta, onDisable)
        const entra = await account.aConnection({ name: 'New Entra' })
        await entra.aRule({ effects: { role: 'desk' } })
        const [shown] = await entra.find('Users', `userName eq "${resource.userName}"`)
        assert.notEqual(shown.id, resource.id)

        const adopted = await entra.provision(aUser({ userName: resource.userName, externalId: 'object-id' }))
        assert.equal(adopted.id, shown.id)
        assert.deepEqual(await standOf(account, userId), {
          ...{ status: 'active', reason: undefined, origin: 'directory' },
          ...{ role: 'desk rule', licenses: ['assist assigned manual'] },
        })
        const [event] = await account.events(`userId=${userId}&action=user.linked`)
        assert.equal(event.connectionId, entra.id)

        await setMode(okta, { mode: 'live' }).expect(200)
        await app.settle()
        await okta.get(`/Users/${resource.id}`).expect(404)
        assert.equal((await okta.get('/Users').expect(200)).body.totalResults, 0)
        const { body } = await okta.post('/Users', aUser({ userName: resource.userName })).expect(409)
        assert.match(body.detail, /New Entra/)
        assert.equal((await standOf(account, userId)).role, 'desk rule')
      })

    it('a successor asks about the same people as about local ones: no proved domain, an admin role', async () => {
      const okta = await aDirectory()
      const { account } = okta
      await okta.aRule({ condition: 'title eq "Boss"', effects: { role: 'admin' } })
      const user = await okta.provision(aUser({ userName: 'someone@not-proved.example' }))
      const boss = await okta.provision(aUser({ userName: `boss@${await aVerifiedDomain(account)}`, title: 'Boss' }))
      const expected = [
        [(await okta.userOf(user)).id, 'domain_not_verified'],
        [(await okta.userOf(boss)).id, 'admin_role'],
      ]
      await disable(okta, 'keep')
      const entra = await account.aConnection()
      for (const { userName } of [user, boss]) await entra.post('/Users', aUser({ userName })).expect(409)
      const { body } = await account.admin('get', '/match-requests?state=open').expect(200)
      assert.deepEqual(
        body.items.map(({ userId, cause }: Body) => [userId, cause]),
        expected,
      )
    })

    it('DELETE needs a disabled connection', async () => {
      const okta = await aDirectory()
      const { body } = await okta.account.admin('delete', `/connections/${okta.id}`).expect(409)
      assert.equal(body.code, 'connection_not_disabled')
    })

    it('DELETE makes its people local; what sync gave is theirs by hand, with the reason', async () => {
      const okta = await aDirectory({ role: 'desk' })
      const { account } = okta
      const { resource, userId } = await anActivePerson(okta)
      const promised = { kind: 'product', value: 'assist', reason: 'promised' }
      await account.admin('post', `/users/${userId}/grants`, promised).expect(201)
      await okta.aGroup('Everyone', [resource])
      await disable(okta, 'keep')
      await remove(okta)

      const licenses = ['assist assigned manual', 'meet assigned manual']
      assert.deepEqual(await standOf(account, userId), {
        ...{ status: 'active', reason: undefined, origin: 'local' },
        ...{ role: 'desk manual', licenses },
      })
      const { grants, directoryUser, connectionId, flags } = await account.user(userId)
      assert.deepEqual([directoryUser, connectionId, flags], [null, null, []])
      const why = 'kept when the connection Old Okta was removed'
      assert.deepEqual(grants.map(({ value, source, reason }: Body) => `${value} ${source}: ${reason}`).sort(), [
        'assist manual: promised',
        `desk manual: ${why}`,
        `meet manual: ${why}`,
      ])
      assert.equal((await account.products()).get('meet').assigned, 1)
      await account.admin('get', `/connections/${okta.id}`).expect(404)
      await okta.get('/Users').expect(404)
      assert.equal((await account.events(`userId=${userId}`))[0].source, 'system')
    })

    it('DELETE keeps a manual role where there is one', async () => {
      const okta = await aDirectory({ role: 'desk' })
      const { account } = okta
      const { userId } = await anActivePerson(okta)
      await account.admin('post', `/users/${userId}/grants`, { kind: 'role', value: 'field', reason: 'x' }).expect(201)
      await disable(okta, 'keep')
      await remove(okta)
      assert.equal((await standOf(account, userId)).role, 'field manual')
    })

    it('DELETE leaves off who was off, until an administrator decides', async () => {
      const okta = await aDirectory({ role: 'desk' })
      const { account } = okta
      const off = await okta.userOf(await okta.provision(aUser({ active: false })))
      const { userId } = await anActivePerson(okta)
      await disable(okta, 'suspend')
      await remove(okta)
      for (const id of [off.id, userId]) {
        const stand = await standOf(account, id)
        assert.deepEqual([stand.status, stand.origin, stand.licenses], ['suspended', 'local', []])
        await account.admin('patch', `/users/${id}`, { suspended: false }).expect(200)
        const back = await standOf(account, id)
        assert.deepEqual([back.status, back.role], [id === userId ? 'active' : 'invited', 'desk manual'])
        assert.equal(back.licenses.length, 1)
      }
    })

    it('who is local after DELETE is adopted by the next connection', async () => {
      const okta = await aDirectory()
      const { account } = okta
      const { userName } = await okta.provision(aUser({ userName: `x@${await aVerifiedDomain(account)}` }))
      const { id } = await account.userByEmail(userName)
      await disable(okta, 'keep')
      await remove(okta)
      const entra = await account.aConnection()
      await entra.provision(aUser({ userName }))
      assert.deepEqual(await standOf(account, id), {
        ...{ status: 'invited', reason: undefined, origin: 'directory' },
        ...{ role: 'member default', licenses: ['meet reserved manual'] },
      })
    })
  })
})
