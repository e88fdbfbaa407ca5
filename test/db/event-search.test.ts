import assert from 'node:assert/strict'
import { v7 } from 'uuid'
import { createAccount } from '../../accounts/accounts.js'
import type { Administrator } from '../../accounts/administrator.js'
import type { Deps } from '../../accounts/deps.js'
import { writeEvents } from '../../accounts/events.js'
import { listEvents } from '../../accounts/events-read.js'
import type { EventQuery } from '../../accounts/find-events.js'
import { listUsers } from '../../accounts/list-users.js'
import { passwordHasher } from '../../accounts/password-hash.js'
import { createSealer } from '../../accounts/sealer.js'
import { type DatabaseLocation, openDatabase } from '../../db/open.js'
import { composed } from '../../db/statement.js'
import { forEachDatabase } from '../harness/database.js'
import { type Plan, readsOf } from './plan-reads.js'

const OPERATOR: Administrator = {
  actor: { type: 'operator', id: null, label: 'operator' },
  role: 'operator',
  accountId: null,
  request: { id: v7(), method: 'POST', path: '/', status: 201, startedAt: new Date(), address: '' },
}

const EVENT_ID = v7()
const ROWS = 2_000
const numbers = (count: number) =>
  `WITH RECURSIVE counted(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < ${count})`

/** Rows of others around those that are looked for: PostgreSQL plans for what there is. */
const AROUND = [
  `INSERT INTO user_terms (account_id, term, user_id) SELECT account_id, 'ada', 'u1' FROM accounts`,
  `INSERT INTO user_terms (account_id, term, user_id) ${numbers(ROWS)}
    SELECT account_id, 'x' || i, 'x' || i FROM counted CROSS JOIN accounts`,
  `INSERT INTO event_refs (account_id, ref, event_id) ${numbers(ROWS)}
    SELECT account_id, 'rule:x' || i, 'x' || i FROM counted CROSS JOIN accounts`,
  `INSERT INTO events (account_id, id, parent_id, facet_id, user_id, occurred_at, detail) ${numbers(ROWS)}
    SELECT account_id, 'x' || i, 'p' || i, 'f' || (i % 10), 'x' || (i % 100), i, '{}' FROM counted CROSS JOIN accounts`,
  `INSERT INTO users (account_id, id, display_name, origin, suspended_by_admin, suspended_by_end, transfer_declined,
      transferred_out, status, role_id, role_source, role_source_id, overridden, version, created_at, updated_at)
    ${numbers(ROWS)} SELECT account_id, 'x' || i, 'X', 'local', 0, 0, 0, 0,
      CASE WHEN i % 100 = 0 THEN 'active' ELSE 'invited' END, 'r', 'default', '', 0, 1, i, i
    FROM counted CROSS JOIN accounts`,
]
const MORE_FACETS = `INSERT INTO event_facets (account_id, id, facet_key, source, action, outcome, child) ${numbers(20)}
  SELECT account_id, 'x' || i, 'x' || i, 'scim', 'user.updated', 'success', 0 FROM counted CROSS JOIN accounts`

const FACET = ['events', 'facet_id'] as const
const PERSON = ['events', 'user_id'] as const
const REQUEST = ['events', 'parent_id'] as const
const REF = ['event_refs', 'ref'] as const
const ID = ['events', 'id'] as const

/**
 * Every filter of PRODUCT 3.2, alone and with others, and the index that has to answer it: its table and the column by
 * which it is entered behind the account.
 */
const FILTERS: [name: string, query: Omit<EventQuery, 'limit'>, index: readonly [table: string, column: string]][] = [
  ['none', {}, FACET],
  ['a window', { from: new Date(0), to: new Date() }, FACET],
  ['a cursor', { cursor: 'f' }, FACET],
  ['children too', { children: true }, FACET],
  ['connection', { connectionId: ['c1'] }, FACET],
  ['outcome', { outcome: ['success', 'failure'] }, FACET],
  ['action', { action: ['account.created'] }, FACET],
  ['source', { source: ['scim'] }, FACET],
  ['code', { code: ['no_seat'] }, FACET],
  ['token', { tokenId: ['t1'] }, FACET],
  ['HTTP status', { httpStatus: [201] }, FACET],
  ['run', { run: EVENT_ID }, FACET],
  ['run and outcome', { run: EVENT_ID, outcome: ['success'] }, FACET],
  ['everything by words', { connectionId: ['c1'], outcome: ['success'], code: ['no_seat'], tokenId: ['t1'] }, FACET],
  ['person', { userId: 'u1' }, PERSON],
  ['person and outcome', { userId: 'u1', outcome: ['success'] }, PERSON],
  ['person and rule', { userId: 'u1', ruleId: 'r1' }, PERSON],
  ['text', { q: 'ada' }, PERSON],
  ['text and outcome', { q: 'ada', outcome: ['success'] }, PERSON],
  ['text and group', { q: 'ada', groupId: 'g1' }, PERSON],
  ['a request id as text', { q: EVENT_ID }, REQUEST],
  ['request', { correlationId: EVENT_ID }, REQUEST],
  ['request and person', { correlationId: EVENT_ID, userId: 'u1' }, REQUEST],
  ['request and outcome', { correlationId: EVENT_ID, outcome: ['success'] }, REQUEST],
  ['rule', { ruleId: 'r1' }, REF],
  ['rule in a window', { ruleId: 'r1', from: new Date(0), to: new Date() }, REF],
  ['group', { groupId: 'g1' }, REF],
  ['group and action', { groupId: 'g1', action: ['account.created'] }, REF],
  ['rule and group', { ruleId: 'r1', groupId: 'g1' }, REF],
]

