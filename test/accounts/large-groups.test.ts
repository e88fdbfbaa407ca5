import assert from 'node:assert/strict'
import { statement } from '../../db/statement.js'
import { aUser, GROUP_URN, replace, type TestConnection, useApp } from '../harness/app.js'
import { clonePeople, copyId, NUMBER } from '../harness/clone-people.js'
import { forEachDatabase } from '../harness/database.js'

const PEOPLE = 1_100
const CHILDREN = statement(
  `SELECT count(*) AS number, count(DISTINCT user_id) AS people FROM events WHERE account_id = ? AND parent_id = ?
     AND user_id IS NOT NULL`,
)
const LICENSES = statement(`SELECT count(*) AS number FROM licenses WHERE account_id = ?`)
const MEMBERS = statement(`SELECT count(*) AS number FROM directory_members WHERE account_id = ?`)

forEachDatabase((database) => {
  describe(`a group of ${PEOPLE} people: the desired state at once, the effects as a job (DESIGN 1, promise 6)`, () => {
    const app = useApp(database)

    /** A connection with that many people, whose rule gives who is in "Everyone" a product. */
    async function aLargeDirectory() {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: PEOPLE })
      const okta = await account.aConnection()
      await okta.aRule({ condition: 'groups.display eq "Everyone"', effects: { products: [{ key: 'meet' }] } })
      const original = await okta.provision(aUser({ userName: `p${NUMBER}@x.example` }))
      const { db } = app.server.deps
      await clonePeople(db, { accountId: account.id, connectionId: okta.id, scimId: original.id }, PEOPLE - 1)
      const ids = [original.id, ...Array.from({ length: PEOPLE - 1 }, (_, n) => copyId(original.id, n + 1))]
      return { okta, ids: ids as string[] }
    }

    const body = (displayName: string, ids: readonly string[]) => ({
      schemas: [GROUP_URN],
      displayName,
      members: ids.map((value) => ({ value })),
    })

    async function numberOf(okta: TestConnection, counted: typeof LICENSES): Promise<number> {
      const row = await app.server.deps.db.get<{ number: number }>(counted, [okta.account.id])
      return Number(row?.number)
    }

    /** The jobs of a request are done, and everyone has one child event that says what followed for her. */
    async function assertFollowed(okta: TestConnection, { headers }: { headers: Record<string, string> }) {
      const requestId = headers['x-request-id'] ?? ''
      const event = (await okta.account.admin('get', `/events/${requestId}`).expect(200)).body
      let reached = 0
      for (const { kind, jobId } of event.effects) {
        if (kind !== 'job') continue
        const job = (await okta.account.admin('get', `/jobs/${jobId}`).expect(200)).body
        assert.deepEqual([job.state, job.failure], ['done', null])
        reached += job.progress.people
      }
      assert.ok(reached >= PEOPLE, `${reached} people were reached`)
      const row = await app.server.deps.db.get<Record<string, number>>(CHILDREN, [okta.account.id, requestId])
      assert.deepEqual([Number(row?.number), Number(row?.people)], [PEOPLE, PEOPLE])
      const [child] = await okta.account.events(`correlationId=${requestId}&action=user.access_changed&limit=1`)
      assert.deepEqual([child.source, child.actor.type], ['system', 'system'])
    }

    it('is made, renamed and deleted, and everyone follows; who is in the next group of that name keeps what it gives', async function () {
      this.timeout(20_000)
      const { okta, ids } = await aLargeDirectory()
      const [first = '', one = ''] = [ids[0], ids[700]]

      const created = await okta.post('/Groups', body('Nobody', ids)).expect(201)
      assert.equal(created.body.members.length, PEOPLE)
      assert.equal((await okta.read(one)).groups[0].value, created.body.id)
      await app.settle()
      await assertFollowed(okta, created)
      assert.equal(await numberOf(okta, LICENSES), 0)

      const path = `/Groups/${created.body.id}`
      const renamed = await okta.patch(path, replace('displayName', 'Everyone')).expect(204)
      assert.equal((await okta.read(one)).groups[0].display, 'Everyone')
      await app.settle()
      await assertFollowed(okta, renamed)
      assert.equal(await numberOf(okta, LICENSES), PEOPLE)
      assert.equal((await okta.account.products()).get('meet').reserved, PEOPLE)

      const deleted = await okta.delete(path).expect(204)
      await okta.get(path).expect(404)
      assert.deepEqual((await okta.read(one)).groups, [])
      assert.deepEqual(await okta.find('Users', `groups.value eq "${created.body.id}"`), [])
      await okta.aGroup('Everyone', [{ id: first }])
      await app.settle()
      await assertFollowed(okta, deleted)
      assert.deepEqual([await numberOf(okta, LICENSES), await numberOf(okta, MEMBERS)], [1, 1])
      assert.equal((await okta.account.products()).get('meet').reserved, 1)
      assert.equal((await okta.userOf(await okta.read(first))).licenses.length, 1)
    })
  })
})
