import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import express from 'express'
import { PERMISSIONS, type Permission } from '../../../accounts/permissions.js'
import { SYSTEM_ROLES } from '../../../accounts/roles.js'
import type { Principal } from '../../../server/admin/gate.js'
import { ADMIN_ROUTES } from '../../../server/admin/routes.js'
import { OPERATOR_TOKEN, useAdmin } from '../../harness/admin.js'
import { forEachDatabaseInTime } from '../../harness/database.js'
import { IDP_METADATA, TERMS } from '../../harness/filled-account.js'
import { aSession } from '../../harness/people.js'

/** A path of the route table with every name filled in. */
function pathOf(path: string, accountId: string): string {
  return path.replace('{accountId}', accountId).replaceAll(/\{\w+\}/g, 'x')
}

function signedIn(accountId: string, role: { key: string; permissions: readonly string[] }): Principal {
  return { actor: { type: 'user', id: 'u1', label: 'ada@example.com' }, role, accountId }
}

forEachDatabaseInTime((database) => {
  const app = useAdmin(database)

  describe('every route of the admin API', () => {
    let account = ''
    before(async () => {
      account = (await app.anAccount()).slice(10)
    })

    for (const { method, path, requires } of ADMIN_ROUTES) {
      const name = `${method.toUpperCase()} ${path}`

      it(`${name}: 401 without a token, with a wrong one, and with Bearer twice`, async () => {
        const target = pathOf(path, account)
        const missing = await app.call(method, target, { token: null }).expect(401)
        assert.equal(missing.body.code, 'token_missing')
        for (const token of ['wrong', `Bearer ${OPERATOR_TOKEN}`, `${OPERATOR_TOKEN}x`]) {
          const { body, headers } = await app.call(method, target, { token }).expect(401)
          assert.equal(body.code, 'token_unknown')
          assert.equal(headers['www-authenticate'], 'Bearer')
        }
      })

      it(`${name}: needs ${requires}, and only that`, async () => {
        const target = pathOf(path, account)
        const without = PERMISSIONS.filter((permission) => permission !== requires)
        const none = signedIn(account, { key: 'custom', permissions: without })
        if (requires === 'session') {
          const nobody = await app.call(method, target, { body: {} }).expect(401)
          assert.equal(nobody.body.code, 'no_session')
          return
        }
        assert.equal((await app.call(method, target, { as: none, body: {} }).expect(403)).body.code, 'forbidden')
        if (requires === 'operator' || requires === 'public') return
        const some = signedIn(account, { key: 'custom', permissions: [requires] })
        const answer = await app.call(method, target, { as: some })
        assert.notEqual(answer.body.detail, `This needs the permission ${requires}.`)
        assert.ok(answer.status < 500, answer.text)
      })

      if (path.includes('{accountId}')) {
        it(`${name}: 404 for an administrator of another account`, async () => {
          const stranger = signedIn('0198c0de-0000-7000-8000-000000000000', {
            key: 'super_admin',
            permissions: PERMISSIONS,
          })
          const answer = await app.call(method, pathOf(path, account), { as: stranger, body: {} }).expect(404)
          assert.equal(answer.body.code, 'account_not_found')
        })

        it(`${name}: 404 for ids that cannot be`, async () => {
          for (const bad of ['%00', 'a%20b', '%F0%9F%98%80', 'x'.repeat(300), '..%2f..']) {
            await app.call(method, path.replaceAll(/\{\w+\}/g, bad), { body: {} }).expect(404)
          }
        })
      }
    }

    it('was never answered with 5xx', () => {
      assert.deepEqual(app.reported, [])
    })
  })

  describe('the admin API as a whole', () => {
    it('lists each problem of a body with its place', async () => {
      const { body } = await app.post('/accounts', { nmae: 'Acme' }).expect(400)
      assert.deepEqual(body.errors.map((error: { path: string }) => error.path).sort(), ['body', 'body.name'])
      assert.match(body.detail, /nmae/)
      assert.deepEqual([body.type, body.title, body.status], ['about:blank', 'Bad Request', 400])
    })

    it('answers 404 to unknown addresses and methods, 401 to a browser without a session', async () => {
      assert.equal((await app.get('/nothing').expect(404)).body.code, 'not_found')
      assert.equal((await app.call('delete', '/accounts').expect(404)).body.code, 'not_found')
      assert.equal((await app.call('get', '/session', { token: null }).expect(401)).body.code, 'no_session')
      await app.get('/accounts/%zz').expect(400)
    })

    it('gives every answer an X-Request-Id of its own and lets nobody keep it', async () => {
      const [a, b] = [await app.get('/accounts'), await app.get('/nothing')]
      assert.match(String(a.headers['x-request-id']), /^[0-9a-f-]{36}$/)
      assert.notEqual(a.headers['x-request-id'], b.headers['x-request-id'])
      assert.equal(a.headers['cache-control'], 'no-store')
    })

    it('serves OpenAPI 3.1 with every route, from the schemas that validate', async () => {
      const { body } = await app.call('get', '/openapi.json', { token: null }).expect(200)
      assert.equal(body.openapi, '3.1.0')
      const described = Object.entries(body.paths as Record<string, object>).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method} ${path}`),
      )
      const routes = ADMIN_ROUTES.map(({ method, path }) => `${method} ${path}`)
      assert.deepEqual(described.sort(), [...routes, 'post /oauth/token'].sort())
      const { servers, requestBody, security } = body.paths['/oauth/token'].post
      assert.deepEqual(servers, [{ url: body.servers[0].url.replace('/api/v1', '') }])
      assert.deepEqual(Object.keys(requestBody.content), ['application/x-www-form-urlencoded'])
      assert.ok(security.every((one: object) => !('bearer' in one)))
      const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap((one) =>
        Object.values(one).map(({ operationId }) => operationId),
      )
      assert.equal(new Set(ids).size, ids.length)
      const post = body.paths['/accounts/{accountId}/products'].post
      const schema = post.requestBody.content['application/json'].schema
      assert.deepEqual(schema.required, ['key', 'name', 'seats'])
      assert.equal(schema.additionalProperties, false)
      for (const name of ['Problem', 'User', 'Event', 'Rule', 'Connection'])
        assert.ok(body.components.schemas[name], name)
    })

    it('answers what its schemas describe', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      await app.aProduct(account)
      await app.post(`${connection}/rules`, { effects: {} }).expect(201)
      for (const path of ['tokens', 'secrets']) await app.post(`${connection}/${path}`).expect(201)
      await app.call('put', `${connection}/federation`, { body: TERMS }).expect(200)
      await app.call('put', `${connection}/saml`, { body: { idpMetadataXml: IDP_METADATA } }).expect(200)
      await app.post(`${account}/attributes`, { name: 'costCode', type: 'text' }).expect(201)
      await app.post(`${account}/webhooks`, { url: 'https://x.example/' }).expect(201)
      const { id: userId } = await app.aUser(account)
      await app.post(`${account}/users/${userId}/invitation`).expect(201)
      const [, , accountId = '', , connectionId = ''] = connection.split('/')
      await aSession(app.deps, accountId, userId)
      const filled = (path: string) =>
        path.replace('{accountId}', accountId).replace('{connectionId}', connectionId).replace('{userId}', userId)
      let checked = 0
      for (const { method, path, answer, requires } of ADMIN_ROUTES) {
        const target = filled(path)
        if (requires === 'session' || method !== 'get' || target.includes('{') || answer === undefined) continue
        const { body } = await app.get(target).expect(200)
        const parsed = answer.safeParse(body)
        assert.ok(parsed.success, `${path}: ${parsed.error?.message}`)
        if ('items' in body) assert.ok(body.items.length > 0 || /domains|match|feed|groups/.test(path), path)
        checked += 1
      }
      assert.ok(checked >= 12)
    })

    it('does not read a body before it knows who sends it', async () => {
      const server = express()
        .use(
          '/api/v1',
          (await import('../../../server/admin/router.js')).adminRouter(app.deps, {
            operatorToken: OPERATOR_TOKEN,
            publicUrl: 'http://localhost',
            report: () => undefined,
            fetchText: () => Promise.reject(new Error('nothing is fetched here')),
            resolveTxt: () => Promise.reject(new Error('nothing is looked up here')),
          }),
        )
        .listen(0)
      await once(server, 'listening')
      const { port } = server.address() as { port: number }
      const socket = connect(port, '127.0.0.1')
      socket.write(
        'POST /api/v1/accounts HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{',
      )
      const [data] = (await once(socket, 'data')) as [Buffer]
      assert.match(data.toString(), /^HTTP\/1\.1 401 /)
      socket.destroy()
      server.close()
      server.closeAllConnections()
    })
  })

  describe('who may do what (PRODUCT 2.6)', () => {
    const roleOf = (key: string) =>
      SYSTEM_ROLES.find((role) => role.key === key) ?? { key, permissions: [] as Permission[] }
    const CREATE: [actor: string, target: string, status: number][] = [
      ['super_admin', 'super_admin', 201],
      ['super_admin', 'admin', 201],
      ['super_admin', 'custom', 201],
      ['super_admin', 'member', 201],
      ['admin', 'member', 201],
      ['admin', 'custom', 403],
      ['admin', 'admin', 403],
      ['admin', 'super_admin', 403],
      ['custom', 'member', 403],
      ['member', 'member', 403],
    ]
    for (const [actor, target, status] of CREATE) {
      it(`${actor} creates ${target}: ${status} (GA-03, GA-27)`, async () => {
        const account = await app.anAccount()
        await app.post(`${account}/roles`, { key: 'custom', name: 'Custom', permissions: [] }).expect(201)
        const role = actor === 'custom' ? { key: 'custom', permissions: ['users.create'] } : roleOf(actor)
        const as = signedIn(account.slice(10), role)
        const body = { email: 'new@example.com', givenName: 'A', familyName: 'B', role: target }
        const answer = await app.call('post', `${account}/users`, { as, body }).expect(status)
        if (status === 403) assert.equal(answer.body.code, actor === 'member' ? 'forbidden' : 'role_not_grantable')
      })
    }

    it('lets an admin write rules without role effects only, and touch members only', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const as = signedIn(account.slice(10), roleOf('admin'))
      const rule = await app.call('post', `${connection}/rules`, { as, body: { effects: {} } }).expect(201)
      assert.equal(rule.body.author.label, 'ada@example.com')
      const refused = await app
        .call('post', `${connection}/rules`, { as, body: { effects: { role: 'member' } } })
        .expect(403)
      assert.equal(refused.body.code, 'role_not_grantable')
      const strong = (await app.post(`${connection}/rules`, { effects: { role: 'admin' } }).expect(201)).body
      const path = `${connection}/rules/${strong.id}`
      for (const body of [{ enabled: false }, { priority: 1 }, { effects: {} }])
        assert.equal((await app.call('patch', path, { as, body }).expect(403)).body.code, 'role_not_grantable')
      assert.equal((await app.call('delete', path, { as }).expect(403)).body.code, 'role_not_grantable')
      const boss = await app.aUser(account, { role: 'super_admin' })
      const member = await app.aUser(account)
      await app.call('patch', `${account}/users/${boss.id}`, { as, body: { suspended: true } }).expect(403)
      await app.call('delete', `${account}/users/${boss.id}`, { as }).expect(403)
      await app.call('patch', `${account}/users/${member.id}`, { as, body: { suspended: true } }).expect(200)
      const { items } = (await app.get(`${account}/events?userId=${member.id}`)).body
      assert.deepEqual(items[0].actor, { type: 'user', id: 'u1', label: 'ada@example.com' })
    })

    it('separates suspending from editing', async () => {
      const account = await app.anAccount()
      const member = await app.aUser(account)
      const path = `${account}/users/${member.id}`
      const as = signedIn(account.slice(10), { key: 'admin', permissions: ['users.view', 'users.suspend'] })
      await app.call('patch', path, { as, body: { suspended: true } }).expect(200)
      await app.call('patch', path, { as, body: { givenName: 'X' } }).expect(403)
      await app.call('patch', path, { as, body: { suspended: false, givenName: 'X' } }).expect(403)
    })

    it('keeps to the operator: verified domains, live connections before a local super admin, accepted users', async () => {
      const account = await app.anAccount()
      const as = signedIn(account.slice(10), roleOf('super_admin'))
      const call = (path: string, body: object) => app.call('post', `${account}${path}`, { as, body })
      const domain = await call('/domains', { name: 'x.example', verified: true }).expect(403)
      assert.equal(domain.body.code, 'forbidden')
      const live = await call('/connections', { name: 'x', idpKind: 'okta', mode: 'live' }).expect(409)
      assert.equal(live.body.code, 'local_admin_required')
      const body = { email: 'a@example.com', givenName: 'A', familyName: 'B', status: 'active' }
      assert.equal((await call('/users', body).expect(403)).body.code, 'forbidden')
    })

    it('shows payloads, phone numbers and addresses only with logs.payload (PRODUCT 2.9)', async () => {
      const account = await app.anAccount()
      const { writeEvents } = await import('../../../accounts/events.js')
      const id = app.deps.newId()
      const changes = [
        { attribute: 'phoneNumbers', before: null, after: [{ value: '+44 20 7946 0000' }] },
        { attribute: 'title', before: null, after: 'Dr' },
      ]
      const draft = { id, source: 'scim', action: 'user.updated', outcome: 'success', changes } as const
      const actor = { type: 'system', id: null, label: 'x' } as const
      await app.deps.db.transaction((tx) =>
        writeEvents(app.deps, tx, account.slice(10), [{ ...draft, actor, payload: { request: 'body' } }]),
      )
      const path = `${account}/events/${id}`
      const reader = signedIn(account.slice(10), { key: 'auditor', permissions: ['logs.view'] })
      const { body } = await app.call('get', path, { as: reader }).expect(200)
      assert.equal(body.payload, undefined)
      assert.deepEqual(
        body.changes.map((change: { after: unknown }) => change.after),
        ['•••', 'Dr'],
      )
      const full = await app.get(path).expect(200)
      assert.deepEqual([full.body.payload.request, full.body.changes], ['body', changes])
    })
  })
})
