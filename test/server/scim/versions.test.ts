import assert from 'node:assert/strict'
import {
  aUser,
  type Body,
  ENTERPRISE_URN,
  GROUP_URN,
  patchOf,
  replace,
  type TestConnection,
  useApp,
} from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

forEachDatabase((database) => {
  describe('versions of resources (RFC 7644 §3.14, checks 164 to 168)', () => {
    const app = useApp(database)
    let okta: TestConnection
    before(async () => {
      okta = await app.aConnection()
    })

    it('the ETag header is meta.version, on every answer that has a resource', async () => {
      const created = await okta.post('/Users', aUser()).expect(201)
      const path = `/Users/${created.body.id}`
      const answers = [
        created,
        await okta.get(path),
        await okta.put(path, { ...created.body, title: 'T' }),
        await okta.patch(path, replace('title', 'U')),
      ]
      for (const { headers, body } of answers) {
        assert.match(headers.etag ?? '', /^W\/"[^"]+"$/)
        assert.equal(headers.etag, body.meta.version)
        assert.equal(headers.location ?? headers['content-location'], body.meta.location)
      }
      assert.equal(new Set(answers.map(({ headers }) => headers.etag)).size, 3)
      const [found] = await okta.find('Users', `id eq "${created.body.id}"`)
      assert.equal(found.meta.version, answers[3]?.headers.etag)
    })

    it('the ETag of a group stands on a PATCH without a body as well', async () => {
      const user = await okta.provision(aUser())
      const { body: group } = await okta.post('/Groups', { schemas: [GROUP_URN], displayName: 'Tagged' }).expect(201)
      const add = patchOf({ op: 'add', path: 'members', value: [{ value: user.id }] })
      const answer = await okta.patch(`/Groups/${group.id}`, add).expect(204)
      assert.equal(answer.headers.etag, (await okta.readGroup(group.id)).meta.version)
      assert.notEqual(answer.headers.etag, group.meta.version)
    })

    it('If-None-Match on GET answers 304 without a body while nothing changed', async () => {
      const user = await okta.provision(aUser())
      const path = `/Users/${user.id}`
      for (const tag of [user.meta.version, user.meta.version.slice(2), `"x", ${user.meta.version}`, '*']) {
        const answer = await okta.get(path).set('If-None-Match', tag).expect(304)
        assert.equal(answer.text, '')
      }
      await okta.get(path).set('If-None-Match', 'W/"x"').expect(200)
      await okta.patch(path, replace('title', 'T')).expect(200)
      await okta.get(path).set('If-None-Match', user.meta.version).expect(200)
    })

    const matches: [header: string, status: number][] = [
      ['current', 200],
      ['*', 200],
      ['W/"0"', 412],
      ['not a tag', 412],
      ['', 412],
    ]
    for (const [header, status] of matches)
      it(`If-Match ${JSON.stringify(header)} is ${status} for PUT, PATCH and DELETE`, async () => {
        const user = await okta.provision(aUser())
        const group = await okta.aGroup(`Matched by ${header}`)
        const changes: [resource: Body, method: 'put' | 'patch' | 'delete', body: object, path: string][] = [
          [user, 'put', { ...user, title: 'T' }, `/Users/${user.id}`],
          [group, 'put', { ...group, externalId: 'e' }, `/Groups/${group.id}`],
          [user, 'patch', replace('title', 'U'), `/Users/${user.id}`],
          [group, 'patch', replace('externalId', 'f'), `/Groups/${group.id}`],
          [user, 'delete', {}, `/Users/${user.id}`],
          [group, 'delete', {}, `/Groups/${group.id}`],
        ]
        for (const [, method, body, path] of changes) {
          const current = (await okta.get(path).expect(200)).body
          const call = method === 'delete' ? okta.delete(path) : okta[method](path, body)
          const answer = await call.set('If-Match', header === 'current' ? current.meta.version : header)
          const done = method === 'put' || path.startsWith('/Users') ? 200 : 204
          const expected = status === 412 ? 412 : method === 'delete' ? 204 : done
          assert.equal(answer.status, expected, `${method} ${path}`)
          if (status !== 412) continue
          assert.deepEqual([answer.body.status, answer.body.scimType], ['412', undefined])
          assert.deepEqual((await okta.get(path).expect(200)).body, current)
        }
      })

    it('of two who hold the same version one wins', async () => {
      const user = await okta.provision(aUser())
      const write = (title: string) =>
        okta.patch(`/Users/${user.id}`, replace('title', title)).set('If-Match', user.meta.version)
      const statuses = (await Promise.all(['a', 'b', 'c', 'd'].map((title) => write(title)))).map(
        ({ status }) => status,
      )
      assert.deepEqual(statuses.sort(), [200, 412, 412, 412])
    })

    it('without If-Match the last write holds, and seven at once lose no attribute', async () => {
      const user = await okta.provision(aUser())
      const names = ['title', 'nickName', 'locale', 'timezone', 'preferredLanguage', 'userType', 'profileUrl']
      await Promise.all(names.map((name) => okta.patch(`/Users/${user.id}`, replace(name, 'en')).expect(200)))
      const after = await okta.read(user.id)
      for (const name of names) assert.equal(after[name], 'en', name)
    })

    it('the tag of a user moves with what is computed at read, while lastModified stays (check 168)', async () => {
      const boss = await okta.provision(aUser({ displayName: 'Boss' }))
      const user = await okta.provision(aUser({ [ENTERPRISE_URN]: { manager: { value: boss.id } } }))
      const group = await okta.aGroup('Computed', [user])
      const seen = [user]
      const moved = async (): Promise<void> => {
        const now = await okta.read(user.id)
        assert.ok(seen.every(({ meta }) => meta.version !== now.meta.version))
        assert.equal(now.meta.lastModified, user.meta.lastModified)
        seen.push(now)
      }
      await moved()
      await okta.patch(`/Groups/${group.id}`, replace('displayName', 'Computed anew')).expect(204)
      await moved()
      await okta.patch(`/Users/${boss.id}`, replace('displayName', 'Big Boss')).expect(200)
      await moved()
      const [listed] = await okta.find('Users', `userName eq "${user.userName}"`)
      assert.equal(listed.meta.version, seen.at(-1).meta.version)
      await okta.delete(`/Groups/${group.id}`).expect(204)
      await moved()
    })

    it('lastModified equals created until something changes, then grows (check 41)', async () => {
      const user = await okta.provision(aUser())
      assert.equal(user.meta.lastModified, user.meta.created)
      app.at(new Date(Date.now() + 5_000))
      const { body } = await okta.patch(`/Users/${user.id}`, replace('title', 'T')).expect(200)
      app.at(undefined)
      assert.equal(body.meta.created, user.meta.created)
      assert.ok(body.meta.lastModified > user.meta.lastModified)
    })

    it('a PATCH that fails in its last operation leaves resource, access and seats as they were', async () => {
      await okta.account.aProduct({ key: 'meet' })
      await okta.aRule({ condition: 'title eq "Sales"', effects: { products: [{ key: 'meet' }] } })
      const user = await okta.provision(aUser())
      const before = await okta.userOf(user)
      const operations = [replace('title', 'Sales'), replace('active', false), replace('emails', 'none')]
      const all = patchOf(...operations.flatMap((body) => (body as { Operations: object[] }).Operations))
      const { body } = await okta.patch(`/Users/${user.id}`, all).expect(400)
      assert.match(body.detail, /^Operations\[2\] \(emails\)/)
      assert.deepEqual(await okta.read(user.id), user)
      assert.deepEqual(await okta.userOf(user), before)
      assert.equal((await okta.account.products()).get('meet').reserved, 0)
    })
  })
})
