import assert from 'node:assert/strict'
import request from 'supertest'
import { ADMIN_ROUTES } from '../../../server/admin/routes.js'
import { type Body, OPERATOR_TOKEN, type TestAccount, type TestConnection, useApp } from '../../harness/app.js'
import { Browser } from '../../harness/browser.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { anOwner, codeAt, PASSWORD, secretOn } from '../../harness/owner.js'
import { AREAS, CALLERS, type Caller, CUSTOM_ROLES } from './permission-matrix.js'

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`

describe('the matrix of permissions (PRODUCT 2.6)', () => {
  it('has every route of the admin API in one area', () => {
    for (const route of ADMIN_ROUTES) {
      const areas = AREAS.filter(({ routes }) => routes.test(nameOf(route))).map(({ name }) => name)
      assert.equal(areas.length, 1, `${nameOf(route)}: ${areas.join(', ') || 'no area'}`)
    }
  })
})

forEachDatabaseInTime((database) => {
  describe('who may call what (PRODUCT 2.6)', function () {
    this.timeout(30_000)
    const app = useApp(database, { USHER_RATE_LIMITS: 'off' })
    let account: TestAccount
    let connection: TestConnection
    const browsers = new Map<Caller, Browser>()
    const ids = new Map<Caller, string>()
    let people = 0

    before(async function () {
      this.timeout(60_000)
      account = await app.anAccount()
      await account.aProduct({ key: 'meet' })
      connection = await account.aConnection()
      for (const role of CUSTOM_ROLES) await account.admin('post', '/roles', role).expect(201)
      // The owner is nobody whom the others try to change.
      await anOwner(app, account)
      for (const role of ['super_admin', 'admin', 'manager', 'auditor', 'member'] as const) {
        const person = await aPerson(role)
        ids.set(role, person.id)
        browsers.set(role, await signedIn(person.id))
      }
      browsers.set('nobody', new Browser(app))
    })

    const aPerson = (role = 'member'): Promise<Body> =>
      account.aLocalUser({ email: `person${++people}@permissions.example`, role })

    /** Invited, with a password, and a second factor where her role asks for one. */
    async function signedIn(userId: string): Promise<Browser> {
      const { body } = await account.admin('post', `/users/${userId}/invitation`, {}).expect(201)
      const browser = new Browser(app)
      const next = await browser.submit(new URL(body.url).pathname, { password: PASSWORD })
      if (next.headers.location === '/') return browser
      const secret = secretOn((await browser.get('/sign-in/second-factor')).text)
      await browser.submit('/sign-in/second-factor', { code: codeAt(secret, app.server.deps.now()) })
      return browser
    }

    function call(caller: Caller, method: Parameters<Browser['call']>[0], path: string, body?: object) {
      if (caller !== 'operator') return browsers.get(caller)!.call(method, path, body)
      const sent = request(app.url)[method](`/api/v1${path}`).set('Authorization', `Bearer ${OPERATOR_TOKEN}`)
      return body === undefined ? sent : sent.send(body)
    }

    /** What a body has to say so that it needs all that its route may need. */
    const bodyOf = (name: string): object =>
      name.startsWith('patch') && name.endsWith('/users/{userId}') ? { suspended: true, givenName: 'X' } : {}

    for (const route of ADMIN_ROUTES) {
      const name = nameOf(route)
      const callers = AREAS.find(({ routes }) => routes.test(name))?.callers ?? []
      it(`${name}: ${callers.join(', ')}`, async () => {
        const path = route.path.replace('{accountId}', account.id).replaceAll(/\{\w+\}/g, 'none')
        const answers = await Promise.all(
          CALLERS.map(async (caller) => {
            const { status } = await call(caller, route.method, path, route.method === 'get' ? undefined : bodyOf(name))
            assert.ok(status < 500, `${caller}: ${status}`)
            return status === 401 ? 'unknown' : status === 403 ? 'refused' : 'admitted'
          }),
        )
        const expected = CALLERS.map((caller) => {
          if (callers.includes(caller)) return 'admitted'
          return caller === 'nobody' || caller === 'operator' ? 'unknown' : 'refused'
        })
        assert.deepEqual(answers, expected, CALLERS.join(', '))
      })
    }

    const users = () => `/accounts/${account.id}/users`
    const codeOf = async (caller: Caller, ...rest: [Parameters<Browser['call']>[0], string, object?]) => {
      const { status, body } = await call(caller, ...rest)
      return body?.code ?? status
    }
    const newUser = (role?: string) => ({
      email: `person${++people}@permissions.example`,
      givenName: 'N',
      familyName: 'N',
      ...(role !== undefined && { role }),
    })

    it('a super admin makes anybody anything, an admin members only, others nobody (GA-27)', async () => {
      for (const role of ['super_admin', 'admin', 'manager', 'member']) {
        assert.equal(await codeOf('super_admin', 'post', users(), newUser(role)), 201, role)
        const expected = role === 'member' ? 201 : 'role_not_grantable'
        assert.equal(await codeOf('admin', 'post', users(), newUser(role)), expected, role)
        const { id } = await aPerson()
        const grant = { kind: 'role', value: role }
        assert.equal(await codeOf('admin', 'post', `${users()}/${id}/grants`, grant), expected, role)
        assert.equal(await codeOf('manager', 'post', `${users()}/${id}/grants`, grant), 'role_not_grantable', role)
        assert.equal(await codeOf('super_admin', 'post', `${users()}/${id}/grants`, grant), 201, role)
      }
      assert.equal(await codeOf('admin', 'post', users(), newUser()), 201)
    })

    it('an admin and a manager change members, a super admin everybody but the owner', async () => {
      for (const role of ['super_admin', 'admin', 'auditor', 'member']) {
        const path = `${users()}/${(await aPerson(role)).id}`
        for (const caller of ['admin', 'manager'] as const)
          assert.equal(
            await codeOf(caller, 'patch', path, { givenName: caller }),
            role === 'member' ? 200 : 'forbidden',
            `${caller} ${role}`,
          )
        assert.equal(await codeOf('super_admin', 'patch', path, { suspended: true }), 200)
        assert.equal(await codeOf('admin', 'delete', path), role === 'member' ? 204 : 'forbidden')
      }
    })

    it('an admin gives products to members, and changes no pool', async () => {
      const product = { kind: 'product', value: 'meet' }
      const [member, admin] = [await aPerson(), await aPerson('admin')]
      assert.equal(await codeOf('admin', 'post', `${users()}/${member.id}/grants`, product), 201)
      assert.equal(await codeOf('admin', 'post', `${users()}/${admin.id}/grants`, product), 'forbidden')
      assert.equal(await codeOf('manager', 'post', `${users()}/${member.id}/grants`, product), 'forbidden')
    })

    it('a rule with a role is a super admin’s, whatever is done to it; one without an admin’s as well', async () => {
      const rules = `/accounts/${account.id}/connections/${connection.id}/rules`
      const plain = { effects: { products: [{ key: 'meet' }] } }
      const dear = { effects: { role: 'member' } }
      assert.equal(await codeOf('admin', 'post', rules, dear), 'role_not_grantable')
      assert.equal(await codeOf('admin', 'post', rules, plain), 201)
      const { body: rule } = await call('super_admin', 'post', rules, dear)
      for (const patch of [{ enabled: false }, { priority: 1 }, plain])
        assert.equal(await codeOf('admin', 'patch', `${rules}/${rule.id}`, patch), 'role_not_grantable')
      assert.equal(await codeOf('admin', 'delete', `${rules}/${rule.id}`), 'role_not_grantable')
      assert.equal(await codeOf('super_admin', 'delete', `${rules}/${rule.id}`), 204)
    })

    it('what was sent is shown to super admins and admins alone', async () => {
      await connection.provision({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: 'sent@x.example',
      })
      const [{ id }] = await account.events('action=user.created&source=scim&limit=1')
      for (const caller of ['super_admin', 'admin', 'manager', 'auditor'] as const) {
        const { body } = await call(caller, 'get', `/accounts/${account.id}/events/${id}`)
        assert.equal(body.payload !== undefined, caller === 'super_admin' || caller === 'admin', caller)
      }
    })

    it('rights that are taken while somebody looks are gone with her next call', async () => {
      const person = await aPerson('admin')
      browsers.set('nobody', await signedIn(person.id))
      assert.equal(await codeOf('nobody', 'get', users()), 200)
      await account.admin('delete', `/users/${person.id}/grants/role/admin`).expect(204)
      assert.equal(await codeOf('nobody', 'get', users()), 'forbidden')
    })
  })
})
