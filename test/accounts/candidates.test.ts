import assert from 'node:assert/strict'
import {
  aUser,
  type Body,
  ENTERPRISE_URN,
  GROUP_URN,
  patchOf,
  replace,
  type TestAccount,
  type TestConnection,
  USER_URN,
  useApp,
} from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { aVerifiedDomain } from '../harness/people.js'

const MANAGER = `${ENTERPRISE_URN}:manager`

forEachDatabase((database) => {
  describe('a local user who may be linked (DESIGN 4, Linkable local users)', () => {
    const app = useApp(database)
    let account: TestAccount
    let okta: TestConnection
    let domain: string
    before(async () => {
      account = await app.anAccount()
      domain = await aVerifiedDomain(account)
      await account.aProduct({ key: 'meet' })
      okta = await account.aConnection()
    })

    let names = 0
    const aLocal = (user: object = {}) => account.aLocalUser({ email: `Local${++names}@${domain}`, ...user })
    const lookUp = (email: string, connection = okta) => connection.find('Users', `userName eq "${email}"`)

    /** A local user and the resource under which SCIM shows her. */
    async function aCandidate(user: object = {}): Promise<{ local: Body; shown: Body }> {
      const local = await aLocal(user)
      const [shown] = await lookUp(local.email)
      return { local, shown }
    }

    /** She is linked now, under the id that was shown, in the request of this answer. */
    async function assertLinked(local: Body, shown: Body, answer: { headers: Record<string, string> }) {
      const person = await account.user(local.id)
      assert.deepEqual([person.origin, person.directoryUser?.id], ['directory', shown.id])
      const event = (await account.events(`userId=${local.id}`)).find(({ action }) => action === 'user.linked')
      assert.equal(event?.correlationId, answer.headers['x-request-id'])
      assert.equal((await okta.read(shown.id)).id, shown.id)
    }

    it('is found by one eq on userName, emails.value or emails[type eq "work"].value, in any case', async () => {
      const { local, shown } = await aCandidate()
      const { email } = local
      for (const filter of [
        `userName eq "${email.toUpperCase()}"`,
        `emails.value eq "${email}"`,
        `emails[type eq "work"].value eq "${email.toLowerCase()}"`,
        `emails[type eq "work" and value eq "${email}"]`,
      ])
        assert.deepEqual(await okta.find('Users', filter), [shown], filter)
    })

    it('is synthesised: userName and a work e-mail from her address, her name, active', async () => {
      const { local, shown } = await aCandidate({ givenName: 'Ada', familyName: 'Lovelace' })
      const { id, meta, groups, ...profile } = shown
      assert.deepEqual(profile, {
        schemas: [USER_URN],
        userName: local.email,
        name: { givenName: 'Ada', familyName: 'Lovelace' },
        displayName: 'Ada Lovelace',
        active: true,
        emails: [{ value: local.email, type: 'work', primary: true }],
      })
      assert.notEqual(id, local.id)
      assert.equal(meta.location, `${app.server.publicUrl}/scim/v2/${okta.id}/Users/${id}`)
      assert.deepEqual(groups ?? [], [])
    })

    it('is read under her candidate id; reading writes nothing', async () => {
      const { local, shown } = await aCandidate()
      const before = await account.user(local.id)
      assert.deepEqual(await okta.read(shown.id), shown)
      assert.deepEqual(await lookUp(local.email), [shown])
      assert.deepEqual(await account.user(local.id), before)
    })

    it('is in no list, no total, and no other filter', async () => {
      const entra = await account.aConnection()
      const { email } = await aLocal()
      for (const query of ['', '?count=0', '?startIndex=1&count=100'])
        assert.equal((await entra.get(`/Users${query}`).expect(200)).body.totalResults, 0)
      for (const filter of [
        `userName sw "${email}"`,
        `userName eq "${email}" and active eq true`,
        `userName eq "${email}" or userName eq "x"`,
        `not (userName ne "${email}")`,
        `displayName eq "Ada Lovelace"`,
        `emails[type eq "home"].value eq "${email}"`,
        `externalId eq "${email}"`,
      ])
        assert.deepEqual(await entra.find('Users', filter), [], filter)
      assert.equal((await lookUp(email, entra)).length, 1)
    })

    it('counts in the answer to the look-up that finds her', async () => {
      const { email } = await aLocal()
      const path = `/Users?filter=${encodeURIComponent(`userName eq "${email}"`)}`
      assert.equal((await okta.get(path).expect(200)).body.totalResults, 1)
      const counted = (await okta.get(`${path}&count=0`).expect(200)).body
      assert.deepEqual([counted.totalResults, counted.Resources ?? []], [1, []])
    })

    it('cannot be deleted: 404, and she stays', async () => {
      const { local, shown } = await aCandidate()
      await okta.delete(`/Users/${shown.id}`).expect(404)
      assert.equal((await account.user(local.id)).status, 'invited')
    })

    it('is linked by POST, under the id that was shown', async () => {
      const { local, shown } = await aCandidate()
      const answer = await okta.post('/Users', aUser({ userName: local.email })).expect(201)
      assert.equal(answer.body.id, shown.id)
      await assertLinked(local, shown, answer)
    })

    it('is linked by PUT, and what was sent is the desired state', async () => {
      const { local, shown } = await aCandidate({ products: [{ key: 'meet' }] })
      const answer = await okta.put(`/Users/${shown.id}`, { ...shown, title: 'Countess' }).expect(200)
      assert.equal(answer.body.title, 'Countess')
      await assertLinked(local, shown, answer)
      assert.equal((await account.user(local.id)).licenses[0].source, 'manual')
    })

    it('is linked by PATCH, which applies to what was shown', async () => {
      const { local, shown } = await aCandidate({ status: 'active' })
      const answer = await okta.patch(`/Users/${shown.id}`, replace('active', false)).expect(200)
      const { meta: _, ...profile } = answer.body
      const { meta: __, ...expected } = { ...shown, active: false }
      assert.deepEqual(profile, expected)
      await assertLinked(local, shown, answer)
      assert.equal((await account.user(local.id)).statusReason, 'directory')
    })

    it('is linked by a PATCH that changes nothing', async () => {
      const { local, shown } = await aCandidate()
      const answer = await okta.patch(`/Users/${shown.id}`, replace('active', true)).expect(200)
      await assertLinked(local, shown, answer)
    })

    it('is linked by PUT and PATCH with the version that was shown', async () => {
      for (const method of ['put', 'patch'] as const) {
        const { local, shown } = await aCandidate()
        const body = method === 'put' ? { ...shown, title: 'T' } : replace('title', 'T')
        await okta[method](`/Users/${shown.id}`, body).set('If-Match', 'W/"77"').expect(412)
        assert.equal((await account.user(local.id)).origin, 'local')
        const answer = await okta[method](`/Users/${shown.id}`, body).set('If-Match', shown.meta.version).expect(200)
        await assertLinked(local, shown, answer)
      }
    })

    it('is linked when a group takes her in, by POST, PUT and PATCH', async () => {
      const asMember = async () => {
        const { local, shown } = await aCandidate()
        return {
          local,
          shown,
          body: { schemas: [GROUP_URN], displayName: `G${names}`, members: [{ value: shown.id }] },
        }
      }
      const first = await asMember()
      const created = await okta.post('/Groups', first.body).expect(201)
      await assertLinked(first.local, first.shown, created)
      const path = `/Groups/${created.body.id}`
      const second = await asMember()
      await assertLinked(second.local, second.shown, await okta.put(path, second.body).expect(200))
      const third = await asMember()
      const add = patchOf({ op: 'add', path: 'members', value: third.body.members })
      await assertLinked(third.local, third.shown, await okta.patch(path, add).expect(204))
      const members = (await okta.readGroup(created.body.id)).members.map(({ value }: Body) => value)
      assert.deepEqual(members.sort(), [second.shown.id, third.shown.id].sort())
    })

    it('gets by a group what its rule gives', async () => {
      const entra = await account.aConnection()
      await entra.aRule({ condition: 'groups.display eq "Linked"', effects: { products: [{ key: 'meet' }] } })
      const local = await aLocal()
      const [shown] = await lookUp(local.email, entra)
      await entra.aGroup('Linked', [shown])
      const [license] = (await account.user(local.id)).licenses
      assert.deepEqual([license.product, license.source], ['meet', 'rule'])
    })

    it('is linked when somebody reports to her, by POST and PATCH', async () => {
      const [first, second] = [await aCandidate(), await aCandidate()]
      const report = aUser({ [ENTERPRISE_URN]: { manager: { value: first.shown.id } } })
      const answer = await okta.post('/Users', report).expect(201)
      assert.equal(answer.body[ENTERPRISE_URN].manager.displayName, 'Ada Lovelace')
      await assertLinked(first.local, first.shown, answer)
      const patch = patchOf({ op: 'Add', path: MANAGER, value: second.shown.id })
      await assertLinked(second.local, second.shown, await okta.patch(`/Users/${answer.body.id}`, patch).expect(200))
    })

    it('who may not be linked by policy is not shown', async () => {
      const hidden = [
        await aLocal({ role: 'admin' }),
        await account.aLocalUser({ email: 'local@elsewhere.example' }),
        await aLocal(),
      ]
      await okta.provision(aUser({ userName: hidden[2].email }))
      const entra = await account.aConnection()
      for (const { email } of hidden) assert.deepEqual(await lookUp(email, entra), [], email)
      for (const linkPolicy of ['review', 'never']) {
        const connection = await account.aConnection({ linkPolicy })
        assert.deepEqual(await lookUp((await aLocal()).email, connection), [])
      }
    })

    it('a candidate id opens nothing where she may not be linked, or in another account', async () => {
      const { local, shown } = await aCandidate()
      const strict = await account.aConnection({ linkPolicy: 'never' })
      const stranger = await app.aConnection()
      for (const connection of [strict, stranger]) {
        await connection.get(`/Users/${shown.id}`).expect(404)
        await connection.put(`/Users/${shown.id}`, shown).expect(404)
        await connection.patch(`/Users/${shown.id}`, replace('active', false)).expect(404)
        const members = [{ value: shown.id }]
        await connection.post('/Groups', { schemas: [GROUP_URN], displayName: 'G', members }).expect(400)
        assert.deepEqual(await lookUp(local.email, connection), [])
      }
      assert.deepEqual(await okta.read(shown.id), shown)
    })

    it('the id of a link does not survive it: who is deleted is found no more', async () => {
      const { local, shown } = await aCandidate()
      await okta.put(`/Users/${shown.id}`, shown).expect(200)
      await okta.delete(`/Users/${shown.id}`).expect(204)
      await okta.get(`/Users/${shown.id}`).expect(404)
      assert.deepEqual(await lookUp(local.email), [])
    })

    it('a seat that becomes free by a link goes to who waits, and her log says so (2.5)', async () => {
      await account.aProduct({ key: 'single', seats: 1 })
      const first = await account.aConnection({ name: 'First' })
      await first.aRule({ effects: { products: [{ key: 'single' }] } })
      const holder = await first.provision(aUser({ userName: `holder@${domain}` }))
      await account.admin('patch', `/connections/${first.id}`, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      const second = await account.aConnection({ name: 'Second' })
      const waits = `waits@${domain}`
      await second.aRule({ condition: `userName eq "${waits}"`, effects: { products: [{ key: 'single' }] } })
      const waiting = await second.userOf(await second.provision(aUser({ userName: waits })))
      assert.equal(waiting.licenses[0].state, 'waiting')
      const [shown] = await lookUp(holder.userName, second)
      const { headers } = await second.patch(`/Users/${shown.id}`, replace('title', 'Lead')).expect(200)
      assert.equal((await account.user(waiting.id)).licenses[0].state, 'reserved')
      const [event] = await account.events(`userId=${waiting.id}`)
      assert.deepEqual([event.action, event.correlationId], ['user.access_changed', headers['x-request-id']])
      const { product, before, after } = event.effects[0]
      assert.deepEqual({ product, before, after }, { product: 'single', before: 'waiting', after: 'reserved' })
    })
  })
})
