import assert from 'node:assert/strict'
import { aUser, type Body, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'

const HOUR_MS = 3_600_000

/** Every page of a list by cursor, from the beginning. */
async function walk(connection: TestConnection, path: string): Promise<Body[]> {
  const pages: Body[] = []
  let cursor: string | undefined = ''
  while (cursor !== undefined) {
    const joint = path.includes('?') ? '&' : '?'
    const answer = await connection.get(`${path}${joint}cursor=${cursor}`).expect(200)
    const page: Body = JSON.parse(answer.text)
    pages.push(page)
    cursor = page.nextCursor
  }
  return pages
}

const namesOf = (pages: readonly Body[]) =>
  pages.flatMap(({ Resources }) => Resources.map((one: Body) => one.userName ?? one.displayName))

forEachDatabase((database) => {
  describe('lists by cursor (RFC 9865)', () => {
    const app = useApp(database)
    let okta: TestConnection
    const names = Array.from({ length: 7 }, (_, number) => `p${number}@x.example`)

    before(async () => {
      okta = await app.aConnection()
      for (const [number, userName] of names.entries()) {
        const { displayName: _, ...unnamed } = aUser({ userName, title: `T${number % 3}` })
        await okta.provision(number % 2 === 0 ? { ...unnamed, displayName: `Name ${number % 4}` } : unnamed)
      }
      for (const name of ['Alpha', 'Beta', 'Gamma']) await okta.aGroup(name)
    })
    after(() => app.at(undefined))

    it('begins with an empty cursor; only the last page has no nextCursor, and all tell the same total (§2)', async () => {
      const pages = await walk(okta, '/Users?count=3')
      assert.deepEqual(namesOf(pages), names)
      assert.deepEqual(
        pages.map((page) => [page.itemsPerPage, page.totalResults, typeof page.nextCursor, 'startIndex' in page]),
        [
          [3, 7, 'string', false],
          [3, 7, 'string', false],
          [1, 7, 'undefined', false],
        ],
      )
    })

    it('a page that is exactly full is the last one where nothing follows', async () => {
      const pages = await walk(okta, '/Groups?count=3')
      assert.deepEqual([pages.length, namesOf(pages)], [1, ['Alpha', 'Beta', 'Gamma']])
    })

    it('cursors are made of unreserved characters, so that they can stand in a URL as they are (§2)', async () => {
      const [page] = await walk(okta, '/Users?count=1&sortBy=displayName')
      assert.match(page.nextCursor, /^[A-Za-z0-9._~-]+$/)
    })

    it('the size of a page may change on the way; 0 asks for the total alone', async () => {
      const first = JSON.parse((await okta.get('/Users?cursor=&count=2').expect(200)).text)
      const rest = JSON.parse((await okta.get(`/Users?cursor=${first.nextCursor}`).expect(200)).text)
      assert.deepEqual(namesOf([first, rest]), names)
      const none = JSON.parse((await okta.get('/Users?cursor=&count=0').expect(200)).text)
      assert.deepEqual([none.totalResults, none.Resources, none.nextCursor], [7, [], undefined])
    })

    for (const order of ['ascending', 'descending'])
      for (const sortBy of ['userName', 'displayName', 'title', 'meta.created', 'externalId', 'active', 'emails', 'id'])
        it(`goes through what is sorted by ${sortBy}, ${order}, as an index does, the missing last or first`, async () => {
          const query = `/Users?sortBy=${sortBy}&sortOrder=${order}`
          const whole = JSON.parse((await okta.get(query).expect(200)).text)
          assert.deepEqual(namesOf(await walk(okta, `${query}&count=2`)), namesOf([whole]))
        })

    it('people who come or go meanwhile are not repeated, and make nobody else vanish', async () => {
      const entra = await app.aConnection()
      const people: Body[] = []
      for (const letter of 'bdfhjl') people.push(await entra.provision(aUser({ userName: `${letter}@x.example` })))
      const seen: string[] = []
      let cursor = ''
      const next = async () => {
        const page = JSON.parse((await entra.get(`/Users?sortBy=userName&count=2&cursor=${cursor}`).expect(200)).text)
        seen.push(...namesOf([page]))
        cursor = page.nextCursor
      }
      await next()
      // Behind us one comes and one goes, who was the place itself; before us likewise.
      await entra.provision(aUser({ userName: 'a@x.example' }))
      await entra.delete(`/Users/${people[1].id}`).expect(204)
      await entra.provision(aUser({ userName: 'g@x.example' }))
      await entra.delete(`/Users/${people[4].id}`).expect(204)
      await next()
      await next()
      assert.equal(cursor, undefined)
      assert.deepEqual(
        seen.map((name) => name[0]),
        ['b', 'd', 'f', 'g', 'h', 'l'],
      )
    })

    it('a look-up by cursor finds a local user who may be linked, as one by index does', async () => {
      const { account } = okta
      await account.admin('post', '/domains', { name: `${database.kind}.example`, verified: true }).expect(201)
      await account.aLocalUser({ email: `local@${database.kind}.example` })
      const filter = encodeURIComponent(`userName eq "local@${database.kind}.example"`)
      const [page] = await walk(okta, `/Users?filter=${filter}`)
      assert.deepEqual([page.totalResults, page.Resources.length], [1, 1])
    })

    describe('a cursor that cannot be used', () => {
      let cursor: string
      const query = '/Users?count=2&sortBy=userName&filter=userName%20pr'
      const refused = async (path: string, scimType: string, says: RegExp, from = okta) => {
        const { status, text } = await from.get(path)
        const body = JSON.parse(text)
        assert.deepEqual([status, body.scimType], [400, scimType], text)
        assert.match(body.detail, says)
        const [event] = await from.account.events(`q=${body.detail.match(/Request (\S+)\./)[1]}`)
        assert.equal(event.outcome, 'failure')
      }
      before(async () => {
        cursor = JSON.parse((await okta.get(`${query}&cursor=`).expect(200)).text).nextCursor
      })

      it('invented, edited, cut or lengthened: 400 invalidCursor', async () => {
        const [payload = '', signature = ''] = cursor.split('.')
        const edited = Buffer.from(payload, 'base64url').toString().replace('p1@', 'p3@')
        const forged = Buffer.from(edited).toString('base64url')
        const others = ['x', '.', 'null', payload, `.${signature}`, `${forged}.${signature}`, cursor.slice(0, -1)]
        for (const other of [...others, `${cursor}.x`, `${cursor}A`, '%00', '__proto__', 'x'.repeat(5_000)])
          await refused(`${query}&cursor=${other}`, 'invalidCursor', /Begin with an empty cursor/)
      })

      it('of another connection, of the same account or not: 400 invalidCursor', async () => {
        const [sibling, stranger] = [await okta.account.aConnection(), await app.aConnection()]
        for (const other of [sibling, stranger])
          await refused(`${query}&cursor=${cursor}`, 'invalidCursor', /not handed out for this connection/, other)
      })

      it('of another query: other filter, order, direction or type: 400 invalidCursor', async () => {
        const others = [
          '/Users?count=2&sortBy=userName&filter=id%20pr',
          '/Users?count=2&sortBy=userName',
          '/Users?count=2&filter=userName%20pr',
          '/Users?count=2&sortBy=displayName&filter=userName%20pr',
          `${query}&sortOrder=descending`,
          query.replace('/Users', '/'),
        ]
        for (const other of others)
          await refused(`${other}&cursor=${cursor}`, 'invalidCursor', /filter and sorting must stay as they were/)
        await refused(`/Groups?cursor=${cursor}`, 'invalidCursor', /must stay/)
      })

      it('too old: 400 expiredCursor, an hour after it was handed out', async () => {
        app.at(new Date(Date.now() + HOUR_MS - 60_000))
        await okta.get(`${query}&cursor=${cursor}`).expect(200)
        app.at(new Date(Date.now() + HOUR_MS + 60_000))
        await refused(`${query}&cursor=${cursor}`, 'expiredCursor', /has expired/)
        app.at(undefined)
      })

      it('beside startIndex: 400; with a count that is no number: 400 invalidCount', async () => {
        await refused('/Users?cursor=&startIndex=1', 'invalidValue', /not by both/)
        await refused('/Users?cursor=&count=ten', 'invalidCount', /count must be a whole number/)
      })

      it('does not come as a surprise: ServiceProviderConfig tells how long one lives, and that index paging is the default (§4)', async () => {
        const config = JSON.parse((await okta.get('/ServiceProviderConfig').expect(200)).text)
        assert.deepEqual(config.pagination, {
          cursor: true,
          index: true,
          defaultPaginationMethod: 'index',
          defaultPageSize: 100,
          maxPageSize: 1000,
          cursorTimeout: HOUR_MS / 1_000,
        })
        const page = JSON.parse((await okta.get('/Users').expect(200)).text)
        assert.deepEqual([page.startIndex, page.nextCursor], [1, undefined])
      })
    })
  })
})
