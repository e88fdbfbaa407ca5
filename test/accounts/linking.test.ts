import assert from 'node:assert/strict'
import { aUser, type Body, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { aVerifiedDomain, makeOwner } from '../harness/people.js'

forEachDatabase((database) => {
  describe('an incoming person and the users that are there (PRODUCT 2.10)', () => {
    const app = useApp(database)
    let account: TestAccount
    let okta: TestConnection
    let domain: string
    before(async () => {
      account = await app.anAccount()
      domain = await aVerifiedDomain(account)
      for (const key of ['meet', 'assist']) await account.aProduct({ key })
      okta = await account.aConnection()
      await okta.aRule({ effects: { products: [{ key: 'assist' }] } })
    })

    let names = 0
    const address = (at = domain) => `someone${++names}@${at}`
    const requests = async (state = 'open'): Promise<Body[]> =>
      (await account.admin('get', `/match-requests?limit=100&state=${state}`).expect(200)).body.items
    const requestAbout = async (userId: string, state?: string) =>
      (await requests(state)).filter((request) => request.userId === userId)
    const decide = (request: Body, decision: string) =>
      account.admin('post', `/match-requests/${request.id}/decision`, { decision })

    /** Refused with 409 uniqueness, and nothing changed for the one who is there. Resolves to the detail. */
    async function refused(email: string, userId: string, connection = okta): Promise<string> {
      const before = await account.user(userId)
      const { body } = await connection.post('/Users', aUser({ userName: email })).expect(409)
      assert.deepEqual([body.status, body.scimType], ['409', 'uniqueness'])
      assert.match(body.detail, new RegExp(email))
      assert.deepEqual(await account.user(userId), before)
      const [event] = await account.events(`userId=${userId}`)
      assert.deepEqual([event.action, event.outcome, event.http.status], ['request.refused', 'failure', 409])
      return body.detail
    }

    it('2.10 row 1, nothing found: she is created', async () => {
      const email = address()
      await okta.provision(aUser({ userName: email }))
      assert.equal((await account.userByEmail(email)).origin, 'directory')
    })

    it('2.10 linked: found by what the directory calls her, and no more by what she was called', async () => {
      const email = address()
      await account.aLocalUser({ email, givenName: 'Formerly', familyName: 'Otherwise' })
      await okta.provision(aUser({ userName: email, displayName: 'Nowadays' }))
      const found = async (q: string) => (await account.admin('get', `/users?q=${q}`).expect(200)).body.items.length
      assert.deepEqual([await found('formerly'), await found('otherwise'), await found('nowadays')], [0, 0, 1])
    })

    it('2.10 row 2, local member at a verified domain: linked, 201, grants kept, origin directory, event user.linked', async () => {
      const email = address()
      const local = await account.aLocalUser({ email, status: 'active', products: [{ key: 'meet' }] })
      assert.equal(local.origin, 'local')
      const { body, headers } = await okta.post('/Users', aUser({ userName: email.toUpperCase() })).expect(201)
      const linked = await account.user(local.id)
      assert.deepEqual([linked.origin, linked.status, linked.connectionId], ['directory', 'active', okta.id])
      assert.deepEqual([linked.directoryUser.id, linked.displayName], [body.id, 'Grace Hopper'])
      assert.deepEqual(linked.licenses.map(({ product, source }: Body) => `${product} ${source}`).sort(), [
        'assist rule',
        'meet manual',
      ])
      const event = (await account.admin('get', `/events/${headers['x-request-id']}`)).body
      assert.deepEqual([event.action, event.userId, event.http.status], ['user.linked', local.id, 201])
      assert.equal((await account.events(`userId=${local.id}`)).length, 2, 'her history goes on')
    })

    it('2.10 row 2, local member who was only invited: linked as well, and still invited', async () => {
      const email = address()
      const local = await account.aLocalUser({ email })
      await okta.provision(aUser({ userName: 'upn-of-hers', emails: [{ value: email, type: 'work' }] }))
      const linked = await account.user(local.id)
      assert.deepEqual([linked.status, linked.directoryUser.userName], ['invited', 'upn-of-hers'])
    })

    it('2.10 row 3, local member, domain not verified: 409 and a match request', async () => {
      const pending = `p${domain}`
      await account.admin('post', '/domains', { name: pending }).expect(201)
      for (const at of ['elsewhere.example', pending, `sub.${domain}`]) {
        const email = address(at)
        const { id } = await account.aLocalUser({ email })
        assert.match(await refused(email, id), /link them under Match requests; then send again/)
        const [request, ...more] = await requestAbout(id)
        assert.deepEqual([request.cause, request.connectionId, more], ['domain_not_verified', okta.id, []])
        assert.deepEqual([request.incoming.userName, request.incoming.displayName], [email, 'Grace Hopper'])
      }
    })

    it('2.10 row 2, domain verified: an internationalised domain is one, in whatever form address and domain are written', async () => {
      const label = domain.slice(0, domain.indexOf('.'))
      const [unicode, ascii] = [`münchen-${label}.example`, new URL(`https://münchen-${label}.example`).hostname]
      assert.match(ascii, /^xn--/)
      await account.admin('post', '/domains', { name: unicode, verified: true }).expect(201)
      for (const at of [unicode, unicode.toUpperCase(), ascii]) {
        const email = address(at)
        const { id } = await account.aLocalUser({ email })
        assert.equal((await okta.find('Users', `userName eq "${email}"`)).length, 1, 'a look-up finds her as well')
        await okta.provision(aUser({ userName: email }))
        assert.equal((await account.user(id)).origin, 'directory', email)
      }
    })

    it('2.10: a retry finds the match request that is there', async () => {
      const email = address('retries.example')
      const { id } = await account.aLocalUser({ email })
      await refused(email, id)
      await refused(email, id)
      assert.equal((await requestAbout(id)).length, 1)
    })

    it('2.10: after approval the next retry links, and the request is used up', async () => {
      const email = address('approved.example')
      const { id } = await account.aLocalUser({ email, products: [{ key: 'meet' }] })
      await refused(email, id)
      const [request] = await requestAbout(id)
      await decide(request, 'link').expect(200)
      assert.equal((await account.user(id)).origin, 'local', 'nothing happens before the IdP sends her again')
      await okta.provision(aUser({ userName: email }))
      assert.equal((await account.user(id)).origin, 'directory')
      assert.equal((await requestAbout(id, 'used')).length, 1)
      await decide(request, 'refuse').expect(409)
    })

    it('2.10: an approval is for the userName it was asked for', async () => {
      const email = address('named.example')
      const { id } = await account.aLocalUser({ email })
      await refused(email, id)
      await decide((await requestAbout(id))[0], 'link').expect(200)
      const other = aUser({ userName: 'mallory', emails: [{ value: email, type: 'work' }] })
      await okta.post('/Users', other).expect(409)
      assert.equal((await account.user(id)).origin, 'local')
    })

    it('2.10: after a refusal the retry is refused as before', async () => {
      const email = address('refused.example')
      const { id } = await account.aLocalUser({ email })
      await refused(email, id)
      await decide((await requestAbout(id))[0], 'refuse').expect(200)
      await refused(email, id)
      assert.deepEqual(await requestAbout(id), [])
    })

    for (const role of ['admin', 'super_admin', 'custom'])
      it(`2.10 row 4, local user with the role ${role}: 409 and a match request, even at a verified domain`, async () => {
        if (role === 'custom')
          await account.admin('post', '/roles', { key: role, name: 'Custom', permissions: ['users.view'] }).expect(201)
        const email = address()
        const { id } = await account.aLocalUser({ email, role })
        await refused(email, id)
        const [request] = await requestAbout(id)
        assert.equal(request.cause, 'admin_role')
        await decide(request, 'link').expect(200)
        await okta.provision(aUser({ userName: email }))
        const { origin, role: kept } = await account.user(id)
        assert.deepEqual([origin, kept], ['directory', { key: role, source: 'manual' }])
      })

    it('2.10 row 4, the owner: 409 and a match request that nobody can approve, whatever was approved before', async () => {
      const email = address('owner.example')
      const { id } = await account.aLocalUser({ email, role: 'super_admin' })
      await refused(email, id)
      await decide((await requestAbout(id))[0], 'link').expect(200)
      await makeOwner(account, id)
      await refused(email, id)
      const [request] = await requestAbout(id)
      assert.equal(request.cause, 'owner')
      assert.equal((await decide(request, 'link').expect(409)).body.code, 'owner_must_be_local')
      await refused(email, id)
      await decide(request, 'refuse').expect(200)
    })

    it('2.10: an approval for a member does not link her once she is an admin', async () => {
      const email = address('promoted.example')
      const { id } = await account.aLocalUser({ email })
      await refused(email, id)
      await decide((await requestAbout(id))[0], 'link').expect(200)
      await account.admin('post', `/users/${id}/grants`, { kind: 'role', value: 'admin' }).expect(201)
      for (let tries = 0; tries < 2; tries += 1) await refused(email, id)
      const [request] = await requestAbout(id)
      assert.deepEqual([request.cause, request.decidedBy], ['admin_role', null])
      await decide(request, 'link').expect(200)
      await okta.provision(aUser({ userName: email }))
    })

    it('2.10 row 5, user of another connection: 409 that names the connection', async () => {
      const entra = await account.aConnection({ name: 'Entra EU' })
      const email = address()
      await entra.provision(aUser({ userName: email }))
      const { id } = await account.userByEmail(email)
      assert.match(await refused(email, id), /managed by the connection Entra EU/)
      assert.deepEqual(await requestAbout(id), [])
    })

    it('2.10 row 8, live user of this connection, by userName, externalId or address: 409 that names which', async () => {
      const { userName } = await okta.provision(aUser({ userName: address(), externalId: 'ext-1' }))
      const twins: [object, RegExp][] = [
        [{ userName: userName.toUpperCase() }, /userName .* belongs to another person of this connection/i],
        [{ externalId: 'ext-1' }, new RegExp(`externalId ext-1 is already used by ${userName}`)],
        [{ emails: [{ value: userName, primary: true }] }, /is the address of another person of this connection/],
      ]
      for (const [twin, detail] of twins) {
        const { body } = await okta.post('/Users', aUser(twin)).expect(409)
        assert.equal(body.scimType, 'uniqueness')
        assert.match(body.detail, detail)
      }
      const other = await okta.provision(aUser())
      for (const [twin] of twins) await okta.put(`/Users/${other.id}`, { ...other, ...twin }).expect(409)
      assert.equal((await okta.read(other.id)).meta.version, other.meta.version)
    })

    it('2.10 order: externalId and userName of this connection come before an address', async () => {
      const email = address()
      const { id } = await account.aLocalUser({ email })
      const taken = await okta.provision(aUser({ externalId: 'first' }))
      const { body } = await okta.post('/Users', aUser({ userName: email, externalId: 'first' })).expect(409)
      assert.match(body.detail, new RegExp(taken.userName))
      assert.equal((await account.user(id)).origin, 'local')
    })

    it('DESIGN 3: a change of address into that of another user is 409 that names it', async () => {
      const email = address()
      await account.aLocalUser({ email })
      const user = await okta.provision(aUser())
      const { body } = await okta.patch(`/Users/${user.id}`, replace('emails[type eq "work"].value', email)).expect(409)
      assert.match(body.detail, new RegExp(email))
      assert.deepEqual(await okta.read(user.id), user)
    })

    it('linkPolicy review: also a plain member at a verified domain is asked about', async () => {
      const careful = await account.aConnection({ linkPolicy: 'review' })
      const email = address()
      const { id } = await account.aLocalUser({ email })
      await refused(email, id, careful)
      const [request] = await requestAbout(id)
      assert.equal(request.cause, 'review')
      await decide(request, 'link').expect(200)
      await careful.provision(aUser({ userName: email }))
      assert.equal((await account.user(id)).connectionId, careful.id)
    })

    it('linkPolicy never: 409 that says so, and no match request', async () => {
      const strict = await account.aConnection({ linkPolicy: 'never' })
      const email = address()
      const { id } = await account.aLocalUser({ email })
      assert.match(await refused(email, id, strict), /never links existing users/)
      assert.deepEqual(await requestAbout(id), [])
    })

    it('2.10 row 6, profile in another account: created like anyone; accounts meet neither by address nor by a domain that the other has proved', async () => {
      const email = address()
      const { id } = await account.aLocalUser({ email })
      const stranger = await app.aConnection()
      const created = await stranger.provision(aUser({ userName: email }))
      assert.equal((await account.user(id)).origin, 'local')
      const local = address()
      const { id: theirs } = await stranger.account.aLocalUser({ email: local })
      const { body } = await stranger.post('/Users', aUser({ userName: local })).expect(409)
      assert.match(body.detail, /Match requests/, 'the domain is not proved there')
      assert.equal((await stranger.account.user(theirs)).origin, 'local')
      await okta.get(`/Users/${created.id}`).expect(404)
    })
  })
})
