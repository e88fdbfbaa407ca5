import assert from 'node:assert/strict'
import { aUser, type Body, patchOf, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { assertInvariants } from '../harness/invariants.js'
import { anActivePerson, aVerifiedDomain } from '../harness/people.js'

const OFF = replace('active', false)
const ON = replace('active', true)

forEachDatabase((database) => {
  describe('license seats, as SCIM takes and frees them (PRODUCT 2.5)', () => {
    const app = useApp(database)
    afterEach(() => app.at(undefined))

    /** An account with one product, Meet, that a rule gives to everyone. */
    async function withMeet(seats: number, product: object = {}, connection: object = {}): Promise<TestConnection> {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', name: 'Meet', seats, ...product })
      const okta = await account.aConnection(connection)
      await okta.aRule({ effects: { products: [{ key: 'meet' }] } })
      return okta
    }

    const stateOf = async (okta: TestConnection, user: Body): Promise<string | undefined> =>
      (await okta.userOf(user)).licenses.find(({ product }: Body) => product === 'meet')?.state

    async function pool(account: TestAccount, key = 'meet'): Promise<Record<string, number>> {
      const { seats, reserved, assigned, waiting } = (await account.products()).get(key)
      return { seats, reserved, assigned, waiting }
    }

    const patch = (okta: TestConnection, user: Body, body: object) => okta.patch(`/Users/${user.id}`, body).expect(200)

    it('2.5 reserved: an invited person takes a seat; assigned: an active one does', async () => {
      const okta = await withMeet(5)
      const invited = await okta.provision(aUser())
      const { resource: active } = await anActivePerson(okta)
      assert.equal(await stateOf(okta, invited), 'reserved')
      assert.equal(await stateOf(okta, active), 'assigned')
      assert.deepEqual(await pool(okta.account), { seats: 5, reserved: 1, assigned: 1, waiting: 0 })
    })

    it('2.5: how a pool stands is read from the pool, however many people have its seats', async () => {
      const okta = await withMeet(20)
      const reads = () => app.counting(() => okta.account.admin('get', '/products').expect(200))
      await okta.provision(aUser())
      const few = await reads()
      for (let n = 0; n < 5; n += 1) await okta.provision(aUser())
      const many = await reads()
      assert.deepEqual(many, few)
      assert.deepEqual(
        many.texts.filter((text) => text.includes('licenses')),
        [],
      )
      assert.equal((await pool(okta.account)).reserved, 6)
    })

    it('2.5 waiting: without a free seat she is created, waits, and the event warns (no_seat)', async () => {
      const okta = await withMeet(1)
      await okta.provision(aUser())
      const second = await okta.provision(aUser())
      const person = await okta.userOf(second)
      assert.deepEqual([person.status, person.flags], ['invited', ['no_products', 'waiting_for_seat']])
      assert.ok(person.licenses[0].waitingSince)
      const [event] = await okta.account.events(`userId=${person.id}`)
      assert.deepEqual([event.outcome, event.code, event.http.status], ['warning', 'no_seat', 201])
      assert.match(event.message, /^No Meet seat is free \(1 of 1\)\. Waiting as number 1\./)
      assert.deepEqual(await pool(okta.account), { seats: 1, reserved: 1, assigned: 0, waiting: 1 })
    })

    it('2.5: a freed seat goes to the longest waiting, with an event for each hand-over', async () => {
      const okta = await withMeet(1)
      const [holder, first, second] = [
        await okta.provision(aUser()),
        await okta.provision(aUser()),
        await okta.provision(aUser()),
      ]
      const answer = await patch(okta, holder, OFF)
      assert.deepEqual([await stateOf(okta, first), await stateOf(okta, second)], ['reserved', 'waiting'])
      const { id } = await okta.userOf(first)
      const [event] = await okta.account.events(`userId=${id}`)
      assert.deepEqual([event.action, event.outcome], ['user.access_changed', 'success'])
      assert.equal(event.correlationId, answer.headers['x-request-id'])
      assert.deepEqual(
        event.effects.map(({ kind, product, before, after }: Body) => [kind, product, before, after]),
        [['license', 'meet', 'waiting', 'reserved']],
      )
      assert.deepEqual(await pool(okta.account), { seats: 1, reserved: 1, assigned: 0, waiting: 1 })

      await okta.delete(`/Users/${first.id}`).expect(204)
      assert.equal(await stateOf(okta, second), 'reserved')
      await patch(okta, holder, ON)
      assert.equal(await stateOf(okta, holder), 'waiting', 'who returns stands at the end of the list')
    })

    it('2.5 released: deactivation and DELETE free the seat at once (C7)', async () => {
      const okta = await withMeet(2)
      const [one, two] = [await okta.provision(aUser()), await okta.provision(aUser())]
      await patch(okta, one, OFF)
      assert.equal((await pool(okta.account)).reserved, 1)
      await okta.delete(`/Users/${two.id}`).expect(204)
      assert.deepEqual(await pool(okta.account), { seats: 2, reserved: 0, assigned: 0, waiting: 0 })
    })

    it('2.5 released: a grant that is removed frees its seat, be it the rule’s or one by hand', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 2 })
      const okta = await account.aConnection()
      await okta.aRule({ condition: 'groups.display eq "Sales"', effects: { products: [{ key: 'meet' }] } })
      const [ruled, manual] = [await okta.provision(aUser()), await okta.provision(aUser())]
      const group = await okta.aGroup('Sales', [ruled])
      const { id } = await okta.userOf(manual)
      const grant = { kind: 'product', value: 'meet', reason: 'on trial' }
      await account.admin('post', `/users/${id}/grants`, grant).expect(201)
      assert.equal((await pool(account)).reserved, 2)
      const remove = { op: 'Remove', path: 'members', value: [{ value: ruled.id }] }
      await okta.patch(`/Groups/${group.id}`, patchOf(remove)).expect(204)
      assert.equal((await pool(account)).reserved, 1)
      await account.admin('delete', `/users/${id}/grants/product/meet`).expect(204)
      assert.deepEqual(await pool(account), { seats: 2, reserved: 0, assigned: 0, waiting: 0 })
    })

    it('2.5 released: whoever leaves while waiting leaves the list too', async () => {
      const okta = await withMeet(0)
      const [one, two] = [await okta.provision(aUser()), await okta.provision(aUser())]
      assert.equal((await pool(okta.account)).waiting, 2)
      await patch(okta, one, OFF)
      await okta.delete(`/Users/${two.id}`).expect(204)
      assert.equal((await pool(okta.account)).waiting, 0)
    })

    it('2.5: seats lowered below use take nobody’s away; new grants wait; raised, they serve the list in order', async () => {
      const okta = await withMeet(2)
      const { account } = okta
      const had = [await okta.provision(aUser()), await okta.provision(aUser())]
      const { id } = (await account.products()).get('meet')
      const setSeats = (seats: number) => account.admin('patch', `/products/${id}`, { seats }).expect(200)
      await setSeats(1)
      assert.deepEqual(await pool(account), { seats: 1, reserved: 2, assigned: 0, waiting: 0 })
      const late = [await okta.provision(aUser()), await okta.provision(aUser())]
      await patch(okta, had[0], OFF)
      assert.deepEqual(await pool(account), { seats: 1, reserved: 1, assigned: 0, waiting: 2 }, 'one too many left')
      const raised = await setSeats(2)
      assert.deepEqual(await Promise.all(late.map((user) => stateOf(okta, user))), ['reserved', 'waiting'])
      const { id: receiver } = await okta.userOf(late[0])
      const [event] = await account.events(`userId=${receiver}`)
      assert.deepEqual([event.action, event.correlationId], ['user.access_changed', raised.headers['x-request-id']])
    })

    it('2.5 onNoSeat reject: 403 that says what to do, on create and on reactivation', async () => {
      const okta = await withMeet(1, {}, { onNoSeat: 'reject' })
      const { account } = okta
      const first = await okta.provision(aUser())
      const second = aUser()
      const refused = await okta.post('/Users', second).expect(403)
      assert.deepEqual([refused.body.status, refused.body.scimType], ['403', undefined])
      assert.match(
        refused.body.detail,
        /^No Meet seat is free \(1 of 1\)\. Add seats in Licenses or change the setting 'When no seat is free'\./,
      )
      assert.deepEqual(await okta.find('Users', `userName eq "${second.userName}"`), [])
      const [event] = await account.events('outcome=failure')
      assert.deepEqual(
        [event.code, event.http.status, event.subject.userName],
        ['no_seat_reject', 403, second.userName],
      )
      assert.equal(event.userId, undefined, 'nobody was made')
      assert.deepEqual(await pool(account), { seats: 1, reserved: 1, assigned: 0, waiting: 0 })

      await patch(okta, first, OFF)
      await okta.provision(second)
      for (const body of [ON, patchOf({ op: 'replace', value: { active: true, title: 'T' } })])
        await okta.patch(`/Users/${first.id}`, body).expect(403)
      await okta.put(`/Users/${first.id}`, { ...first, active: true }).expect(403)
      const still = await okta.read(first.id)
      assert.deepEqual([still.active, still.title], [false, undefined])
      const [again] = await account.events('outcome=failure')
      assert.equal(again.userId, (await okta.userOf(first)).id)
    })

    it('2.5 onNoSeat reject: who comes switched off, and changes by group, attribute or rule, are never refused', async () => {
      const account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 0 })
      const okta = await account.aConnection({ onNoSeat: 'reject' })
      await okta.aRule({ condition: 'groups.display eq "Sales"', effects: { products: [{ key: 'meet' }] } })
      await okta.aRule({ condition: 'title eq "Sales"', effects: { products: [{ key: 'meet' }] } })
      const [one, two] = [await okta.provision(aUser()), await okta.provision(aUser())]
      const group = await okta.aGroup('Sales', [one])
      await patch(okta, two, replace('title', 'Sales'))
      assert.deepEqual([await stateOf(okta, one), await stateOf(okta, two)], ['waiting', 'waiting'])
      await okta.provision(aUser({ title: 'Sales', active: false }))
      await okta.aRule({ effects: { products: [{ key: 'meet' }] } })
      await okta.patch(`/Groups/${group.id}`, replace('displayName', 'Sales EMEA')).expect(204)
      assert.equal((await pool(account)).waiting, 2)
    })

    it('2.5 assign_on_accept: an invited person is pending: neither counted nor waiting nor refused', async () => {
      const okta = await withMeet(1, { policy: 'assign_on_accept' }, { onNoSeat: 'reject' })
      const invited = await okta.provision(aUser())
      assert.equal(await stateOf(okta, invited), 'pending')
      assert.deepEqual(await pool(okta.account), { seats: 1, reserved: 0, assigned: 0, waiting: 0 })
      assert.equal((await okta.userOf(invited)).flags.includes('no_products'), false)
      await okta.provision(aUser())
      const { resource } = await anActivePerson(okta)
      assert.equal(await stateOf(okta, resource), 'assigned')
      assert.deepEqual(await pool(okta.account), { seats: 1, reserved: 0, assigned: 1, waiting: 0 })
    })

    it('2.5 assign_on_accept: those who wait stand in the order in which they accepted (JM-14)', async () => {
      const okta = await withMeet(1, { policy: 'assign_on_accept' })
      const { account } = okta
      const domain = await aVerifiedDomain(account)
      const accepted = async (name: string, minutes: number) => {
        app.at(new Date(Date.now() + minutes * 60_000))
        await account.aLocalUser({ email: `${name}@${domain}`, status: 'active' })
      }
      await accepted('holder', 0)
      await accepted('early', 1)
      await accepted('late', 2)
      const link = (name: string) => okta.provision(aUser({ userName: `${name}@${domain}` }))
      const holder = await link('holder')
      const late = await link('late')
      const early = await link('early')
      assert.deepEqual([await stateOf(okta, early), await stateOf(okta, late)], ['waiting', 'waiting'])
      await patch(okta, holder, OFF)
      assert.deepEqual([await stateOf(okta, early), await stateOf(okta, late)], ['assigned', 'waiting'])
    })

    it('PBX-04: a bundle brings its products on one seat of its own, and takes them with it', async () => {
      const account = await app.anAccount()
      for (const key of ['meet', 'voice']) await account.aProduct({ key, seats: 0 })
      await account.aProduct({ key: 'suite', seats: 1, includes: ['meet', 'voice'] })
      const okta = await account.aConnection()
      await okta.aRule({ condition: 'title eq "Sales"', effects: { products: [{ key: 'suite' }] } })
      const [one, two] = [aUser({ title: 'Sales' }), aUser({ title: 'Sales' })]
      const holder = await okta.provision(one)
      const licenses = async (user: Body) =>
        (await okta.userOf(user)).licenses
          .map(({ product, state, via = '' }: Body) => `${product} ${state} ${via}`.trim())
          .sort()
      assert.deepEqual(await licenses(one), ['meet reserved suite', 'suite reserved', 'voice reserved suite'])
      assert.deepEqual(await pool(account, 'suite'), { seats: 1, reserved: 1, assigned: 0, waiting: 0 })
      for (const key of ['meet', 'voice'])
        assert.deepEqual(await pool(account, key), { seats: 0, reserved: 0, assigned: 0, waiting: 0 })

      await okta.provision(two)
      assert.deepEqual(await licenses(two), ['meet waiting suite', 'suite waiting', 'voice waiting suite'])
      await patch(okta, holder, replace('title', 'Support'))
      assert.deepEqual(await licenses(one), [])
      assert.deepEqual(await licenses(two), ['meet reserved suite', 'suite reserved', 'voice reserved suite'])
    })

    it('2.5: 50 people who come at once for 10 seats: exactly 10 taken, 40 waiting', async () => {
      const okta = await withMeet(10)
      await Promise.all(Array.from({ length: 50 }, () => okta.provision(aUser())))
      assert.deepEqual(await pool(okta.account), { seats: 10, reserved: 10, assigned: 0, waiting: 40 })
    })

    it('2.5: after all this pools, licenses, grants and log agree', async () => {
      await app.settle()
      await assertInvariants(app.server.deps.db, new Date())
    })
  })
})
