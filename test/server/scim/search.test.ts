import assert from 'node:assert/strict'
import { aUser, type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const SEARCH_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

forEachDatabase((database) => {
  describe('searching by POST (RFC 7644 §3.4.3)', () => {
    const app = useApp(database)
    let okta: TestConnection
    before(async () => {
      okta = await app.aConnection()
      const people: Body[] = []
      for (const title of ['c', 'a', 'b']) people.push(await okta.provision(aUser({ title, nickName: 'Seeker' })))
      await okta.aGroup('Found', people)
      await okta.aGroup('Other')
    })

    const search = (path: string, body: object) => okta.post(path, { schemas: [SEARCH_URN], ...body }).expect(200)

    it('says what the same query says', async () => {
      const filter = 'nickName eq "seeker"'
      const posted = await search('/Users/.search', {
        filter,
        sortBy: 'title',
        sortOrder: 'descending',
        count: 2,
        startIndex: 2,
      })
      const query = new URLSearchParams({
        filter,
        sortBy: 'title',
        sortOrder: 'descending',
        count: '2',
        startIndex: '2',
      })
      const asked = await okta.get(`/Users?${query}`).expect(200)
      assert.deepEqual(posted.body, asked.body)
      assert.deepEqual(
        posted.body.Resources.map(({ title }: Body) => title),
        ['b', 'a'],
      )
    })

    it('takes attribute names as a list, and as text with commas', async () => {
      for (const attributes of [['userName', 'title'], 'userName,title']) {
        const { body } = await search('/Users/.search', { attributes, count: 1 })
        assert.deepEqual(Object.keys(body.Resources[0]).sort(), ['id', 'schemas', 'title', 'userName'])
      }
      const { body } = await search('/Groups/.search', {
        filter: 'displayName eq "found"',
        excludedAttributes: ['members'],
      })
      assert.deepEqual([body.totalResults, 'members' in body.Resources[0]], [1, false])
    })

    it('finds nobody with 200, and counts without returning', async () => {
      assert.equal((await search('/Users/.search', { filter: 'userName eq "nobody"' })).body.totalResults, 0)
      const { body } = await search('/Groups/.search', { count: 0 })
      assert.deepEqual([body.totalResults, body.Resources], [2, []])
    })

    it('names match in any letter case, null counts as not sent', async () => {
      const { body } = await search('/Users/.search', { FILTER: 'title eq "a"', sortBy: null, Count: 5 })
      assert.equal(body.totalResults, 1)
    })

    it('is POST alone, and writes nothing', async () => {
      const before = await okta.account.events('')
      await okta.get('/Users/.search').expect(405).expect('Allow', 'POST')
      await search('/Users/.search', {})
      const actions = (await okta.account.events('')).slice(0, -before.length).map(({ action }: Body) => action)
      assert.deepEqual(actions, ['request.refused'])
    })
  })
})
