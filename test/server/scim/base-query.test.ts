import assert from 'node:assert/strict'
import { aUser, type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const SEARCH_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest'

forEachDatabase((database) => {
  describe('a query at the base, over people and groups (RFC 7644 §3.4.2.1)', () => {
    const app = useApp(database)
    let okta: TestConnection
    const ask = async (query: Record<string, string>) =>
      JSON.parse((await okta.get(`/?${new URLSearchParams(query)}`).expect(200)).text)
    const named = ({ Resources }: Body): string[] => Resources.map((one: Body) => one.displayName)

    before(async () => {
      okta = await app.aConnection()
      const ada = await okta.provision(aUser({ displayName: 'Ada', externalId: 'x1' }))
      await okta.aGroup('Builders', [ada])
      await okta.provision(aUser({ displayName: 'Cleo', title: 'Boss' }))
      await okta.aGroup('Deciders')
    })

    it('§3.4.2.1 [75] lists all of them as one, in the order in which they were made, each in its own form', async () => {
      const list = await ask({})
      assert.deepEqual([list.totalResults, named(list)], [4, ['Ada', 'Builders', 'Cleo', 'Deciders']])
      assert.deepEqual(
        list.Resources.map(({ meta }: Body) => meta.resourceType),
        ['User', 'Group', 'User', 'Group'],
      )
      assert.equal(list.Resources[1].members[0].value, list.Resources[0].id)
      assert.equal(list.Resources[0].groups[0].value, list.Resources[1].id)
      const single = JSON.parse((await okta.get(`/Users/${list.Resources[0].id}`).expect(200)).text)
      assert.deepEqual(list.Resources[0], single)
    })

    for (const [filter, expected] of [
      ['meta.resourceType eq "User"', ['Ada', 'Cleo']],
      ['meta.resourceType eq "Group" or title eq "boss"', ['Builders', 'Cleo', 'Deciders']],
      ['displayName ge "builders"', ['Builders', 'Cleo', 'Deciders']],
      ['members pr', ['Builders']],
      ['userName pr', ['Ada', 'Cleo']],
      ['not (userName pr)', ['Builders', 'Deciders']],
      ['title ne "Boss"', ['Ada', 'Builders', 'Deciders']],
      ['externalId eq "x1"', ['Ada']],
      ['nothing eq "x"', []],
      ['password pr', []],
      ['schemas eq "urn:ietf:params:scim:schemas:core:2.0:Group"', ['Builders', 'Deciders']],
    ] as const)
      it(`§3.4.2.1 [75] [97] ${filter}: what a type does not have has no value`, async () =>
        assert.deepEqual(named(await ask({ filter })), expected))

    it('§3.4.2.3 [104] sorts over all types: those without a value come last, or first when descending', async () => {
      const ascending = await ask({ sortBy: 'userName' })
      assert.deepEqual(named(ascending), ['Ada', 'Cleo', 'Builders', 'Deciders'])
      const descending = await ask({ sortBy: 'displayName', sortOrder: 'descending' })
      assert.deepEqual(named(descending), ['Deciders', 'Cleo', 'Builders', 'Ada'])
    })

    it('pages by index and by cursor, and says the same to POST /.search (§3.4.3, RFC 9865)', async () => {
      const query = { sortBy: 'displayName', filter: 'meta.created pr' }
      const indexed = [await ask({ ...query, count: '3' }), await ask({ ...query, count: '3', startIndex: '4' })]
      assert.deepEqual(indexed.flatMap(named), ['Ada', 'Builders', 'Cleo', 'Deciders'])
      const first = await ask({ ...query, count: '3', cursor: '' })
      const body = { schemas: [SEARCH_URN], ...query, count: 3, cursor: first.nextCursor }
      const rest = JSON.parse((await okta.post('/.search', body).expect(200)).text)
      assert.deepEqual([...named(first), ...named(rest)], ['Ada', 'Builders', 'Cleo', 'Deciders'])
      assert.deepEqual([first.totalResults, rest.totalResults, rest.nextCursor], [4, 4, undefined])
    })

    it('§3.9 [107] attributes are those of any type', async () => {
      const { Resources } = await ask({ attributes: 'title,members.display', sortBy: 'displayName' })
      assert.deepEqual(
        Resources.map((one: Body) => [one.title, one.members?.[0], 'displayName' in one]),
        [
          [undefined, undefined, false],
          [undefined, { display: 'Ada' }, false],
          ['Boss', undefined, false],
          [undefined, undefined, false],
        ],
      )
    })

    it('§3.3 [69] [15] nothing is made there: POST at the base is 405, with or without a slash', async () => {
      for (const path of ['', '/']) {
        const { headers } = await okta.post(path, aUser()).expect(405)
        assert.equal(headers.allow, 'GET')
        assert.equal(JSON.parse((await okta.get(path).expect(200)).text).totalResults, 4)
      }
    })
  })
})
