import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { v7 } from 'uuid'
import { findTokenHolder } from '../../../db/tokens.js'
import { PUBLIC_URL, useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'
import { copyPerson, directoryOf, runAllJobs } from '../../harness/directory.js'

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('connections', () => {
    it('is a draft with safe settings unless told otherwise (DESIGN 5)', async () => {
      const account = await app.anAccount()
      const { body } = await app.post(`${account}/connections`, { name: 'Okta', idpKind: 'okta' }).expect(201)
      assert.equal(body.mode, 'draft')
      assert.equal(body.scimBaseUrl, `${PUBLIC_URL}/scim/v2/${body.id}`)
      const saml = `${PUBLIC_URL}/saml/${body.id}`
      assert.deepEqual(body.serviceProvider, {
        ...{ entityId: `${saml}/metadata`, metadataUrl: `${saml}/metadata`, acsUrl: `${saml}/acs` },
        ...{ sloUrl: `${saml}/slo`, loginUrl: `${saml}/login` },
      })
      const { acceptDirectRoles, acceptDirectEntitlements, onNoSeat, linkPolicy, defaults } = body
      assert.deepEqual(
        { acceptDirectRoles, acceptDirectEntitlements, onNoSeat, linkPolicy, defaults },
        {
          acceptDirectRoles: false,
          acceptDirectEntitlements: false,
          onNoSeat: 'accept',
          linkPolicy: 'auto',
          defaults: {},
        },
      )
      assert.deepEqual((await app.get(`${account}/connections/${body.id}`).expect(200)).body, body)
      assert.equal(body.accountId, undefined)
    })

    it('has modes that come later, and modes that never return (PRODUCT 2.4)', async () => {
      const account = await app.anAccount()
      for (const mode of ['observe', 'paused']) {
        const input = { name: 'x', idpKind: 'entra', mode }
        assert.equal((await app.post(`${account}/connections`, input).expect(422)).body.code, 'mode_not_available')
      }
      const live = await app.aConnection(account)
      const refused = await app.patch(live, { mode: 'draft' }).expect(422)
      assert.equal(refused.body.code, 'mode_not_available')
    })

    it('asks what becomes of the people before it is disabled, and can be enabled again (DESIGN 4)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      assert.equal((await app.patch(connection, { mode: 'disabled' }).expect(422)).body.code, 'on_disable_required')
      const { body } = await app.patch(connection, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      assert.equal(body.onDisable, 'keep')
      assert.ok(body.disabledAt)
      const again = await app.patch(connection, { mode: 'live' }).expect(200)
      assert.deepEqual([again.body.mode, again.body.onDisable, again.body.disabledAt], ['live', null, null])
      assert.ok(again.body.rulesVersion > body.rulesVersion)
    })

    it('switches people off with it where that was chosen, and on again (DESIGN 1, promise 8)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { userId } = await directoryOf(app.deps, connection).user()
      await app.patch(connection, { mode: 'disabled', onDisable: 'suspend' }).expect(200)
      const off = (await app.get(`${account}/users/${userId}`).expect(200)).body
      assert.deepEqual([off.status, off.statusReason], ['suspended', 'directory'])
      await app.patch(connection, { mode: 'live' }).expect(200)
      assert.equal((await app.get(`${account}/users/${userId}`).expect(200)).body.status, 'invited')
      const { items } = (await app.get(`${account}/events?userId=${userId}`).expect(200)).body
      assert.deepEqual(
        items.map((event: { action: string }) => event.action),
        ['user.reactivated', 'user.deactivated', 'user.created'],
      )
    })

    it('switches more than a thousand people off as a job (DESIGN 1, promise 6)', async function () {
      this.timeout(30_000)
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key, id: productId } = await app.aProduct(account, { seats: 5 })
      await app.post(`${connection}/rules`, { effects: { products: [{ key }] } }).expect(201)
      const ada = await directoryOf(app.deps, connection).user()
      await copyPerson(app.deps.db, account.slice(10), ada, 1_000)
      await app.patch(connection, { mode: 'disabled', onDisable: 'suspend' }).expect(200)
      const count = async (status: string) =>
        (await app.get(`${account}/users?status=${status}&limit=1000`).expect(200)).body.items.length
      assert.equal(await count('suspended'), 0)
      await runAllJobs(app.deps)
      assert.deepEqual([await count('invited'), await count('suspended')], [0, 1_000])
      assert.equal((await app.get(`${account}/products/${productId}`)).body.reserved, 0)
      await app.patch(connection, { mode: 'live' }).expect(200)
      await runAllJobs(app.deps)
      assert.deepEqual([await count('invited'), await count('suspended')], [1_000, 0])
      assert.equal((await app.get(`${account}/products/${productId}`)).body.reserved, 5)
    })

    it('is removed only when disabled', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      assert.equal((await app.remove(connection).expect(409)).body.code, 'connection_not_disabled')
      await app.patch(connection, { mode: 'disabled', onDisable: 'keep' }).expect(200)
      const { body } = await app.remove(connection).expect(202)
      const job = await app.get(`${account}/jobs/${body.jobId}`).expect(200)
      assert.equal(job.body.state, 'open')
    })

    it('takes as defaults only what exists', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const { key } = await app.aProduct(account)
      const { body } = await app.patch(connection, { defaults: { products: [{ key }], role: 'member' } }).expect(200)
      assert.deepEqual(body.defaults, { products: [{ key }], role: 'member' })
      const code = async (defaults: object) => (await app.patch(connection, { defaults }).expect(422)).body.code
      assert.equal(await code({ role: 'king' }), 'role_not_found')
      assert.equal(await code({ products: [{ key: 'nothing' }] }), 'product_not_found')
      assert.equal(await code({ template: 'x' }), 'unknown_effect')
    })

    it('is 404 under another account', async () => {
      const [mine, theirs] = [await app.anAccount(), await app.anAccount()]
      const id = (await app.aConnection(theirs)).split('/').at(-1)
      for (const path of ['', '/tokens', '/rules']) {
        const { body } = await app.get(`${mine}/connections/${id}${path}`).expect(404)
        assert.equal(body.code, 'connection_not_found')
      }
      await app.patch(`${mine}/connections/${id}`, { name: 'Mine' }).expect(404)
      await app.post(`${mine}/connections/${id}/tokens`).expect(404)
      await app.post(`${mine}/connections/${id}/rules`, { effects: {} }).expect(404)
      await app.post(`${mine}/connections/${id}/rules/preview`, { who: { everyone: true } }).expect(404)
      await app.remove(`${mine}/connections/${id}`).expect(404)
    })
  })

  describe('SCIM tokens', () => {
    const DAY = 86_400_000

    it('is shown once, stored as a hash, and ends after a year', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const { body } = await app.post(`${connection}/tokens`).expect(201)
      assert.match(body.token, /^scim_[\w-]{43}$/)
      assert.equal(body.token.slice(-4), body.last4)
      const days = (Date.parse(body.expiresAt) - Date.now()) / DAY
      assert.ok(days > 364.9 && days < 365.1)
      const hash = createHash('sha256').update(body.token).digest('base64url')
      assert.equal((await findTokenHolder(app.deps.db, hash))?.token_id, body.id)
      const list = await app.get(`${connection}/tokens`).expect(200)
      assert.ok(!list.text.includes(body.token))
      assert.deepEqual([list.body.items[0].state, list.body.items[0].lastUsedAt], ['active', null])
      const account = connection.slice(0, connection.indexOf('/connections'))
      const { text } = await app.get(`${account}/events`).expect(200)
      assert.ok(!text.includes(body.token) && !text.includes(hash))
    })

    it('may have another end, in the future', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const expiresAt = new Date(Date.now() + DAY).toISOString()
      assert.equal((await app.post(`${connection}/tokens`, { expiresAt }).expect(201)).body.expiresAt, expiresAt)
      const past = await app.post(`${connection}/tokens`, { expiresAt: '2020-01-01T00:00:00Z' }).expect(422)
      assert.equal(past.body.code, 'expiry_invalid')
      await app.post(`${connection}/tokens`, { expiresAt: 'tomorrow' }).expect(400)
    })

    it('lives twice at most, until one is revoked (PRODUCT 2.2)', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const first = (await app.post(`${connection}/tokens`).expect(201)).body
      await app.post(`${connection}/tokens`).expect(201)
      assert.equal((await app.post(`${connection}/tokens`).expect(409)).body.code, 'token_limit')
      await app.remove(`${connection}/tokens/${first.id}`).expect(204)
      await app.remove(`${connection}/tokens/${first.id}`).expect(204)
      await app.post(`${connection}/tokens`).expect(201)
      const { items } = (await app.get(`${connection}/tokens`).expect(200)).body
      assert.deepEqual(
        items.map((token: { state: string }) => token.state),
        ['revoked', 'active', 'active'],
      )
      assert.equal((await app.remove(`${connection}/tokens/${v7()}`).expect(404)).body.code, 'token_not_found')
    })

    it('lets ten ask at once and two have one', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const answers = await Promise.all(Array.from({ length: 10 }, () => app.post(`${connection}/tokens`)))
      const statuses = answers.map((answer) => answer.status).sort()
      assert.deepEqual(statuses, [201, 201, ...Array(8).fill(409)])
    })
  })

  describe('mapping rules', () => {
    const order = async (connection: string) =>
      (await app.get(`${connection}/rules`).expect(200)).body.items.map(
        ({ note, priority }: { note: string; priority: number }) => `${priority} ${note}`,
      )

    it('keeps priorities without gaps when rules are added, moved and removed', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const add = async (note: string, priority?: number) =>
        (await app.post(`${connection}/rules`, { note, effects: {}, ...(priority && { priority }) }).expect(201)).body
      const [a, , c] = [await add('a'), await add('b'), await add('c', 1)]
      await add('d', 99)
      assert.deepEqual(await order(connection), ['1 c', '2 a', '3 b', '4 d'])
      await app.patch(`${connection}/rules/${c.id}`, { priority: 3 }).expect(200)
      assert.deepEqual(await order(connection), ['1 a', '2 b', '3 c', '4 d'])
      await app.patch(`${connection}/rules/${c.id}`, { priority: 1 }).expect(200)
      assert.deepEqual(await order(connection), ['1 c', '2 a', '3 b', '4 d'])
      await app.remove(`${connection}/rules/${a.id}`).expect(204)
      assert.deepEqual(await order(connection), ['1 c', '2 b', '3 d'])
      await app.remove(`${connection}/rules/${a.id}`).expect(404)
    })

    it('keeps them without gaps when ten arrive at once', async () => {
      const connection = await app.aConnection(await app.anAccount())
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          app.post(`${connection}/rules`, { note: `${index}`, priority: 1 + (index % 3), effects: {} }).expect(201),
        ),
      )
      const { items } = (await app.get(`${connection}/rules`).expect(200)).body
      assert.deepEqual(
        items.map((rule: { priority: number }) => rule.priority),
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      )
    })

    it('names the position of what cannot be read in a condition', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const condition = 'groups.display eq "Sales" and'
      const { body } = await app.post(`${connection}/rules`, { condition, effects: {} }).expect(422)
      assert.equal(body.code, 'rule_condition')
      assert.equal(body.condition, condition)
      assert.equal(typeof body.position, 'number')
      const unknown = await app.post(`${connection}/rules`, { condition: 'shoeSize eq 42', effects: {} }).expect(422)
      assert.equal(unknown.body.code, 'rule_condition')
    })

    it('refuses effects that do not exist', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const code = async (effects: object) => (await app.post(`${connection}/rules`, { effects }).expect(422)).body.code
      assert.equal(await code({ settingsTemplate: 'x' }), 'unknown_effect')
      assert.equal(await code({ role: 'king' }), 'role_not_found')
      assert.equal(await code({ products: [{ key: 'nothing' }] }), 'product_not_found')
    })

    it('grants super_admin only with the switch of the account (PRODUCT 2.6)', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const input = { effects: { role: 'super_admin' } }
      assert.equal((await app.post(`${connection}/rules`, input).expect(403)).body.code, 'role_not_grantable')
      await app.patch(account, { settings: { directoryMayGrantSuperAdmin: true } }).expect(200)
      await app.post(`${connection}/rules`, input).expect(201)
    })

    it('raises the version of the rules and queues the evaluation, and refuses a version that has passed', async () => {
      const connection = await app.aConnection(await app.anAccount())
      const before = (await app.get(connection)).body.rulesVersion
      const rule = (await app.post(`${connection}/rules`, { condition: ' ', effects: {} }).expect(201)).body
      assert.equal(rule.condition, null)
      assert.deepEqual([rule.enabled, rule.state, rule.author.type], [true, 'ok', 'operator'])
      assert.equal((await app.get(connection)).body.rulesVersion, before + 1)
      await app.patch(`${connection}/rules/${rule.id}`, { enabled: false, version: rule.version }).expect(200)
      const late = await app.patch(`${connection}/rules/${rule.id}`, { enabled: true, version: rule.version })
      assert.deepEqual([late.status, late.body.code], [412, 'version_mismatch'])
      const account = connection.slice(0, connection.indexOf('/connections'))
      const { items } = (await app.get(`${account}/events?ruleId=${rule.id}`).expect(200)).body
      assert.deepEqual(
        items.map((event: { action: string }) => event.action),
        ['rule.updated', 'rule.created'],
      )
      assert.ok(items[1].effects.some((effect: { kind: string }) => effect.kind === 'job'))
    })
  })
})
