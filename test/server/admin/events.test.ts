import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import { type EventDraft, writeEvents } from '../../../accounts/events.js'
import { idAt } from '../../../accounts/id-at.js'
import { useAdmin } from '../../harness/admin.js'
import { forEachDatabase } from '../../harness/database.js'
import { directoryOf } from '../../harness/directory.js'

const OPERATOR = { type: 'operator', id: null, label: 'operator' } as const

forEachDatabase((database) => {
  const app = useAdmin(database)

  describe('the event log (PRODUCT 3.2)', () => {
    /** Write events one by one, oldest first; resolves to their ids. */
    async function anAccountWith(drafts: readonly Partial<EventDraft>[]) {
      const account = await app.anAccount()
      const accountId = account.slice(10)
      const ids: string[] = []
      for (const draft of drafts) {
        const id = v7()
        ids.push(id)
        await app.deps.db.transaction((tx) =>
          writeEvents(app.deps, tx, accountId, [
            { id, source: 'scim', action: 'user.updated', outcome: 'success', actor: OPERATOR, ...draft },
          ]),
        )
      }
      return { account, ids }
    }

    const idsOf = async (path: string): Promise<string[]> =>
      (await app.get(path).expect(200)).body.items.map((event: { id: string }) => event.id)

    const FILTERS: [query: string, wanted: number[]][] = [
      ['connectionId=c1', [4, 3, 0]],
      ['connectionId=c1&connectionId=c2', [4, 3, 2, 0]],
      ['source=sso', [2]],
      ['source=sso,system', [6, 2]],
      ['action=user.deactivated', [1]],
      ['outcome=failure,warning', [5, 3]],
      ['code=no_seat', [3]],
      ['tokenId=t1', [4]],
      ['httpStatus=409', [5]],
      ['connectionId=c1&outcome=success', [4, 0]],
      ['userId=u1', [6, 4, 0]],
      ['userId=u1&outcome=success', [6, 4, 0]],
      ['userId=u1&source=system', [6]],
      ['userId=nobody', []],
      ['ruleId=r1', [3]],
      ['groupId=g1', [2]],
      ['groupId=g1&userId=u2', [2]],
      ['groupId=g1&userId=u1', []],
      ['ruleId=r1&groupId=g1', []],
      ['code=unheard_of', []],
    ]

    it('answers every filter and combinations of them, newest first', async () => {
      const { account, ids } = await anAccountWith([
        { connectionId: 'c1', userId: 'u1' },
        { action: 'user.deactivated', userId: 'u2' },
        { source: 'sso', connectionId: 'c2', userId: 'u2', groupIds: ['g1'] },
        {
          outcome: 'warning',
          code: 'no_seat',
          connectionId: 'c1',
          effects: [{ kind: 'license', product: 'meet', before: null, after: 'waiting', ruleId: 'r1' }],
        },
        { connectionId: 'c1', tokenId: 't1', userId: 'u1' },
        {
          outcome: 'failure',
          http: { method: 'POST', path: '/x', status: 409, durationMs: 1, address: '192.0.2.1' },
        },
        { source: 'system', userId: 'u1' },
      ])
      for (const [query, wanted] of FILTERS) {
        const found = (await idsOf(`${account}/events?${query}`)).filter((id) => ids.includes(id))
        assert.deepEqual(
          found.map((id) => ids.indexOf(id)),
          wanted,
          query,
        )
      }
    })

    it('pages through any filter without losing or repeating an event', async () => {
      const { account, ids } = await anAccountWith(
        Array.from({ length: 30 }, (_, index) => ({
          userId: 'u1',
          connectionId: `c${index % 7}`,
          outcome: index % 3 === 0 ? ('failure' as const) : ('success' as const),
        })),
      )
      for (const query of ['source=scim', 'userId=u1', 'userId=u1&outcome=failure', 'outcome=failure']) {
        const wanted = ids.filter((_, index) => !query.includes('failure') || index % 3 === 0).reverse()
        const seen: string[] = []
        let cursor = ''
        do {
          const { body } = await app.get(`${account}/events?${query}&limit=4${cursor}`).expect(200)
          seen.push(...body.items.map((event: { id: string }) => event.id))
          cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`
        } while (cursor !== '')
        assert.deepEqual(seen, wanted, query)
      }
    })

    it('goes on behind two thousand events of a person that do not fit, a bounded page at a time', async function () {
      this.timeout(30_000)
      const { account, ids } = await anAccountWith([{ userId: 'u1', outcome: 'failure' }])
      const many = Array.from({ length: 2_100 }, () => ({
        id: v7(),
        source: 'scim' as const,
        action: 'user.updated' as const,
        outcome: 'success' as const,
        actor: OPERATOR,
        userId: 'u1',
      }))
      await app.deps.db.transaction((tx) => writeEvents(app.deps, tx, account.slice(10), many))
      let [pages, cursor] = [0, '']
      const seen: string[] = []
      do {
        const { body } = await app.get(`${account}/events?userId=u1&outcome=failure${cursor}`).expect(200)
        seen.push(...body.items.map((event: { id: string }) => event.id))
        cursor = body.nextCursor === undefined ? '' : `&cursor=${body.nextCursor}`
        pages += 1
      } while (cursor !== '')
      assert.deepEqual([seen, pages], [ids, 5])
    })

    it('finds the few among many kinds of events', async () => {
      const { account, ids } = await anAccountWith([{ outcome: 'held' }])
      const many = Array.from({ length: 700 }, (_, index) => ({
        id: v7(),
        source: 'scim' as const,
        action: 'user.updated' as const,
        outcome: 'success' as const,
        actor: OPERATOR,
        connectionId: `c${index % 40}`,
        ...(index < 40 ? {} : { parentId: 'p' }),
      }))
      await app.deps.db.transaction((tx) => writeEvents(app.deps, tx, account.slice(10), many))
      assert.deepEqual((await idsOf(`${account}/events?source=scim`)).slice(-1), ids)
      assert.equal((await idsOf(`${account}/events?source=scim&limit=100`)).length, 41)
      assert.equal((await idsOf(`${account}/events?source=scim&children=true&limit=1000`)).length, 701)
      assert.deepEqual(await idsOf(`${account}/events?outcome=held`), ids)
    })

    it('looks into a window of time', async () => {
      const { account, ids } = await anAccountWith([{}])
      const [from, to] = [new Date(Date.now() - 60_000).toISOString(), new Date(Date.now() + 60_000).toISOString()]
      assert.deepEqual((await idsOf(`${account}/events?from=${from}&to=${to}`)).slice(0, 1), ids)
      assert.deepEqual(await idsOf(`${account}/events?from=${to}`), [])
      assert.deepEqual(await idsOf(`${account}/events?to=${from}`), [])
      assert.deepEqual((await idsOf(`${account}/events?userId=x&from=${from}`)).length, 0)
    })

    it('shows children to who asks for a person, a request or their kind, and not in the plain list', async () => {
      const account = await app.anAccount()
      const [parent, child] = [v7(), v7()]
      const base = { source: 'scim', outcome: 'success', actor: OPERATOR } as const
      await app.deps.db.transaction((tx) =>
        writeEvents(app.deps, tx, account.slice(10), [
          { ...base, id: parent, action: 'group.members_changed', groupIds: ['g1'] },
          { ...base, id: child, parentId: parent, action: 'user.access_changed', userId: 'u1', groupIds: ['g1'] },
        ]),
      )
      const found = async (query: string) =>
        (await idsOf(`${account}/events?${query}`)).filter((id) => id === parent || id === child)
      assert.deepEqual(await found(''), [parent])
      assert.deepEqual(await found('children=true'), [child, parent])
      assert.deepEqual(await found('userId=u1'), [child])
      assert.deepEqual(await found('groupId=g1'), [child, parent])
      assert.deepEqual(await found('groupId=g1&children=false'), [parent])
      assert.deepEqual(await found(`correlationId=${parent}`), [child, parent])
      assert.deepEqual(await found(`q=${parent}`), [child, parent])
      assert.deepEqual(await found('action=user.access_changed'), [child])
      const { body } = await app.get(`${account}/events/${child}`).expect(200)
      assert.equal(body.correlationId, parent)
    })

    it('finds people by text, for as long as their log is kept', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const directory = directoryOf(app.deps, connection)
      const ada = await directory.user({
        userName: 'ada.l@corp.example',
        externalId: 'OBJ-1',
        displayName: 'Ada König',
      })
      await directory.user({ userName: 'bob@corp.example', displayName: 'Bob Ross' })
      for (const q of ['ada.l', 'ADA.L@corp.example', 'obj-1', 'köNI', 'König']) {
        const { items } = (await app.get(`${account}/events?q=${encodeURIComponent(q)}`).expect(200)).body
        assert.deepEqual(
          items.map((event: { userId: string }) => event.userId),
          [ada.userId],
          q,
        )
      }
      assert.deepEqual(await idsOf(`${account}/events?q=nobody`), [])
      await app.get(`${account}/events?q=a`).expect(400)
    })

    it('tells the run of an event: requests of one connection with less than five minutes between them', async () => {
      const account = await app.anAccount()
      const start = Date.now() - 3 * 3_600_000
      const at = (minute: number) => idAt(start + minute * 60_000).replace(/0000$/, v7().slice(-4))
      const minutes = [0, 10, 14, 18, 22, 24, 30]
      const ids = minutes.map(at)
      const base = { source: 'scim', action: 'user.updated', outcome: 'success', actor: OPERATOR } as const
      const drafts = ids.map((id, index) => ({ ...base, id, connectionId: 'c1', ...(index % 2 ? { code: 'x' } : {}) }))
      const other = { ...base, id: at(27), connectionId: 'c2' }
      await app.deps.db.transaction((tx) => writeEvents(app.deps, tx, account.slice(10), [...drafts, other]))
      const run = async (index: number) =>
        (await idsOf(`${account}/events?run=${ids[index]}`)).map((id) => minutes[ids.indexOf(id)])
      assert.deepEqual(await run(2), [24, 22, 18, 14, 10])
      assert.deepEqual(await run(1), [24, 22, 18, 14, 10])
      assert.deepEqual(await run(0), [0])
      assert.deepEqual(await run(6), [30])
      await app.get(`${account}/events?run=${v7()}`).expect(404)
    })

    it('shows one event with its bodies', async () => {
      const account = await app.anAccount()
      const connection = await app.aConnection(account)
      const ada = await directoryOf(app.deps, connection).user()
      const [event] = (await app.get(`${account}/events?userId=${ada.userId}`)).body.items
      const { body } = await app.get(`${account}/events/${event.id}`).expect(200)
      assert.equal(body.payload.request, '{}')
      assert.ok(body.payload.response.includes(ada.id))
      assert.equal(event.payload, undefined)
      assert.equal(body.subject.scimId, ada.id)
      assert.equal(body.actor.type, 'token')
      assert.ok(body.changes.some((change: { attribute: string }) => change.attribute === 'userName'))
      const other = await app.anAccount()
      assert.equal((await app.get(`${other}/events/${event.id}`).expect(404)).body.code, 'event_not_found')
      assert.deepEqual(await idsOf(`${other}/events?q=${event.id}`), [])
    })

    const BAD = [
      'outcome=maybe',
      'source=mars',
      'action=user.flew',
      'httpStatus=42',
      'limit=0',
      'limit=x',
      'from=monday',
      'colour=red',
    ]
    for (const query of BAD) {
      it(`answers 400 to ?${query}, naming the parameter`, async () => {
        const { body } = await app.get(`${await app.anAccount()}/events?${query}`).expect(400)
        assert.equal(body.code, 'invalid_request')
        assert.ok(body.detail.includes(query.split('=')[0]), body.detail)
      })
    }
  })
})
