import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import { recordMatchRequest } from '../../../db/match-lookup.js'
import { useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'
import { directoryOf, runAllJobs } from '../../harness/directory.js'

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('users added by hand', () => {
    const person = (body: object = {}) => ({
      email: `u${v7().slice(-12)}@example.com`,
      givenName: 'Ada',
      familyName: 'Lovelace',
      ...body,
    })

    it('is invited, a member, and in the log (DESIGN 5)', async () => {
      const account = await app.anAccount()
      const input = person()
      const { body, headers } = await app.post(`${account}/users`, input).expect(201)
      assert.deepEqual(
        [body.email, body.displayName, body.status, body.origin, body.connectionId],
        [input.email, 'Ada Lovelace', 'invited', 'local', null],
      )
      assert.deepEqual(body.role, { key: 'member', source: 'default' })
      assert.deepEqual(body.flags, ['no_products'])
      assert.deepEqual([body.grants, body.sessions, body.directoryUser], [[], [], null])
      const { items } = (await app.get(`${account}/events?userId=${body.id}`).expect(200)).body
      assert.equal(items[0].id, headers['x-request-id'])
      assert.equal(items[0].action, 'user.created')
      assert.deepEqual(items[0].effects[0], { kind: 'status', before: null, after: 'invited', reason: null })
    })

    it('has a role and products with their source, and takes a seat (PRODUCT 2.5)', async () => {
      const account = await app.anAccount()
      const { key } = await app.aProduct(account, { features: { record: false } })
      const input = person({ role: 'admin', products: [{ key, features: { record: true } }] })
      const { body } = await app.post(`${account}/users`, input).expect(201)
      assert.deepEqual(body.role, { key: 'admin', source: 'manual' })
      assert.deepEqual(body.licenses, [
        { product: key, state: 'reserved', source: 'manual', features: { record: true } },
      ])
      assert.deepEqual(body.flags, [])
    })

    it('may have accepted already, on the word of the operator', async () => {
      const account = await app.anAccount()
      const { key } = await app.aProduct(account)
      const { body } = await app.post(`${account}/users`, person({ status: 'active', products: [{ key }] })).expect(201)
      assert.deepEqual([body.status, body.licenses[0].state], ['active', 'assigned'])
    })

    it('is refused without a free seat, naming product, total and free, and nothing is written (GA-14)', async () => {
      const account = await app.anAccount()
      const { key } = await app.aProduct(account, { seats: 1 })
      await app.post(`${account}/users`, person({ products: [{ key }] })).expect(201)
      const late = person({ products: [{ key }] })
      const { body } = await app.post(`${account}/users`, late).expect(409)
      assert.deepEqual([body.code, body.product, body.total, body.free], ['no_seat', key, 1, 0])
      assert.deepEqual((await app.get(`${account}/users?q=${late.email}`)).body.items, [])
      assert.equal((await app.get(`${account}/products`)).body.items[0].waiting, 0)
      await app.post(`${account}/users`, { ...late, products: [] }).expect(201)
    })

    it('lets fifty ask for ten seats and ten have one', async function () {
      this.timeout(30_000)
      const account = await app.anAccount()
      const { key } = await app.aProduct(account, { seats: 10 })
      const answers = await Promise.all(
        Array.from({ length: 50 }, () => app.post(`${account}/users`, person({ products: [{ key }] }))),
      )
      assert.equal(answers.filter((answer) => answer.status === 201).length, 10)
      assert.equal(answers.filter((answer) => answer.body.code === 'no_seat').length, 40)
      assert.equal((await app.get(`${account}/products`)).body.items[0].reserved, 10)
    })

    it('has an address of her own, in whatever case (GA-15)', async () => {
      const account = await app.anAccount()
      const { email } = await app.aUser(account)
      const { body } = await app.post(`${account}/users`, person({ email: email.toUpperCase() })).expect(409)
      assert.equal(body.code, 'user_exists_local')
      const other = await app.anAccount()
      await app.post(`${other}/users`, person({ email })).expect(201)
    })

    it('lets ten add one address at once and one have it', async () => {
      const account = await app.anAccount()
      const input = person()
      const answers = await Promise.all(Array.from({ length: 10 }, () => app.post(`${account}/users`, input)))
      assert.equal(answers.filter((answer) => answer.status === 201).length, 1)
      assert.equal(answers.filter((answer) => answer.body.code === 'user_exists_local').length, 9)
    })

    const LIMITS: [body: object, status: number, code: string][] = [
      [{ givenName: 'x'.repeat(32) }, 201, ''],
      [{ givenName: 'x'.repeat(33) }, 400, 'attr_too_long'],
      [{ familyName: '😀'.repeat(32) }, 201, ''],
      [{ familyName: '😀'.repeat(33) }, 400, 'attr_too_long'],
      [{ givenName: `  ${'x'.repeat(32)}  ` }, 201, ''],
      [{ givenName: '   ' }, 400, 'attr_missing'],
      [{ email: `${'x'.repeat(116)}@example.com` }, 201, ''],
      [{ email: `${'x'.repeat(117)}@example.com` }, 400, 'attr_too_long'],
      [{ email: 'nobody' }, 400, 'attr_type'],
      [{ email: '@example.com' }, 400, 'attr_type'],
      [{ email: 'a b@example.com' }, 400, 'attr_type'],
      [{ givenName: undefined }, 400, 'invalid_request'],
      [{ role: 'king' }, 422, 'role_not_found'],
      [{ products: [{ key: 'nothing' }] }, 422, 'product_not_found'],
      [{ nickname: 'x' }, 400, 'invalid_request'],
    ]
    for (const [body, status, code] of LIMITS) {
      it(`answers ${status} ${code} to ${JSON.stringify(body).slice(0, 60)} (LMI-06, GA-15)`, async () => {
        const account = await app.anAccount()
        const answer = await app.post(`${account}/users`, person(body)).expect(status)
        assert.equal(answer.body.code ?? '', code)
      })
    }
  })

  describe('users changed by hand', () => {
    it('is suspended at once: seats free, and back when it is lifted (PRODUCT 2.3)', async () => {
      const account = await app.anAccount()
      const { key, id: productId } = await app.aProduct(account)
      const user = await app.aUser(account, { products: [{ key }] })
      const off = (await app.patch(`${account}/users/${user.id}`, { suspended: true }).expect(200)).body
      assert.deepEqual([off.status, off.statusReason, off.licenses], ['suspended', 'admin', []])
      assert.equal((await app.get(`${account}/products/${productId}`)).body.reserved, 0)
      const on = (await app.patch(`${account}/users/${user.id}`, { suspended: false }).expect(200)).body
      assert.deepEqual([on.status, on.licenses[0].state], ['invited', 'reserved'])
      const repeat = await app.patch(`${account}/users/${user.id}`, { suspended: false }).expect(200)
      const { items } = (await app.get(`${account}/events?userId=${user.id}&source=admin`)).body
      assert.deepEqual(
        items.map(({ action, outcome }: { action: string; outcome: string }) => `${action} ${outcome}`),
        ['user.updated no_change', 'user.reactivated success', 'user.deactivated success', 'user.created success'],
      )
      assert.equal(items[0].id, repeat.headers['x-request-id'])
    })

    it('cannot be switched on by hand when the directory switched her off (PRODUCT 2.3)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { userId } = await directoryOf(app.deps, connection).user({ active: false })
      const { body } = await app.patch(`${account}/users/${userId}`, { suspended: false }).expect(409)
      assert.equal(body.code, 'user_directory_managed')
      await app.patch(`${account}/users/${userId}`, { suspended: true }).expect(200)
      const lifted = await app.patch(`${account}/users/${userId}`, { suspended: false }).expect(200)
      assert.deepEqual([lifted.body.status, lifted.body.statusReason], ['suspended', 'directory'])
    })

    it('is found under her new name, and keeps her address (PRODUCT D4)', async () => {
      const account = await app.anAccount()
      const user = await app.aUser(account)
      const { body } = await app.patch(`${account}/users/${user.id}`, { familyName: 'Byron' }).expect(200)
      assert.equal(body.displayName, 'Ada Byron')
      assert.equal((await app.get(`${account}/users?q=byr`)).body.items.length, 1)
      assert.equal((await app.get(`${account}/users?q=lovel`)).body.items.length, 0)
      const address = await app.patch(`${account}/users/${user.id}`, { email: 'new@example.com' }).expect(409)
      assert.equal(address.body.code, 'email_immutable')
      const late = await app.patch(`${account}/users/${user.id}`, { givenName: 'X', version: 1 }).expect(412)
      assert.equal(late.body.code, 'version_mismatch')
    })

    it('is described and removed where she is managed', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { userId } = await directoryOf(app.deps, connection).user()
      const named = await app.patch(`${account}/users/${userId}`, { givenName: 'X' }).expect(409)
      assert.equal(named.body.code, 'user_directory_managed')
      assert.equal((await app.remove(`${account}/users/${userId}`).expect(409)).body.code, 'user_directory_managed')
    })

    it('leaves when she is removed: hidden, unchangeable, her seat and address free', async () => {
      const account = await app.anAccount()
      const { key, id: productId } = await app.aProduct(account)
      const user = await app.aUser(account, { products: [{ key }] })
      await app.remove(`${account}/users/${user.id}`).expect(204)
      assert.equal((await app.get(`${account}/users/${user.id}`).expect(200)).body.status, 'deleted')
      assert.deepEqual((await app.get(`${account}/users`)).body.items, [])
      assert.equal((await app.get(`${account}/users?status=deleted`)).body.items.length, 1)
      assert.equal((await app.get(`${account}/products/${productId}`)).body.reserved, 0)
      assert.equal((await app.remove(`${account}/users/${user.id}`).expect(409)).body.code, 'user_deleted')
      await app.aUser(account, { email: user.email })
    })

    it('is 404 under another account, whatever is asked', async () => {
      const [mine, theirs] = [await app.anAccount(), await app.anAccount()]
      const path = `${mine}/users/${(await app.aUser(theirs)).id}`
      await app.get(path).expect(404)
      await app.patch(path, { suspended: true }).expect(404)
      await app.remove(path).expect(404)
      await app.post(`${path}/grants`, { kind: 'role', value: 'admin' }).expect(404)
      await app.remove(`${path}/grants/role/admin`).expect(404)
      await app.post(`${path}/reapply`).expect(404)
    })
  })

  describe('grants by hand', () => {
    it('gives a role, replaces it by another, and takes it back', async () => {
      const account = await app.anAccount()
      const path = `${account}/users/${(await app.aUser(account)).id}`
      await app.post(`${path}/grants`, { kind: 'role', value: 'super_admin' }).expect(201)
      const { body } = await app.post(`${path}/grants`, { kind: 'role', value: 'admin' }).expect(201)
      assert.deepEqual([body.role.key, body.role.source, body.grants.length], ['admin', 'manual', 1])
      assert.equal(body.grants[0].actor.type, 'operator')
      await app.remove(`${path}/grants/role/admin`).expect(204)
      assert.equal((await app.get(path)).body.role.key, 'member')
      assert.equal((await app.remove(`${path}/grants/role/admin`).expect(404)).body.code, 'grant_not_found')
    })

    it('overrides the directory with a reason, and shows that it does (2.8 row 7)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key } = await app.aProduct(account)
      await app.post(`${connection}/rules`, { effects: { role: 'admin', products: [{ key }] } }).expect(201)
      const { userId } = await directoryOf(app.deps, connection).user()
      const path = `${account}/users/${userId}`
      assert.equal((await app.get(path)).body.role.key, 'admin')
      const grant = { kind: 'role', value: 'member' }
      assert.equal((await app.post(`${path}/grants`, grant).expect(422)).body.code, 'reason_required')
      const member = (await app.post(`${path}/grants`, { ...grant, reason: 'on leave' }).expect(201)).body
      assert.deepEqual([member.role.key, member.flags], ['member', ['override']])
      const deny = { kind: 'product', value: key, effect: 'deny', reason: 'on leave' }
      const without = (await app.post(`${path}/grants`, deny).expect(201)).body
      assert.deepEqual(without.licenses, [])
      await app.remove(`${path}/grants/product/${key}`).expect(204)
      await app.remove(`${path}/grants/role/member`).expect(204)
      const { body } = await app.get(path)
      assert.deepEqual([body.role.key, body.licenses.length, body.flags], ['admin', 1, []])
      assert.equal(body.licenses[0].source, 'rule')
    })

    it('puts nobody on a waiting list by hand, but lets an override of a managed user wait (GA-14)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key, id } = await app.aProduct(account, { seats: 0 })
      const local = await app.aUser(account)
      const grant = { kind: 'product', value: key, reason: 'needed' }
      assert.equal((await app.post(`${account}/users/${local.id}/grants`, grant).expect(409)).body.code, 'no_seat')
      const { userId } = await directoryOf(app.deps, connection).user()
      const managed = (await app.post(`${account}/users/${userId}/grants`, grant).expect(201)).body
      assert.deepEqual([managed.licenses[0].state, managed.flags.includes('waiting_for_seat')], ['waiting', true])
      assert.ok(managed.licenses[0].waitingSince)
      await app.patch(`${account}/products/${id}`, { seats: 1 }).expect(200)
      const after = (await app.get(`${account}/users/${userId}`)).body
      assert.equal(after.licenses[0].state, 'reserved')
      const { items } = (await app.get(`${account}/events?userId=${userId}`)).body
      assert.equal(items[0].action, 'user.access_changed')
    })

    it('refuses what does not exist or has ended', async () => {
      const account = await app.anAccount()
      const path = `${account}/users/${(await app.aUser(account)).id}/grants`
      const code = async (body: object, status: number) => (await app.post(path, body).expect(status)).body.code
      assert.equal(await code({ kind: 'role', value: 'king' }, 422), 'role_not_found')
      assert.equal(await code({ kind: 'product', value: 'nothing' }, 422), 'product_not_found')
      assert.equal(
        await code({ kind: 'role', value: 'admin', expiresAt: '2020-01-01T00:00:00Z' }, 422),
        'expiry_invalid',
      )
      assert.equal(await code({ kind: 'group', value: 'x' }, 400), 'invalid_request')
    })
  })

  describe('the list of users', () => {
    it('finds people by the beginning of e-mail, userName, externalId or a word of the name (DESIGN 5)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const directory = directoryOf(app.deps, connection)
      const ada = await directory.user({
        userName: 'ada.upn@corp.example',
        externalId: 'XID-77',
        displayName: 'Ada König',
        emails: [{ value: 'ada@mail.example', primary: true }],
      })
      await directory.user({ userName: 'bob@corp.example', displayName: 'Bob Ross' })
      for (const q of ['ADA.UPN', 'xid-7', 'könig', 'KÖN', 'ada kö', 'ada@MAIL']) {
        const { items } = (await app.get(`${account}/users?q=${encodeURIComponent(q)}`).expect(200)).body
        assert.deepEqual(
          items.map((user: { id: string }) => user.id),
          [ada.userId],
          q,
        )
      }
      assert.deepEqual((await app.get(`${account}/users?q=corp`)).body.items, [])
      assert.equal((await app.get(`${account}/users?q=%25`)).body.items.length, 0)
    })

    it('shows one page after another, each person once', async () => {
      const account = await app.anAccount()
      const made: string[] = []
      for (let count = 0; count < 5; count++) made.push((await app.aUser(account, { familyName: 'Twin' })).id)
      for (const query of ['', '&q=twin', '&status=invited']) {
        const seen: string[] = []
        let cursor = ''
        do {
          const { body } = await app.get(`${account}/users?limit=2${query}&cursor=${cursor}`).expect(200)
          seen.push(...body.items.map((user: { id: string }) => user.id))
          cursor = body.nextCursor ?? ''
        } while (cursor !== '')
        assert.deepEqual(seen, made, query)
      }
    })

    it('tells the rule behind a role and a license, and what the directory says', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key } = await app.aProduct(account)
      const rule = (await app.post(`${connection}/rules`, { effects: { role: 'admin', products: [{ key }] } })).body
      const directory = directoryOf(app.deps, connection)
      const ada = await directory.user({ externalId: 'x1' })
      const group = await directory.group('Sales', [ada])
      await runAllJobs(app.deps)
      const { body } = await app.get(`${account}/users/${ada.userId}`).expect(200)
      assert.deepEqual(body.role, { key: 'admin', source: 'rule', ruleId: rule.id })
      assert.equal(body.licenses[0].ruleId, rule.id)
      assert.equal(body.connectionId, connection.split('/').at(-1))
      const { directoryUser } = body
      assert.deepEqual([directoryUser.id, directoryUser.externalId, directoryUser.active], [ada.id, 'x1', true])
      assert.deepEqual(directoryUser.groups, [{ id: group.id, display: 'Sales' }])
      assert.equal(directoryUser.document.userName, directoryUser.userName)
      assert.deepEqual(
        body.grants
          .map(
            (grant: { kind: string; value: string; source: string }) => `${grant.kind} ${grant.value} ${grant.source}`,
          )
          .sort(),
        [`product ${key} rule`, 'role admin rule'],
      )
    })
  })

  describe('match requests (PRODUCT 2.10)', () => {
    async function aRequest(cause: string) {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const user = await app.aUser(account)
      const id = v7()
      const incoming = { userName: user.email, email: user.email }
      await app.deps.db.transaction((tx) =>
        recordMatchRequest(tx, account.split('/')[2] ?? '', {
          id,
          connectionId: connection.split('/').at(-1) ?? '',
          userId: user.id,
          identityKey: user.email,
          incoming: JSON.stringify(incoming),
          cause,
          now: Date.now(),
        }),
      )
      return { account, user, path: `${account}/match-requests/${id}`, id }
    }

    it('is listed while it is open, decided once, and noted in the timeline of the user', async () => {
      const { account, path, id, user } = await aRequest('domain_not_verified')
      const open = (await app.get(`${account}/match-requests?state=open`).expect(200)).body.items
      assert.deepEqual([open[0].id, open[0].cause, open[0].decidedBy], [id, 'domain_not_verified', null])
      const { body } = await app.post(`${path}/decision`, { decision: 'link' }).expect(200)
      assert.deepEqual([body.state, body.decidedBy.type], ['approved', 'operator'])
      const again = await app.post(`${path}/decision`, { decision: 'refuse' }).expect(409)
      assert.equal(again.body.code, 'match_request_decided')
      assert.deepEqual((await app.get(`${account}/match-requests?state=open`)).body.items, [])
      const { items } = (await app.get(`${account}/events?userId=${user.id}`)).body
      assert.equal(items[0].action, 'match_request.decided')
    })

    it('never links the owner, and may be refused', async () => {
      const { path, id } = await aRequest('owner')
      assert.equal(
        (await app.post(`${path}/decision`, { decision: 'link' }).expect(409)).body.code,
        'owner_must_be_local',
      )
      assert.equal((await app.post(`${path}/decision`, { decision: 'refuse' }).expect(200)).body.state, 'refused')
      const other = await app.anAccount()
      await app.post(`${other}/match-requests/${id}/decision`, { decision: 'link' }).expect(404)
    })
  })
})
