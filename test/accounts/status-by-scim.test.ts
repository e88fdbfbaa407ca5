import assert from 'node:assert/strict'
import { aUser, type Body, replace, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { anActivePerson, aVerifiedDomain, endedSessions, invitationStates, invite, signIn } from '../harness/people.js'

const OFF = replace('active', false)
const ON = replace('active', true)

forEachDatabase((database) => {
  describe('the status of users, as far as SCIM moves it (PRODUCT 2.3)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let account: TestConnection['account']

    /** A connection whose rule gives everyone Meet, and who is in Sales also Assist. */
    before(async () => {
      account = await app.anAccount()
      await account.aProduct({ key: 'meet', seats: 100 })
      await account.aProduct({ key: 'assist', seats: 100 })
      okta = await account.aConnection()
      await okta.aRule({ effects: { products: [{ key: 'meet' }] } })
      await okta.aRule({ condition: 'title eq "Sales"', effects: { role: 'admin', products: [{ key: 'assist' }] } })
    })

    const patch = (user: Body, body: object) => okta.patch(`/Users/${user.id}`, body).expect(200)
    const eventOf = async (userId: string): Promise<Body> => (await account.events(`userId=${userId}`))[0]
    const seats = ({ licenses }: Body): string[][] =>
      licenses.map(({ product, state }: Body) => [product, state]).sort()
    const granted = ({ grants }: Body): string[] =>
      grants.map(({ kind, value, source }: Body) => `${kind} ${value} ${source}`).sort()

    it('2.3 – → invited: SCIM create, with a seat reserved and no invitation', async () => {
      const user = await okta.provision(aUser())
      const person = await okta.userOf(user)
      assert.deepEqual([person.status, person.statusReason, person.origin], ['invited', undefined, 'directory'])
      assert.deepEqual(seats(person), [['meet', 'reserved']])
      assert.deepEqual(await invitationStates(account, person.id), [])
      const event = await eventOf(person.id)
      assert.equal(event.action, 'user.created')
      const [status] = event.effects.filter(({ kind }: Body) => kind === 'status')
      assert.deepEqual(status, { kind: 'status', before: null, after: 'invited', reason: null })
    })

    it('2.3 – → suspended: SCIM create with active=false, without a seat, with grants; then active=true leads to invited', async () => {
      const user = await okta.provision(aUser({ active: false, title: 'Sales' }))
      const off = await okta.userOf(user)
      assert.deepEqual([off.status, off.statusReason], ['suspended', 'directory'])
      assert.deepEqual(seats(off), [])
      const grants = ['product assist rule', 'product meet rule', 'role admin rule']
      assert.deepEqual(granted(off), grants)
      const noted = (await eventOf(off.id)).effects.filter(({ kind }: Body) => kind === 'grant')
      assert.deepEqual(noted.map(({ product, change }: Body) => `${product} ${change}`).sort(), [
        'assist added',
        'meet added',
      ])

      await patch(user, ON)
      const on = await okta.userOf(user)
      assert.deepEqual([on.status, on.statusReason], ['invited', undefined])
      assert.deepEqual(seats(on), [
        ['assist', 'reserved'],
        ['meet', 'reserved'],
      ])
      assert.deepEqual(granted(on), grants)
    })

    it('2.3 invited → suspended: SCIM active=false revokes the invitation and releases the seat', async () => {
      const user = await okta.provision(aUser())
      const { id } = await okta.userOf(user)
      await invite(account, id)
      await patch(user, OFF)
      const off = await account.user(id)
      assert.deepEqual([off.status, off.statusReason, seats(off)], ['suspended', 'directory', []])
      assert.deepEqual(await invitationStates(account, id), ['revoked'])
      const event = await eventOf(id)
      assert.equal(event.action, 'user.deactivated')
      assert.ok(event.effects.some(({ kind, revoked }: Body) => kind === 'invitation' && revoked === 1))
      await patch(user, ON)
      assert.deepEqual(await invitationStates(account, id), ['revoked'], 'no old invitation comes back (2.7)')
      assert.equal((await account.user(id)).status, 'invited')
    })

    it('2.3 invited → deleted: SCIM DELETE revokes the invitation at once', async () => {
      const user = await okta.provision(aUser())
      const { id } = await okta.userOf(user)
      await invite(account, id)
      await okta.delete(`/Users/${user.id}`).expect(204)
      const gone = await account.user(id)
      assert.deepEqual([gone.status, seats(gone), gone.directoryUser], ['deleted', [], null])
      assert.deepEqual(await invitationStates(account, id), ['revoked'])
      await okta.get(`/Users/${user.id}`).expect(404)
    })

    it('2.3 active → suspended: SCIM active=false ends sessions, revokes invitations, releases seats, keeps grants', async () => {
      const { resource, userId } = await anActivePerson(okta, { products: [{ key: 'assist' }] })
      await signIn(account, userId)
      await signIn(account, userId)
      await invite(account, userId)
      const before = await account.user(userId)
      assert.deepEqual([before.status, before.sessions.length], ['active', 2])
      assert.deepEqual(seats(before), [
        ['assist', 'assigned'],
        ['meet', 'assigned'],
      ])
      const { assigned } = (await account.products()).get('meet')

      await patch(resource, OFF)
      const off = await account.user(userId)
      assert.deepEqual([off.status, off.statusReason, off.sessions, seats(off)], ['suspended', 'directory', [], []])
      assert.deepEqual(granted(off), granted(before))
      assert.deepEqual(await endedSessions(account, userId), ['deactivated', 'deactivated'])
      assert.deepEqual(await invitationStates(account, userId), ['revoked'])
      assert.equal((await account.products()).get('meet').assigned, assigned - 1)
      const { effects } = await eventOf(userId)
      const kinds = effects.map(({ kind, product = '', ended = '', revoked = '' }: Body) =>
        [kind, product, ended, revoked].join(' ').trim(),
      )
      assert.deepEqual(kinds.sort(), ['invitation   1', 'license assist', 'license meet', 'session  2', 'status'])
    })

    it('2.3 active → deleted: SCIM DELETE ends sessions and releases seats; a read is 404 at once', async () => {
      const { resource, userId } = await anActivePerson(okta)
      await signIn(account, userId)
      await okta.delete(`/Users/${resource.id}`).expect(204)
      const gone = await account.user(userId)
      assert.deepEqual([gone.status, gone.sessions, seats(gone)], ['deleted', [], []])
      assert.deepEqual(await endedSessions(account, userId), ['deactivated'])
      await okta.get(`/Users/${resource.id}`).expect(404)
      assert.equal((await eventOf(userId)).action, 'user.deleted')
    })

    it('2.3 suspended → deleted: SCIM DELETE of who was switched off', async () => {
      const { resource, userId } = await anActivePerson(okta)
      await patch(resource, OFF)
      await okta.delete(`/Users/${resource.id}`).expect(204)
      const gone = await account.user(userId)
      assert.deepEqual([gone.status, gone.statusReason], ['deleted', undefined])
    })

    it('2.3 suspended → active: SCIM active=true brings back the state before, with the seats', async () => {
      const { resource, userId } = await anActivePerson(okta)
      await signIn(account, userId)
      await patch(resource, OFF)
      await patch(resource, ON)
      const on = await account.user(userId)
      assert.deepEqual([on.status, on.statusReason, seats(on)], ['active', undefined, [['meet', 'assigned']]])
      assert.deepEqual(on.sessions, [], 'who was signed in signs in again')
      assert.equal((await eventOf(userId)).action, 'user.reactivated')
    })

    it('2.3 suspended → invited: SCIM active=true brings back who had not accepted, by PATCH and by PUT', async () => {
      const user = await okta.provision(aUser())
      for (const back of [() => patch(user, ON), () => okta.put(`/Users/${user.id}`, { ...user, active: true })]) {
        await patch(user, OFF)
        assert.equal((await okta.userOf(user)).status, 'suspended')
        assert.equal((await back()).status, 200)
        const on = await okta.userOf(user)
        assert.deepEqual([on.status, seats(on)], ['invited', [['meet', 'reserved']]])
      }
    })

    it('2.3 active → suspended: a local user whom the directory links with active=false is off at once', async () => {
      const email = `ada@${await aVerifiedDomain(account)}`
      const { id } = await account.aLocalUser({ email, status: 'active', products: [{ key: 'assist' }] })
      await signIn(account, id)
      const { active } = await okta.provision(aUser({ userName: email, active: false }))
      const off = await account.user(id)
      assert.deepEqual([active, off.status, off.statusReason, off.sessions], [false, 'suspended', 'directory', []])
      assert.deepEqual(seats(off), [])
      assert.deepEqual(await endedSessions(account, id), ['deactivated'])
    })

    it('2.3: an admin suspension is not lifted by SCIM, nor a directory suspension by an admin', async () => {
      const { resource, userId } = await anActivePerson(okta)
      const suspend = (suspended: boolean) => account.admin('patch', `/users/${userId}`, { suspended })
      await suspend(true).expect(200)
      assert.equal((await okta.read(resource.id)).active, true, 'the desired state is the directory’s')
      await patch(resource, OFF)
      await patch(resource, ON)
      let person = await account.user(userId)
      assert.deepEqual([person.status, person.statusReason, seats(person)], ['suspended', 'admin', []])

      await patch(resource, OFF)
      await suspend(false).expect(200)
      person = await account.user(userId)
      assert.deepEqual([person.status, person.statusReason], ['suspended', 'directory'])
      assert.equal((await suspend(false).expect(409)).body.code, 'user_directory_managed')
      await patch(resource, ON)
      assert.equal((await account.user(userId)).status, 'active')
    })

    it('2.3: an admin suspension outlives deletion and return', async () => {
      const user = aUser({ externalId: 'suspended-for-good' })
      const { id } = await okta.userOf(await okta.provision(user))
      await account.admin('patch', `/users/${id}`, { suspended: true }).expect(200)
      const [found] = await okta.find('Users', 'externalId eq "suspended-for-good"')
      await okta.delete(`/Users/${found.id}`).expect(204)
      await okta.provision(user)
      const back = await account.user(id)
      assert.deepEqual([back.status, back.statusReason], ['suspended', 'admin'])
    })

    it('2.3: rules see who is switched off too: what she lost meanwhile does not return', async () => {
      const user = await okta.provision(aUser({ title: 'Sales' }))
      await patch(user, OFF)
      await patch(user, replace('title', 'Support'))
      const off = await okta.userOf(user)
      assert.deepEqual([off.role.key, granted(off)], ['member', ['product meet rule']])
      await patch(user, ON)
      assert.deepEqual(seats(await okta.userOf(user)), [['meet', 'reserved']])
    })

    it('2.3 flags: no_sign_in without an address, inactive after the days of the account; SCIM shows neither', async () => {
      const nameless = await okta.provision({ ...aUser({ userName: 'no-address' }), emails: undefined })
      const { email, flags } = await okta.userOf(nameless)
      assert.deepEqual([email, flags], [null, ['no_sign_in']])
      const { resource, userId } = await anActivePerson(okta)
      assert.deepEqual((await account.user(userId)).flags, [])
      app.at(new Date(Date.now() + 91 * 86_400_000))
      assert.deepEqual((await account.user(userId)).flags, ['inactive'])
      assert.deepEqual(await okta.read(resource.id), resource)
      app.at(undefined)
    })

    it('2.3: a change that says nothing of active moves no status (PRODUCT C19)', async () => {
      const user = await okta.provision(aUser({ active: false }))
      const { active: _, ...silent } = { ...user, title: 'T' }
      await okta.put(`/Users/${user.id}`, silent).expect(200)
      await patch(user, replace('title', 'U'))
      assert.equal((await okta.userOf(user)).status, 'suspended')
    })
  })
})
