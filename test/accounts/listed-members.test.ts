import assert from 'node:assert/strict'
import { MAX_LISTED_MEMBERS } from '../../accounts/list-directory.js'
import { aUser, type Body, type TestConnection, useApp } from '../harness/app.js'
import { cloneMembers, clonePeople, NUMBER } from '../harness/clone-people.js'
import { forEachDatabase } from '../harness/database.js'
import { THOROUGH } from '../harness/effort.js'

const PEOPLE = 60_000
const LARGE = 45_000
/** By name; of the first three, two fit on a page. */
const SIZES: readonly (readonly [name: string, members: number])[] = [
  ['Group 1', LARGE],
  ['Group 2', LARGE],
  ['Group 3', LARGE],
  ['Group 4', 3],
]

forEachDatabase((database) => {
  if (!THOROUGH) return
  describe('a list of groups that have very many members together', () => {
    const app = useApp(database)
    let okta: TestConnection

    before(async function () {
      this.timeout(120_000)
      okta = await app.aConnection()
      const { db } = app.server.deps
      const scimId = (await okta.provision(aUser({ userName: `p${NUMBER}@x.example` }))).id
      const original = { accountId: okta.account.id, connectionId: okta.id, scimId }
      await clonePeople(db, original, PEOPLE)
      for (const [name, members] of SIZES) {
        const { id } = await okta.aGroup(name, [])
        await cloneMembers(db, original, id, [1, members])
      }
    })

    const list = async (query: string): Promise<Body> => (await okta.get(`/Groups?sortBy=displayName&${query}`)).body
    const sizes = ({ Resources }: Body) =>
      Resources.map(({ displayName, members = [] }: Body) => [displayName, members.length])

    it('comes in shorter pages, each of which says how much it holds (RFC 7644 §3.4.2.4)', async function () {
      this.timeout(60_000)
      assert.ok(2 * LARGE <= MAX_LISTED_MEMBERS && 3 * LARGE > MAX_LISTED_MEMBERS)
      const first = await list('count=100')
      assert.deepEqual([first.totalResults, first.startIndex, first.itemsPerPage], [4, 1, 2])
      assert.deepEqual(sizes(first), SIZES.slice(0, 2))
      const { value, display, $ref, type } = first.Resources[1].members[LARGE - 1]
      assert.deepEqual([type, $ref.endsWith(`/Users/${value}`), display], ['User', true, 'Grace Hopper'])
      const second = await list('startIndex=3&count=100')
      assert.deepEqual([second.itemsPerPage, sizes(second)], [2, SIZES.slice(2)])
    })

    it('goes on by cursor behind the last one that was shown (RFC 9865)', async function () {
      this.timeout(60_000)
      const first = await list('cursor=&count=100')
      assert.deepEqual([first.totalResults, sizes(first)], [4, SIZES.slice(0, 2)])
      const second = await list(`count=100&cursor=${encodeURIComponent(first.nextCursor)}`)
      assert.deepEqual([sizes(second), second.nextCursor], [SIZES.slice(2), undefined])
    })

    it('is as long as asked for where the members are not (trap 21)', async () => {
      const all = await list('excludedAttributes=members')
      assert.deepEqual(
        sizes(all),
        SIZES.map(([name]) => [name, 0]),
      )
    })

    it('shows a group by itself with all of its members, however many', async function () {
      this.timeout(60_000)
      const [found] = (await list(`filter=${encodeURIComponent('displayName eq "Group 3"')}`)).Resources
      assert.equal(found.members.length, LARGE)
    })
  })
})
