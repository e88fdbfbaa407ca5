import assert from 'node:assert/strict'
import { aUser, type Body, patchOf, replace, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { anActivePerson } from '../harness/people.js'

const SUPPORT = 'groups.display eq "Support"'
const SALES = 'groups.display eq "Sales"'
const meet = { products: [{ key: 'meet' }] }

forEachDatabase((database) => {
  describe('rules turn what the directory says into roles and licenses (PRODUCT 2.8, test vectors)', () => {
    const app = useApp(database)

    async function aDirectory(seats = 50): Promise<TestConnection> {
      const account = await app.anAccount()
      for (const key of ['meet', 'assist']) await account.aProduct({ key, seats })
      for (const key of ['desk', 'field'])
        await account.admin('post', '/roles', { key, name: key, permissions: ['users.view'] }).expect(201)
      return account.aConnection()
    }

    /** Her role with what decided it, and each license with state and source. */
    async function accessOf(okta: TestConnection, user: Body) {
      const { role, licenses, flags, status } = await okta.userOf(user)
      const list = licenses.map(({ product, state, source }: Body) => `${product} ${state} ${source}`).sort()
      return { role: `${role.key} ${role.source}`, licenses: list, flags, status }
    }

    const members = (user: Body, op: 'add' | 'remove') => patchOf({ op, path: 'members', value: [{ value: user.id }] })
    const join = (okta: TestConnection, group: Body, user: Body) =>
      okta.patch(`/Groups/${group.id}`, members(user, 'add')).expect(204)
    const leave = (okta: TestConnection, group: Body, user: Body) =>
      okta.patch(`/Groups/${group.id}`, members(user, 'remove')).expect(204)

    it('2.8 row 1: in both groups the first rule sets the single value, products add up', async () => {
      const okta = await aDirectory()
      const first = await okta.aRule({ condition: SUPPORT, effects: { role: 'desk', products: [{ key: 'assist' }] } })
      await okta.aRule({ condition: SALES, effects: { role: 'field', ...meet } })
      const user = await okta.provision(aUser())
      await okta.aGroup('Sales', [user])
      await okta.aGroup('Support', [user])
      const { role, licenses } = await accessOf(okta, user)
      assert.deepEqual([role, licenses], ['desk rule', ['assist reserved rule', 'meet reserved rule']])
      assert.equal((await okta.userOf(user)).role.ruleId, first.id)
    })

    it('2.8 row 2: leaving the first group leaves what the second gives', async () => {
      const okta = await aDirectory()
      await okta.aRule({ condition: SUPPORT, effects: { role: 'desk', products: [{ key: 'assist' }] } })
      const second = await okta.aRule({ condition: SALES, effects: { role: 'field', ...meet } })
      const user = await okta.provision(aUser())
      const support = await okta.aGroup('Support', [user])
      await okta.aGroup('Sales', [user])
      await leave(okta, support, user)
      const { role, licenses } = await accessOf(okta, user)
      assert.deepEqual([role, licenses], ['field rule', ['meet reserved rule']])
      const { id } = await okta.userOf(user)
      const [event] = await okta.account.events(`userId=${id}`)
      assert.deepEqual(event.effects, [
        { kind: 'group', groupId: support.id, displayName: 'Support', change: 'removed' },
        { kind: 'role', before: 'desk', after: 'field', source: 'rule', ruleId: second.id },
        {
          kind: 'license',
          product: 'assist',
          before: 'reserved',
          after: null,
          source: 'rule',
          ruleId: event.effects[2].ruleId,
        },
      ])
    })

    it('2.8 row 3: everyone gets Meet, who is in Admins the role admin as well', async () => {
      const okta = await aDirectory()
      await okta.aRule({ effects: meet })
      await okta.aRule({ condition: 'groups.display eq "Admins"', effects: { role: 'admin' } })
      const [boss, other] = [await okta.provision(aUser()), await okta.provision(aUser())]
      await okta.aGroup('Admins', [boss])
      const { role, licenses } = await accessOf(okta, boss)
      assert.deepEqual([role, licenses], ['admin rule', ['meet reserved rule']])
      assert.equal((await accessOf(okta, other)).role, 'member default')
    })

    it('2.8 row 4: without rules she is a member without products, flag no_products', async () => {
      const okta = await aDirectory()
      const user = await okta.provision(aUser())
      const access = await accessOf(okta, user)
      assert.deepEqual(access, { role: 'member default', licenses: [], flags: ['no_products'], status: 'invited' })
    })

    it('2.8 step 4: the connection’s defaults stand in where no rule sets anything', async () => {
      const okta = await aDirectory()
      await okta.account.admin('patch', `/connections/${okta.id}`, { defaults: { role: 'desk', ...meet } }).expect(200)
      await okta.aRule({ condition: SALES, effects: { products: [{ key: 'assist' }] } })
      const user = await okta.provision(aUser())
      assert.deepEqual((await accessOf(okta, user)).licenses, ['meet reserved default'])
      await okta.aGroup('Sales', [user])
      const { role, licenses } = await accessOf(okta, user)
      assert.deepEqual([role, licenses], ['desk default', ['assist reserved rule']])
    })

    it('2.8 row 5: joining without a free seat: active, Meet waiting, outcome warning no_seat', async () => {
      const okta = await aDirectory(0)
      await okta.aRule({ condition: SALES, effects: meet })
      const { resource, userId } = await anActivePerson(okta)
      const group = await okta.aGroup('Sales')
      const { headers } = await join(okta, group, resource)
      const access = await accessOf(okta, resource)
      assert.deepEqual([access.status, access.licenses], ['active', ['meet waiting rule']])
      const [event] = await okta.account.events(`userId=${userId}`)
      assert.deepEqual([event.action, event.outcome, event.code], ['user.access_changed', 'warning', 'no_seat'])
      assert.equal(event.correlationId, headers['x-request-id'])
    })

    it('2.8 row 6: a manual grant stays when the rule no longer applies, source manual', async () => {
      const okta = await aDirectory()
      await okta.aRule({ condition: SALES, effects: meet })
      const user = await okta.provision(aUser())
      const sales = await okta.aGroup('Sales', [user])
      const { id } = await okta.userOf(user)
      const grant = { kind: 'product', value: 'meet', reason: 'promised' }
      await okta.account.admin('post', `/users/${id}/grants`, grant).expect(201)
      assert.deepEqual((await accessOf(okta, user)).licenses, ['meet reserved manual'])
      const { reserved } = (await okta.account.products()).get('meet')
      assert.equal(reserved, 1, 'two grants are one seat')
      await leave(okta, sales, user)
      assert.deepEqual((await accessOf(okta, user)).licenses, ['meet reserved manual'])
      assert.deepEqual(
        (await okta.account.user(id)).grants.map(({ source }: Body) => source),
        ['manual'],
      )
    })

    it('2.8 row 7: a manual role wins over the rule’s and shows the flag override', async () => {
      const okta = await aDirectory()
      await okta.aRule({ condition: 'groups.display eq "IT"', effects: { role: 'admin' } })
      const user = await okta.provision(aUser())
      await okta.aGroup('IT', [user])
      const { id } = await okta.userOf(user)
      const grant = { kind: 'role', value: 'member', reason: 'on leave' }
      await okta.account.admin('post', `/users/${id}/grants`, grant).expect(201)
      const { role, flags } = await accessOf(okta, user)
      assert.deepEqual([role, flags.includes('override')], ['member manual', true])
      await okta.patch(`/Users/${user.id}`, replace('title', 'T')).expect(200)
      assert.equal((await accessOf(okta, user)).role, 'member manual')
      await okta.account.admin('delete', `/users/${id}/grants/role/member`).expect(204)
      assert.equal((await accessOf(okta, user)).role, 'admin rule')
    })

    for (const by of ['display', 'value'] as const)
      it(`2.8 row 8: a rule that names a deleted group by groups.${by} is broken, its members lose what it gave`, async () => {
        const okta = await aDirectory()
        const user = await okta.provision(aUser())
        const group = await okta.aGroup('Sales', [user])
        const condition = `groups.${by} eq "${by === 'value' ? group.id : 'SALES'}"`
        const rule = await okta.aRule({ condition, effects: meet })
        const other = await okta.aRule({ condition: SUPPORT, effects: { role: 'desk' } })
        assert.deepEqual((await accessOf(okta, user)).licenses, ['meet reserved rule'])
        const state = async (id: string) =>
          (await okta.account.admin('get', `/connections/${okta.id}/rules/${id}`)).body.state

        const { headers } = await okta.delete(`/Groups/${group.id}`).expect(204)
        await app.settle()
        assert.deepEqual([await state(rule.id), await state(other.id)], ['broken', 'ok'], 'Support has not come yet')
        assert.deepEqual((await accessOf(okta, user)).licenses, [])
        const event = (await okta.account.admin('get', `/events/${headers['x-request-id']}`).expect(200)).body
        assert.deepEqual([event.action, event.outcome, event.code], ['group.deleted', 'warning', 'rule_broken'])
        assert.ok(event.effects.some(({ kind, ruleId }: Body) => kind === 'rule' && ruleId === rule.id))

        await okta.aGroup('Sales', [user])
        await app.settle()
        const healed = by === 'display'
        assert.equal(await state(rule.id), healed ? 'ok' : 'broken')
        assert.deepEqual((await accessOf(okta, user)).licenses, healed ? ['meet reserved rule'] : [])
      })

    it('2.8 row 8: a rename into the name heals the rule as well', async () => {
      const okta = await aDirectory()
      const user = await okta.provision(aUser())
      const rule = await okta.aRule({ condition: SALES, effects: meet })
      const gone = await okta.aGroup('Sales')
      await okta.delete(`/Groups/${gone.id}`).expect(204)
      const group = await okta.aGroup('Vertrieb', [user])
      await okta.patch(`/Groups/${group.id}`, replace('displayName', 'Sales')).expect(204)
      await app.settle()
      const { body } = await okta.account.admin('get', `/connections/${okta.id}/rules/${rule.id}`).expect(200)
      assert.equal(body.state, 'ok')
      assert.deepEqual((await accessOf(okta, user)).licenses, ['meet reserved rule'])
    })

    it('SCIM.md 7.7: a condition on groups.value survives a rename, one on groups.display follows the name', async () => {
      const okta = await aDirectory()
      const user = await okta.provision(aUser())
      const group = await okta.aGroup('Sales', [user])
      await okta.aRule({ condition: SALES, effects: meet })
      await okta.aRule({ condition: `groups.value eq "${group.id}"`, effects: { products: [{ key: 'assist' }] } })
      const version = (await okta.read(user.id)).meta.lastModified
      await okta.patch(`/Groups/${group.id}`, replace('displayName', 'Vertrieb')).expect(204)
      assert.deepEqual((await accessOf(okta, user)).licenses, ['assist reserved rule'])
      await okta
        .put(`/Groups/${group.id}`, { ...group, displayName: 'Sales', members: [{ value: user.id }] })
        .expect(200)
      assert.deepEqual((await accessOf(okta, user)).licenses, ['assist reserved rule', 'meet reserved rule'])
      assert.equal((await okta.read(user.id)).meta.lastModified, version, 'a rename writes no member')
    })

    it('conditions see attributes, the enterprise extension and the manager', async () => {
      const okta = await aDirectory()
      const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
      const boss = await okta.provision(aUser())
      await okta.aRule({ condition: `${urn}:department sw "EMEA"`, effects: meet })
      await okta.aRule({ condition: `${urn}:manager.value eq "${boss.id}"`, effects: { role: 'desk' } })
      const user = await okta.provision(aUser({ [urn]: { department: 'emea sales', manager: { value: boss.id } } }))
      const { role, licenses } = await accessOf(okta, user)
      assert.deepEqual([role, licenses], ['desk rule', ['meet reserved rule']])
      await okta.delete(`/Users/${boss.id}`).expect(204)
      await app.settle()
      assert.equal((await accessOf(okta, user)).role, 'member default', 'her manager is gone')
    })
  })
})
