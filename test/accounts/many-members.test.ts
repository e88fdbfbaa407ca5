import assert from 'node:assert/strict'
import { aUser, type Body, GROUP_URN, patchOf, type TestConnection, useApp } from '../harness/app.js'
import { clonePeople, copyId, NUMBER } from '../harness/clone-people.js'
import { forEachDatabase } from '../harness/database.js'

const PEOPLE = 2_100
/** No statement names more people than this, so none holds the event loop for long. */
const CHUNK = 1_000

forEachDatabase((database) => {
  describe('requests that name thousands of members keep the event loop for short pieces only', function () {
    this.timeout(30_000)
    const app = useApp(database)
    let okta: TestConnection
    let ids: string[]
    let group: Body

    before(async () => {
      okta = await app.aConnection()
      const original = await okta.provision(aUser({ userName: `p${NUMBER}@x.example` }))
      const { db } = app.server.deps
      await clonePeople(db, { accountId: okta.account.id, connectionId: okta.id, scimId: original.id }, PEOPLE - 1)
      ids = [original.id, ...Array.from({ length: PEOPLE - 1 }, (_, n) => copyId(original.id, n + 1))].sort()
      group = await okta.aGroup('Crowd')
    })
    afterEach(() => app.settle())

    const values = (some: readonly string[]) => some.map((value) => ({ value }))
    const members = async () =>
      ((await okta.readGroup(group.id)).members ?? []).map(({ value }: Body) => value as string).sort()

    /** Send it, and see that no statement brought more people than a chunk. */
    async function patch(status: number, ...operations: object[]) {
      return app.counting(async () => okta.patch(`/Groups/${group.id}`, patchOf(...operations)).expect(status))
    }

    it('they join and leave in statements of a thousand', async () => {
      const shuffled = ids.toSorted((a, b) => (a.slice(-3) < b.slice(-3) ? -1 : 1))
      const added = await patch(204, { op: 'add', path: 'members', value: values(shuffled) })
      assert.deepEqual(await members(), ids)
      // Each of them is locked and put in: three chunks of each.
      assert.equal(added.texts.filter((text) => text.includes('INTO directory_members')).length, 3)
      const removed = await patch(204, { op: 'remove', path: 'members', value: values(ids.slice(0, -1)) })
      assert.equal(removed.texts.filter((text) => text.includes('DELETE FROM directory_members')).length, 3)
      assert.deepEqual(await members(), ids.slice(-1))
      assert.ok(Math.max(added.statements, removed.statements) < 40)
      assert.ok(added.rows < 3 * PEOPLE + CHUNK)
    })

    it('unknown ones are refused before anybody joins', async () => {
      const strangers = ids.map((id) => id.replace(/^./, 'f'))
      const before = await members()
      const count = await patch(400, { op: 'add', path: 'members', value: values([...ids, ...strangers]) })
      assert.equal(count.texts.filter((text) => text.includes('INTO directory_members')).length, 0)
      assert.deepEqual(await members(), before)
    })

    it('PUT with the same members again changes nobody, and reads them by the page', async () => {
      const body = { schemas: [GROUP_URN], displayName: 'Crowd', members: values(ids) }
      await okta.put(`/Groups/${group.id}`, body).expect(200)
      const again = await app.counting(async () => okta.put(`/Groups/${group.id}`, body).expect(200))
      assert.deepEqual(
        again.texts.filter((text) => /(INTO|DELETE FROM) directory_members/.test(text)),
        [],
      )
      assert.deepEqual(await members(), ids)
      const rest = ids.slice(0, 2)
      await okta.put(`/Groups/${group.id}`, { ...body, members: values(rest) }).expect(200)
      assert.deepEqual(await members(), rest)
      await patch(204, { op: 'add', path: 'members', value: values(ids) })
      await patch(204, { op: 'remove', path: 'members' })
      assert.deepEqual(await members(), [])
    })

    it('they are read a thousand at a time, and shown as few are', async () => {
      const some = [ids.slice(0, 2), ids].map(async (all, index) => {
        const body = { schemas: [GROUP_URN], displayName: `Shown ${index}`, members: values(all) }
        return (await okta.post('/Groups', body).expect(201)).text
      })
      const [few, many] = (await Promise.all(some)).map((text) => JSON.parse(text))
      assert.deepEqual(Object.keys(many), Object.keys(few))
      assert.deepEqual(many.members.slice(0, 2), few.members)
      assert.deepEqual(
        many.members.map(({ value }: Body) => value),
        ids,
      )
      for (const query of [
        'attributes=members.value',
        'excludedAttributes=members.$ref,meta',
        'attributes=displayName',
      ]) {
        const [short, long] = await Promise.all(
          [few, many].map(async ({ id }) => JSON.parse((await okta.get(`/Groups/${id}?${query}`).expect(200)).text)),
        )
        assert.deepEqual(Object.keys(long), Object.keys(short))
        assert.deepEqual(long.members?.slice(0, 2), short.members)
      }
      const count = await app.counting(async () => okta.get(`/Groups/${many.id}`).expect(200))
      assert.equal(count.texts.filter((text) => text.includes('FROM directory_members')).length, 3)
    })

    it('operations that undo one another come to what the last one says, in as many statements as one', async () => {
      await patch(204, { op: 'replace', path: 'members', value: values(ids.slice(0, 10)) })
      const [stays, leaves, joins] = [ids[0]!, ids[1]!, ids[20]!]
      const turns = Array.from({ length: 600 }, () => [
        { op: 'remove', path: 'members', value: values([stays, joins]) },
        { op: 'add', path: 'members', value: values([stays, leaves, joins]) },
        { op: 'remove', path: `members[value eq "${leaves}"]` },
      ])
      const count = await patch(204, ...turns.flat())
      assert.ok(count.statements < 40, `${count.statements} statements`)
      assert.deepEqual(await members(), [...ids.slice(0, 1), ...ids.slice(2, 10), joins].sort())
      const [event] = await okta.account.events('action=group.members_changed&limit=1')
      assert.deepEqual(
        event.effects.filter(({ kind }: Body) => kind === 'members'),
        [{ kind: 'members', added: 1, removed: 1 }],
      )
    })

    it('who is put in has to be known, even if a later operation takes her out again', async () => {
      const stranger = ids[0]!.replace(/^./, 'f')
      const [put, take] = ['add', 'remove'].map((op) => ({ op, path: 'members', value: values([stranger]) }))
      await patch(400, put!, take!)
      await patch(204, take!)
      await patch(400, put!, { op: 'remove', path: 'members' })
    })
  })
})
