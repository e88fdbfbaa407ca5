import assert from 'node:assert/strict'
import {
  aUser,
  type Body,
  ENTERPRISE_URN,
  GROUP_URN,
  PATCH_URN,
  type TestConnection,
  useApp,
} from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { assertInvariants } from '../../harness/invariants.js'

const BULK_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest'

const create = (bulkId: string, data: Body = aUser()) => ({ method: 'POST', path: '/Users', bulkId, data })
const group = (bulkId: string, displayName: string, members: string[]) => ({
  ...{ method: 'POST', path: '/Groups', bulkId },
  data: { schemas: [GROUP_URN], displayName, members: members.map((value) => ({ value })) },
})
const managed = (by: string) => ({ [ENTERPRISE_URN]: { manager: { value: by } } })
const patch = (path: string, ...Operations: object[]) => ({
  ...{ method: 'PATCH', path },
  data: { schemas: [PATCH_URN], Operations },
})

forEachDatabase((database) => {
  describe('POST /Bulk (RFC 7644 §3.7)', () => {
    const app = useApp(database)
    let okta: TestConnection
    before(async () => {
      okta = await app.aConnection()
    })
    afterEach(async () => {
      await app.settle()
      await assertInvariants(app.server.deps.db, new Date(), okta.account.id)
    })

    async function bulk(operations: unknown[], rest: object = {}): Promise<Body> {
      const answer = await okta.post('/Bulk', { schemas: [BULK_URN], Operations: operations, ...rest }).expect(200)
      assert.deepEqual(answer.body.schemas, ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'])
      return Object.assign(answer.body.Operations, { requestId: answer.headers['x-request-id'] })
    }
    const statuses = (outcomes: Body[]) => outcomes.map(({ status }) => status)
    const idOf = ({ location }: Body): string => String(location).split('/').at(-1)!

    it('[149][154] creates, changes and removes, and says of each what became of it', async () => {
      const user = await okta.provision(aUser())
      const gone = await okta.provision(aUser())
      const outcomes = await bulk([
        create('a'),
        { method: 'PUT', path: `/Users/${user.id}`, data: aUser({ title: 'Put' }) },
        patch(`/Users/${user.id}`, { op: 'replace', path: 'nickName', value: 'Patched' }),
        { method: 'delete', path: `/Users/${gone.id}` },
      ])
      assert.deepEqual(statuses(outcomes), ['201', '200', '200', '204'])
      assert.deepEqual(
        outcomes.map(({ method }: Body) => method),
        ['POST', 'PUT', 'PATCH', 'delete'],
      )
      assert.equal(outcomes[0].bulkId, 'a')
      assert.equal(
        outcomes.some((one: Body) => 'response' in one),
        false,
      )
      const made = (await okta.get(`/Users/${idOf(outcomes[0])}`).expect(200)).body
      assert.deepEqual([outcomes[0].location, outcomes[0].version], [made.meta.location, made.meta.version])
      const changed = await okta.read(user.id)
      assert.deepEqual([changed.title, changed.nickName, outcomes[2].version], ['Put', 'Patched', changed.meta.version])
      assert.ok(outcomes[3].location.endsWith(gone.id))
      await okta.get(`/Users/${gone.id}`).expect(404)
    })

    it('[149] a part that fails leaves the others alone, and is answered as it would be by itself', async () => {
      const taken = await okta.provision(aUser())
      const outcomes = await bulk([
        create('twice', aUser({ userName: taken.userName.toUpperCase() })),
        create('good'),
        { method: 'DELETE', path: '/Users/nobody' },
        patch('/Users/nobody', { op: 'replace', path: 'title', value: 'x' }),
      ])
      assert.deepEqual(statuses(outcomes), ['409', '201', '404', '404'])
      assert.equal('location' in outcomes[0], false)
      const { response } = outcomes[0]
      assert.deepEqual(response.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error'])
      assert.deepEqual([response.status, response.scimType], ['409', 'uniqueness'])
      assert.match(response.detail, /Request \S+\.$/)
    })

    it('[150] failOnErrors: stops after so many, and says nothing of the rest', async () => {
      const bad = { method: 'DELETE', path: '/Users/nobody' }
      const title = `bulk ${okta.id}`
      const operations = [
        create('a'),
        bad,
        create('b'),
        bad,
        create('c', aUser({ title })),
        create('d', aUser({ title })),
      ]
      assert.deepEqual(statuses(await bulk(operations, { failOnErrors: 2 })), ['201', '404', '201', '404'])
      assert.deepEqual(await okta.find('Users', `title eq "${title}"`), [])
      const clash = aUser()
      const wave = ['a', 'b', 'c', 'd'].map((bulkId) => create(bulkId, { ...clash, externalId: bulkId }))
      assert.deepEqual(statuses(await bulk(wave, { failOnErrors: 1 })), ['201', '409'])
    })

    it('[151] bulkId: required to create, and used once', async () => {
      const { bulkId: _, ...nameless } = create('x')
      const outcomes = await bulk([
        nameless,
        create('same'),
        create('same'),
        group('team', 'By first', ['bulkId:same']),
      ])
      assert.deepEqual(statuses(outcomes), ['400', '201', '400', '201'])
      const team = await okta.get(`/Groups/${idOf(outcomes[3])}`).expect(200)
      assert.deepEqual(
        team.body.members.map(({ value }: Body) => value),
        [idOf(outcomes[1])],
      )
    })

    it('[152] bulkId:x stands for the id in data and in paths, also before it is made', async () => {
      const outcomes = await bulk([
        group('team', 'Forward', ['bulkId:ada', 'bulkId:bob']),
        create('ada', aUser(managed('bulkId:bob'))),
        create('bob'),
        patch('/Groups/bulkId:team', { op: 'remove', path: 'members[value eq "bulkId:bob"]' }),
        { method: 'PUT', path: '/Users/bulkId:bob', data: aUser({ title: 'Boss' }) },
      ])
      assert.deepEqual(statuses(outcomes), ['201', '201', '201', '204', '200'])
      const [team, ada, bob] = outcomes.map(idOf)
      const { body } = await okta.get(`/Groups/${team}`).expect(200)
      assert.deepEqual(
        body.members.map(({ value }: Body) => value),
        [ada],
      )
      assert.equal((await okta.read(ada!))[ENTERPRISE_URN].manager.value, bob)
      assert.equal((await okta.read(bob!)).title, 'Boss')
    })

    it('[152] what only looks like a reference in a text stays as it is', async () => {
      const title = 'see "bulkId:1" and /bulkId:1'
      const [made] = await bulk([create('1', aUser({ title }))])
      assert.equal(made.status, '201')
      assert.equal((await okta.read(idOf(made))).title, title)
    })

    it('[153] a circle is created first and linked then', async () => {
      const outcomes = await bulk([
        create('ada', aUser({ title: 'Circle', ...managed('bulkId:bob') })),
        create('bob', aUser(managed('bulkId:eve'))),
        create('eve', aUser(managed('bulkId:ada'))),
        create('self', aUser(managed('bulkId:self'))),
      ])
      assert.deepEqual(statuses(outcomes), ['201', '201', '201', '201'])
      const [ada, bob, eve, self] = outcomes.map(idOf)
      const managers = await Promise.all(
        [ada, bob, eve, self].map(async (id) => (await okta.read(id!))[ENTERPRISE_URN].manager.value),
      )
      assert.deepEqual(managers, [bob, eve, ada, self])
      const read = await okta.read(ada!)
      assert.deepEqual([read.title, outcomes[0].version], ['Circle', read.meta.version])
    })

    it('[153] a circle with a part that fails is 409 for who refers to it, and leaves nothing half made', async () => {
      const taken = await okta.provision(aUser())
      const ada = aUser(managed('bulkId:bob'))
      const outcomes = await bulk([
        create('ada', ada),
        create('bob', aUser({ userName: taken.userName, ...managed('bulkId:ada') })),
      ])
      assert.deepEqual(statuses(outcomes), ['409', '409'])
      assert.deepEqual(await okta.find('Users', `userName eq "${ada.userName}"`), [])
    })

    it('[153] groups that hold each other are refused, since groups hold people alone', async () => {
      const outcomes = await bulk([group('a', 'Circle A', ['bulkId:b']), group('b', 'Circle B', ['bulkId:a'])])
      assert.deepEqual(
        statuses(outcomes).map((status) => status >= '400'),
        [true, true],
      )
      assert.deepEqual(await okta.find('Groups', 'displayName sw "Circle "'), [])
    })

    it('[153] a reference to nothing, and to what failed, is 409', async () => {
      const outcomes = await bulk([
        create('a', aUser(managed('bulkId:nobody'))),
        create('b', aUser({ userName: '' })),
        create('c', aUser(managed('bulkId:b'))),
        patch('/Users/bulkId:b', { op: 'replace', path: 'title', value: 'x' }),
      ])
      assert.deepEqual(statuses(outcomes), ['409', '400', '409', '409'])
      assert.match(outcomes[0].response.detail, /^bulkId:nobody cannot be resolved/)
    })

    it('[156] version is If-Match', async () => {
      const { id, meta } = await okta.provision(aUser())
      const change = (title: string) => patch(`/Users/${id}`, { op: 'replace', path: 'title', value: title })
      const outcomes = await bulk([
        { ...change('first'), version: meta.version },
        { ...change('second'), version: meta.version },
      ])
      assert.deepEqual(statuses(outcomes), ['200', '412'])
      assert.equal((await okta.read(id)).title, 'first')
    })

    it('[157] keeps the order sent', async () => {
      const ada = aUser()
      const outcomes = await bulk([
        create('one', ada),
        create('two', ada),
        ...['x', 'y', 'z'].map((value) => patch('/Users/bulkId:one', { op: 'replace', path: 'title', value })),
      ])
      assert.deepEqual(statuses(outcomes), ['201', '409', '200', '200', '200'])
      assert.equal((await okta.read(idOf(outcomes[0]))).title, 'z')
    })

    it('refuses an operation that cannot be, by itself', async () => {
      const outcomes = await bulk([
        null,
        'POST',
        { method: 'GET', path: '/Users' },
        { method: 'POST', bulkId: 'p' },
        { ...create('q'), path: 'Users' },
        { ...create('r'), data: 'x' },
        { ...create('s'), path: '/Nothing' },
        { ...create('t'), path: '/Bulk', data: { schemas: [BULK_URN], Operations: [] } },
        { ...create('u'), path: '/Users/.search' },
        { ...create('v'), path: '/Users/a/b/c' },
        { ...create('w'), path: '/__proto__' },
        { method: 'PATCH', path: '/Users', data: {} },
        create('last'),
      ])
      assert.deepEqual(statuses(outcomes), [
        ...['400', '400', '400', '400', '400', '400', '404', '404', '405', '404', '404', '405', '201'],
      ])
    })

    it('[155] more than the limit of operations is 413 with the limit, and nothing is run', async () => {
      const { body } = await okta.get('/ServiceProviderConfig').expect(200)
      assert.deepEqual(body.bulk, { supported: true, maxOperations: 1_000, maxPayloadSize: 4_194_304 })
      const one = create('a')
      const Operations = Array.from({ length: 1_001 }, () => one)
      const answer = await okta.post('/Bulk', { schemas: [BULK_URN], Operations }).expect(413)
      assert.match(answer.body.detail, /at most 1000 operations, this one has 1001/)
      assert.deepEqual(await okta.find('Users', `userName eq "${one.data.userName}"`), [])
      const padding = 'x'.repeat(4_194_304)
      const large = await okta.post('/Bulk', {
        schemas: [BULK_URN],
        Operations: [create('b', aUser({ title: padding }))],
      })
      assert.deepEqual([large.status, large.body.status], [413, '413'])
      assert.match(large.body.detail, /larger than 4 MB/)
    })

    it('refuses a request that is none', async () => {
      for (const body of [
        {},
        { schemas: [BULK_URN] },
        { schemas: [BULK_URN], Operations: {} },
        { schemas: [BULK_URN], Operations: [], failOnErrors: 0 },
        { schemas: [BULK_URN], Operations: [], failOnErrors: 'x' },
      ])
        await okta.post('/Bulk', body).expect(400)
      await okta.get('/Bulk').expect(405).expect('Allow', 'POST')
      assert.deepEqual(statuses(await bulk([])), [])
    })

    it('is in the log: one event of the request, and one per operation, found by the id that the directory received', async () => {
      const outcomes = await bulk([create('a'), create('b', aUser({ userName: '' }))])
      const [event] = await okta.account.events('action=bulk.finished')
      assert.deepEqual([event.id, event.outcome], [outcomes.requestId, 'warning'])
      const all = await okta.account.events(`correlationId=${outcomes.requestId}`)
      assert.deepEqual(all.map(({ action }: Body) => action).sort(), [
        'bulk.finished',
        'request.refused',
        'user.created',
      ])
      const refused = all.find(({ action }: Body) => action === 'request.refused')
      assert.equal(outcomes[1].response.detail.includes(refused.id), true)
      assert.deepEqual([refused.http.method, refused.http.path.endsWith('/Bulk/Users')], ['POST', true])
      // Those of the day are seen without asking for children.
      const listed = await okta.account.events('children=false&limit=5')
      assert.ok(listed.some(({ id }: Body) => id === refused.id))
    })

    it('hundreds of people at once, each answered in her place', async () => {
      const people = Array.from({ length: 250 }, () => aUser())
      const outcomes = await bulk(people.map((data, index) => create(String(index), data)))
      assert.ok(outcomes.every(({ status }: Body) => status === '201'))
      const { body } = await okta.get(`/Users/${idOf(outcomes[249])}`).expect(200)
      assert.equal(body.userName, people[249]?.userName)
    }).timeout(30_000)
  })
})
