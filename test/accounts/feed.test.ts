import assert from 'node:assert/strict'
import { feedAfter } from '../../db/feed.js'
import { insertJob } from '../../db/jobs.js'
import { stampOutbox } from '../../db/outbox.js'
import { deleteTrial } from '../../db/self-tests.js'
import { aUser, type Body, patchOf, replace, type TestAccount, type TestConnection, useApp } from '../harness/app.js'
import { forEachDatabase } from '../harness/database.js'
import { rowsOfAccount } from '../harness/rows-of-account.js'

const PROV = 'urn:ietf:params:scim:event:prov'
const ACCESS = 'urn:usher:scim:event:access'

forEachDatabase((database) => {
  describe('the feed of an account (RFC 9967)', () => {
    const app = useApp(database)
    let okta: TestConnection
    let account: TestAccount

    before(async () => {
      okta = await app.aConnection()
      account = okta.account
    })

    const feed = async (query = ''): Promise<Body> =>
      (await account.admin('get', `/feed?limit=1000&${query}`).expect(200)).body

    /** What `work` adds to the feed. */
    async function added(work: () => Promise<unknown>, mode = 'notice'): Promise<Body[]> {
      await app.settle()
      const { cursor } = await feed()
      await work()
      await app.settle()
      return (await feed(`cursor=${cursor}&mode=${mode}`)).items
    }

    const kinds = (items: Body[]): string[][] => items.map(({ events }) => Object.keys(events).sort())

    it('tells of a created user by notice, with the claims of the profile (RFC 9967 §2)', async () => {
      let ada: Body
      const [item, ...more] = await added(async () => {
        ada = await okta.provision(aUser({ externalId: 'ada-1' }))
      })
      assert.deepEqual(more, [])
      const { iss, iat, jti, sub_id, txn, events, usher } = item
      const uri = `${app.publicUrl}/scim/v2/${okta.id}/Users/${ada.id}`
      assert.deepEqual([iss, sub_id], [app.publicUrl, { format: 'scim', uri, externalId: 'ada-1', id: ada.id }])
      assert.ok(Math.abs(iat - Date.now() / 1000) < 60)
      const [logged] = await account.events(`correlationId=${txn}&action=user.created`)
      assert.equal(logged.id, jti)
      assert.deepEqual([usher.accountId, usher.userId, usher.connectionId], [account.id, logged.userId, okta.id])
      assert.ok(events[`${PROV}:create:notice`].attributes.includes('name.givenName'))
      assert.deepEqual(Object.keys(events), [`${PROV}:create:notice`, `${ACCESS}:notice`])
      assert.ok(!JSON.stringify(item).includes('Grace'), 'a notice holds no value')
    })

    it('tells of a life in full, in its order, so that a receiver can follow it', async () => {
      const items = await added(async () => {
        const ada = await okta.provision(aUser({ title: 'Countess' }))
        await okta.patch(`/Users/${ada.id}`, replace('title', 'Boss')).expect(200)
        await okta.patch(`/Users/${ada.id}`, patchOf({ op: 'remove', path: 'title' })).expect(200)
        await okta.patch(`/Users/${ada.id}`, replace('active', false)).expect(200)
        await okta.put(`/Users/${ada.id}`, aUser({ userName: ada.userName, active: false, title: 'Lady' })).expect(200)
        await okta.patch(`/Users/${ada.id}`, replace('active', true)).expect(200)
        await okta.patch(`/Users/${ada.id}`, replace('active', true)).expect(200)
        await okta.delete(`/Users/${ada.id}`).expect(204)
      }, 'full')
      const provisioned = kinds(items).map((uris) => uris.filter((uri) => uri.startsWith(PROV)))
      assert.deepEqual(provisioned.flat(), [
        // She is gone when it is read: what she was at first is not known any more.
        `${PROV}:create:notice`,
        `${PROV}:patch:full`,
        `${PROV}:patch:full`,
        `${PROV}:deactivate`,
        `${PROV}:put:notice`,
        `${PROV}:activate`,
        `${PROV}:delete`,
      ])
      const operations = items.slice(1, 3).map(({ events }) => events[`${PROV}:patch:full`].data.Operations)
      assert.deepEqual(operations, [
        [{ op: 'replace', path: 'title', value: 'Boss' }],
        [{ op: 'remove', path: 'title' }],
      ])
      assert.equal(new Set(items.map(({ sub_id }) => sub_id.uri)).size, 1)
    })

    it('has the resource whole for who is created or replaced and still there', async () => {
      const items = await added(async () => {
        const ada = await okta.provision(aUser())
        await okta.put(`/Users/${ada.id}`, aUser({ userName: ada.userName, title: 'Lady' })).expect(200)
      }, 'full')
      for (const [index, kind] of ['create', 'put'].entries()) {
        const { data } = items[index].events[`${PROV}:${kind}:full`]
        assert.deepEqual([data.title, data.id], ['Lady', items[index].sub_id.id])
      }
    })

    it('tells of groups, and that members changed', async () => {
      const ada = await okta.provision(aUser())
      const items = await added(async () => {
        const group = await okta.aGroup('Sales')
        const value = [{ value: ada.id }]
        await okta.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value })).expect(204)
        await okta.patch(`/Groups/${group.id}`, replace('displayName', 'Sale')).expect(204)
        await okta.delete(`/Groups/${group.id}`).expect(204)
      }, 'full')
      const groups = items.filter(({ sub_id }) => sub_id.uri.includes('/Groups/'))
      assert.deepEqual(kinds(groups), [
        [`${PROV}:create:full`],
        [`${PROV}:patch:notice`],
        [`${PROV}:patch:full`],
        [`${PROV}:delete`],
      ])
      assert.deepEqual(groups[1].events[`${PROV}:patch:notice`], { attributes: ['members'] })
    })

    it('tells of local users by the address of the admin API, and of what they may use in words of its own', async () => {
      await account.aProduct({ key: 'meet' })
      const [created, granted] = await added(async () => {
        const { id } = await account.aLocalUser({ email: 'eve@x.example' })
        await account.admin('post', `/users/${id}/grants`, { kind: 'product', value: 'meet' }).expect(201)
      }, 'full')
      const uri = `${app.publicUrl}/api/v1/accounts/${account.id}/users/${created.usher.userId}`
      assert.deepEqual(created.sub_id, { format: 'uri', uri })
      assert.deepEqual(created.events[`${PROV}:create:notice`].attributes[0], 'emails')
      const { effects } = granted.events[`${ACCESS}:full`]
      assert.deepEqual(
        effects.map(({ kind, product, after }: Body) => [kind, product, after]),
        [['license', 'meet', 'reserved']],
      )
    })

    it('tells of everybody whose access follows from a group, a rule, a seat or a job, once, and by the same request', async () => {
      const other = await app.aConnection()
      const people = [await other.provision(aUser()), await other.provision(aUser())]
      await other.account.aProduct({ key: 'one', seats: 1 })
      await other.aRule({ condition: 'groups.display eq "Sales"', effects: { products: [{ key: 'one' }] } })
      const group = await other.aGroup('Sales')
      const members = people.map(({ id }) => ({ value: id }))
      const { id } = (await other.account.products()).get('one')
      const rule = { condition: null, effects: { role: 'admin' } }
      const told = async (work: () => Promise<unknown>): Promise<Body[]> => {
        await app.settle()
        const { cursor } = (await other.account.admin('get', '/feed?limit=1000').expect(200)).body
        await work()
        await app.settle()
        const { items } = (await other.account.admin('get', `/feed?mode=full&cursor=${cursor}`).expect(200)).body
        return items.filter(({ usher }: Body) => usher.userId !== undefined)
      }
      const whom = (items: Body[]) => items.map(({ sub_id }) => sub_id.id).sort()
      const both = people.map(({ id }) => id).sort()
      const joined = await told(() =>
        other.patch(`/Groups/${group.id}`, patchOf({ op: 'add', path: 'members', value: members })).expect(204),
      )
      assert.deepEqual(whom(joined), both)
      assert.equal(new Set(joined.map(({ txn }) => txn)).size, 1)
      const effects = joined.map(({ events }) => events[`${ACCESS}:full`].effects.map(({ kind }: Body) => kind))
      assert.deepEqual(effects[0], ['group', 'license'])
      const served = await told(() => other.account.admin('patch', `/products/${id}`, { seats: 2 }).expect(200))
      assert.equal(served.length, 1)
      assert.deepEqual(whom(await told(() => other.aRule(rule))), both)
      const off = { mode: 'disabled', onDisable: 'suspend' }
      const ended = await told(() => other.account.admin('patch', `/connections/${other.id}`, off).expect(200))
      assert.deepEqual(
        kinds(ended).map(([uri]) => uri),
        [`${PROV}:deactivate`, `${PROV}:deactivate`],
      )
    })

    it('goes on where it ended, however small the pages', async () => {
      const { items, cursor } = await feed()
      const seen: string[] = []
      let at = ''
      for (let more = true; more; ) {
        const { body } = await account.admin('get', `/feed?limit=3${at}`).expect(200)
        seen.push(...body.items.map(({ jti }: Body) => jti))
        at = `&cursor=${body.cursor}`
        more = body.nextCursor !== undefined
      }
      assert.deepEqual(
        seen,
        items.map(({ jti }: Body) => jti),
      )
      assert.equal(at, `&cursor=${cursor}`)
      assert.deepEqual(await feed(`cursor=${cursor}`), { items: [], cursor })
    })

    it('refuses cursors of others, made up ones, and those behind which changes were deleted by age', async () => {
      const other = await app.aConnection()
      await other.provision(aUser())
      await app.settle()
      const { body } = await other.account.admin('get', '/feed').expect(200)
      for (const cursor of [body.cursor, 'xyz', Buffer.from('99999.00000000').toString('base64url')]) {
        const answer = await account.admin('get', `/feed?cursor=${cursor}`).expect(400)
        assert.equal(answer.body.code, 'cursor_invalid')
      }
      const first = await other.account.admin('get', '/feed?limit=1').expect(200)
      await other.provision(aUser())
      await app.settle()
      app.at(new Date(Date.now() + 8 * 86_400_000))
      await app.settle()
      app.at(undefined)
      const late = await other.account.admin('get', `/feed?cursor=${first.body.cursor}`).expect(410)
      assert.equal(late.body.code, 'cursor_expired')
      const again = await other.account.admin('get', '/feed').expect(200)
      await other.account.admin('get', `/feed?cursor=${again.body.cursor}`).expect(200)
    })

    it('numbers changes of one subject by its versions, though their ids are of clocks that disagree', async () => {
      const { deps } = app.server
      const row = (id: string, version: number) =>
        deps.db.transaction((tx) =>
          insertJob(tx, 'clocks', { id, kind: 'outbox', subject: 's', version, payload: `v${version}`, runAt: 0 }),
        )
      await row('0002', 1)
      await row('0001', 2)
      while ((await stampOutbox(deps.db, 0, 500)) > 0);
      const rows = await feedAfter(deps.db, 'clocks', 0, 10)
      assert.deepEqual(
        rows.map(({ event_id }) => event_id),
        ['v1', 'v2'],
      )
    })

    it('leaves no counter of an account that went while its changes were looked for', async () => {
      const { db } = app.server.deps
      const job = { id: '0001', kind: 'outbox', subject: 's', version: 1, payload: 'v1', runAt: 0 }
      await db.transaction((tx) => insertJob(tx, 'gone', job))
      const goesMeanwhile: typeof db = Object.create(db, {
        get: {
          value: async (...asked: Parameters<typeof db.get>) => {
            const found = await db.get(...asked)
            await db.transaction((tx) => deleteTrial(tx, 'gone'))
            return found
          },
        },
      })
      assert.equal(await stampOutbox(goesMeanwhile, 0, 500), 0)
      assert.deepEqual(await rowsOfAccount(db, 'gone'), {})
    })
  })
})
