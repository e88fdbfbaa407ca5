import assert from 'node:assert/strict'
import { useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('accounts', () => {
    it('makes an account that has the three system roles and an event (DESIGN 5)', async () => {
      const { body, headers } = await app.post('/accounts', { name: ' Acme ' }).expect(201)
      assert.equal(body.name, 'Acme')
      const roles = await app.get(`/accounts/${body.id}/roles`).expect(200)
      assert.deepEqual(
        roles.body.items.map((role: { key: string }) => role.key),
        ['super_admin', 'admin', 'member'],
      )
      const { body: events } = await app.get(`/accounts/${body.id}/events`).expect(200)
      assert.equal(events.items.length, 1)
      const [event] = events.items
      assert.equal(event.action, 'account.created')
      assert.equal(event.id, headers['x-request-id'])
      assert.equal(event.correlationId, event.id)
      assert.deepEqual(event.actor, { type: 'operator', id: null, label: 'operator' })
      assert.equal(event.http.path, '/api/v1/accounts')
      assert.equal(event.http.status, 201)
      assert.match(event.time, /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    })

    it('changes name and settings, and tells both in one event', async () => {
      const account = await app.anAccount()
      const settings = { directoryMayGrantSuperAdmin: true }
      const { body } = await app.patch(account, { name: 'Acme Ltd', settings }).expect(200)
      assert.deepEqual(body.settings, { directoryMayGrantSuperAdmin: true, inactivityDays: 90 })
      assert.equal(body.version, 2)
      const { items } = (await app.get(`${account}/events?action=account.updated`).expect(200)).body
      assert.deepEqual(
        items[0].changes.map((change: { attribute: string }) => change.attribute),
        ['name', 'directoryMayGrantSuperAdmin'],
      )
    })

    it('answers 404 for an account that is not there, whatever is asked of it', async () => {
      for (const path of ['', '/users', '/events', '/connections', '/products']) {
        const { body } = await app.get(`/accounts/0198c0de-0000-7000-8000-000000000000${path}`).expect(404)
        assert.equal(body.code, 'account_not_found')
      }
    })

    it('lists accounts by page for the operator', async () => {
      const made = [await app.anAccount(), await app.anAccount(), await app.anAccount()].map((path) => path.slice(10))
      const seen: string[] = []
      let cursor = ''
      do {
        const { body } = await app.get(`/accounts?limit=2&cursor=${cursor}`).expect(200)
        assert.ok(body.items.length <= 2)
        seen.push(...body.items.map((one: { id: string }) => one.id))
        cursor = body.nextCursor ?? ''
      } while (cursor !== '')
      assert.deepEqual(seen.slice(-3), made)
      assert.equal(new Set(seen).size, seen.length)
    })
  })

  describe('domains', () => {
    const fresh = () => `d${Math.random().toString(36).slice(2)}.example`

    it('stays pending until proved, unless the operator gives his word', async () => {
      const account = await app.anAccount()
      const name = fresh()
      const { body } = await app.post(`${account}/domains`, { name }).expect(201)
      assert.equal(body.state, 'pending')
      assert.match(body.txtRecord, /^usher-domain-verification=[\w-]{24}$/)
      const verified = await app.post(`${account}/domains`, { name, verified: true }).expect(201)
      assert.equal(verified.body.state, 'verified')
      assert.equal(
        (await app.post(`${account}/domains`, { name, verified: true }).expect(409)).body.code,
        'domain_taken',
      )
    })

    it('keeps the name in lower case and A-labels, and refuses what is no domain', async () => {
      const account = await app.anAccount()
      const name = fresh()
      const { body } = await app.post(`${account}/domains`, { name: `Müller.${name.toUpperCase()}.` }).expect(201)
      assert.equal(body.name, `xn--mller-kva.${name}`)
      for (const bad of [
        'localhost',
        'a b.example',
        '-a.example',
        'a..example',
        '127.0.0.1',
        'ada@example.com',
        'a/b.c',
      ]) {
        const refused = await app.post(`${account}/domains`, { name: bad }).expect(422)
        assert.equal(refused.body.code, 'domain_invalid', bad)
      }
    })

    it('verifies a name once on the server and does not tell whose it is', async () => {
      const [mine, theirs] = [await app.anAccount(), await app.anAccount()]
      const name = fresh()
      await app.post(`${mine}/domains`, { name, verified: true }).expect(201)
      const { body, text } = await app.post(`${theirs}/domains`, { name, verified: true }).expect(409)
      assert.equal(body.code, 'domain_taken')
      assert.ok(!text.includes(mine.slice(10)))
      await app.remove(`${mine}/domains/${name}`).expect(204)
      await app.post(`${theirs}/domains`, { name, verified: true }).expect(201)
      await app.remove(`${mine}/domains/${name}`).expect(404)
    })

    it('lets ten accounts ask at once and one have it', async () => {
      const name = fresh()
      const accounts = await Promise.all(Array.from({ length: 10 }, () => app.anAccount()))
      const answers = await Promise.all(accounts.map((one) => app.post(`${one}/domains`, { name, verified: true })))
      const statuses = answers.map((answer) => answer.status).sort()
      assert.deepEqual(statuses, [201, ...Array(9).fill(409)])
    })
  })

  describe('roles', () => {
    it('adds a custom role with what its permissions imply, and changes it', async () => {
      const account = await app.anAccount()
      const input = { key: 'auditor', name: 'Auditor', permissions: ['logs.view', 'billing.pay'] }
      const { body } = await app.post(`${account}/roles`, input).expect(201)
      assert.deepEqual(body.permissions, ['billing.view', 'billing.pay', 'logs.view'])
      assert.equal(body.kind, 'custom')
      const changed = await app.patch(`${account}/roles/${body.id}`, { permissions: ['logs.view'] }).expect(200)
      assert.deepEqual(changed.body.permissions, ['logs.view'])
    })

    it('refuses a key that exists in another case, an unknown permission, and changes of system roles', async () => {
      const account = await app.anAccount()
      const taken = await app.post(`${account}/roles`, { key: 'Admin', name: 'x', permissions: [] }).expect(409)
      assert.equal(taken.body.code, 'role_key_taken')
      const unknown = await app.post(`${account}/roles`, { key: 'a', name: 'x', permissions: ['fly'] }).expect(400)
      assert.equal(unknown.body.errors[0].path, 'body.permissions.0')
      const { body } = await app.get(`${account}/roles`)
      const refused = await app.patch(`${account}/roles/${body.items[0].id}`, { name: 'Boss' }).expect(409)
      assert.equal(refused.body.code, 'role_immutable')
      const other = await app.anAccount()
      await app.patch(`${other}/roles/${body.items[0].id}`, { name: 'Boss' }).expect(404)
    })
  })

  describe('products', () => {
    it('lists what was added with its seats (DESIGN 5)', async () => {
      const account = await app.anAccount()
      await app.post(`${account}/products`, { key: 'meet', name: 'Meet', seats: 25 }).expect(201)
      const { body } = await app.get(`${account}/products`).expect(200)
      const { key, seats, assigned, reserved, waiting, policy, features, includes } = body.items[0]
      assert.deepEqual(
        { key, seats, assigned, reserved, waiting, policy, features, includes },
        {
          key: 'meet',
          seats: 25,
          assigned: 0,
          reserved: 0,
          waiting: 0,
          policy: 'reserve_on_invite',
          features: {},
          includes: [],
        },
      )
    })

    it('counts reserved and assigned seats apart', async () => {
      const account = await app.anAccount()
      const { key, id } = await app.aProduct(account)
      await app.aUser(account, { products: [{ key }] })
      await app.aUser(account, { products: [{ key }], status: 'active' })
      await app.aUser(account, { products: [{ key }], status: 'active' })
      const { body } = await app.get(`${account}/products/${id}`).expect(200)
      assert.deepEqual([body.reserved, body.assigned, body.waiting], [1, 2, 0])
    })

    it('refuses a taken key, an unknown part, and a bundle that includes itself (PBX-04)', async () => {
      const account = await app.anAccount()
      const meet = await app.aProduct(account, { key: 'meet' })
      const suite = await app.aProduct(account, { key: 'suite', includes: ['meet'] })
      assert.deepEqual(suite.includes, ['meet'])
      const input = { name: 'x', seats: 1 }
      const code = async (body: object, status: number) =>
        (await app.post(`${account}/products`, { ...input, ...body }).expect(status)).body.code
      assert.equal(await code({ key: 'MEET' }, 409), 'product_key_taken')
      assert.equal(await code({ key: 'a', includes: ['nothing'] }, 422), 'product_not_found')
      assert.equal(await code({ key: 'a', includes: ['a'] }, 422), 'bundle_cycle')
      const cycle = await app.patch(`${account}/products/${meet.id}`, { includes: ['suite'] }).expect(422)
      assert.equal(cycle.body.code, 'bundle_cycle')
    })

    it('gives added seats to the waiting list, and takes none away when seats are lowered (PRODUCT 2.5)', async () => {
      const account = await app.anAccount()
      const { id, key } = await app.aProduct(account, { seats: 1 })
      await app.aUser(account, { products: [{ key }] })
      const lowered = await app.patch(`${account}/products/${id}`, { seats: 0 }).expect(200)
      assert.deepEqual([lowered.body.seats, lowered.body.reserved], [0, 1])
    })

    it('refuses a version that has passed', async () => {
      const account = await app.anAccount()
      const { id, version } = await app.aProduct(account)
      await app.patch(`${account}/products/${id}`, { name: 'New', version }).expect(200)
      const { body } = await app.patch(`${account}/products/${id}`, { name: 'Newer', version }).expect(412)
      assert.equal(body.code, 'version_mismatch')
    })
  })
})
