import assert from 'node:assert/strict'
import { aUser, type Body, GROUP_URN, patchOf, type TestConnection, useApp } from '../../harness/app.js'
import { forEachDatabase } from '../../harness/database.js'
import { recorded } from '../../idp/recorded.js'

const UNKNOWN = '01920000-0000-7000-8000-00000000ffff'

forEachDatabase((database) => {
  describe('the traps of SCIM.md section 6, groups', () => {
    const app = useApp(database)
    let entra: TestConnection
    let people: Body[]
    before(async () => {
      entra = await app.aConnection({ idpKind: 'entra' })
      people = await Promise.all(Array.from({ length: 12 }, () => entra.provision(aUser())))
    })

    const person = (index: number): Body => people[index]
    const idsIn = async (groupId: string): Promise<string[]> =>
      ((await entra.readGroup(groupId)).members ?? []).map(({ value }: Body) => value).sort()
    const idsOf = (...users: Body[]): string[] => users.map(({ id }) => id).sort()

    it('trap 4: Remove of members with a list of values takes out those alone', async () => {
      const group = await entra.aGroup('Trap 4', people.slice(0, 3))
      const value = [{ $ref: null, value: person(0).id }]
      await entra.patch(`/Groups/${group.id}`, patchOf({ op: 'Remove', path: 'members', value })).expect(204)
      assert.deepEqual(await idsIn(group.id), idsOf(person(1), person(2)))
      for (const nobody of [[], [{ value: UNKNOWN }]])
        await entra.patch(`/Groups/${group.id}`, patchOf({ op: 'Remove', path: 'members', value: nobody })).expect(204)
      assert.deepEqual(await idsIn(group.id), idsOf(person(1), person(2)))
      const filtered = patchOf({ op: 'remove', path: `members[value eq "${person(1).id}"]` })
      await entra.patch(`/Groups/${group.id}`, filtered).expect(204)
      assert.deepEqual(await idsIn(group.id), idsOf(person(2)))
    })

    it('trap 20: the id of the group itself in a value is no reason to refuse a rename', async () => {
      const group = await entra.aGroup('Trap 20', [person(0)])
      const value = { id: group.id, displayName: 'Trap 20 renamed' }
      await entra.patch(`/Groups/${group.id}`, patchOf({ op: 'replace', value })).expect(204)
      assert.equal((await entra.readGroup(group.id)).displayName, 'Trap 20 renamed')
      assert.deepEqual(await idsIn(group.id), idsOf(person(0)))
      assert.equal((await entra.read(person(0).id)).groups.at(-1).display, 'Trap 20 renamed')
    })

    it('trap 21: a group without its members is read without a look at them', async () => {
      const reads = async (members: Body[]) => {
        const name = `Trap 21 of ${members.length}`
        const group = await entra.aGroup(name, members)
        const filter = encodeURIComponent(`displayName eq "${name}"`)
        return app.counting(async () => {
          const { body } = await entra.get(`/Groups/${group.id}?excludedAttributes=members`).expect(200)
          assert.deepEqual([body.id, body.members], [group.id, undefined])
          const found = await entra.get(`/Groups?filter=${filter}&excludedAttributes=members`).expect(200)
          assert.deepEqual(
            found.body.Resources.map(({ id, members: shown }: Body) => [id, shown]),
            [[group.id, undefined]],
          )
        })
      }
      const [few, many] = [await reads(people.slice(0, 1)), await reads(people)]
      assert.deepEqual(many, few)
      assert.equal(many.texts.filter((text) => text.includes('directory_members')).length, 0)
    })

    it('trap 22: ten parallel PATCHes of one group lose nobody', async () => {
      const group = await entra.aGroup('Trap 22')
      const add = ({ id }: Body) => ({ op: 'Add', path: 'members', value: [{ $ref: null, value: id }] })
      const ten = people.slice(0, 10)
      await Promise.all(ten.map((user) => entra.patch(`/Groups/${group.id}`, patchOf(add(user))).expect(204)))
      assert.deepEqual(await idsIn(group.id), idsOf(...ten))
      assert.equal((await entra.readGroup(group.id)).meta.version, 'W/"11"')
    })

    it('trap 23: where the second operation is wrong, no member came in', async () => {
      const group = await entra.aGroup('Trap 23')
      const { groups: before } = await entra.read(person(0).id)
      const add = (value: string) => ({ op: 'add', path: 'members', value: [{ value }] })
      for (const wrong of [
        add(UNKNOWN),
        { op: 'replace', path: 'members', value: 'x' },
        { op: 'replace', path: 'id' },
        { op: 'replace', path: 'displayName', value: '' },
        { op: 'replace', path: 'displayName', value: 7 },
        { op: 'replace', path: 'meta.version', value: 'x' },
        { op: 'add', path: 'noSuchAttribute', value: 'x' },
        { op: 'replace', path: 'members[display eq "Grace"]', value: [] },
      ]) {
        await entra.patch(`/Groups/${group.id}`, patchOf(add(person(0).id), wrong)).expect(400)
        assert.deepEqual(await entra.readGroup(group.id), group)
        assert.deepEqual((await entra.read(person(0).id)).groups, before)
      }
    })

    it('also: an unknown member is 400 with its id in POST, PUT and PATCH (check 60, PRODUCT C3)', async () => {
      const group = await entra.aGroup('Unknown members', [person(0)])
      const members = [{ value: person(1).id }, { value: UNKNOWN }]
      const body = { schemas: [GROUP_URN], displayName: 'Never made', members }
      const refused = [
        await entra.post('/Groups', body).expect(400),
        await entra.put(`/Groups/${group.id}`, body).expect(400),
        await entra.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value: members })).expect(400),
        await entra.patch(`/Groups/${group.id}`, patchOf({ op: 'replace', value: { members } })).expect(400),
      ]
      for (const { body: error } of refused) {
        assert.equal(error.scimType, 'invalidValue')
        assert.match(error.detail, new RegExp(`${UNKNOWN}.*Assign the person to the app first`))
      }
      assert.deepEqual(await idsIn(group.id), idsOf(person(0)))
      assert.deepEqual(await entra.find('Groups', 'displayName eq "Never made"'), [])
    })

    it('also: a group inside a group is 400 invalidValue (check 59)', async () => {
      const inner = await entra.aGroup('Inner')
      for (const member of [{ value: inner.id, type: 'Group' }, { value: inner.id }]) {
        const body = { schemas: [GROUP_URN], displayName: 'Outer', members: [member] }
        assert.equal((await entra.post('/Groups', body).expect(400)).body.scimType, 'invalidValue')
      }
    })

    it('also: a name is taken in any case, on create and on rename (7.7)', async () => {
      const first = await entra.aGroup('Vertrieb Süd')
      const second = await entra.aGroup('Vertrieb Nord')
      const name = 'VERTRIEB SÜD'
      const refused = [
        await entra.post('/Groups', { schemas: [GROUP_URN], displayName: name }).expect(409),
        await entra.patch(`/Groups/${second.id}`, patchOf({ op: 'replace', value: { displayName: name } })).expect(409),
        await entra.put(`/Groups/${second.id}`, { schemas: [GROUP_URN], displayName: name }).expect(409),
      ]
      for (const { body } of refused) assert.deepEqual([body.status, body.scimType], ['409', 'uniqueness'])
      await entra.put(`/Groups/${first.id}`, { schemas: [GROUP_URN], displayName: name }).expect(200)
      await (await app.aConnection()).aGroup('Vertrieb Nord')
    })

    it('reads the recorded bodies of Entra and Okta with people of the connection in place of theirs', async () => {
      const body = (name: string, groupId = '') => {
        const named = { M1: person(0).id, M2: person(1).id, M3: person(2).id }
        const text = JSON.stringify(recorded(name)).replaceAll(/"M[123]"|\\"M1\\"/g, (found) =>
          found.replace(/M[123]/, (key) => named[key as keyof typeof named]),
        )
        return JSON.parse(text.replace('01920000-0000-7000-8000-00000000000a', groupId)) as object
      }
      const { body: group } = await entra.post('/Groups', body('entra/create-group')).expect(201)
      assert.deepEqual([group.schemas, group.members ?? []], [[GROUP_URN], []])
      const idsAfter = async (name: string) => {
        await entra.patch(`/Groups/${group.id}`, body(name, group.id)).expect(204)
        return idsIn(group.id)
      }
      const [one, two, three] = [person(0), person(1), person(2)]
      assert.deepEqual(await idsAfter('entra/patch-group-add-members'), idsOf(one, two))
      assert.deepEqual(await idsAfter('entra/patch-group-remove-value-list'), idsOf(two))
      assert.deepEqual(await idsAfter('okta/patch-group-full-push'), idsOf(one, two))
      assert.deepEqual(await idsAfter('entra/patch-group-remove-filter'), idsOf(two))
      assert.deepEqual(await idsAfter('okta/patch-group-members'), idsOf(two, three))
      assert.deepEqual(await idsAfter('okta/patch-group-rename'), idsOf(two, three))
      assert.equal((await entra.readGroup(group.id)).displayName, 'Sales EMEA')
      await entra.put(`/Groups/${group.id}`, body('okta/put-group', group.id)).expect(200)
      assert.deepEqual(await idsIn(group.id), idsOf(one, two))
    })
  })
})
