import assert from 'node:assert/strict'
import request from 'supertest'
import { statement } from '../../../db/statement.js'
import { aUser, type Body, GROUP_URN, patchOf, replace, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const TOLD = statement(
  `SELECT id FROM jobs WHERE account_id = ? AND kind = 'outbox' AND payload = ?
   UNION SELECT job_id AS id FROM feed WHERE account_id = ? AND event_id = ?`,
)

forEachDatabase((database) => {
  describe('the sync log of SCIM writes (PRODUCT 2.9)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let account: TestConnection['account']
    before(async () => {
      account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 100 })
      okta = await account.aConnection({ name: 'Okta production' })
      await okta.aRule({ condition: 'groups.display sw "Meet"', effects: { products: [{ key: 'meet' }] } })
    })

    const eventOf = async ({ headers }: { headers: Record<string, string> }): Promise<Body> =>
      (await account.admin('get', `/events/${headers['x-request-id']}`).expect(200)).body
    const familyOf = async ({ headers }: { headers: Record<string, string> }): Promise<Body[]> =>
      account.events(`correlationId=${headers['x-request-id']}&limit=100`)
    const newest = async (): Promise<string> => (await account.events('limit=1&children=true'))[0].id

    /** How many rows of the outbox, published or not, tell of a request. */
    async function toldOutside(requestId = ''): Promise<number> {
      const rows = await app.server.deps.db.all(TOLD, [account.id, requestId, account.id, requestId])
      return rows.length
    }

    it('every write is one event with all the fields of the contract (DESIGN 5)', async () => {
      const user = aUser({ externalId: 'log-1' })
      const answer = await okta.post('/Users', user).set('User-Agent', 'Okta SCIM Client 1.0.0').expect(201)
      const event = await eventOf(answer)
      const person = await okta.userOf(user)
      assert.equal(await toldOutside(event.id), 1)
      assert.deepEqual([event.id, event.correlationId], [answer.headers['x-request-id'], event.id])
      assert.deepEqual(
        [event.source, event.action, event.outcome, event.code],
        ['scim', 'user.created', 'success', undefined],
      )
      assert.match(event.time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
      assert.equal(event.connectionId, okta.id)
      assert.deepEqual([event.actor.type, event.actor.id], ['token', event.tokenId])
      assert.equal(event.actor.label, `token ····${okta.token.slice(-4)} of Okta production`)
      const { userName, externalId } = user
      assert.deepEqual(event.subject, {
        ...{ type: 'user', id: person.id, scimId: answer.body.id, userName, externalId },
        ...{ email: userName, displayName: 'Grace Hopper' },
      })
      const { durationMs, address, ...http } = event.http
      const path = `/scim/v2/${okta.id}/Users`
      assert.deepEqual(http, { method: 'POST', path, status: 201, userAgent: 'Okta SCIM Client 1.0.0' })
      assert.ok(durationMs > 0 && /127\.0\.0\.1/.test(address))
      assert.deepEqual(JSON.parse(event.payload.request), user)
      assert.deepEqual(JSON.parse(event.payload.response), answer.body)
      const [first] = await account.events('')
      assert.equal(first.id, event.id)
      assert.equal(first.payload, undefined, 'a list has no payloads')
    })

    it('says of each attribute what it was and what it is', async () => {
      const user = await okta.provision(aUser({ title: 'Captain' }))
      const operations = [
        { op: 'replace', path: 'title', value: 'Admiral' },
        { op: 'replace', path: 'name.givenName', value: 'Amazing' },
        { op: 'add', path: 'nickName', value: 'Grandma COBOL' },
        { op: 'remove', path: 'displayName' },
      ]
      const event = await eventOf(await okta.patch(`/Users/${user.id}`, patchOf(...operations)).expect(200))
      assert.equal(event.action, 'user.updated')
      const changes = event.changes.map(({ attribute, before, after }: Body) => [attribute, before, after])
      assert.deepEqual(changes.sort(), [
        ['displayName', 'Grace Hopper', null],
        ['name.givenName', 'Grace', 'Amazing'],
        ['nickName', null, 'Grandma COBOL'],
        ['title', 'Captain', 'Admiral'],
      ])
    })

    it('a change of members is one event, with a child for each person, found by group and by person', async () => {
      const people = [await okta.provision(aUser()), await okta.provision(aUser())]
      const group = await okta.aGroup('Meet people')
      const value = people.map(({ id }) => ({ value: id }))
      const answer = await okta.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value })).expect(204)
      const [parent, ...children] = (await familyOf(answer)).toReversed()
      assert.deepEqual(
        [parent?.action, parent?.subject, parent?.effects],
        [
          'group.members_changed',
          { type: 'group', id: group.id, scimId: group.id, displayName: 'Meet people' },
          [{ kind: 'members', added: 2, removed: 0 }],
        ],
      )
      assert.equal(children.length, 2)
      const [rule] = (await account.admin('get', `/connections/${okta.id}/rules`)).body.items
      for (const child of children) {
        assert.deepEqual(
          [child.action, child.correlationId, child.http],
          ['user.access_changed', parent?.id, undefined],
        )
        assert.equal(child.actor.id, parent?.actor.id)
        assert.deepEqual(child.effects, [
          { kind: 'group', groupId: group.id, displayName: 'Meet people', change: 'added' },
          { kind: 'license', product: 'meet', before: null, after: 'reserved', source: 'rule', ruleId: rule.id },
        ])
      }
      assert.deepEqual(children.map(({ subject }) => subject.scimId).sort(), people.map(({ id }) => id).sort())
      assert.equal((await account.events(`groupId=${group.id}&action=user.access_changed`)).length, 2)
      assert.equal((await account.events(`ruleId=${rule.id}&userId=${children[0]?.userId}`)).length, 1)
    })

    it('group.created, group.updated, group.deleted say what they did', async () => {
      const user = await okta.provision(aUser())
      const body = { schemas: [GROUP_URN], displayName: 'Life', externalId: 'g-1', members: [{ value: user.id }] }
      const created = await okta.post('/Groups', body).expect(201)
      const path = `/Groups/${created.body.id}`
      const events = [
        await eventOf(created),
        await eventOf(await okta.patch(path, replace('displayName', 'Times')).expect(204)),
        await eventOf(await okta.put(path, { schemas: [GROUP_URN], displayName: 'Times' }).expect(200)),
        await eventOf(await okta.delete(path).expect(204)),
      ]
      assert.deepEqual(
        events.map(({ action, http }) => `${action} ${http.method} ${http.status}`),
        ['group.created POST 201', 'group.updated PATCH 204', 'group.updated PUT 200', 'group.deleted DELETE 204'],
      )
      assert.deepEqual(events[1].changes, [{ attribute: 'displayName', before: 'Life', after: 'Times' }])
      assert.deepEqual(events[2].changes, [{ attribute: 'externalId', before: 'g-1', after: null }])
      assert.deepEqual(events[2].effects, [{ kind: 'members', added: 0, removed: 1 }])
    })

    it('a repeat is one event no_change, and moves neither version nor lastModified (SCIM.md 7.9)', async () => {
      const sent = aUser({ title: 'T', phoneNumbers: [{ value: '+44 20', type: 'work' }] })
      const user = await okta.provision(sent)
      const group = await okta.aGroup('Repeated', [user])
      const before = [await okta.read(user.id), await okta.readGroup(group.id)]
      const member = [{ value: user.id }]
      const repeats: [string, () => ReturnType<TestConnection['put']>][] = [
        ['PUT of what was sent', () => okta.put(`/Users/${user.id}`, sent)],
        ['PUT of what was read', () => okta.put(`/Users/${user.id}`, before[0])],
        ['PATCH with the value that is there', () => okta.patch(`/Users/${user.id}`, replace('active', true))],
        [
          'PATCH add of an element that is there',
          () =>
            okta.patch(
              `/Users/${user.id}`,
              patchOf({ op: 'Add', path: 'phoneNumbers', value: [{ type: 'work', value: '+44 20' }] }),
            ),
        ],
        ['PATCH remove of nothing', () => okta.patch(`/Users/${user.id}`, patchOf({ op: 'remove', path: 'nickName' }))],
        [
          'PUT of the group',
          () => okta.put(`/Groups/${group.id}`, { schemas: [GROUP_URN], displayName: 'Repeated', members: member }),
        ],
        [
          'PATCH add of a member who is there',
          () => okta.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value: member })),
        ],
        ['PATCH to the same name', () => okta.patch(`/Groups/${group.id}`, replace('displayName', 'Repeated'))],
      ]
      for (const [what, repeat] of repeats) {
        const answer = await repeat()
        assert.ok(answer.status === 200 || answer.status === 204, what)
        const family = await familyOf(answer)
        assert.deepEqual(
          family.map(({ outcome, changes, effects }) => [outcome, changes, effects]),
          [['no_change', [], []]],
          what,
        )
        assert.deepEqual([await okta.read(user.id), await okta.readGroup(group.id)], before, what)
        assert.equal(await toldOutside(answer.headers['x-request-id']), 0, what)
      }
    })

    it('a refusal is an event with code, status, scimType, message and payload', async () => {
      const user = await okta.provision(aUser())
      const refusals: [method: 'post' | 'put' | 'patch', path: string, body: object, status: number, code: string][] = [
        ['post', '/Users', aUser({ userName: user.userName }), 409, 'user_exists_directory'],
        ['post', '/Users', { ...aUser(), userName: undefined }, 400, 'attr_missing'],
        ['patch', `/Users/${user.id}`, replace('nope', 1), 400, 'patch_path'],
        ['patch', '/Users/01920000-0000-7000-8000-00000000ffff', replace('title', 'T'), 404, 'user_not_found'],
        ['put', '/Groups/01920000-0000-7000-8000-00000000ffff', { displayName: 'x' }, 400, 'bad_schema'],
        [
          'post',
          '/Groups',
          { schemas: [GROUP_URN], displayName: 'x', members: [{ value: 'u' }] },
          400,
          'member_unknown',
        ],
      ]
      for (const [method, path, body, status, code] of refusals) {
        const answer = await okta[method](path, body).expect(status)
        const event = await eventOf(answer)
        assert.deepEqual([event.action, event.outcome, event.code], ['request.refused', 'failure', code])
        assert.deepEqual([event.http.status, event.http.scimType], [status, answer.body.scimType])
        assert.equal(answer.body.detail, `${event.message} Request ${event.id}.`)
        assert.deepEqual(event.payload, { request: JSON.stringify(body), response: answer.text })
        assert.deepEqual([event.changes, event.effects], [[], []])
        if (path.includes(user.id)) assert.equal(event.userId, (await okta.userOf(user)).id)
      }
    })

    it('reads are no events', async () => {
      const user = await okta.provision(aUser())
      const last = await newest()
      await okta.get(`/Users/${user.id}`).expect(200)
      await okta.get('/Users?filter=userName%20eq%20%22nobody%22').expect(200)
      await okta.get('/Users/01920000-0000-7000-8000-00000000ffff').expect(404)
      await okta.get('/Groups').expect(200)
      assert.equal(await newest(), last)
    })

    it('wrong tokens of one kind and minute are one event (DESIGN 4)', async () => {
      app.at(new Date())
      const call = (authorization?: string) => {
        const test = request(app.url).get(`/scim/v2/${okta.id}/Users`)
        return (authorization === undefined ? test : test.set('Authorization', authorization)).expect(401)
      }
      const other = await account.aConnection()
      const wrong = [undefined, undefined, 'Bearer wrong-token', `Bearer ${other.token}`, `Bearer Bearer ${okta.token}`]
      for (const authorization of wrong) {
        const { headers, body } = await call(authorization)
        assert.match(headers['www-authenticate'] ?? '', /^Bearer/)
        assert.match(body.detail, new RegExp(headers['x-request-id'] ?? '-'))
      }
      const events = await account.events(`action=token.refused&connectionId=${okta.id}`)
      assert.deepEqual(events.map(({ code }) => code).sort(), ['token_missing', 'token_unknown'])
      for (const { actor, outcome, http } of events)
        assert.deepEqual([actor.type, outcome, http.status], ['unknown', 'failure', 401])
      assert.equal(JSON.stringify(events).includes('wrong-token'), false)
      app.at(new Date(Date.now() + 60_000))
      await call()
      assert.equal((await account.events(`code=token_missing&connectionId=${okta.id}`)).length, 2)
      app.at(undefined)
    })

    it('what we do about it never moves what SCIM reads (DESIGN 1, promise 1)', async () => {
      const user = await okta.provision(aUser())
      const { id } = await okta.userOf(user)
      const by = (method: 'post' | 'patch', path: string, body: object) => account.admin(method, path, body)
      await by('patch', `/users/${id}`, { suspended: true }).expect(200)
      await by('post', `/users/${id}/grants`, { kind: 'role', value: 'admin', reason: 'x' }).expect(201)
      await by('post', `/users/${id}/grants`, { kind: 'product', value: 'meet', reason: 'x' }).expect(201)
      await by('patch', `/users/${id}`, { suspended: false }).expect(200)
      await okta.aRule({ effects: { role: 'admin', products: [{ key: 'meet' }] } })
      assert.deepEqual(await okta.read(user.id), user)
    })
  })
})
