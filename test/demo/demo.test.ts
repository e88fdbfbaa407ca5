import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Acme, setUpAcme } from '../../docs/demo/acme.js'
import { type AdminApi, adminApi } from '../../docs/demo/admin-api.js'
import type { List, LogEvent, Product, Rule, User, UserDetail } from '../../docs/demo/answers.js'
import { directoryClient } from '../../docs/demo/directory-client.js'
import { paperOn } from '../../docs/demo/paper.js'
import { printNextSteps } from '../../docs/demo/print-next-steps.js'
import { printTour } from '../../docs/demo/print-tour.js'
import { playScenario } from '../../docs/demo/scenario.js'
import { type DemoServer, startDemoServer } from '../../docs/demo/server.js'
import { type PersonTour, readTour, type Tour } from '../../docs/demo/tour.js'

/** Status and code of each request that goes wrong, in order. */
const FAILURES = [
  [409, 'user_exists_local', 'Entra ID', 'ingrid.sorensen@acme.example'],
  [409, 'user_exists_directory', 'Okta Nordlys', 'lea.fontaine@acme.example'],
  [400, 'member_unknown', 'Entra ID', 'Sales'],
  [401, 'token_unknown', 'Okta Nordlys', 'GET /Users'],
]

describe('npm run demo', () => {
  let server: DemoServer
  let admin: AdminApi
  let acme: Acme
  let tour: Tour
  let account: string
  let requests = 0

  before(async function () {
    this.timeout(30_000)
    server = await startDemoServer({ LOG_LEVEL: 'silent' })
    admin = adminApi(server.url, server.operatorToken)
    acme = await setUpAcme(admin)
    account = `/accounts/${acme.accountId}`
    await playScenario(acme, (_step, _done, _of, sent) => {
      requests = sent
    })
    tour = await readTour(admin, acme.accountId)
  })
  after(() => server.close())

  const everyone = (of: Tour): PersonTour[] => [...of.directories.flatMap(({ people }) => people), ...of.local]
  const named = (of: Tour, name: string): PersonTour => {
    const person = everyone(of).find((one) => one.name === name)
    assert.ok(person, `${name} is in the tour`)
    return person
  }

  it('has two directories push about 40 people and 6 groups over HTTP', async () => {
    assert.deepEqual(
      tour.directories.map(({ name, people }) => [name, people.length]),
      [
        ['Entra ID', 25],
        ['Okta Nordlys', 14],
      ],
    )
    for (const { scimBaseUrl, token } of [acme.entra, acme.okta]) {
      const groups = await directoryClient(scimBaseUrl, token, 'test').send('GET', '/Groups', undefined, 200)
      assert.equal(groups.body.totalResults, 3)
    }
    assert.ok(requests > 100, `${requests} requests`)
  })

  it('names for every role and license the rule that gives it, as the API has it', async () => {
    const rules = new Map(tour.directories.flatMap(({ rules: own }) => own.map((rule) => [rule.id, rule])))
    const why = ({ source, ruleId = '' }: { source: string; ruleId?: string }) =>
      source === 'rule' ? `#${rules.get(ruleId)?.priority}` : source === 'manual' ? 'by hand' : source
    for (const person of everyone(tour)) {
      const user = await admin.get<UserDetail>(`${account}/users/${person.id}`)
      assert.deepEqual([person.status, person.role], [user.status, { key: user.role.key, why: why(user.role) }])
      const own = user.licenses.filter(({ via }) => via === undefined)
      assert.deepEqual(
        person.licenses.map(({ state, why: reason }) => [state, reason]),
        own.map((license) => [license.state, why(license)]),
        person.name,
      )
    }
  })

  it('shows each kind of reason: rule, default, by hand, a bundle, a seat to come', () => {
    const licensesOf = (name: string) => named(tour, name).licenses.map(({ product, why }) => `${product} ${why}`)
    assert.deepEqual(licensesOf('Tomás Herrera').sort(), ['Meet #5', 'Phone by hand', 'Webinar #4'])
    assert.deepEqual(licensesOf('Ülkü Aydın'), ['Meet default'])
    assert.deepEqual(named(tour, 'João Gonçalves').role, { key: 'team-lead', why: '#1' })
    const suite = named(tour, 'João Gonçalves').licenses.find(({ product }) => product === 'Sales Suite')
    assert.deepEqual(suite?.includes, ['Phone', 'Webinar'])
    assert.equal(
      named(tour, 'Kateřina Dvořáková').licenses.find(({ product }) => product === 'Webinar')?.state,
      'pending',
    )
    assert.deepEqual([named(tour, 'Per Lindqvist').statusReason, licensesOf('Per Lindqvist')], ['directory', []])
    assert.equal(named(tour, 'Anaïs Dubois-Martin').status, 'invited')
  })

  it('counts seats as the pools do', () => {
    for (const { key, seats, assigned, reserved, waiting, queue } of tour.pools) {
      assert.ok(assigned + reserved <= seats, key)
      assert.equal(queue.length, waiting, key)
    }
  })

  it('tells every failure with the words that the directory received (PRODUCT 3.5)', async () => {
    assert.deepEqual(
      tour.failures.map(({ status, code, directory, subject }) => [status, code, directory, subject]),
      FAILURES,
    )
    for (const { id, code, message } of tour.failures.filter(({ status }) => status !== 401)) {
      const { payload } = await admin.get<{ payload: { response: string } }>(`${account}/events/${id}`)
      const { detail } = JSON.parse(payload.response) as { detail: string }
      assert.equal(detail, `${message} Request ${id}.`, code)
    }
    assert.deepEqual(
      tour.matchRequests.map(({ userName, cause }) => [userName, cause]),
      [['ingrid.sorensen@acme.example', 'admin_role']],
    )
  })

  it("follows the person who received a leaver's seat, with what came of what", () => {
    assert.equal(tour.timeline?.name, 'Zoë Müller')
    assert.deepEqual(
      tour.timeline?.moments.map(({ event, cause }) => [event.action, event.code, cause?.action]),
      [
        ['user.created', undefined, undefined],
        ['user.access_changed', 'no_seat', 'group.members_changed'],
        ['user.updated', undefined, undefined],
        ['user.updated', undefined, undefined],
        ['user.access_changed', undefined, 'user.deactivated'],
        ['user.access_changed', undefined, 'group.members_changed'],
      ],
    )
    const handedOver = tour.timeline?.moments[4]
    assert.equal(handedOver?.event.subject?.displayName, 'Zoë Müller')
    assert.equal(handedOver?.cause?.subject?.displayName, 'Per Lindqvist')
  })

  it('prints lines of at most 100 characters, and no colour where nobody looks', async () => {
    const written: string[] = []
    const paper = paperOn({ write: (text) => written.push(text) }, {})
    printTour(tour, paper)
    await printNextSteps(admin, server, acme, paper)
    const text = written.join('')
    // A token or an address cannot be broken.
    const long = text.split('\n').filter((line) => [...line].length > 100 && !line.startsWith('export'))
    assert.deepEqual(long, [])
    assert.ok(!text.includes('\u001b'))
    for (const { name } of everyone(tour)) assert.ok(text.includes(`  ${name} `), name)
    for (const word of ['$ACME', '#5', 'groups.display eq "Support" → assist', 'behind Håkon Bjørnstad'])
      assert.ok(text.includes(word), word)
  })

  it('says truly who waits behind whom: seats that are added go to them in that order', async () => {
    const pool = tour.pools.find(({ key }) => key === 'assist')
    assert.ok(pool && pool.queue.length === 5)
    for (const [index, { userId, name }] of pool.queue.entries()) {
      await admin.patch<Product>(`${account}/products/${pool.id}`, { seats: pool.seats + index + 1 })
      const { licenses } = await admin.get<User>(`${account}/users/${userId}`)
      assert.equal(licenses.find(({ product }) => product === 'assist')?.state, 'reserved', name)
    }
  })

  it('changes when a rule changes: Support gets Phone in place of Assist', async () => {
    const rules = `${account}/connections/${acme.entra.id}/rules`
    const { items } = await admin.get<List<Rule>>(rules)
    const rule = items.find(({ condition }) => condition === 'groups.display eq "Support"')
    await admin.patch(`${rules}/${rule?.id}`, { effects: { products: [{ key: 'phone' }] } })
    const licensesOf = (of: Tour) => named(of, 'Nadia Haddad').licenses.map(({ product, why }) => `${product} ${why}`)
    assert.deepEqual(licensesOf(tour), ['Meet #5', 'Assist #3'])
    const applied = () =>
      admin.get<List<LogEvent>>(`${account}/events?ruleId=${rule?.id}&action=user.access_changed&source=system`)
    const until = Date.now() + 5_000
    while ((await applied()).items.length === 0 && Date.now() < until) await sleep(10)
    assert.deepEqual(licensesOf(await readTour(admin, acme.accountId)).sort(), ['Meet #5', 'Phone #3'])
  })
})
