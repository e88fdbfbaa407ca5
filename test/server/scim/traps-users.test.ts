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
import { recorded } from '../../idp/recorded.js'

const MANAGER = `${ENTERPRISE_URN}:manager`

forEachDatabase((database) => {
  describe('the traps of SCIM.md section 6, look-ups and people', () => {
    const app = useApp(database)
    let okta: TestConnection
    before(async () => {
      okta = await app.aConnection({ acceptDirectRoles: true })
    })

    /** The resource after a PATCH, as the answer and a read agree on it. */
    async function patched(id: string, ...operations: object[]): Promise<Body> {
      const { body } = await okta.patch(`/Users/${id}`, patchOf(...operations)).expect(200)
      assert.deepEqual(await okta.read(id), body)
      return body
    }

    const roleOf = async (user: Body): Promise<string> => (await okta.userOf(user)).role.key

    it('trap 1: a look-up that finds nobody is 200 with an empty list, the space sent as +', async () => {
      const path = '/Users?filter=userName+eq+%22b4f0a6b2-7ad2-4c60-8d3f-2a4e4d3b9a11%22'
      const { body } = await okta.get(path).expect(200)
      assert.deepEqual([body.totalResults, body.Resources], [0, []])
    })

    it('trap 2: userName is found in any case', async () => {
      const alice = await okta.provision(aUser({ userName: 'Alice.É@x.example' }))
      for (const name of ['ALICE.É@X.EXAMPLE', 'alice.é@x.example', 'Alice.É@x.example'])
        assert.deepEqual(
          (await okta.find('Users', `userName eq "${name}"`)).map(({ id, userName }) => [id, userName]),
          [[alice.id, 'Alice.É@x.example']],
        )
    })

    it('trap 3: an unknown attribute in a filter is 400 invalidFilter, not everybody', async () => {
      for (const resource of ['Users', 'Groups']) {
        const { body } = await okta.get(`/${resource}?filter=${encodeURIComponent('foo eq "x"')}`).expect(400)
        assert.equal(body.scimType, 'invalidFilter')
        assert.match(body.detail, /foo/)
      }
    })

    it('trap 5: Add on a filtered path makes the element that is not there', async () => {
      const { id } = await okta.provision({ ...aUser(), emails: undefined })
      const after = await patched(id, { op: 'Add', path: 'emails[type eq "work"].value', value: 'made@x.example' })
      assert.deepEqual(after.emails, [{ value: 'made@x.example', type: 'work' }])
      assert.equal((await okta.find('Users', 'emails[type eq "work"].value eq "MADE@x.example"')).length, 1)
      const beside = await patched(id, { op: 'Replace', path: 'emails[type eq "home"].value', value: 'home@x.example' })
      assert.deepEqual(beside.emails, [...after.emails, { value: 'home@x.example', type: 'home' }])
      const again = await patched(id, { op: 'Add', path: 'emails[type eq "work"].value', value: 'new@x.example' })
      assert.deepEqual(again.emails, [{ value: 'new@x.example', type: 'work' }, beside.emails[1]])
    })

    it('trap 6: three Adds on parts of one address make one address', async () => {
      const { id } = await okta.provision(aUser())
      const add = (part: string, value: string) => ({ op: 'Add', path: `addresses[type eq "work"].${part}`, value })
      const operations = [add('streetAddress', '1 Main Street'), add('locality', 'London'), add('country', 'GB')]
      const after = await patched(id, ...operations)
      assert.deepEqual(after.addresses, [
        { streetAddress: '1 Main Street', locality: 'London', country: 'GB', type: 'work' },
      ])
    })

    it('trap 7: "False" as text switches a person off and is answered as a boolean', async () => {
      const user = await okta.provision(aUser())
      const after = await patched(user.id, { op: 'Replace', path: 'active', value: 'False' })
      assert.equal(after.active, false)
      assert.equal((await okta.userOf(user)).status, 'suspended')
      assert.equal((await patched(user.id, { op: 'Replace', path: 'active', value: 'True' })).active, true)
    })

    it('trap 8: replace without a path switches a person off', async () => {
      const user = await okta.provision(aUser())
      const { body } = await okta.patch(`/Users/${user.id}`, recorded('okta/patch-deactivate') as object).expect(200)
      assert.equal(body.active, false)
      assert.equal((await okta.userOf(user)).statusReason, 'directory')
    })

    it('trap 9: dotted keys and URN keys in a value without a path set what is nested', async () => {
      const { id } = await okta.provision(aUser())
      const value = { 'name.givenName': 'Ada', [`${ENTERPRISE_URN}:department`]: 'Engines' }
      const after = await patched(id, { op: 'replace', value })
      assert.deepEqual(after.name, { givenName: 'Ada', familyName: 'Hopper' })
      assert.deepEqual(after[ENTERPRISE_URN], { department: 'Engines' })
      assert.ok(after.schemas.includes(ENTERPRISE_URN))
      assert.deepEqual(
        Object.keys(after).filter((key) => key.includes('.') && key !== ENTERPRISE_URN),
        [],
      )
    })

    it('trap 10: a manager sent as bare text comes back as an object with her id and name', async () => {
      const [boss, { id }] = [await okta.provision(aUser({ displayName: 'Boss' })), await okta.provision(aUser())]
      const after = await patched(id, { op: 'Add', path: MANAGER, value: boss.id })
      assert.deepEqual(after[ENTERPRISE_URN].manager, {
        value: boss.id,
        displayName: 'Boss',
        $ref: `${app.server.publicUrl}/scim/v2/${okta.id}/Users/${boss.id}`,
      })
    })

    it('trap 11: a manager replaced by empty text is removed', async () => {
      const boss = await okta.provision(aUser())
      const { id } = await okta.provision(aUser({ [ENTERPRISE_URN]: { department: 'D', manager: { value: boss.id } } }))
      const after = await patched(id, { op: 'Replace', path: MANAGER, value: '' })
      assert.deepEqual(after[ENTERPRISE_URN], { department: 'D' })
    })

    it('trap 12: a role written as JSON text is the role, stored and given', async () => {
      const user = await okta.provision(aUser())
      await okta.patch(`/Users/${user.id}`, recorded('entra/patch-roles-json-text') as object).expect(200)
      const { roles } = await okta.read(user.id)
      assert.deepEqual(
        roles.map(({ value, display }: Body) => [value, display]),
        [['admin', 'Admin']],
      )
      assert.equal(await roleOf(user), 'admin')
    })

    it('trap 13: roles[primary eq "True"] means the primary role, and makes it where there is none', async () => {
      for (const roles of [undefined, [{ primary: true, value: 'admin' }]]) {
        const user = await okta.provision({ ...aUser(), roles })
        await okta.patch(`/Users/${user.id}`, recorded('entra/patch-single-role') as object).expect(200)
        assert.deepEqual((await okta.read(user.id)).roles, [{ value: 'member', primary: true }])
        assert.equal(await roleOf(user), 'member')
      }
    })

    it('trap 14: roles that Entra only ever adds: the highest stays, whichever came last', async () => {
      const user = await okta.provision(aUser())
      const add = (value: string) => ({ op: 'Add', path: 'roles', value: [{ value: `{"value":"${value}"}` }] })
      await patched(user.id, add('admin'))
      await patched(user.id, add('member'))
      assert.equal(await roleOf(user), 'admin')
      const { meta } = await okta.read(user.id)
      await patched(user.id, add('member'))
      assert.equal((await okta.read(user.id)).meta.version, meta.version, 'sent again, nothing moves')
    })

    it('trap 15: nulls, unknown URNs, a client meta and empty groups are no reason to refuse a person', async () => {
      const body = recorded('entra/create-user-with-nulls') as Body
      const created = await okta.provision({ ...body, id: 'theirs', meta: { resourceType: 'User', version: 'x' } })
      assert.notEqual(created.id, 'theirs')
      assert.match(created.meta.version, /^W\/"/)
      const { schemas, id: _, meta: __, ...profile } = created
      assert.deepEqual(schemas, [USER_URN])
      assert.deepEqual(profile, {
        externalId: 'grace',
        userName: 'grace@contoso.example',
        active: true,
        emails: [{ value: 'grace@contoso.example', type: 'work', primary: true }, ...profile.emails.slice(1)],
        name: { familyName: 'Hopper', givenName: 'Grace' },
        groups: [],
      })
      assert.equal(JSON.stringify(created).includes('null'), false)
    })

    it('trap 16: an existing userName in capitals is 409 uniqueness, with a complete Error', async () => {
      const { userName } = await okta.provision(aUser({ userName: 'Grace.Hopper@x.example' }))
      const emails = [{ value: 'another.address@x.example' }]
      for (const taken of ['GRACE.HOPPER@X.EXAMPLE', 'grace.hopper@x.example']) {
        const { body } = await okta.post('/Users', aUser({ userName: taken, emails })).expect(409)
        assert.deepEqual(Object.keys(body).sort(), ['detail', 'schemas', 'scimType', 'status'])
        assert.deepEqual(body.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error'])
        assert.deepEqual([body.status, body.scimType], ['409', 'uniqueness'])
        assert.match(body.detail, new RegExp(`^userName ${taken} belongs to another person of this connection`))
      }
      assert.equal((await okta.find('Users', `userName eq "${userName}"`)).length, 1)
    })

    it('trap 17: a userName and an address of another account are free here', async () => {
      const user = aUser({ externalId: 'shared' })
      const first = await okta.provision(user)
      const other = await app.aConnection()
      const second = await other.provision(user)
      assert.notEqual(second.id, first.id)
      assert.equal((await other.find('Users', `userName eq "${user.userName}"`))[0].id, second.id)
    })

    it('trap 18: who is switched off is still read and found, with her groups', async () => {
      const user = await okta.provision(aUser())
      const group = await okta.aGroup('Trap 18', [user])
      await okta.patch(`/Users/${user.id}`, replace('active', false)).expect(200)
      const off = await okta.read(user.id)
      assert.equal(off.active, false)
      assert.deepEqual(
        off.groups.map(({ value, display }: Body) => [value, display]),
        [[group.id, 'Trap 18']],
      )
      assert.equal((await okta.find('Users', `userName eq "${user.userName}"`))[0].active, false)
      assert.equal((await okta.readGroup(group.id)).members[0].value, user.id)
      await okta.patch(`/Users/${user.id}`, replace('active', true)).expect(200)
      assert.equal((await okta.read(user.id)).groups.length, 1)
    })

    it('trap 19: PUT with groups, meta and id, without active, replaces the profile alone', async () => {
      const sent = recorded('okta/put-user') as Body
      const user = await okta.provision({ ...sent, title: 'goes', active: false })
      const group = await okta.aGroup('Trap 19', [user])
      const { body } = await okta.put(`/Users/${user.id}`, sent).expect(200)
      assert.deepEqual([body.id, body.active, body.title], [user.id, false, undefined])
      assert.deepEqual(
        body.groups.map(({ value }: Body) => value),
        [group.id],
      )
      assert.equal(body.displayName, 'Sir Isaac Newton')
      assert.deepEqual(await okta.read(user.id), body)
      assert.equal((await okta.userOf(user)).status, 'suspended')
    })

    it('trap 23: where the second operation is wrong, the first is undone', async () => {
      const user = await okta.provision(aUser({ title: 'before' }))
      for (const wrong of [
        { op: 'replace', path: 'userName', value: null },
        { op: 'replace', path: 'noSuchAttribute', value: 'x' },
        { op: 'remove' },
      ]) {
        const { body } = await okta
          .patch(`/Users/${user.id}`, patchOf({ op: 'replace', path: 'title', value: 'after' }, wrong))
          .expect(400)
        assert.match(body.detail, /^Operations\[1\]/, 'the message names the operation (PRODUCT C21)')
        assert.deepEqual(await okta.read(user.id), user)
      }
    })

    it('trap 24: pages keep their order while people come, their numbers are integers', async () => {
      const entra = await app.aConnection()
      const first: string[] = []
      for (let n = 0; n < 5; n += 1) first.push((await entra.provision(aUser())).id)
      const seen: string[] = []
      for (const [page, startIndex] of [1, 3, 5].entries()) {
        const { body } = await entra.get(`/Users?startIndex=${startIndex}&count=2`).expect(200)
        seen.push(...body.Resources.map(({ id }: Body) => id))
        assert.deepEqual([body.totalResults, body.startIndex, body.itemsPerPage], [5 + page, startIndex, 2])
        await entra.provision(aUser({ userName: `aaa${startIndex}@x.example` }))
      }
      assert.deepEqual(seen.slice(0, 5), first)
      assert.equal(new Set(seen).size, 6)
      for (const query of ['count=0', 'startIndex=101&count=100']) {
        const { body } = await entra.get(`/Users?${query}`).expect(200)
        assert.deepEqual([body.totalResults, body.itemsPerPage, body.Resources], [8, 0, []])
      }
      const { body: last } = await entra.get('/Users?startIndex=8&count=100').expect(200)
      assert.deepEqual([last.totalResults, last.itemsPerPage, last.Resources.length], [8, 1, 1])
    })

    it('trap 25: DELETE is 204, again 404, and the same userName comes back under a new id', async () => {
      const user = aUser()
      const { id } = await okta.provision(user)
      await okta.delete(`/Users/${id}`).expect(204)
      const again = await okta.delete(`/Users/${id}`).expect(404)
      assert.equal(again.body.status, '404')
      await okta.get(`/Users/${id}`).expect(404)
      await okta.patch(`/Users/${id}`, replace('active', true)).expect(404)
      assert.deepEqual(await okta.find('Users', `userName eq "${user.userName}"`), [])
      assert.notEqual((await okta.provision(user)).id, id)
    })

    it('also: a filter on discovery is 403', async () => {
      for (const path of ['/Schemas', '/ResourceTypes']) await okta.get(`${path}?filter=id%20pr`).expect(403)
    })
  })
})