/** Tables that grow with traffic or people. */
const GROWING = new Set(['events', 'event_refs', 'event_payloads', 'users', 'user_terms'])

const entered = ({ reads }: Plan, [table, column]: readonly [table: string, column: string]) =>
  reads.some((read) => read.table === table && read.columns.includes(column))

/** Does it read a table that grows whole, or all that an account has in it? */
const walks = ({ reads }: Plan) =>
  reads.some(({ table, columns }) => GROWING.has(table) && columns.every((column) => column === 'account_id'))

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
      deps = {
        db,
        now: () => new Date(),
        publicUrl: 'https://usher.example',
        newId: v7,
        knownFacets: new Set(),
        sealer: createSealer(Buffer.alloc(32, 7)),
        passwords: passwordHasher(),
        readIdp: () => assert.fail(),
        webhookTargets: { refusalOf: () => assert.fail(), open: () => assert.fail() },
        mailer: undefined,
        wakeWorker: () => undefined,
      }
      accountId = (await createAccount(deps, OPERATOR, { name: 'Acme' })).id
      const { actor } = OPERATOR
      const every = { source: 'scim', action: 'account.created', outcome: 'success', actor } as const
      const facets = { connectionId: 'c1', tokenId: 't1', code: 'no_seat', userId: 'u1', groupIds: ['g1'] }
      const http = { method: 'POST', path: '/', status: 201, durationMs: 1, address: '' }
      const effects = [{ kind: 'rule', ruleId: 'r1', state: 'ok' } as const]
      const event = { ...every, ...facets, id: EVENT_ID, http, effects }
      await db.transaction((tx) => writeEvents(deps, tx, accountId, [event]))
      for (const text of AROUND) await db.transaction((tx) => tx.run(composed(text), []))
      if (location.kind === 'postgres') await db.run(composed('ANALYZE'), [])
    })
    after(() => close())

    async function plansFor(work: () => Promise<unknown>): Promise<Plan[]> {
      seen.clear()
      await work()
      return readsOf(location, [...seen])
    }
    const told = (plans: Plan[]) => plans.map(({ text, plan }) => `${text}\n${plan}`).join('\n\n')

    for (const [name, query, index] of FILTERS) {
      it(`answers ${name} from ${index.join('.')} and walks nothing`, async () => {
        const plans = await plansFor(async () => {
          const { items } = await listEvents(deps.db, accountId, { ...query, limit: 20 }, true)
          assert.ok(items.length > 0, 'a filter that finds nothing proves nothing')
        })
        assert.equal(told(plans.filter(walks)), '')
        assert.ok(
          plans.some((plan) => entered(plan, index)),
          told(plans),
        )
      })
    }

    it('with very many combinations of words the newest events are looked at first, and no more than 500', async () => {
      await deps.db.transaction((tx) => tx.run(composed(MORE_FACETS), []))
      const plans = await plansFor(() => listEvents(deps.db, accountId, { children: true, limit: 20 }, true))
      assert.equal(told(plans.filter(walks)), '')
      assert.ok(plans.some((plan) => entered(plan, ID) && /LIMIT 500/.test(plan.text)))
    })

    it('can tell a walk: events of a moment that has no index are one', async () => {
      const text = 'SELECT id FROM events WHERE account_id = ? AND occurred_at = ?'
      const [plan] = await plansFor(() => deps.db.all(composed(text), [accountId, 1]))
      assert.ok(walks(plan!), plan?.plan)
    })

    it('answers lists of users from an index', async () => {
      const plans = await plansFor(async () => {
        for (const query of [{}, { status: 'active' }, { q: 'ada' }, { q: 'ada', status: 'invited' }] as const)
          await listUsers(deps.db, accountId, { ...query, sort: 'created', cursor: '', limit: 20 }, new Date())
      })
      assert.equal(told(plans.filter(walks)), '')
      assert.ok(plans.some((plan) => entered(plan, ['users', 'status'])))
      assert.ok(plans.some((plan) => entered(plan, ['users', 'id'])))
      assert.ok(plans.some((plan) => entered(plan, ['user_terms', 'term'])))
    })
  })
})
