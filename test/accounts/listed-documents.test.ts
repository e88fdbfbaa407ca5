import assert from 'node:assert/strict'
import { MAX_LISTED_BYTES } from '../../accounts/list-directory.js'
import { aUser, type Body, type TestConnection, useApp } from '../harness/app.js'
import { clonePeople, NUMBER } from '../harness/clone-people.js'
import { forEachDatabase } from '../harness/database.js'
import { THOROUGH } from '../harness/effort.js'

/** Of people with these, 37 fit on a page. */
const ADDRESSES = Array.from({ length: 110 }, (_, street) => ({ streetAddress: `${street} `.padEnd(4_000, 'é') }))
const PEOPLE = 50

forEachDatabase((database) => {
  if (!THOROUGH) return
  describe('a list of people whose documents are very long', () => {
    const app = useApp(database)
    let okta: TestConnection

    before(async function () {
      this.timeout(60_000)
      okta = await app.aConnection()
      const body = aUser({ userName: `p${NUMBER}@x.example`, addresses: ADDRESSES })
      const { id: scimId } = await okta.provision(body)
      await clonePeople(app.server.deps.db, { accountId: okta.account.id, connectionId: okta.id, scimId }, PEOPLE - 1)
    })

    const list = async (path: string): Promise<Body> => JSON.parse((await okta.get(path).expect(200)).text)
    const names = ({ Resources }: Body): string[] => Resources.map(({ userName }: Body) => userName)

    it('comes in shorter pages, each of which says how much it holds (RFC 7644 §3.4.2.4)', async () => {
      const first = await list('/Users?count=1000')
      const { totalResults, startIndex, itemsPerPage, Resources } = first
      assert.deepEqual([totalResults, startIndex, itemsPerPage], [PEOPLE, 1, Resources.length])
      assert.equal(Resources[0].addresses.length, 110)
      const bytes = Buffer.byteLength(JSON.stringify(Resources))
      assert.ok(Resources.length < PEOPLE && bytes > 0.9 * MAX_LISTED_BYTES && bytes < 1.1 * MAX_LISTED_BYTES)
      const second = await list(`/Users?count=1000&startIndex=${itemsPerPage + 1}`)
      assert.equal(second.itemsPerPage, PEOPLE - itemsPerPage)
      assert.equal(new Set([...names(first), ...names(second)]).size, PEOPLE)
    })

    it('is read from its nearer end, and from where it was asked for', async () => {
      const far = await list(`/Users?count=1000&startIndex=${PEOPLE - 39}`)
      const all = [...names(await list('/Users?count=100&attributes=userName'))]
      assert.deepEqual(names(far), all.slice(PEOPLE - 40, PEOPLE - 40 + far.itemsPerPage))
      assert.ok(far.itemsPerPage < 40)
    })

    it('goes on by cursor behind the last one that was shown (RFC 9865)', async () => {
      const first = await list('/Users?count=1000&cursor=')
      const second = await list(`/Users?count=1000&cursor=${encodeURIComponent(first.nextCursor)}`)
      assert.deepEqual([first.totalResults, second.nextCursor], [PEOPLE, undefined])
      assert.equal(new Set([...names(first), ...names(second)]).size, PEOPLE)
    })

    it('goes on behind people with groups among them, in one list of all', async () => {
      const group = await okta.aGroup('Sales', [])
      const first = await list('/?count=1000&cursor=')
      const second = await list(`/?count=1000&cursor=${encodeURIComponent(first.nextCursor)}`)
      const ids = [...first.Resources, ...second.Resources].map(({ id }: Body) => id)
      assert.deepEqual([ids.length, new Set(ids).size, ids.includes(group.id)], [PEOPLE + 1, PEOPLE + 1, true])
    })
  })

  describe('changes of people whose documents are very long', () => {
    const app = useApp(database)
    /** More than are read at a time, and more than a page may hold. */
    const CHANGES = 120
    let okta: TestConnection

    before(async function () {
      this.timeout(120_000)
      okta = await app.aConnection()
      for (let made = 0; made < CHANGES; made++) await okta.provision(aUser({ addresses: ADDRESSES }))
      await app.settle()
    })

    const pages = async (path: string): Promise<Body[]> => {
      const all: Body[] = []
      for (let cursor = ''; cursor !== undefined; ) {
        const { body } = await okta.account.admin('get', `${path}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
        all.push(body)
        cursor = body.nextCursor
      }
      return all
    }

    it('come in shorter pages of the log, of which none is left out', async function () {
      this.timeout(60_000)
      const found = await pages('/events?action=user.created&limit=1000')
      assert.ok(found.length > 1 && found[0].items.length < CHANGES)
      assert.equal(new Set(found.flatMap(({ items }) => items.map(({ id }: Body) => id))).size, CHANGES)
    })

    it('come in shorter pages of the feed, of which none is left out (RFC 9967)', async function () {
      this.timeout(60_000)
      const found = await pages('/feed?mode=full&limit=1000')
      assert.ok(found.length > 1 && found[0].items.length < CHANGES)
      const tokens = found.flatMap(({ items }) => items.map(({ jti }: Body) => jti))
      assert.ok(tokens.length >= CHANGES)
      assert.equal(new Set(tokens).size, tokens.length)
    })
  })
})
