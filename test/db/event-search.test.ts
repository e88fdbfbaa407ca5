import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import { createAccount } from '../../accounts/accounts.js'
import type { Administrator } from '../../accounts/administrator.js'
import type { Deps } from '../../accounts/deps.js'
import { writeEvents } from '../../accounts/events.js'
import { type EventQuery, listEvents } from '../../accounts/events-read.js'
import { listUsers } from '../../accounts/users-read.js'
import { type DatabaseLocation, openDatabase } from '../../db/open.js'
import { forEachDatabase } from '../harness/database.js'
import { plansOf } from '../harness/query-plan.js'

const OPERATOR: Administrator = {
  actor: { type: 'operator', id: null, label: 'operator' },
  role: 'operator',
  accountId: null,
  request: { id: v7(), method: 'POST', path: '/', status: 201, startedAt: new Date(), address: '' },
}

/** Every filter of PRODUCT 3.2, with the index over events that has to answer it. */
const FILTERS: [name: string, query: Omit<EventQuery, 'limit'>, index: string][] = [
  ['none', {}, 'events_facet'],
  ['a window', { from: new Date(0), to: new Date() }, 'events_facet'],
  ['a cursor', { cursor: 'f' }, 'events_facet'],
  ['connection', { connectionId: ['c1'] }, 'events_facet'],
  ['outcome', { outcome: ['success', 'failure'] }, 'events_facet'],
  ['action', { action: ['account.created'] }, 'events_facet'],
  ['source', { source: ['admin'] }, 'events_facet'],
  ['code', { code: ['no_seat'] }, 'events_facet'],
  ['token', { tokenId: ['t1'] }, 'events_facet'],
  ['HTTP status', { httpStatus: [201] }, 'events_facet'],
  ['person', { userId: 'u1' }, 'events_user'],
  ['person and outcome', { userId: 'u1', outcome: ['success'] }, 'events_user'],
  ['person and rule', { userId: 'u1', ruleId: 'r1' }, 'events_user'],
  ['text', { q: 'ada' }, 'events_user'],
  ['text and outcome', { q: 'ada', outcome: ['success'] }, 'events_user'],
  ['request', { correlationId: v7() }, 'events_parent'],
  ['rule', { ruleId: 'r1' }, 'event_refs'],
  ['rule and group', { ruleId: 'r1', groupId: 'g1' }, 'event_refs'],
]

forEachDatabase((database) => {
  describe('the plans of log and user search', () => {
    const seen = new Set<string>()
    let location: DatabaseLocation
    let deps: Deps
    let accountId = ''
    let close: () => Promise<void>

    before(async function () {
      this.timeout(60_000)
      const created = await database.create()
      location = created.location
      const db = await openDatabase(location, (text) => seen.add(text))
      close = () => db.close().then(created.drop)
      deps = { db, now: () => new Date(), newId: v7, knownFacets: new Set(), wakeWorker: () => undefined }
      accountId = (await createAccount(deps, OPERATOR, { name: 'Acme' })).id
      const { actor } = OPERATOR
      const every = { source: 'admin', action: 'account.created', outcome: 'success', actor } as const
      const facets = { connectionId: 'c1', tokenId: 't1', code: 'no_seat', userId: 'u1', groupIds: ['g1'] }
      const http = { method: 'POST', path: '/', status: 201, durationMs: 1, address: '' }
      const effects = [{ kind: 'rule', ruleId: 'r1', state: 'ok' } as const]
      await db.transaction((tx) => writeEvents(deps, tx, accountId, [{ ...every, ...facets, id: v7(), http, effects }]))
      const term = `INSERT INTO user_terms (account_id, term, user_id) VALUES (?, 'ada', 'u1')`
      const text = { sqlite: term, postgres: term.replace('?', '$1') }
      await db.transaction((tx) => tx.run(text, [accountId]))
    })
    after(() => close())

    async function plansFor(work: () => Promise<unknown>): Promise<string[]> {
      seen.clear()
      await work()
      return plansOf(location, [...seen])
    }

    for (const [name, query, index] of FILTERS) {
      it(`answers ${name} from ${index} and walks no table`, async () => {
        const plans = await plansFor(async () => {
          const { items } = await listEvents(deps.db, accountId, { ...query, limit: 20 }, true)
          const empty = query.correlationId !== undefined
          assert.equal(items.length > 0, !empty, 'a filter that finds nothing proves nothing')
        })
        for (const plan of plans) assert.doesNotMatch(plan, WALK, plan)
        const used = plans.some((plan) => plan.includes(index === 'event_refs' ? 'ref' : index))
        assert.ok(used, plans.join('\n\n'))
        for (const plan of plans) assert.doesNotMatch(plan, ACCOUNT_ONLY, plan)
      })
    }

    it('answers lists of users from an index', async () => {
      const plans = await plansFor(async () => {
        for (const query of [{}, { status: 'active' }, { q: 'ada' }, { q: 'ada', status: 'invited' }] as const)
          await listUsers(deps.db, accountId, { ...query, cursor: '', limit: 20 }, new Date())
      })
      for (const plan of plans) assert.doesNotMatch(plan, WALK, plan)
      assert.ok(plans.some((plan) => plan.includes('users_status')))
    })
  })
})

/** Reading a table of events or people whole, in the words of either database. */
const WALK =
  /SCAN (e|events|u|users|user_terms|event_refs|event_payloads)\b|Seq Scan on (events|users|user_terms|event_refs)/

/** Finding events by their account and nothing else. */
const ACCOUNT_ONLY =
  /SEARCH (e|events) USING [^\n]*\(account_id=\?\)(\n|$)|on events[^\n]*\n *Index Cond: \(\(account_id\)::text = \$\d+\)/
