import assert from 'node:assert/strict'
import { aUser, type Body, patchOf, replace, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'

const asText = (value: string) => ({ value: JSON.stringify({ id: '18d14569', value, displayName: value }) })

forEachDatabase((database) => {
  describe('roles and licenses that a directory names itself (PRODUCT 2.8 step 3)', () => {
    const app = useApp(database)
    let account: TestConnection['account']
    let entra: TestConnection
    before(async () => {
      account = await app.anAccount()
      await account.aProduct({ key: 'meet', name: 'Meet Pro', seats: 100 })
      await account.aProduct({ key: 'assist', name: 'Assist', seats: 100 })
      for (const key of ['manager', 'auditor'])
        await account.admin('post', '/roles', { key, name: `The ${key}`, permissions: ['users.view'] }).expect(201)
      entra = await account.aConnection({ acceptDirectRoles: true, acceptDirectEntitlements: true })
    })

    const roleOf = async (user: Body, connection = entra) => (await connection.userOf(user)).role
    const productsOf = async (user: Body, connection = entra): Promise<string[]> =>
      (await connection.userOf(user)).licenses.map(({ product, source }: Body) => `${product} ${source}`).sort()
    const eventOf = async (user: Body, connection = entra): Promise<Body> =>
      (await account.events(`userId=${(await connection.userOf(user)).id}`))[0]
    const patch = (user: Body, ...operations: object[]) =>
      entra.patch(`/Users/${user.id}`, patchOf(...operations)).expect(200)

    it('takes the role of Entra’s SingleAppRoleAssignment, from POST and PATCH', async () => {
      const roles = [{ primary: true, type: 'WindowsAzureActiveDirectoryRole', value: 'admin' }]
      const user = await entra.provision(aUser({ roles }))
      assert.deepEqual(await roleOf(user), { key: 'admin', source: 'attribute' })
      await patch(user, { op: 'Replace', path: 'roles[primary eq "True"].value', value: 'auditor' })
      assert.equal((await roleOf(user)).key, 'auditor')
    })

    it('takes the roles of AppRoleAssignmentsComplex: objects in POST, JSON text in PATCH, the highest counts', async () => {
      const user = await entra.provision(aUser({ roles: [{ displayName: 'The manager', value: 'manager' }] }))
      assert.equal((await roleOf(user)).key, 'manager')
      await patch(user, { op: 'Add', path: 'roles', value: [asText('admin')] })
      assert.equal((await roleOf(user)).key, 'admin')
      await patch(user, { op: 'Add', path: 'roles', value: [asText('auditor')] })
      assert.equal((await roleOf(user)).key, 'admin')
      assert.equal((await entra.read(user.id)).roles.length, 3)
    })

    it('takes the roles of AssertiveAppRoleAssignmentsComplex: what is absent goes', async () => {
      const user = await entra.provision(aUser({ roles: [{ value: 'admin', primary: false }] }))
      await patch(user, { op: 'replace', path: 'roles', value: [{ ...asText('manager'), primary: false }] })
      assert.equal((await roleOf(user)).key, 'manager')
      await patch(user, { op: 'replace', path: 'roles', value: [] })
      assert.deepEqual(await roleOf(user), { key: 'member', source: 'default' })
    })

    it('matches without case on value, then on display', async () => {
      for (const role of [{ value: 'ADMIN' }, { value: 'x-17', display: 'the AUDITOR' }]) {
        const user = await entra.provision(aUser({ roles: [role] }))
        assert.equal((await roleOf(user)).key, role.display === undefined ? 'admin' : 'auditor')
      }
    })

    it('prefers the primary one, else the highest: admin, custom roles in the account’s order, member', async () => {
      const cases: [roles: object[], expected: string][] = [
        [[{ value: 'admin' }, { value: 'member', primary: true }], 'member'],
        [[{ value: 'member' }, { value: 'auditor' }, { value: 'manager' }], 'manager'],
        [[{ value: 'nonsense', primary: true }, { value: 'manager' }], 'manager'],
      ]
      for (const [roles, expected] of cases)
        assert.equal((await roleOf(await entra.provision(aUser({ roles })))).key, expected)
    })

    it('lets a direct role beat those of rules', async () => {
      const okta = await account.aConnection({ acceptDirectRoles: true })
      await okta.aRule({ effects: { role: 'admin' } })
      const user = await okta.provision(aUser({ roles: [{ value: 'auditor' }] }))
      assert.deepEqual(await roleOf(user, okta), { key: 'auditor', source: 'attribute' })
      await okta.patch(`/Users/${user.id}`, patchOf({ op: 'remove', path: 'roles' })).expect(200)
      assert.equal((await roleOf(user, okta)).key, 'admin')
    })

    it('stores a role that does not exist and warns: unknown_role, with the known ones', async () => {
      const user = await entra.provision(aUser({ roles: [{ value: 'Overlord' }] }))
      assert.equal(user.roles[0].value, 'Overlord')
      assert.equal((await roleOf(user)).key, 'member')
      const event = await eventOf(user)
      assert.deepEqual([event.outcome, event.code], ['warning', 'unknown_role'])
      assert.match(event.message, /role 'Overlord', which does not exist\. Known: .*manager/)
    })

    it('gives super_admin only where the account allows it (2.6)', async () => {
      const user = await entra.provision(aUser({ roles: [{ value: 'super_admin' }, { value: 'auditor' }] }))
      assert.equal((await roleOf(user)).key, 'auditor')
      assert.equal((await eventOf(user)).code, 'role_not_grantable')
      const allow = (directoryMayGrantSuperAdmin: boolean) =>
        account.admin('patch', '', { settings: { directoryMayGrantSuperAdmin } }).expect(200)
      await allow(true)
      await app.settle()
      assert.equal((await roleOf(user)).key, 'super_admin')
      await allow(false)
      await app.settle()
      assert.equal((await roleOf(user)).key, 'auditor')
    })

    it('turns each entitlement into its product, by value or display, beside those of rules', async () => {
      const okta = await account.aConnection({ acceptDirectEntitlements: true })
      await okta.aRule({ effects: { products: [{ key: 'assist' }] } })
      const entitlements = [{ value: 'MEET', display: 'Meet Pro', type: 'License' }]
      const user = await okta.provision(aUser({ entitlements }))
      assert.deepEqual(await productsOf(user, okta), ['assist rule', 'meet attribute'])
      const byDisplay = await okta.provision(aUser({ entitlements: [{ value: '17', display: 'meet pro' }] }))
      assert.deepEqual(await productsOf(byDisplay, okta), ['assist rule', 'meet attribute'])
      await okta.put(`/Users/${user.id}`, { ...user, entitlements: [] }).expect(200)
      assert.deepEqual(await productsOf(user, okta), ['assist rule'])
    })

    it('refuses an entitlement that names no product: 400 invalidValue, code unknown_entitlement, naming it and the known ones', async () => {
      const entitlements = [{ value: 'meet' }, { value: 'yacht' }]
      const user = await entra.provision(aUser())
      const named = aUser({ entitlements })
      const refused = [
        await entra.post('/Users', named).expect(400),
        await entra.put(`/Users/${user.id}`, { ...user, entitlements }).expect(400),
        await entra.patch(`/Users/${user.id}`, replace('entitlements', entitlements)).expect(400),
      ]
      for (const { body } of refused) {
        assert.equal(body.scimType, 'invalidValue')
        assert.match(body.detail, /yacht.*Known: meet, assist/)
      }
      assert.equal((await entra.read(user.id)).meta.version, user.meta.version)
      assert.deepEqual(await entra.find('Users', `userName eq "${named.userName}"`), [])
      const codes = (await account.events('code=unknown_entitlement')).map(({ outcome, http }) => [
        outcome,
        http.status,
      ])
      assert.deepEqual(codes, [
        ['failure', 400],
        ['failure', 400],
        ['failure', 400],
      ])
    })

    it('stores and shows what it does not accept, without effect and without a warning', async () => {
      const okta = await account.aConnection()
      const [roles, entitlements] = [[{ value: 'admin' }], [{ value: 'meet' }, { value: 'yacht' }]]
      const user = await okta.provision(aUser({ roles, entitlements }))
      assert.deepEqual([user.roles, user.entitlements], [roles, entitlements])
      assert.deepEqual([(await roleOf(user, okta)).key, await productsOf(user, okta)], ['member', []])
      assert.equal((await eventOf(user, okta)).outcome, 'success')
      assert.equal((await okta.find('Users', 'roles.value eq "Admin" and entitlements[value eq "yacht"]')).length, 1)
    })

    it('applies stored values once they are accepted; one that names no product then refuses no other change', async () => {
      const okta = await account.aConnection()
      const entitlements = [{ value: 'meet' }, { value: 'yacht' }]
      const user = await okta.provision(aUser({ roles: [{ value: 'admin' }], entitlements }))
      const accept = { acceptDirectRoles: true, acceptDirectEntitlements: true }
      await account.admin('patch', `/connections/${okta.id}`, accept).expect(200)
      await app.settle()
      assert.deepEqual([(await roleOf(user, okta)).key, await productsOf(user, okta)], ['admin', ['meet attribute']])
      await okta.patch(`/Users/${user.id}`, replace('title', 'T')).expect(200)
      const event = await eventOf(user, okta)
      assert.deepEqual([event.outcome, event.code], ['warning', 'unknown_entitlement'])
      const more = [...entitlements, { value: 'plane' }]
      await okta.patch(`/Users/${user.id}`, replace('entitlements', more)).expect(400)
      await okta.patch(`/Users/${user.id}`, replace('active', false)).expect(200)
    })
  })
})
