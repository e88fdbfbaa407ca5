import assert from 'node:assert/strict'
import {
  aUser,
  type Body,
  ENTERPRISE_URN,
  patchOf,
  replace,
  type TestConnection,
  USER_URN,
  useApp,
} from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse'

forEachDatabase((database) => {
  describe('reading and querying, by the numbers of SCIM.md 2', () => {
    const app = useApp(database)
    let okta: TestConnection
    let people: Body[]
    let group: Body

    before(async () => {
      okta = await app.aConnection()
      people = []
      for (const [number, nickName] of ['Émile', 'emil', undefined, 'Zoë', undefined].entries()) {
        const [work, home] = [
          { value: `w${5 - number}@x.example`, type: 'work' },
          { value: `h${number}@x.example`, type: 'home' },
        ]
        const emails = [
          { ...home, primary: number % 2 === 0 },
          { ...work, primary: number % 2 === 1 },
        ]
        const rest = nickName === undefined ? {} : { nickName }
        people.push(await okta.provision(aUser({ userName: `n${number}@x.example`, emails, ...rest })))
      }
      group = await okta.aGroup('Analysts', people.slice(0, 2))
    })

    const list = async (query: string, endpoint = 'Users') =>
      JSON.parse((await okta.get(`/${endpoint}?${query}`).expect(200)).text)
    const numbersOf = ({ Resources }: Body) => Resources.map(({ userName }: Body) => Number(userName[1]))

    it('RFC 7644 §3.4.1 [70] [71] GET by id is 200 with ETag and meta.version, or 404 with an Error', async () => {
      const { headers, text } = await okta.get(`/Users/${people[0].id}`).expect(200)
      assert.equal(headers.etag, JSON.parse(text).meta.version)
      const { body } = await okta.get('/Users/nobody').expect(404)
      assert.equal(body.status, '404')
    })

    it('RFC 7644 §3.4.2 [72] [73] a query is answered by a ListResponse, also where nothing is found', async () => {
      const page = await list('count=2&startIndex=2')
      assert.deepEqual(
        [page.schemas, page.totalResults, page.startIndex, page.itemsPerPage, page.Resources.length],
        [[LIST_URN], 5, 2, 2, 2],
      )
      const none = await list('filter=userName+eq+"none"')
      assert.deepEqual([none.totalResults, none.itemsPerPage, none.Resources], [0, 0, []])
    })

    it('RFC 7644 §3.4.2 [74] parameters that nobody knows are passed over', async () => {
      assert.equal((await list('foo=bar&__proto__=x&aadOptscim062020&count=1')).itemsPerPage, 1)
      await okta.patch(`/Users/${people[0].id}?aadOptscim062020`, replace('title', 'T')).expect(200)
    })

    for (const [query, startIndex, found] of [
      ['startIndex=0', 1, [0, 1, 2, 3, 4]],
      ['startIndex=-7&count=2', 1, [0, 1]],
      ['startIndex=4&count=100', 4, [3, 4]],
      ['startIndex=6', 6, []],
      ['startIndex=1000000&count=1', 1_000_000, []],
      ['count=0', 1, []],
      ['count=-5', 1, []],
      ['count=', 1, [0, 1, 2, 3, 4]],
    ] as const)
      it(`RFC 7644 §3.4.2.4 [77] [78] [79] [81] ${query}: the true total, and that part of the list`, async () => {
        const page = await list(query)
        assert.deepEqual([page.totalResults, page.startIndex, numbersOf(page)], [5, startIndex, found])
      })

    it('RFC 7644 §3.4.2.4 [82] without sortBy the order is that of creation, on every page and under every filter', async () => {
      await okta.patch(`/Users/${people[1].id}`, replace('title', 'Changed')).expect(200)
      const pages = [await list('count=2'), await list('count=2&startIndex=3'), await list('count=2&startIndex=5')]
      assert.deepEqual(pages.flatMap(numbersOf), [0, 1, 2, 3, 4])
      assert.deepEqual(numbersOf(await list('filter=userName+co+"x"+and+not+(nickName+eq+"emil")')), [0, 2, 3, 4])
    })

    for (const [query, found] of [
      ['sortBy=nickName', [1, 3, 0, 2, 4]],
      ['sortBy=nickName&sortOrder=ascending', [1, 3, 0, 2, 4]],
      ['sortBy=NICKNAME&sortOrder=Descending', [4, 2, 0, 3, 1]],
      [`sortBy=${USER_URN}:userName&sortOrder=descending`, [4, 3, 2, 1, 0]],
      ['sortBy=emails', [0, 2, 4, 3, 1]],
      ['sortBy=emails.value&sortOrder=descending', [1, 3, 4, 2, 0]],
      ['sortBy=&sortOrder=ascending', [0, 1, 2, 3, 4]],
    ] as const)
      it(`RFC 7644 §3.4.2.3 [103] [104] [105] ${query}: case ignored, the missing last or first, lists by primary`, async () =>
        assert.deepEqual(numbersOf(await list(query)), found))

    it('RFC 7644 §3.4.2.4 a list has at most 1,000 on a page, as ServiceProviderConfig says', async () => {
      const config = JSON.parse((await okta.get('/ServiceProviderConfig').expect(200)).text)
      assert.deepEqual([config.filter.maxResults, config.pagination.maxPageSize], [1_000, 1_000])
      assert.equal((await list('count=999999')).itemsPerPage, 5)
    })

    const keysOf = (body: Body) => Object.keys(body).sort()
    for (const [query, keys] of [
      ['attributes=userName', ['id', 'schemas', 'userName']],
      ['attributes=USERNAME,nope,,name.givenName', ['id', 'name', 'schemas', 'userName']],
      [`attributes=${USER_URN}:title`, ['id', 'schemas', 'title']],
      [`attributes=${ENTERPRISE_URN}`, ['id', 'schemas']],
      ['attributes=userName&excludedAttributes=userName', ['id', 'schemas', 'userName']],
    ] as const)
      it(`RFC 7644 §3.9 [107] [109] [110] [111] [112] ${query}: on GET, lists, POST, PUT and PATCH alike`, async () => {
        const person = aUser({ title: 'Countess' })
        const made = (await okta.post(`/Users?${query}`, person).expect(201)).body
        const path = `/Users/${made.id}`
        const answers = [
          made,
          (await okta.get(`${path}?${query}`).expect(200)).body,
          (await okta.put(`${path}?${query}`, person).expect(200)).body,
          (await okta.patch(`${path}?${query}`, replace('title', 'Baroness')).expect(200)).body,
          (await list(`${query}&filter=id+eq+"${made.id}"`)).Resources[0],
        ]
        for (const answer of answers) assert.deepEqual(keysOf(answer), keys)
        await okta.delete(path).expect(204)
      })

    it('RFC 7644 §3.9 [108] excludedAttributes takes away what is returned by default, never id and schemas', async () => {
      const read = (query: string) => okta.get(`/Users/${people[0].id}?${query}`).expect(200)
      const { body } = await read('excludedAttributes=id,schemas,userName,name.givenName,emails.type,meta')
      assert.deepEqual(
        [body.id, body.schemas.length > 0, body.userName, body.meta],
        [people[0].id, true, undefined, undefined],
      )
      assert.deepEqual([keysOf(body.name), keysOf(body.emails[0])], [['familyName'], ['primary', 'value']])
    })

    it('RFC 7644 §3.5.2 [110] a PATCH of a group is 204, and 200 where attributes are asked for', async () => {
      const change = patchOf({ op: 'replace', path: 'externalId', value: 'x' })
      assert.equal((await okta.patch(`/Groups/${group.id}`, change).expect(204)).text, '')
      const { body } = await okta.patch(`/Groups/${group.id}?attributes=displayName`, change).expect(200)
      assert.deepEqual(keysOf(body), ['displayName', 'id', 'schemas'])
    })

    it('RFC 7643 §3.1 [36] [38] [40] roles and licenses too have an id, a location and a version', async () => {
      await okta.account.aProduct({ key: 'meet' })
      for (const endpoint of ['Roles', 'Licenses']) {
        const [first] = (await list('', endpoint)).Resources
        const { headers, body } = await okta.get(`/${endpoint}/${first.id}`).expect(200)
        assert.deepEqual(body, first)
        assert.deepEqual([headers.etag, headers['content-location']], [first.meta.version, first.meta.location])
        assert.match(first.meta.location, new RegExp(`/scim/v2/${okta.id}/${endpoint}/${first.id}$`))
      }
    })

    it('RFC 9865 texts that agree in their first 512 characters do not stop a walk', async () => {
      const connection = await app.aConnection()
      const names = ['c', 'a', 'b'].map((letter) => `${'語'.repeat(600)}${letter}`)
      for (const title of [...names, 'short']) await connection.provision(aUser({ title }))
      const seen: string[] = []
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const { text } = await connection.get(`/Users?sortBy=title&count=1&cursor=${cursor}`).expect(200)
        const page: Body = JSON.parse(text)
        seen.push(page.Resources[0].title)
        cursor = page.nextCursor
      }
      assert.deepEqual(seen, ['short', ...names])
    })
  })
})
